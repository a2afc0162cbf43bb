// Starts a program on a pseudo terminal of its own, as a shell would: for tests.
#ifndef ZSCOPE_CPSEUDOTERMINAL_H
#define ZSCOPE_CPSEUDOTERMINAL_H

#include <sys/types.h>

struct pseudo_terminal {
  int master;     ///< what the program writes, and where keys are typed
  int slave;      ///< kept open, so that what is left in the buffers and the settings can be read afterwards
  int report;     ///< the program's wait status arrives here as an int
  int output;     ///< the program's standard output if that is a pipe, else -1
  pid_t leader;   ///< the session's leader, standing for the shell
  pid_t program;  ///< the program
};

enum { PSEUDO_TERMINAL_NO_INPUT = 1, PSEUDO_TERMINAL_PIPED_OUTPUT = 2, PSEUDO_TERMINAL_PIPED_ERRORS = 4 };

/// Starts `arguments` with `environment` in `folder` (NULL: here) on a terminal of that size. Returns 0, or errno.
///
/// The program is its own foreground process group in a session led by another process: an orphaned group would ignore
/// SIGTSTP, and a dying leader would hang the terminal up.
int pseudo_terminal_start(struct pseudo_terminal *terminal, const char *const *arguments, const char *const *environment,
                          const char *folder, int columns, int rows, int flags);

/// Sets the size, which the kernel tells the program by SIGWINCH.
int pseudo_terminal_resize(const struct pseudo_terminal *terminal, int columns, int rows);

/// Ends the program and its session and closes everything.
void pseudo_terminal_close(struct pseudo_terminal *terminal);

/// Sends one thread of a process a signal. Returns 0, or -1 and sets errno.
int pseudo_terminal_signal_thread(int process, int thread, int signal);

/// What a wait status says: the exit status, or the negative number of the signal.
int pseudo_terminal_outcome(int status);

#endif
