// The line editor: one line of input with cursor keys and history.
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>

enum { LINE_SIZE = 240 };

// Prints the prompt and reads a line; returns false when it was given up with Ctrl-C or a break.
// complete: the only word that the prefix can become, or null.
bool line_read(char line[LINE_SIZE], const char *prompt, const char *(*complete)(const char *prefix));

#endif
