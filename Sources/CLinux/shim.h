#ifndef ZSCOPE_CLINUX_H
#define ZSCOPE_CLINUX_H
// Linux calls that Swift's Glibc module leaves out.
#include <sys/eventfd.h>
#include <sys/prctl.h>

/// An eventfd that neither blocks nor survives exec; -1 where the system has none to give.
static inline int zscope_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

/// Names the calling thread, for `top -H` and debuggers.
static inline void zscope_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

#endif
