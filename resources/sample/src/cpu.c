// Names of CPUs and of what they can do. Part numbers: each CPU's Technical Reference Manual, MIDR_EL1.
#include "cpu.h"

#include "sysreg.h"

enum { ARM = 0x41, FUJITSU = 0x46, APPLE = 0x61, AMPERE = 0xc0, ANY_PART = 0xffff };

static const struct {
  uint16_t implementer, part;
  const char *name;
} cpus[] = {
    {ARM, 0xd03, "Cortex-A53"},   {ARM, 0xd04, "Cortex-A35"},   {ARM, 0xd05, "Cortex-A55"},
    {ARM, 0xd07, "Cortex-A57"},   {ARM, 0xd08, "Cortex-A72"},   {ARM, 0xd09, "Cortex-A73"},
    {ARM, 0xd0a, "Cortex-A75"},   {ARM, 0xd0b, "Cortex-A76"},   {ARM, 0xd0c, "Neoverse-N1"},
    {ARM, 0xd0d, "Cortex-A77"},   {ARM, 0xd40, "Neoverse-V1"},  {ARM, 0xd41, "Cortex-A78"},
    {ARM, 0xd42, "Cortex-A78AE"}, {ARM, 0xd46, "Cortex-A510"},  {ARM, 0xd47, "Cortex-A710"},
    {ARM, 0xd49, "Neoverse-N2"},  {ARM, 0xd4f, "Neoverse-V2"},  {FUJITSU, 0x001, "A64FX"},
    {AMPERE, 0xac3, "Ampere-1"},  {AMPERE, 0xac4, "Ampere-1A"}, {APPLE, ANY_PART, "Apple silicon"},
    // QEMU's "max" calls itself implementer 0, part 'Q' (target/arm/tcg/cpu64.c aarch64_max_tcg_initfn).
    {0, 'Q', "QEMU max"},
};

const char *cpu_name(uint64_t midr) {
  uint64_t implementer = midr >> 24 & 0xff, part = midr >> 4 & 0xfff;
  for (unsigned i = 0; i < sizeof cpus / sizeof *cpus; i++) {
    if (cpus[i].implementer == implementer && (cpus[i].part == part || cpus[i].part == ANY_PART)) return cpus[i].name;
  }
  return 0;
}

enum id_register { ISAR0, ISAR1, PFR0, PFR1, ID_REGISTERS };

// The four-bit field of a register from which on a feature is there (Arm ARM, D24.2.60 and following).
static const struct {
  enum id_register id;
  uint8_t shift, least;
  const char *name;
} features[] = {
    {ISAR0, 4, 1, "AES"},   {ISAR0, 4, 2, "PMULL"},   {ISAR0, 8, 1, "SHA1"},   {ISAR0, 12, 1, "SHA256"},
    {ISAR0, 12, 2, "SHA512"}, {ISAR0, 32, 1, "SHA3"}, {ISAR0, 36, 1, "SM3"},   {ISAR0, 40, 1, "SM4"},
    {ISAR0, 16, 1, "CRC32"}, {ISAR0, 20, 2, "LSE"},   {ISAR0, 28, 1, "RDM"},   {ISAR0, 44, 1, "DotProd"},
    {ISAR0, 48, 1, "FHM"},  {ISAR0, 60, 1, "RNG"},    {ISAR1, 12, 1, "JSCVT"}, {ISAR1, 16, 1, "FCMA"},
    {ISAR1, 20, 1, "LRCPC"}, {ISAR1, 44, 1, "BF16"},  {ISAR1, 52, 1, "I8MM"},  {PFR0, 32, 1, "SVE"},
    {PFR1, 24, 1, "SME"},   {PFR0, 28, 1, "RAS"},     {PFR1, 0, 1, "BTI"},     {PFR1, 8, 2, "MTE"},
};

// Pointer authentication has one field per algorithm: any of APA, API, GPA, GPI.
enum { PAUTH_FIELDS_LOW = 0xff0, PAUTH_FIELDS_HIGH = 0xff };

void cpu_features(void (*visit)(const char *name)) {
  uint64_t ids[ID_REGISTERS] = {
      [ISAR0] = READ_SYSREG(ID_AA64ISAR0_EL1),
      [ISAR1] = READ_SYSREG(ID_AA64ISAR1_EL1),
      [PFR0] = READ_SYSREG(ID_AA64PFR0_EL1),
      [PFR1] = READ_SYSREG(ID_AA64PFR1_EL1),
  };
  for (unsigned i = 0; i < sizeof features / sizeof *features; i++) {
    if ((ids[features[i].id] >> features[i].shift & 0xf) >= features[i].least) visit(features[i].name);
  }
  // QARMA5 and implementation-defined are in ISAR1, QARMA3 in ISAR2.
  uint64_t isar2 = READ_SYSREG(S3_0_C0_C6_2);
  if ((ids[ISAR1] & PAUTH_FIELDS_LOW) || (ids[ISAR1] >> 24 & PAUTH_FIELDS_HIGH) || (isar2 & 0xff00)) visit("PAuth");
}
