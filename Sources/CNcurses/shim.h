#ifndef ZSCOPE_CNCURSES_SHIM_H
#define ZSCOPE_CNCURSES_SHIM_H

#define _XOPEN_SOURCE 600
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <ncurses.h>

#endif
