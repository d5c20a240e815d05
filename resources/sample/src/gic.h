// The interrupt controller, used only to end WFI: no interrupt is ever taken.
#ifndef GIC_H
#define GIC_H

#include <stdbool.h>
#include <stdint.h>

// GICv2 (IHI 0048B): distributor and CPU interface.
void gic2_start(uintptr_t distributor, uintptr_t cpu_interface);
// GICv3 and v4 (IHI 0069H): distributor and the region of redistributors; false when this CPU has none there.
bool gic3_start(uintptr_t distributor, uintptr_t redistributors, uint64_t redistributors_size);

// Lets an interrupt (by INTID, level-sensitive) reach this CPU.
void gic_enable(uint32_t intid);

// The architecture version that the started controller names; the device tree calls version 4 version 3.
unsigned gic_architecture(void);

#endif
