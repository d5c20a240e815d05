// The commands that look into the machine: memory, device tree, system registers.
#include "commands.h"
#include "exception.h"
#include "input.h"
#include "machine.h"
#include "print.h"
#include "sysreg.h"
#include "text.h"

enum { ROW = 16, DUMP_DEFAULT = 128, TREE_DEPTH = 16 };

// Reads up to 16 bytes; by words where possible, since device registers do not answer to single bytes.
static bool read_row(uintptr_t address, uint8_t *bytes, unsigned count) {
  for (unsigned i = 0; i < count;) {
    uint32_t word = 0;
    if ((address + i) % 4 == 0 && count - i >= 4) {
      if (!probe_read32(address + i, &word)) return false;
      for (unsigned byte = 0; byte < 4; byte++) bytes[i++] = (uint8_t)(word >> 8 * byte);
    } else {
      if (!probe_read8(address + i, &bytes[i])) return false;
      i++;
    }
  }
  return true;
}

static void print_row(uintptr_t address, const uint8_t *bytes, unsigned count) {
  print(DIM "  %08lx" PLAIN " ", address);
  for (unsigned i = 0; i < ROW; i++) {
    if (i % 8 == 0) print(" ");
    if (i < count) print("%02x ", bytes[i]);
    else print("   ");
  }
  print(DIM "│" PLAIN);
  for (unsigned i = 0; i < count; i++) print("%c", bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : '.');
  print(DIM "│" PLAIN "\n");
}

void inspect_memory(const struct command *self, const char *arguments) {
  uint64_t address = 0, length = DUMP_DEFAULT;
  if (!parse_number(&arguments, 16, &address) || (*arguments && !parse_number(&arguments, 10, &length)) || *arguments) {
    print_usage(self);
    return;
  }
  while (length > 0 && !input_interrupted()) {
    uint8_t bytes[ROW];
    unsigned count = length < ROW ? (unsigned)length : ROW;
    if (!read_row(address, bytes, count)) {
      print("  " ALARM "%08lx" PLAIN "  data abort: %s (ESR 0x%lx)\n", address, fault_reason(), fault_syndrome());
      return;
    }
    print_row(address, bytes, count);
    address += count;
    length -= count;
  }
}

// Draws the branches that lead to a node: for each level whether more siblings follow below.
static void print_tree(fdt_node node, bool more[TREE_DEPTH], unsigned depth) {
  for (fdt_node child = fdt_first_child(&machine.fdt, node); child != FDT_NONE;) {
    fdt_node next = fdt_next_sibling(&machine.fdt, child);
    print("  " DIM);
    for (unsigned i = 0; i < depth; i++) print(more[i] ? "│  " : "   ");
    print("%s" PLAIN, next == FDT_NONE ? "╰─ " : "├─ ");
    print_untrusted(fdt_name(&machine.fdt, child));
    print("\n");
    more[depth] = next != FDT_NONE;
    if (depth + 1 < TREE_DEPTH) print_tree(child, more, depth + 1);
    child = next;
  }
}

void inspect_device_tree(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  if (!machine.has_fdt) {
    print("No device tree was found.\n");
    return;
  }
  bool more[TREE_DEPTH];
  print("  /\n");
  print_tree(fdt_root(&machine.fdt), more, 0);
}

static void print_register(const char *name, uint64_t value) {
  print("  %-18s 0x%016lx\n", name, value);
}

#define PRINT_REGISTER(name) print_register(#name, READ_SYSREG(name))

void inspect_registers(const struct command *self, const char *arguments) {
  (void)self, (void)arguments;
  static const char *const control[] = {"", "SCTLR_EL1", "SCTLR_EL2", "SCTLR_EL3"};
  static const char *const vectors[] = {"", "VBAR_EL1", "VBAR_EL2", "VBAR_EL3"};
  uintptr_t stack;
  __asm__ volatile("mov %0, sp" : "=r"(stack));
  PRINT_REGISTER(CurrentEL);
  PRINT_REGISTER(DAIF);
  print_register("SP", stack);
  PRINT_REGISTER(MIDR_EL1);
  PRINT_REGISTER(MPIDR_EL1);
  print_register(control[current_el()], READ_SYSREG_AT_EL(SCTLR));
  print_register(vectors[current_el()], READ_SYSREG_AT_EL(VBAR));
  if (current_el() == 2) PRINT_REGISTER(HCR_EL2);
  if (current_el() == 3) PRINT_REGISTER(SCR_EL3);
  PRINT_REGISTER(CNTFRQ_EL0);
  PRINT_REGISTER(CNTVCT_EL0);
  PRINT_REGISTER(CTR_EL0);
  PRINT_REGISTER(ID_AA64PFR0_EL1);
  PRINT_REGISTER(ID_AA64PFR1_EL1);
  PRINT_REGISTER(ID_AA64ISAR0_EL1);
  PRINT_REGISTER(ID_AA64ISAR1_EL1);
  PRINT_REGISTER(ID_AA64MMFR0_EL1);
  PRINT_REGISTER(ID_AA64MMFR1_EL1);
}
