#ifndef ZSCOPE_CLINUX_H
#define ZSCOPE_CLINUX_H
// Linux calls that Swift's Glibc module leaves out.
#include <pthread.h>
#include <signal.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// An eventfd that neither blocks nor survives exec; -1 where the system has none to give.
static inline int zscope_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

/// Names the calling thread, for `top -H` and debuggers.
static inline void zscope_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

enum { zscope_alternate_stack_size = 64 * 1024 };

/// Gives the calling thread a stack for signal handlers, unless it has one: on its own, a handler cannot run once that has
/// overflowed.
static inline void zscope_use_alternate_stack(void) {
  stack_t stack;
  if (sigaltstack(NULL, &stack) != 0 || !(stack.ss_flags & SS_DISABLE)) return;
  void *memory =
      mmap(NULL, zscope_alternate_stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return;
  stack.ss_sp = memory;
  stack.ss_size = zscope_alternate_stack_size;
  stack.ss_flags = 0;
  if (sigaltstack(&stack, NULL) != 0) munmap(memory, zscope_alternate_stack_size);
}

/// Takes that stack from the calling thread again, for its end.
static inline void zscope_drop_alternate_stack(void) {
  stack_t none = {.ss_flags = SS_DISABLE}, stack;
  if (sigaltstack(&none, &stack) == 0 && stack.ss_size == zscope_alternate_stack_size)
    munmap(stack.ss_sp, zscope_alternate_stack_size);
}

/// Blocks every signal on the calling thread, and on those it starts from then on, but the ones that a fault of its own
/// raises: blocked, these end the process without a handler that could give the terminal back. Returns what was blocked
/// before.
static inline sigset_t zscope_block_signals(void) {
  static const int faults[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSYS};
  sigset_t blocked, before;
  sigfillset(&blocked);
  for (unsigned index = 0; index < sizeof faults / sizeof *faults; index++) sigdelset(&blocked, faults[index]);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  return before;
}

#ifndef __O_TMPFILE
#define __O_TMPFILE 020000000
#endif

/// A new file in the open folder `folder` that has no name yet, for writing: gone with its last descriptor unless it is
/// given one. -1 where the file system knows no such files.
static inline int zscope_open_nameless(int folder) {
  return openat(folder, ".", __O_TMPFILE | O_DIRECTORY | O_WRONLY | O_CLOEXEC, 0666);
}

/// Opens `name` in the open folder `folder` for reading, without blocking, and never a file outside of that folder:
/// links within it are followed, others fail with EXDEV (on systems before Linux 5.6 every link fails with ELOOP).
static inline int zscope_open_within(int folder, const char *name) {
  const uint64_t flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
#ifdef SYS_openat2
  // struct open_how of <linux/openat2.h>: flags, mode, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS.
  const uint64_t how[3] = {flags, 0, 0x08 | 0x02};
  const int descriptor = (int)syscall(SYS_openat2, folder, name, how, sizeof how);
  // Containers forbid what they do not know.
  if (descriptor >= 0 || (errno != ENOSYS && errno != EPERM)) return descriptor;
#endif
  return openat(folder, name, (int)flags | O_NOFOLLOW);
}

#endif
