// What can be typed at the prompt.
#include "commands.h"

#include "info.h"
#include "input.h"
#include "machine.h"
#include "power.h"
#include "print.h"
#include "sysreg.h"
#include "text.h"
#include "timer.h"

enum { COUNT_MS = 100, RTC_DATA = 0 };

void print_usage(const struct command *command) {
  print("Usage: %s %s\n", command->name, command->parameters);
}

static void help(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  for (const struct command *command = commands; command->name; command++) {
    print("  " BOLD "%-9s" PLAIN " %-11s %s\n", command->name, command->parameters, command->summary);
  }
}

static void info(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  print_info();
}

static void el(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  print("EL%u; virtualization=on starts a machine at EL2, secure=on at EL3\n", current_el());
}

// Seconds since 1970 as a date: Howard Hinnant's civil_from_days, which counts years from March on.
static void print_date(uint64_t seconds) {
  uint64_t days = seconds / 86400 + 719468, era = days / 146097, day_of_era = days % 146097;
  uint64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  uint64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
  uint64_t march_month = (5 * day_of_year + 2) / 153, day = day_of_year - (153 * march_month + 2) / 5 + 1;
  uint64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  print("%04lu-%02lu-%02lu %02lu:%02lu:%02lu UTC\n", year + era * 400 + (month <= 2), month, day, seconds / 3600 % 24,
        seconds / 60 % 60, seconds % 60);
}

static void time(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  if (machine.rtc) {
    print("  Clock   ");
    print_date(mmio_read32(machine.rtc + RTC_DATA));
  }
  uint64_t up = timer_milliseconds(timer_now() - machine.started);
  print("  Uptime  %lu.%03lu s\n", up / 1000, up % 1000);
}

static void count(const struct command *self, const char *arguments) {
  uint64_t last = UINT64_MAX;
  if (*arguments && (!parse_number(&arguments, 10, &last) || *arguments)) {
    print_usage(self);
    return;
  }
  uint64_t period = timer_ticks(COUNT_MS), due = timer_now();
  for (uint64_t number = 0;; number++) {
    print("count %lu\n", number);
    if (number == last) return;
    due += period;
    // After a pause of the machine it goes on at its pace instead of catching up.
    if (due < timer_now()) due = timer_now() + period;
    if (input_wait(due) == KEY_TIMEOUT) continue;
    input_discard();
    return;
  }
}

static void echo(const struct command *self, const char *arguments) {
  (void)self;
  print_untrusted(arguments);
  print("\n");
}

static void reboot(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  power_restart();
  print("This machine offers no way to restart it from inside.\n");
}

static void poweroff(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  power_off();
  print("This machine offers no way to switch it off from inside.\n");
}

const struct command commands[] = {
    {"help", "", "this list", help},
    {"info", "", "the facts from the start again", info},
    {"el", "", "the exception level", el},
    {"regs", "", "some system registers", inspect_registers},
    {"mem", "ADDR [LEN]", "LEN bytes of memory from ADDR (hexadecimal) on", inspect_memory},
    {"dt", "", "the nodes of the device tree", inspect_device_tree},
    {"time", "", "clock and uptime", time},
    {"count", "[N]", "0, 1, 2 … N, ten a second; any key stops it", count},
    {"echo", "TEXT", "the text", echo},
    {"fill", "KIB", "that many KiB of text as fast as it can, then their CRC-32", fill},
    {"reboot", "", "restart the machine", reboot},
    {"poweroff", "", "switch the machine off", poweroff},
    {0},
};
