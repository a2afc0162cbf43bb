#ifndef ZSCOPE_CNCURSES_SHIM_H
#define ZSCOPE_CNCURSES_SHIM_H

// 600 for wide characters; default source so that the headers other modules see are not narrowed.
#define _XOPEN_SOURCE 600
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <stdio.h>

// Swift imports neither ncurses' globals (they are mutable) nor its attribute macros.
static inline WINDOW *curses_standard_screen(void) { return stdscr; }
static inline WINDOW *curses_current_screen(void) { return curscr; }
static inline FILE *curses_standard_input(void) { return stdin; }
static const attr_t curses_bold = A_BOLD;
static const attr_t curses_dim = A_DIM;
static const attr_t curses_underline = A_UNDERLINE;
static const attr_t curses_reverse = A_REVERSE;

// From <term.h>, whose macros would take names like `tab` and `lines` from everybody.
int setupterm(const char *type, int descriptor, int *status);

// tiparm is variadic, which Swift does not import.
static inline const char *curses_expand(const char *capability, int first, int second) {
  return tiparm(capability, first, second);
}

#endif
