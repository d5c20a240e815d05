// Formatted output on the console.
#include "print.h"

#include <stdarg.h>

#include "text.h"
#include "uart.h"

enum { NUMBER = 20 };

struct layout {
  bool left, zeros;
  size_t width;
};

static void put(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '\n') uart_write("\r\n", 2);
    else uart_write(&text[i], 1);
  }
}

static void put_padded(const char *text, size_t length, struct layout layout) {
  size_t padding = layout.width > length ? layout.width - length : 0;
  if (layout.left) put(text, length);
  while (padding-- > 0) put(layout.zeros ? "0" : " ", 1);
  if (!layout.left) put(text, length);
}

static void put_number(uint64_t value, unsigned base, struct layout layout) {
  char digits[NUMBER];
  size_t at = NUMBER;
  do {
    digits[--at] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value);
  put_padded(digits + at, NUMBER - at, layout);
}

void print(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (const char *at = format; *at; at++) {
    if (*at != '%') {
      put(at, 1);
      continue;
    }
    struct layout layout = {false, false, 0};
    for (at++; *at == '-' || *at == '0'; at++) {
      if (*at == '-') layout.left = true;
      else layout.zeros = true;
    }
    for (; *at >= '0' && *at <= '9'; at++) layout.width = layout.width * 10 + (size_t)(*at - '0');
    bool is_long = *at == 'l';
    if (is_long) at++;
    if (*at == 's') {
      const char *text = va_arg(arguments, const char *);
      put_padded(text, text_length(text), layout);
    } else if (*at == 'c') {
      char byte = (char)va_arg(arguments, int);
      put_padded(&byte, 1, layout);
    } else if (*at == 'u' || *at == 'x') {
      uint64_t value = is_long ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned);
      put_number(value, *at == 'x' ? 16 : 10, layout);
    } else {
      put(at, 1);
    }
  }
  va_end(arguments);
}

void print_untrusted(const char *text) {
  for (; *text; text++) print("%c", (uint8_t)*text < ' ' || *text == 0x7f ? '.' : *text);
}

void print_size(uint64_t bytes) {
  static const char units[] = "KMGTPE";
  unsigned unit = 0;
  // In tenths, so that sizes such as 1.5 GiB need no floating point.
  uint64_t kib = bytes / 1024, whole = kib, tenths = 0;
  while (whole >= 1024 && units[unit + 1]) {
    tenths = whole % 1024 * 10 / 1024;
    whole /= 1024;
    unit++;
  }
  if (tenths) print("%lu.%lu %ciB", whole, tenths, units[unit]);
  else print("%lu %ciB", whole, units[unit]);
}
