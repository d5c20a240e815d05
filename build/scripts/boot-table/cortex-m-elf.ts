// A bare-metal program for a Cortex-M, assembled here: it enables a serial port, prints one line, and sleeps.
import type { MicrocontrollerCase } from './cases.ts';

/** ELF32 (little-endian, EM_ARM) with one loadable segment; sizes from the ELF specification. */
const elfHeaderBytes = 52;
const programHeaderBytes = 32;
const machineArm = 40;

/** Thumb instructions, ARMv6-M and later (Arm DDI 0419). */
const thumb = {
  /** LDR Rt, [PC, #words * 4] */
  loadLiteral: (rt: number, words: number) => 0x4800 | (rt << 8) | words,
  /** STR Rt, [Rn] */
  store: (rt: number, rn: number) => 0x6000 | (rn << 3) | rt,
  /** LDRB Rt, [Rn] */
  loadByte: (rt: number, rn: number) => 0x7800 | (rn << 3) | rt,
  /** ADDS Rdn, #value */
  addTo: (rdn: number, value: number) => 0x3000 | (rdn << 8) | value,
  /** CMP Rn, #0 */
  compareZero: (rn: number) => 0x2800 | (rn << 8),
  /** BEQ / B by a number of halfwords from this instruction. */
  branchIfEqual: (halfwords: number) => 0xd000 | ((halfwords - 2) & 0xff),
  branch: (halfwords: number) => 0xe000 | ((halfwords - 2) & 0x7ff),
  waitForInterrupt: 0xbf30,
  nop: 0xbf00,
};

/** The image for `-kernel`: initial stack pointer and reset vector, code, literals, text. */
export function cortexMElf(board: MicrocontrollerCase, line: string): Buffer {
  const vectorBytes = 16 * 4;
  const literals: number[] = board.setup.flatMap(([address, value]) => [value, address]);
  const dataLiteral = literals.push(board.dataRegister) - 1;
  const textLiteral = literals.push(0) - 1;

  const code: number[] = [];
  const loads: { at: number; literal: number; register: number }[] = [];
  const load = (register: number, literal: number): void => {
    loads.push({ at: code.length, literal, register });
    code.push(0);
  };
  board.setup.forEach((_, index) => {
    load(0, index * 2);
    load(1, index * 2 + 1);
    code.push(thumb.store(0, 1));
  });
  load(1, dataLiteral);
  load(2, textLiteral);
  code.push(
    thumb.loadByte(0, 2),
    thumb.compareZero(0),
    thumb.branchIfEqual(4),
    thumb.store(0, 1),
    thumb.addTo(2, 1),
    thumb.branch(-5),
    thumb.waitForInterrupt,
    thumb.branch(-1),
  );
  if (code.length % 2 === 1) code.push(thumb.nop);

  const literalsAt = vectorBytes + code.length * 2;
  const textAt = literalsAt + literals.length * 4;
  literals[textLiteral] = board.flash + textAt;
  for (const { at, literal, register } of loads) {
    // The base is the instruction's address plus 4, rounded down to a word.
    const base = (vectorBytes + at * 2 + 4) & ~3;
    code[at] = thumb.loadLiteral(register, (literalsAt + literal * 4 - base) / 4);
  }

  const image = Buffer.alloc(textAt + Buffer.byteLength(line) + 1);
  image.writeUInt32LE(board.stackTop, 0);
  // Bit 0: Thumb.
  image.writeUInt32LE(board.flash + vectorBytes + 1, 4);
  code.forEach((instruction, index) => void image.writeUInt16LE(instruction, vectorBytes + index * 2));
  literals.forEach((literal, index) => void image.writeUInt32LE(literal, literalsAt + index * 4));
  image.write(line, textAt);
  return wrapInElf(image, board.flash, board.flash + vectorBytes + 1);
}

function wrapInElf(image: Buffer, address: number, entry: number): Buffer {
  const header = Buffer.alloc(elfHeaderBytes + programHeaderBytes);
  header.write('\x7fELF\x01\x01\x01', 0, 'latin1');
  header.writeUInt16LE(2, 16); // ET_EXEC
  header.writeUInt16LE(machineArm, 18);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(entry, 24);
  header.writeUInt32LE(elfHeaderBytes, 28); // program headers
  header.writeUInt32LE(0x0500_0000, 36); // EABI 5
  header.writeUInt16LE(elfHeaderBytes, 40);
  header.writeUInt16LE(programHeaderBytes, 42);
  header.writeUInt16LE(1, 44);
  const program = elfHeaderBytes;
  header.writeUInt32LE(1, program); // PT_LOAD
  header.writeUInt32LE(header.length, program + 4);
  header.writeUInt32LE(address, program + 8);
  header.writeUInt32LE(address, program + 12);
  header.writeUInt32LE(image.length, program + 16);
  header.writeUInt32LE(image.length, program + 20);
  header.writeUInt32LE(5, program + 24); // read, execute
  header.writeUInt32LE(4, program + 28);
  return Buffer.concat([header, image]);
}
