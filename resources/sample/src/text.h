// Strings and numbers, since there is no C library here.
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t text_length(const char *text);
bool text_equal(const char *a, const char *b);
bool text_starts_with(const char *text, const char *prefix);
const char *skip_spaces(const char *text);

// Reads a number and moves the cursor behind it. "0x" is accepted in any base and means 16.
// False when there is no number, it does not fit 64 bits, or something other than a space follows it.
bool parse_number(const char **cursor, unsigned base, uint64_t *value);

// GCC may call these for copies and initialisations, even freestanding.
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);

#endif
