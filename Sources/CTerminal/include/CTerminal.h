// What must be done inside signal handlers, where Swift's runtime may not be entered: noting signals for the loop, and
// giving the terminal back when the program dies. Everything but the last three functions is async-signal-safe.
#ifndef ZSCOPE_CTERMINAL_H
#define ZSCOPE_CTERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

/// File descriptors and settings the handlers need. All descriptors stay open while handlers are installed.
struct terminal_guard {
  int input;           ///< the terminal as read: its settings are restored
  int output;          ///< the terminal as written by frames; turned into /dev/null by a crash so that nothing follows the reset
  int wake;            ///< an eventfd written when a signal was noted
  int sink;            ///< /dev/null, open for writing
  int held_errors;     ///< where standard error is kept while the terminal is taken over, or -1 to leave it alone
  int errors;          ///< the true standard error
  struct termios before;  ///< settings as found
  struct termios during;  ///< settings while the terminal is taken over
};

enum { terminal_signal_count = 64 };

/// Writes into `signals`, which has room for `terminal_signal_count`, all that ends a program unless it says otherwise and
/// that is neither its own crash nor beyond its reach: those that a person or a system sends first, those without a
/// meaning of their own last. Returns how many they are.
int terminal_ending_signals(int *signals);

/// Installs the handlers. Returns 0, or errno.
int terminal_guard_install(const struct terminal_guard *guard);

/// Makes `length` bytes (at most 1,024) what is written to give the terminal back.
void terminal_guard_set_reset(const char *bytes, size_t length);

/// A line that follows the message of a crash, such as how to go on; at most 1,023 bytes, empty for none.
void terminal_guard_set_crash_note(const char *note);

/// Takes the terminal over: settings and standard error. Returns 0, or errno.
int terminal_guard_enter(void);

/// Gives the terminal back if it is taken over: reset bytes, settings, then what was written to standard error.
/// `flush` also discards unread input, so that reports of the mouse do not reach the shell.
void terminal_guard_leave(bool flush);

/// Whether the terminal is taken over.
bool terminal_guard_is_active(void);

/// The signals noted since the last call, one bit each: that of the first signal is 1.
uint64_t terminal_guard_take_signals(void);

/// Stops the process by SIGTSTP with its default action; returns when it is continued.
void terminal_guard_stop(void);

/// Ends the process by a signal with its default action.
_Noreturn void terminal_guard_die(int signal);

/// Blocks every signal but the fatal ones, or lets them through again.
void terminal_guard_block(bool blocked);

/// A file that is only in memory, closed when another program is executed. Returns -1 on failure.
int terminal_memory_file(const char *name);

/// A descriptor that is readable once something was written to it, until it is read. Returns -1 on failure.
int terminal_event_counter(void);

/// How many columns a code point takes by the locale; -1 if it cannot be printed.
int terminal_columns(uint32_t code_point);

#endif
