// Bare-metal programs that print one line and stop, assembled here: for boards that no packaged firmware starts.

/** What is printed, and the address that each byte of it is written to (32 bits). */
export interface Printer {
  readonly dataRegister: number;
  readonly line: string;
}

function littleEndian(instructions: readonly number[]): Buffer {
  const image = Buffer.alloc(instructions.length * 4);
  instructions.forEach((instruction, index) => void image.writeUInt32LE(instruction >>> 0, index * 4));
  return image;
}

/** AArch64 (Arm DDI 0487): X0 points to the register, W1 holds the letter. For any address. */
export function a64Program({ dataRegister, line }: Printer): Buffer {
  const [high, low] = [dataRegister >>> 16, dataRegister & 0xffff];
  return littleEndian([
    0xd2a00000 | (high << 5), // MOVZ X0, #high, LSL #16
    0xf2800000 | (low << 5), // MOVK X0, #low
    ...[...line].flatMap((character) => [
      0x52800000 | (character.charCodeAt(0) << 5) | 1, // MOVZ W1, #letter
      0xb9000001, // STR W1, [X0]
    ]),
    0x14000000, // B .
  ]);
}

/** ARMv7-A (Arm DDI 0406): R0 points to the register, R1 holds the letter. For any address. */
export function a32Program({ dataRegister, line }: Printer): Buffer {
  const half = (value: number): number => ((value >>> 12) << 16) | (value & 0xfff);
  return littleEndian([
    0xe3000000 | half(dataRegister & 0xffff), // MOVW R0, #low
    0xe3400000 | half(dataRegister >>> 16), // MOVT R0, #high
    ...[...line].flatMap((character) => [
      0xe3a01000 | character.charCodeAt(0), // MOV R1, #letter
      0xe5801000, // STR R1, [R0]
    ]),
    0xeafffffe, // B .
  ]);
}

/** ELF64 (little-endian, EM_AARCH64) with one loadable segment that starts at its first byte. */
export function a64Elf(program: Buffer, address: bigint): Buffer {
  const [elfHeaderBytes, programHeaderBytes] = [64, 56];
  const header = Buffer.alloc(elfHeaderBytes + programHeaderBytes);
  header.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  header.writeUInt16LE(2, 16); // ET_EXEC
  header.writeUInt16LE(183, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(address, 24);
  header.writeBigUInt64LE(BigInt(elfHeaderBytes), 32); // program headers
  header.writeUInt16LE(elfHeaderBytes, 52);
  header.writeUInt16LE(programHeaderBytes, 54);
  header.writeUInt16LE(1, 56);
  const at = elfHeaderBytes;
  header.writeUInt32LE(1, at); // PT_LOAD
  header.writeUInt32LE(5, at + 4); // read, execute
  header.writeBigUInt64LE(BigInt(header.length), at + 8);
  header.writeBigUInt64LE(address, at + 16);
  header.writeBigUInt64LE(address, at + 24);
  header.writeBigUInt64LE(BigInt(program.length), at + 32);
  header.writeBigUInt64LE(BigInt(program.length), at + 40);
  header.writeBigUInt64LE(4n, at + 48);
  return Buffer.concat([header, program]);
}
