#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { reset_capacity = 1024, patience_milliseconds = 1000, impatience_milliseconds = 500 };

static struct terminal_guard guard;
static atomic_bool installed;
// Whether the terminal is the shell's, ours, or being given back; and by which thread.
enum { outside, inside, leaving };
static atomic_int place;
static atomic_int leaver, crasher;
// Two buffers, so that a handler never reads one that is being written.
static char reset_bytes[2][reset_capacity];
static size_t reset_lengths[2];
static atomic_int reset_index;
static _Atomic uint64_t noted;
static _Atomic int64_t first_request;
static char alternate_stack[64 * 1024];
static char crash_notes[2][reset_capacity];
static atomic_int crash_note_index;

static const int other_signals[] = {SIGTSTP, SIGCONT, SIGWINCH};
static const int fatal_signals[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Writes everything, but does not wait for ever on a terminal that nobody reads.
static void write_patiently(int descriptor, const char *bytes, size_t length) {
  int64_t end = milliseconds() + patience_milliseconds;
  while (length > 0) {
    ssize_t written = write(descriptor, bytes, length);
    if (written >= 0) {
      bytes += written;
      length -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
      int64_t left = end - milliseconds();
      if (left <= 0) return;
      poll(&waiting, 1, (int)left);
    } else if (errno != EINTR) {
      return;
    }
  }
}

static void flush_held_errors(void) {
  if (guard.held_errors < 0) return;
  dup2(guard.errors, STDERR_FILENO);
  // What matters is the end: a crash message is the last thing written.
  off_t end = lseek(guard.held_errors, 0, SEEK_END), offset = end > 65536 ? end - 65536 : 0;
  char chunk[4096];
  while (offset < end) {
    ssize_t length = pread(guard.held_errors, chunk, sizeof chunk, offset);
    if (length <= 0) break;
    write_patiently(guard.errors, chunk, (size_t)length);
    offset += length;
  }
  if (ftruncate(guard.held_errors, 0) == 0) lseek(guard.held_errors, 0, SEEK_SET);
}

static void give_back(bool flush) {
  // A process in the background may give the terminal back without being stopped for it.
  sigset_t background, previous;
  sigemptyset(&background);
  sigaddset(&background, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &background, &previous);
  int index = atomic_load(&reset_index);
  write_patiently(guard.output, reset_bytes[index], reset_lengths[index]);
  if (flush) tcflush(guard.input, TCIFLUSH);
  tcsetattr(guard.input, TCSANOW, &guard.before);
  flush_held_errors();
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
}

void terminal_guard_leave(bool flush) {
  int expected = inside;
  if (!atomic_compare_exchange_strong(&place, &expected, leaving)) return;
  int saved = errno;
  atomic_store(&leaver, gettid());
  give_back(flush);
  atomic_store(&place, outside);
  errno = saved;
}

static void default_action(int signal, bool unblock) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
  if (!unblock) return;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

_Noreturn void terminal_guard_die(int signal) {
  terminal_guard_leave(true);
  default_action(signal, true);
  raise(signal);
  _exit(128 + signal);
}

static size_t append(char *text, size_t length, size_t capacity, const char *more) {
  while (*more && length + 1 < capacity) text[length++] = *more++;
  text[length] = 0;
  return length;
}

static const char *name_of(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV, a memory access that is not allowed";
    case SIGABRT: return "SIGABRT, an inner check that failed";
    case SIGILL: return "SIGILL, a trap";
    case SIGTRAP: return "SIGTRAP, a trap";
    case SIGBUS: return "SIGBUS, a memory access that failed";
    case SIGFPE: return "SIGFPE, a computation without a result";
    default: return "a signal that asks it to end at once";
  }
}

// What to say beside what the runtime may have said: a trap in a release build says nothing.
static void write_crash_message(int signal) {
  char text[512 + reset_capacity], thread[17] = "";
  prctl(PR_GET_NAME, thread, 0, 0, 0);
  size_t length = append(text, 0, sizeof text, program_invocation_short_name);
  length = append(text, length, sizeof text, ": crashed in thread ");
  length = append(text, length, sizeof text, thread);
  length = append(text, length, sizeof text, " by ");
  length = append(text, length, sizeof text, name_of(signal));
  length = append(text, length, sizeof text, "\n");
  const char *note = crash_notes[atomic_load(&crash_note_index)];
  if (*note) {
    length = append(text, length, sizeof text, note);
    length = append(text, length, sizeof text, "\n");
  }
  // Standard error is held back while the screen is up, and follows the reset; where it is no terminal, the message has
  // to be on the screen as well.
  write_patiently(STDERR_FILENO, text, length);
  if (guard.held_errors < 0) {
    write_patiently(guard.output, "\r", 1);
    write_patiently(guard.output, text, length);
  }
}

static void wait_while(bool (*condition)(void), int64_t limit) {
  int64_t end = milliseconds() + limit;
  struct timespec moment = {.tv_nsec = 2000000};
  while (condition() && milliseconds() < end) nanosleep(&moment, NULL);
}

static bool is_leaving(void) { return atomic_load(&place) == leaving; }
static bool always(void) { return true; }

