// A stream for measuring consoles: printable, the same at every run, with a checksum at the end.
#include "commands.h"
#include "input.h"
#include "print.h"
#include "text.h"
#include "uart.h"

// Lines of 62 characters and \r\n, 16 to the KiB.
enum { LINE = 64, KIB = 1024, LARGEST_KIB = 1024 * 1024 };

// CRC-32 as in zip and zlib (reflected polynomial 0xedb88320).
static uint32_t crc_table[256];

static void make_crc_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (unsigned bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    crc_table[i] = crc;
  }
}

static uint32_t crc_update(uint32_t crc, const char *bytes, unsigned count) {
  for (unsigned i = 0; i < count; i++) crc = crc >> 8 ^ crc_table[(crc ^ (uint8_t)bytes[i]) & 0xff];
  return crc;
}

// Marsaglia's xorshift32.
static uint32_t next_random(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

static void make_line(char line[LINE], uint32_t *state) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (unsigned i = 0; i < LINE - 2; i++) line[i] = alphabet[next_random(state) >> 26];
  line[LINE - 2] = '\r';
  line[LINE - 1] = '\n';
}

void fill(const struct command *self, const char *arguments) {
  uint64_t kib = 0;
  if (!parse_number(&arguments, 10, &kib) || *arguments || kib == 0 || kib > LARGEST_KIB) {
    print_usage(self);
    return;
  }
  make_crc_table();
  uint32_t state = 0x41524d4f, crc = UINT32_MAX;
  uint64_t done = 0;
  while (done < kib && !input_interrupted()) {
    for (unsigned i = 0; i < KIB / LINE; i++) {
      char line[LINE];
      make_line(line, &state);
      crc = crc_update(crc, line, LINE);
      uart_write(line, LINE);
    }
    done++;
  }
  print("fill %lu KiB crc32 %08x\n", done, ~crc);
}
