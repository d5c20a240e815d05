// What the device tree says of the machine that this program runs on.
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "fdt.h"

enum { MEMORY_RANGES = 8 };
enum conduit { CONDUIT_NONE, CONDUIT_HVC, CONDUIT_SMC };

struct memory_range {
  uint64_t start, size;
};

// A line of a GPIO controller (PL061) that acts on the machine.
struct gpio_line {
  uintptr_t controller;
  uint32_t pin;
};

struct machine {
  bool has_fdt;
  struct fdt fdt;
  const char *model;
  const char *command_line;

  const char *uart_name;
  uintptr_t uart;
  uint32_t uart_intid;

  struct memory_range memory[MEMORY_RANGES];
  unsigned memory_ranges;
  uint64_t memory_size;
  unsigned cpus;

  unsigned gic_version;
  uintptr_t gic_distributor;
  // CPU interface (v2) or redistributors (v3).
  uintptr_t gic_cpu;
  uint64_t gic_cpu_size;
  uint32_t timer_intid;
  // Interrupts can end WFI, so waiting needs no polling.
  bool can_sleep;

  // Counter at the start of the program.
  uint64_t started;
  uintptr_t rtc;
  enum conduit psci;
  struct gpio_line poweroff, restart;
};

extern struct machine machine;

// Reads the device tree at the address, or else at the bottom of RAM.
void machine_read(uintptr_t fdt_hint);

#endif
