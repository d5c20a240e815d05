// Bytes typed at the console, with waiting that lets the CPU sleep.
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stdint.h>

enum { KEY_TIMEOUT = -1, KEY_BREAK = 0x100 };

// The next byte, KEY_BREAK for a break on the line, or KEY_TIMEOUT at the deadline (in counter ticks).
// Enter is always \r, whether \r, \n or \r\n was sent.
int input_wait(uint64_t deadline);

// True when Ctrl-C or a break was sent but not read yet; it and everything before it is then dropped.
bool input_interrupted(void);

// Drops what was typed ahead.
void input_discard(void);

#endif
