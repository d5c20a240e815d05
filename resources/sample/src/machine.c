// What the device tree says of the machine. Node and property names: Devicetree Specification 0.4 and the bindings
// of Linux; what QEMU puts there: hw/arm/virt.c.
#include "machine.h"

#include "exception.h"
#include "text.h"

// Without a device tree there is no choice but the addresses of QEMU's virt.
enum { VIRT_RAM = 0x40000000, VIRT_UART = 0x09000000 };
enum { SPI = 0, FIRST_SPI = 32, FIRST_PPI = 16, VIRTUAL_TIMER = 2 };

struct machine machine;

// The INTID of the index-th interrupt of a node, in the GIC's three cells (kind, number, flags); 0 when unknown.
static uint32_t interrupt(fdt_node node, unsigned index) {
  uint32_t kind = 0, number = 0;
  if (!fdt_cell(&machine.fdt, node, "interrupts", 3 * index, &kind)) return 0;
  if (!fdt_cell(&machine.fdt, node, "interrupts", 3 * index + 1, &number)) return 0;
  return number + (kind == SPI ? FIRST_SPI : FIRST_PPI);
}

static fdt_node find_uart(void) {
  fdt_node chosen = fdt_find_path(&machine.fdt, "/chosen");
  const char *path = chosen == FDT_NONE ? 0 : fdt_string(&machine.fdt, chosen, "stdout-path");
  fdt_node node = path ? fdt_find_path(&machine.fdt, path) : FDT_NONE;
  if (node != FDT_NONE && fdt_is_compatible(&machine.fdt, node, "arm,pl011")) return node;
  return fdt_find_compatible(&machine.fdt, "arm,pl011");
}

static void read_uart(void) {
  fdt_node node = find_uart();
  uint64_t address = 0, size = 0;
  if (node == FDT_NONE || !fdt_reg(&machine.fdt, node, 0, &address, &size)) return;
  machine.uart = address;
  machine.uart_name = fdt_name(&machine.fdt, node);
  machine.uart_intid = interrupt(node, 0);
}

// Keeps the ranges in the order of their addresses, which is not that of a NUMA machine's nodes.
static void add_memory(struct memory_range range) {
  machine.memory_size += range.size;
  if (machine.memory_ranges == MEMORY_RANGES) return;
  unsigned at = machine.memory_ranges++;
  for (; at > 0 && machine.memory[at - 1].start > range.start; at--) machine.memory[at] = machine.memory[at - 1];
  machine.memory[at] = range;
}

static void read_memory(void) {
  for (fdt_node node = fdt_root(&machine.fdt); node != FDT_NONE; node = fdt_next(&machine.fdt, node)) {
    const char *type = fdt_string(&machine.fdt, node, "device_type");
    // secure=on adds a secure RAM whose status is disabled; it is no part of what the user gave the machine.
    if (!type || !text_equal(type, "memory") || fdt_is_disabled(&machine.fdt, node)) continue;
    struct memory_range range;
    for (unsigned i = 0; fdt_reg(&machine.fdt, node, i, &range.start, &range.size); i++) add_memory(range);
  }
}

static void read_cpus(void) {
  fdt_node cpus = fdt_find_path(&machine.fdt, "/cpus");
  if (cpus == FDT_NONE) return;
  for (fdt_node node = fdt_first_child(&machine.fdt, cpus); node != FDT_NONE;
       node = fdt_next_sibling(&machine.fdt, node)) {
    const char *type = fdt_string(&machine.fdt, node, "device_type");
    if (type && text_equal(type, "cpu")) machine.cpus++;
  }
}

static void read_gic(void) {
  fdt_node node = fdt_find_compatible(&machine.fdt, "arm,gic-v3");
  unsigned version = 3;
  if (node == FDT_NONE) {
    node = fdt_find_compatible(&machine.fdt, "arm,cortex-a15-gic");
    version = 2;
  }
  uint64_t distributor = 0, cpu = 0, size = 0, cpu_size = 0;
  if (node == FDT_NONE || !fdt_reg(&machine.fdt, node, 0, &distributor, &size)) return;
  if (!fdt_reg(&machine.fdt, node, 1, &cpu, &cpu_size)) return;
  machine.gic_version = version;
  machine.gic_distributor = distributor;
  machine.gic_cpu = cpu;
  machine.gic_cpu_size = cpu_size;
  fdt_node timer = fdt_find_compatible(&machine.fdt, "arm,armv8-timer");
  if (timer != FDT_NONE) machine.timer_intid = interrupt(timer, VIRTUAL_TIMER);
}

static void read_rtc(void) {
  fdt_node node = fdt_find_compatible(&machine.fdt, "arm,pl031");
  uint64_t address = 0, size = 0;
  if (node != FDT_NONE && fdt_reg(&machine.fdt, node, 0, &address, &size)) machine.rtc = address;
}

static void read_psci(void) {
  static const char *const compatibles[] = {"arm,psci-1.0", "arm,psci-0.2"};
  for (unsigned i = 0; i < sizeof compatibles / sizeof *compatibles; i++) {
    fdt_node node = fdt_find_compatible(&machine.fdt, compatibles[i]);
    const char *method = node == FDT_NONE ? 0 : fdt_string(&machine.fdt, node, "method");
    if (!method) continue;
    machine.psci = text_equal(method, "hvc") ? CONDUIT_HVC : text_equal(method, "smc") ? CONDUIT_SMC : CONDUIT_NONE;
    return;
  }
}

// With secure=on virt wires two lines of a secure PL061 to power-off and reset (hw/arm/virt.c create_secure_gpio_pwr).
static struct gpio_line read_gpio_line(const char *compatible) {
  struct gpio_line line = {0, 0};
  fdt_node node = fdt_find_compatible(&machine.fdt, compatible);
  uint32_t phandle = 0, pin = 0;
  if (node == FDT_NONE || !fdt_cell(&machine.fdt, node, "gpios", 0, &phandle)) return line;
  if (!fdt_cell(&machine.fdt, node, "gpios", 1, &pin) || pin > 7) return line;
  fdt_node controller = fdt_find_phandle(&machine.fdt, phandle);
  uint64_t address = 0, size = 0;
  if (controller == FDT_NONE || !fdt_is_compatible(&machine.fdt, controller, "arm,pl061")) return line;
  if (fdt_reg(&machine.fdt, controller, 0, &address, &size)) line = (struct gpio_line){address, pin};
  return line;
}

// What a loader leaves behind need not be an address at all.
static bool is_readable(uintptr_t address) {
  uint32_t word = 0;
  return address % sizeof word == 0 && probe_read32(address, &word);
}

void machine_read(uintptr_t fdt_hint) {
  machine = (struct machine){.uart = VIRT_UART, .uart_name = "pl011"};
  machine.has_fdt =
      (is_readable(fdt_hint) && fdt_open(&machine.fdt, fdt_hint)) || fdt_open(&machine.fdt, VIRT_RAM);
  if (!machine.has_fdt) return;
  fdt_node root = fdt_root(&machine.fdt), chosen = fdt_find_path(&machine.fdt, "/chosen");
  machine.model = fdt_string(&machine.fdt, root, "model");
  if (!machine.model) machine.model = fdt_string(&machine.fdt, root, "compatible");
  if (chosen != FDT_NONE) machine.command_line = fdt_string(&machine.fdt, chosen, "bootargs");
  read_uart();
  read_memory();
  read_cpus();
  read_gic();
  read_rtc();
  read_psci();
  machine.poweroff = read_gpio_line("gpio-poweroff");
  machine.restart = read_gpio_line("gpio-restart");
}
