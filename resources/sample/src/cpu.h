// Names of CPUs and of what they can do, from the identification registers.
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>

// "Cortex-A53", or null when MIDR_EL1 names a CPU that is not in the table.
const char *cpu_name(uint64_t midr);

// Calls visit for each optional feature that this CPU has.
void cpu_features(void (*visit)(const char *name));

#endif
