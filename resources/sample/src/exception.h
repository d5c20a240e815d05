// Exceptions: guarded loads survive them, everything else is reported and ends at the prompt.
#ifndef EXCEPTION_H
#define EXCEPTION_H

#include <stdbool.h>
#include <stdint.h>

// Loads that return false instead of faulting (start.S).
bool probe_read8(uintptr_t address, uint8_t *value);
bool probe_read32(uintptr_t address, uint32_t *value);

// Why the last guarded load failed, in words and as ESR.
const char *fault_reason(void);
uint64_t fault_syndrome(void);

#endif
