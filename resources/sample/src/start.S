// Entry point, exception vectors and the guarded loads: what cannot be written in C.

  .section .text.start, "ax"
  .global _start
_start:
  msr daifset, #0xf
  // Without PSCI (started at EL3) QEMU lets every vCPU run from the entry point: only the first may go on.
  mrs x1, mpidr_el1
  ldr x2, =0xff00ffffff
  tst x1, x2
  b.ne park

  msr spsel, #1
  ldr x1, =stack_top
  mov sp, x1

  ldr x1, =bss_start
  ldr x2, =bss_end
0:
  cmp x1, x2
  b.hs 1f
  stp xzr, xzr, [x1], #16
  b 0b
1:
  ldr x1, =vectors
  mrs x2, CurrentEL
  cmp x2, #(2 << 2)
  b.hi 3f
  b.eq 2f
  msr vbar_el1, x1
  b 4f
3:
  msr vbar_el3, x1
2:
  // From EL3 these are accepted whether EL2 exists or not (Arm ARM, D1.1: RES0 without EL2).
  msr vbar_el2, x1
  msr cntvoff_el2, xzr
4:
  isb
  bl main

park:
  wfi
  b park

// Where an unexpected exception returns to: a fresh stack and the prompt.
  .global recover
recover:
  ldr x1, =stack_top
  mov sp, x1
  bl shell
  b park

// bool probe_read8(uintptr_t address, uint8_t *value): false when the load faults.
  .global probe_read8, probe_load8
probe_read8:
probe_load8:
  ldrb w2, [x0]
  strb w2, [x1]
  mov w0, #1
  ret

// bool probe_read32(uintptr_t address, uint32_t *value): false when the load faults.
  .global probe_read32, probe_load32
probe_read32:
probe_load32:
  ldr w2, [x0]
  str w2, [x1]
  mov w0, #1
  ret

// The exception handler sends a faulting guarded load here.
  .global probe_fault
probe_fault:
  mov w0, #0
  ret

// One frame: x0 to x30 in order, then padding to keep the stack 16-byte aligned.
  .equ FRAME_SIZE, 256

  .macro vector kind
  .balign 0x80
  sub sp, sp, #FRAME_SIZE
  stp x0, x1, [sp]
  mov x0, #\kind
  b exception_entry
  .endm

  .section .text.vectors, "ax"
  .balign 0x800
vectors:
  .set kind, 0
  .rept 16
  vector kind
  .set kind, kind + 1
  .endr

exception_entry:
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x19, [sp, #144]
  stp x20, x21, [sp, #160]
  stp x22, x23, [sp, #176]
  stp x24, x25, [sp, #192]
  stp x26, x27, [sp, #208]
  stp x28, x29, [sp, #224]
  str x30, [sp, #240]
  mov x1, sp
  bl exception
  ldp x2, x3, [sp, #16]
  ldp x4, x5, [sp, #32]
  ldp x6, x7, [sp, #48]
  ldp x8, x9, [sp, #64]
  ldp x10, x11, [sp, #80]
  ldp x12, x13, [sp, #96]
  ldp x14, x15, [sp, #112]
  ldp x16, x17, [sp, #128]
  ldp x18, x19, [sp, #144]
  ldp x20, x21, [sp, #160]
  ldp x22, x23, [sp, #176]
  ldp x24, x25, [sp, #192]
  ldp x26, x27, [sp, #208]
  ldp x28, x29, [sp, #224]
  ldr x30, [sp, #240]
  ldp x0, x1, [sp]
  add sp, sp, #FRAME_SIZE
  eret
