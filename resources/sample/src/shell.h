// The prompt.
#ifndef SHELL_H
#define SHELL_H

// Reads and runs commands, forever.
void shell(void) __attribute__((noreturn));

#endif
