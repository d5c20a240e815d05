// Exceptions: guarded loads survive them, everything else is reported and ends at the prompt.
#include "exception.h"

#include "print.h"
#include "sysreg.h"

// Exception classes of ESR_ELx (Arm ARM, D24.2.37).
enum { EC_DATA_ABORT_SAME_EL = 0x25 };

extern const char probe_load8[], probe_load32[], probe_fault[], recover[];

static uint64_t last_syndrome;

uint64_t fault_syndrome(void) {
  return last_syndrome;
}

const char *fault_reason(void) {
  unsigned status = last_syndrome & 0x3f;
  if (status == 0x10) return "nothing answers at this address";
  if (status == 0x21) return "the address is not aligned";
  if (status < 0x04) return "the address is beyond what this CPU can put on its bus";
  return "the load was refused";
}

static void set_return_address(uintptr_t address) {
  if (current_el() == 3) WRITE_SYSREG(ELR_EL3, address);
  else if (current_el() == 2) WRITE_SYSREG(ELR_EL2, address);
  else WRITE_SYSREG(ELR_EL1, address);
}

// Called by the vectors with the vector's number, 0 to 15.
void exception(uint64_t vector, const uint64_t *frame);

void exception(uint64_t vector, const uint64_t *frame) {
  static const char *const kinds[] = {"synchronous exception", "IRQ", "FIQ", "SError"};
  uint64_t syndrome = READ_SYSREG_AT_EL(ESR), address = READ_SYSREG_AT_EL(ELR);
  bool probing = address == (uintptr_t)probe_load8 || address == (uintptr_t)probe_load32;
  if (probing && syndrome >> 26 == EC_DATA_ABORT_SAME_EL) {
    last_syndrome = syndrome;
    set_return_address((uintptr_t)probe_fault);
    return;
  }
  print("\n" ALARM "Unexpected %s" PLAIN " at 0x%lx: ESR 0x%lx, FAR 0x%lx\n", kinds[vector % 4], address, syndrome,
        READ_SYSREG_AT_EL(FAR));
  for (unsigned i = 0; i < 31; i++) print("  x%-2u %016lx%s", i, frame[i], i % 3 == 2 || i == 30 ? "\n" : "");
  set_return_address((uintptr_t)recover);
}
