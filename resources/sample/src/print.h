// Formatted output on the console, and the few colours that are used.
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stdint.h>

// The terminal's own palette, so that light and dark themes both stay readable.
#define PLAIN "\033[0m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define ACCENT "\033[36m"
#define WOOD "\033[33m"
#define ALARM "\033[31m"

// Understands %s %c %u %lu %x %lx %%, with '-', '0' and a width. \n goes out as \r\n.
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Text from outside (device tree, typed): control characters become dots.
void print_untrusted(const char *text);

// 512 MiB, 1.5 GiB, 96 KiB.
void print_size(uint64_t bytes);

#endif
