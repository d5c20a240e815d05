// The program from its first C line on: find the machine, set up UART and sleep, say hello, prompt.
#include "gic.h"
#include "info.h"
#include "machine.h"
#include "print.h"
#include "shell.h"
#include "timer.h"
#include "uart.h"

// Called by start.S with what was in x0: the device tree's address where the loader follows Linux's boot protocol.
void main(uintptr_t x0) __attribute__((noreturn));

static void start_interrupts(void) {
  if (machine.gic_version == 2) {
    gic2_start(machine.gic_distributor, machine.gic_cpu);
    machine.can_sleep = true;
  }
  if (machine.gic_version == 3) {
    machine.can_sleep = gic3_start(machine.gic_distributor, machine.gic_cpu, machine.gic_cpu_size);
  }
  // Without the timer there is no telling when a sleep ends.
  if (machine.timer_intid == 0) machine.can_sleep = false;
  if (!machine.can_sleep) return;
  gic_enable(machine.timer_intid);
  if (machine.uart_intid) gic_enable(machine.uart_intid);
}

void main(uintptr_t x0) {
  machine_read(x0);
  machine.started = timer_now();
  uart_start(machine.uart);
  start_interrupts();
  print_banner();
  print_info();
  print("\n  Type " BOLD "help" PLAIN " for what it can do.\n\n");
  shell();
}
