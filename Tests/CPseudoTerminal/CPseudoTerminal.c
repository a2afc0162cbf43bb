#define _GNU_SOURCE
#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void run_program(const struct pseudo_terminal *terminal, const char *const *arguments,
                        const char *const *environment, const char *folder, int output, int flags) {
  setpgid(0, 0);
  tcsetpgrp(terminal->slave, getpgrp());
  for (int signal_number = 1; signal_number < NSIG; signal_number++) signal(signal_number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  dup2(flags & PSEUDO_TERMINAL_NO_INPUT ? open("/dev/null", O_RDONLY) : terminal->slave, STDIN_FILENO);
  dup2(flags & PSEUDO_TERMINAL_PIPED_OUTPUT ? output : terminal->slave, STDOUT_FILENO);
  dup2(flags & PSEUDO_TERMINAL_PIPED_ERRORS ? output : terminal->slave, STDERR_FILENO);
  close_range(3, ~0U, 0);
  if (folder && chdir(folder) != 0) _exit(126);
  execve(arguments[0], (char *const *)arguments, (char *const *)environment);
  _exit(127);
}

// Closes all descriptors but the three standard ones and two others.
static void close_all_but(int first, int second) {
  unsigned lower = (unsigned)(first < second ? first : second), upper = (unsigned)(first < second ? second : first);
  if (lower > 3) close_range(3, lower - 1, 0);
  if (upper > lower + 1) close_range(lower + 1, upper - 1, 0);
  close_range(upper + 1, ~0U, 0);
}

// Runs in the child of a process with many threads: only async-signal-safe calls.
static void lead_session(const struct pseudo_terminal *terminal, const char *const *arguments,
                         const char *const *environment, const char *folder, int report, int output, int flags) {
  setsid();
  ioctl(terminal->slave, TIOCSCTTY, 0);
  signal(SIGTTOU, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  pid_t program = fork();
  if (program == 0) run_program(terminal, arguments, environment, folder, output, flags);
  // Closing the test's own master must hang the terminal up, and that of another test its terminal: this process, which
  // runs no other program, would hold what it inherited of both.
  close_all_but(terminal->slave, report);
  if (write(report, &program, sizeof program) != sizeof program) _exit(1);
  int status = 0;
  while (waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  if (write(report, &status, sizeof status) != sizeof status) _exit(1);
  for (;;) pause();  // keeps the session until the test is done with it
}

int pseudo_terminal_start(struct pseudo_terminal *terminal, const char *const *arguments, const char *const *environment,
                          const char *folder, int columns, int rows, int flags) {
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  if (openpty(&terminal->master, &terminal->slave, NULL, NULL, &size) != 0) return errno;
  int report[2], output[2] = {-1, -1};
  if (pipe2(report, O_CLOEXEC) != 0) return errno;
  if (flags & (PSEUDO_TERMINAL_PIPED_OUTPUT | PSEUDO_TERMINAL_PIPED_ERRORS))
    if (pipe2(output, O_CLOEXEC) != 0) return errno;
  fcntl(terminal->master, F_SETFD, FD_CLOEXEC);
  fcntl(terminal->slave, F_SETFD, FD_CLOEXEC);
  terminal->leader = fork();
  if (terminal->leader < 0) return errno;
  if (terminal->leader == 0) lead_session(terminal, arguments, environment, folder, report[1], output[1], flags);
  close(report[1]);
  if (output[1] >= 0) close(output[1]);
  terminal->report = report[0];
  terminal->output = output[0];
  if (read(terminal->report, &terminal->program, sizeof terminal->program) != sizeof terminal->program) return EIO;
  return 0;
}

int pseudo_terminal_resize(const struct pseudo_terminal *terminal, int columns, int rows) {
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  return ioctl(terminal->master, TIOCSWINSZ, &size) == 0 ? 0 : errno;
}

void pseudo_terminal_close(struct pseudo_terminal *terminal) {
  kill(terminal->program, SIGKILL);
  kill(terminal->leader, SIGKILL);
  waitpid(terminal->leader, NULL, 0);
  close(terminal->master);
  close(terminal->slave);
  close(terminal->report);
  if (terminal->output >= 0) close(terminal->output);
}

int pseudo_terminal_outcome(int status) { return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status); }

int pseudo_terminal_signal_thread(int process, int thread, int signal) {
  return (int)syscall(SYS_tgkill, process, thread, signal);
}
