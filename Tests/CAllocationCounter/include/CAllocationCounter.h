#ifndef ZSCOPE_CALLOCATIONCOUNTER_H
#define ZSCOPE_CALLOCATIONCOUNTER_H
// Counts what chosen threads allocate. The target defines `malloc` and its relatives for the whole test program and
// hands everything on to the C library; only threads that asked to be counted pay for more than a test of a flag.

#include <stdint.h>

/// Whether allocations can be counted. They cannot under a sanitizer, which brings an allocator of its own.
int zscope_can_count_allocations(void);

/// Adds the calling thread's allocations to `*counter` from now on, as other threads may; NULL ends it.
void zscope_count_allocations(uint64_t *counter);

/// The most bytes that the calling thread held at a time since it began to count; what it frees is subtracted.
int64_t zscope_peak_allocated_bytes(void);

#endif
