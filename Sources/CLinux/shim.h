#ifndef ZSCOPE_CLINUX_H
#define ZSCOPE_CLINUX_H
// Linux calls that Swift's Glibc module leaves out.
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>

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

#endif
