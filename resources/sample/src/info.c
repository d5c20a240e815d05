// The banner and the table of facts about the machine.
#include "info.h"

#include "cpu.h"
#include "gic.h"
#include "machine.h"
#include "print.h"
#include "sysreg.h"
#include "text.h"
#include "timer.h"

enum { INDENT = 20, WIDTH = 78 };

void print_banner(void) {
  print("\n"
        WOOD "   ╭──────┬──────╮\n"
        WOOD "   │      │      │   " PLAIN BOLD "Armoire sample guest" PLAIN "\n"
        WOOD "   │     ╶│╴     │   " PLAIN "a bare-metal program for AArch64, with no\n"
        WOOD "   │      │      │   " PLAIN "operating system and nothing underneath it\n"
        WOOD "   ╰┬─────┴─────┬╯\n" PLAIN
        "\n");
}

static void row(const char *label) {
  print(DIM "  %-18s" PLAIN, label);
}

static unsigned column;

static void print_feature(const char *name) {
  unsigned length = (unsigned)text_length(name) + 1;
  if (column > INDENT && column + length > WIDTH) {
    print("\n%20s", "");
    column = INDENT;
  }
  print("%s%s", column > INDENT ? " " : "", name);
  column += length;
}

static void print_level(void) {
  static const char *const uses[] = {"", "where an operating system's kernel runs", "where a hypervisor runs",
                                     "where secure firmware runs"};
  row("Exception level");
  print(BOLD "EL%u" PLAIN ", %s\n", current_el(), uses[current_el()]);
}

static void print_cpu(void) {
  uint64_t midr = READ_SYSREG(MIDR_EL1);
  const char *name = cpu_name(midr);
  row("CPU");
  print(BOLD "%s" PLAIN " r%lup%lu (MIDR 0x%08lx)\n", name ? name : "unknown", midr >> 20 & 0xf, midr & 0xf, midr);
  row("CPU features");
  column = INDENT;
  cpu_features(print_feature);
  print("\n");
  row("vCPUs");
  print("%u%s\n", machine.cpus, machine.cpus > 1 ? ", this program runs on the first" : "");
}

static void print_memory(void) {
  row("RAM");
  print(BOLD);
  print_size(machine.memory_size);
  print(PLAIN);
  for (unsigned i = 0; i < machine.memory_ranges; i++) {
    struct memory_range range = machine.memory[i];
    print(", 0x%08lx to 0x%08lx", range.start, range.start + range.size - 1);
  }
  print("\n");
}

static void print_devices(void) {
  row("UART");
  print(BOLD "%s" PLAIN " at 0x%08lx, interrupt %u\n", machine.uart_name, machine.uart, machine.uart_intid);
  if (machine.gic_version) {
    row("Interrupts");
    print("GICv%u at 0x%08lx\n", gic_architecture(), machine.gic_distributor);
  }
  row("Timer");
  uint64_t tenths = timer_frequency() / 100000;
  if (tenths % 10) print("%lu.%lu MHz\n", tenths / 10, tenths % 10);
  else print("%lu MHz\n", tenths / 10);
}

static void print_device_tree(void) {
  row("Device tree");
  if (!machine.has_fdt) {
    print(ALARM "none found" PLAIN ", so the addresses above are those of QEMU's virt\n");
    return;
  }
  print("at 0x%08lx, for ", machine.fdt.address);
  print_untrusted(machine.model ? machine.model : "an unnamed machine");
  print("\n");
  if (!machine.command_line || !machine.command_line[0]) return;
  row("Command line");
  print_untrusted(machine.command_line);
  print("\n");
}

void print_info(void) {
  print_level();
  print_cpu();
  print_memory();
  print_devices();
  print_device_tree();
}
