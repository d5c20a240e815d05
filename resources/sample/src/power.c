// Power-off and reset: PSCI (DEN 0022) below the firmware's level; at EL3 this program is the firmware, QEMU offers no
// PSCI, and the device tree names lines of a PL061 (DDI 0190) instead.
#include "power.h"

#include "machine.h"
#include "sysreg.h"

enum { PSCI_SYSTEM_OFF = 0x84000008, PSCI_SYSTEM_RESET = 0x84000009 };
enum { GPIO_DIRECTION = 0x400 };

static void psci(uint64_t function) {
  register uint64_t x0 __asm__("x0") = function;
  if (machine.psci == CONDUIT_HVC) __asm__ volatile("hvc #0" : "+r"(x0)::"x1", "x2", "x3", "memory");
  if (machine.psci == CONDUIT_SMC) __asm__ volatile("smc #0" : "+r"(x0)::"x1", "x2", "x3", "memory");
}

static void raise(struct gpio_line line) {
  if (line.controller == 0) return;
  uint32_t bit = 1u << line.pin;
  mmio_write32(line.controller + GPIO_DIRECTION, mmio_read32(line.controller + GPIO_DIRECTION) | bit);
  // The address selects which bits of the data register the write changes.
  mmio_write32(line.controller + (bit << 2), bit);
}

static void act(uint64_t psci_function, struct gpio_line line) {
  if (machine.psci == CONDUIT_NONE) raise(line);
  else psci(psci_function);
}

void power_off(void) {
  act(PSCI_SYSTEM_OFF, machine.poweroff);
}

void power_restart(void) {
  act(PSCI_SYSTEM_RESET, machine.restart);
}
