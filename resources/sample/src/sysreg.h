// Access to system registers, memory-mapped registers and the registers that exist once per exception level.
#ifndef SYSREG_H
#define SYSREG_H

#include <stdint.h>

#define READ_SYSREG(name)                                  \
  ({                                                       \
    uint64_t value_;                                       \
    __asm__ volatile("mrs %0, " #name : "=r"(value_));     \
    value_;                                                \
  })

#define WRITE_SYSREG(name, value) __asm__ volatile("msr " #name ", %0" ::"r"((uint64_t)(value)))

// name_EL1, name_EL2 or name_EL3, whichever belongs to the level that this program runs at.
#define READ_SYSREG_AT_EL(name)                                      \
  (current_el() == 3   ? READ_SYSREG(name##_EL3)                     \
   : current_el() == 2 ? READ_SYSREG(name##_EL2)                     \
                       : READ_SYSREG(name##_EL1))

static inline unsigned current_el(void) {
  return (unsigned)(READ_SYSREG(CurrentEL) >> 2) & 3;
}

static inline void isb(void) {
  __asm__ volatile("isb" ::: "memory");
}

static inline void wfi(void) {
  __asm__ volatile("dsb sy\n\twfi" ::: "memory");
}

static inline uint32_t mmio_read32(uintptr_t address) {
  return *(volatile uint32_t *)address;
}

static inline void mmio_write32(uintptr_t address, uint32_t value) {
  *(volatile uint32_t *)address = value;
}

static inline void mmio_write8(uintptr_t address, uint8_t value) {
  *(volatile uint8_t *)address = value;
}

static inline void mmio_write64(uintptr_t address, uint64_t value) {
  *(volatile uint64_t *)address = value;
}

static inline uint64_t mmio_read64(uintptr_t address) {
  return *(volatile uint64_t *)address;
}

#endif
