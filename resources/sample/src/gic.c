// The interrupt controller, used only to end WFI. Interrupts stay masked in PSTATE and are never acknowledged: a
// pending one ends WFI all the same, and a level-sensitive one goes away when its device is served.
#include "gic.h"

#include "sysreg.h"

enum { GICD_CTLR = 0x0, GICD_IGROUPR = 0x80, GICD_ISENABLER = 0x100, GICD_IPRIORITYR = 0x400 };
enum { GICD_ITARGETSR = 0x800, GICD_IGRPMODR = 0xd00, GICD_IROUTER = 0x6000, GICD_PIDR2 = 0xffe8 };
enum { GICC_CTLR = 0x0, GICC_PMR = 0x4 };
enum { GICR_TYPER = 0x8, GICR_WAKER = 0x14, GICR_SGI_FRAME = 0x10000, GICR_STRIDE = 0x20000 };
enum { GICR_TYPER_VLPIS = 1 << 1, GICR_TYPER_LAST = 1 << 4 };
enum { WAKER_PROCESSOR_SLEEP = 1 << 1, WAKER_CHILDREN_ASLEEP = 1 << 2 };
enum { PRIORITY = 0x80, LOWEST_PRIORITY = 0xff, FIRST_SPI = 32 };

#define ICC_PMR_EL1 S3_0_C4_C6_0
#define ICC_SRE_EL1 S3_0_C12_C12_5
#define ICC_SRE_EL2 S3_4_C12_C9_5
#define ICC_SRE_EL3 S3_6_C12_C12_5
#define ICC_IGRPEN0_EL1 S3_0_C12_C12_6
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7
// READ_SYSREG and WRITE_SYSREG make a string of the name: expand it first.
#define WRITE_ENCODED(name, value) WRITE_SYSREG_(name, value)
#define WRITE_SYSREG_(name, value) WRITE_SYSREG(name, value)

static unsigned version;
static uintptr_t gicd, gicr_sgi;

void gic2_start(uintptr_t distributor, uintptr_t cpu_interface) {
  version = 2;
  gicd = distributor;
  // Group 0, which without Security Extensions is the only one, and at EL3 the secure one.
  mmio_write32(gicd + GICD_CTLR, 1);
  mmio_write32(cpu_interface + GICC_PMR, LOWEST_PRIORITY);
  mmio_write32(cpu_interface + GICC_CTLR, 1);
}

// The redistributor whose affinity is this CPU's.
static uintptr_t find_redistributor(uintptr_t base, uint64_t size) {
  uint64_t mpidr = READ_SYSREG(MPIDR_EL1);
  uint32_t affinity = (uint32_t)(mpidr & 0xffffff) | (uint32_t)(mpidr >> 32 & 0xff) << 24;
  for (uintptr_t frame = base; frame + GICR_STRIDE <= base + size;) {
    uint64_t type = mmio_read64(frame + GICR_TYPER);
    if (type >> 32 == affinity) return frame;
    if (type & GICR_TYPER_LAST) break;
    frame += type & GICR_TYPER_VLPIS ? 2 * GICR_STRIDE : GICR_STRIDE;
  }
  return 0;
}

bool gic3_start(uintptr_t distributor, uintptr_t redistributors, uint64_t redistributors_size) {
  uintptr_t gicr = find_redistributor(redistributors, redistributors_size);
  if (gicr == 0) return false;
  version = 3;
  gicd = distributor;
  gicr_sgi = gicr + GICR_SGI_FRAME;
  bool secure = current_el() == 3;

  mmio_write32(gicr + GICR_WAKER, mmio_read32(gicr + GICR_WAKER) & ~(uint32_t)WAKER_PROCESSOR_SLEEP);
  while (mmio_read32(gicr + GICR_WAKER) & WAKER_CHILDREN_ASLEEP) {
  }
  // Affinity routing for every security state in view, then the group that this level may use:
  // group 0 at EL3, group 1 below it.
  mmio_write32(gicd + GICD_CTLR, secure ? 3 << 4 : 1 << 4);
  mmio_write32(gicd + GICD_CTLR, secure ? 3 << 4 | 1 : 1 << 4 | 1 << 1);

  if (current_el() == 3) WRITE_ENCODED(ICC_SRE_EL3, 9);
  if (current_el() == 2) WRITE_ENCODED(ICC_SRE_EL2, 9);
  isb();
  WRITE_ENCODED(ICC_SRE_EL1, 1);
  isb();
  WRITE_ENCODED(ICC_PMR_EL1, LOWEST_PRIORITY);
  if (secure) WRITE_ENCODED(ICC_IGRPEN0_EL1, 1);
  else WRITE_ENCODED(ICC_IGRPEN1_EL1, 1);
  isb();
  return true;
}

static void set_bit(uintptr_t bank, uint32_t intid, bool value) {
  uintptr_t address = bank + intid / 32 * 4;
  uint32_t bit = 1u << intid % 32, old = mmio_read32(address);
  mmio_write32(address, value ? old | bit : old & ~bit);
}

void gic_enable(uint32_t intid) {
  uintptr_t frame = version == 3 && intid < FIRST_SPI ? gicr_sgi : gicd;
  mmio_write8(frame + GICD_IPRIORITYR + intid, PRIORITY);
  if (version == 3) {
    set_bit(frame + GICD_IGROUPR, intid, current_el() != 3);
    set_bit(frame + GICD_IGRPMODR, intid, false);
    if (intid >= FIRST_SPI) {
      mmio_write64(gicd + GICD_IROUTER + 8 * intid, READ_SYSREG(MPIDR_EL1) & 0xff00ffffffull);
    }
  } else {
    set_bit(gicd + GICD_IGROUPR, intid, false);
    // A private interrupt's target field reads as this CPU's own bit.
    uint8_t self = *(volatile uint8_t *)(gicd + GICD_ITARGETSR);
    if (intid >= FIRST_SPI) mmio_write8(gicd + GICD_ITARGETSR + intid, self);
  }
  mmio_write32(frame + GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
}

unsigned gic_architecture(void) {
  return version == 3 ? mmio_read32(gicd + GICD_PIDR2) >> 4 & 0xf : version;
}
