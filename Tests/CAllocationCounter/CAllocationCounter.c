#define _GNU_SOURCE
#include "CAllocationCounter.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static __thread uint64_t *counter;
static __thread int64_t held;
static __thread int64_t most;

void zscope_count_allocations(uint64_t *target) {
  counter = target;
  held = most = 0;
}
int64_t zscope_peak_allocated_bytes(void) { return most; }

#if defined(__GLIBC__) && !defined(SANITIZED)

int zscope_can_count_allocations(void) { return 1; }

// The C library's own allocator, under the names that stay reachable when a program defines `malloc` itself.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void *taken(void *memory) {
  if (counter && memory) {
    __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
    held += (int64_t)malloc_usable_size(memory);
    if (held > most) most = held;
  }
  return memory;
}

static void given_back(void *memory) {
  if (counter && memory) held -= (int64_t)malloc_usable_size(memory);
}

void *malloc(size_t size) { return taken(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return taken(__libc_calloc(count, size)); }
void *realloc(void *memory, size_t size) {
  given_back(memory);
  return taken(__libc_realloc(memory, size));
}
void *memalign(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }
int posix_memalign(void **result, size_t alignment, size_t size) {
  void *memory = taken(__libc_memalign(alignment, size));
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}
void free(void *memory) {
  given_back(memory);
  __libc_free(memory);
}

#else

int zscope_can_count_allocations(void) { return 0; }

#endif
