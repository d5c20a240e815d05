// Strings and numbers, since there is no C library here.
#include "text.h"

size_t text_length(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

bool text_equal(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

bool text_starts_with(const char *text, const char *prefix) {
  while (*prefix && *text == *prefix) text++, prefix++;
  return *prefix == 0;
}

const char *skip_spaces(const char *text) {
  while (*text == ' ') text++;
  return text;
}

static unsigned digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return (unsigned)(digit - '0');
  if (digit >= 'a' && digit <= 'f') return (unsigned)(digit - 'a') + 10;
  if (digit >= 'A' && digit <= 'F') return (unsigned)(digit - 'A') + 10;
  return 255;
}

bool parse_number(const char **cursor, unsigned base, uint64_t *value) {
  const char *at = skip_spaces(*cursor);
  if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
    base = 16;
    at += 2;
  }
  const char *first = at;
  uint64_t sum = 0;
  for (unsigned digit; (digit = digit_value(*at)) < base; at++) {
    if (sum > (UINT64_MAX - digit) / base) return false;
    sum = sum * base + digit;
  }
  if (at == first || (*at != 0 && *at != ' ')) return false;
  *cursor = skip_spaces(at);
  *value = sum;
  return true;
}

void *memcpy(void *to, const void *from, size_t size) {
  char *out = to;
  const char *in = from;
  while (size-- > 0) *out++ = *in++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  char *out = to;
  const char *in = from;
  if (out < in) return memcpy(to, from, size);
  while (size-- > 0) out[size] = in[size];
  return to;
}

void *memset(void *to, int byte, size_t size) {
  char *out = to;
  while (size-- > 0) *out++ = (char)byte;
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const unsigned char *left = a, *right = b;
  for (; size > 0; size--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}