static void crash(int signal) {
  int none = 0, self = gettid();
  if (!atomic_compare_exchange_strong(&crasher, &none, self)) {
    // Another thread crashed first: it ends the process once the terminal is given back. This one crashed again while
    // doing so: then what is left is the least that helps.
    if (none != self) wait_while(always, 3 * patience_milliseconds);
    int index = atomic_load(&reset_index);
    if (atomic_exchange(&place, outside) != outside) {
      write_patiently(guard.output, reset_bytes[index], reset_lengths[index]);
      tcsetattr(guard.input, TCSANOW, &guard.before);
    }
    terminal_guard_die(signal);
  }
  // Another thread may be giving the terminal back just now.
  if (is_leaving() && atomic_load(&leaver) != self) wait_while(is_leaving, 2 * patience_milliseconds);
  if (is_leaving()) atomic_store(&place, inside);
  if (atomic_load(&place) == inside) {
    // Another thread may be writing a frame: give it a descriptor that leads nowhere before the reset is written.
    int terminal = dup(guard.output);
    if (terminal >= 0) {
      dup2(guard.sink, guard.output);
      guard.output = terminal;
    }
    if (guard.held_errors >= 0) {
      write_crash_message(signal);
      terminal_guard_leave(true);
    } else {
      terminal_guard_leave(true);
      write_crash_message(signal);
    }
  }
  terminal_guard_die(signal);
}

int terminal_ending_signals(int *signals) {
  static const int named[] = {SIGTERM,   SIGHUP,  SIGQUIT, SIGINT,  SIGUSR1, SIGUSR2,   SIGALRM,
                              SIGVTALRM, SIGPROF, SIGXCPU, SIGPOLL, SIGPWR,  SIGSTKFLT, SIGSYS};
  int count = 0;
  for (size_t i = 0; i < COUNT(named); i++) signals[count++] = named[i];
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) signals[count++] = signal;
  return count;
}

static bool is_request_to_end(int signal) {
  for (size_t i = 0; i < COUNT(other_signals); i++)
    if (signal == other_signals[i]) return false;
  return true;
}

// Signals count from 1, and the last of them is the 64th.
static uint64_t bit(int signal) { return UINT64_C(1) << (signal - 1); }

static void note(int signal) {
  int saved = errno;
  if (is_request_to_end(signal)) {
    int64_t now = milliseconds(), none = 0;
    // Whoever presses ^C again is no longer willing to wait for a loop that does not answer.
    if (!atomic_compare_exchange_strong(&first_request, &none, now) && (signal == SIGINT || signal == SIGQUIT)
        && now - none >= impatience_milliseconds)
      crash(signal);
  }
  atomic_fetch_or(&noted, bit(signal));
  uint64_t one = 1;
  if (write(guard.wake, &one, sizeof one) < 0) { /* the counter is full: the loop is being woken already */
  }
  errno = saved;
}

static void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigfillset(&action.sa_mask);
  // A fault inside a handler must still give the terminal back.
  for (size_t i = 0; i < COUNT(fatal_signals); i++) sigdelset(&action.sa_mask, fatal_signals[i]);
  sigaction(signal, &action, NULL);
}

static void leave_at_exit(void) { terminal_guard_leave(true); }

int terminal_guard_install(const struct terminal_guard *settings) {
  guard = *settings;
  // A stack that overflowed cannot run a handler; this gives the calling thread (the main one) another.
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  if (sigaltstack(&stack, NULL) != 0) return errno;
  int ending[terminal_signal_count];
  int count = terminal_ending_signals(ending);
  sigset_t unblocked;
  sigemptyset(&unblocked);
  for (int i = 0; i < count; i++) {
    handle(ending[i], note, SA_RESTART);
    sigaddset(&unblocked, ending[i]);
  }
  for (size_t i = 0; i < COUNT(other_signals); i++) handle(other_signals[i], note, SA_RESTART);
  // A reader that has gone is an error of the write that meets it.
  handle(SIGPIPE, SIG_IGN, 0);
  // A parent may have left them blocked, as programs that start others from worker threads do.
  pthread_sigmask(SIG_UNBLOCK, &unblocked, NULL);
  for (size_t i = 0; i < COUNT(fatal_signals); i++) handle(fatal_signals[i], crash, SA_ONSTACK | SA_NODEFER);
  if (!atomic_exchange(&installed, true)) atexit(leave_at_exit);
  return 0;
}

void terminal_guard_set_reset(const char *bytes, size_t length) {
  int index = 1 - atomic_load(&reset_index);
  if (length > reset_capacity) length = reset_capacity;
  memcpy(reset_bytes[index], bytes, length);
  reset_lengths[index] = length;
  atomic_store(&reset_index, index);
}

int terminal_guard_enter(void) {
  // TCSADRAIN could wait for ever on a stopped terminal; what is written before is complete anyway.
  while (tcsetattr(guard.input, TCSANOW, &guard.during) != 0)
    if (errno != EINTR) return errno;
  if (atomic_exchange(&place, inside) == outside && guard.held_errors >= 0) dup2(guard.held_errors, STDERR_FILENO);
  return 0;
}

void terminal_guard_set_crash_note(const char *note) {
  int index = 1 - atomic_load(&crash_note_index);
  append(crash_notes[index], 0, reset_capacity, note);
  atomic_store(&crash_note_index, index);
}

bool terminal_guard_is_active(void) { return atomic_load(&place) == inside; }

uint64_t terminal_guard_take_signals(void) { return atomic_exchange(&noted, 0); }

void terminal_guard_stop(void) {
  default_action(SIGTSTP, true);
  atomic_fetch_and(&noted, ~bit(SIGTSTP));
  raise(SIGTSTP);
  handle(SIGTSTP, note, SA_RESTART);
  atomic_fetch_and(&noted, ~bit(SIGCONT));
}

void terminal_guard_block(bool blocked) {
  static __thread sigset_t previous;
  if (!blocked) {
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return;
  }
  sigset_t all;
  sigfillset(&all);
  for (size_t i = 0; i < COUNT(fatal_signals); i++) sigdelset(&all, fatal_signals[i]);
  pthread_sigmask(SIG_BLOCK, &all, &previous);
}

// Not async-signal-safe, and not for handlers: what Swift's Glibc module does not offer.

int terminal_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int terminal_event_counter(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int terminal_columns(uint32_t code_point) { return wcwidth((wchar_t)code_point); }
