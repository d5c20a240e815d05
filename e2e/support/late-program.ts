// A bare-metal program for virt that is silent for some seconds and then prints one line over and over.

/** AArch64 instructions (Arm DDI 0487), little-endian. */
const words = {
  /** MOVZ Xd, #value, LSL #16 */
  moveHigh: (register: number, value: number) => 0xd2a00000 | (value << 5) | register,
  /** MOVZ Wd, #value */
  move: (register: number, value: number) => 0x52800000 | (value << 5) | register,
  /** SUBS Xd, Xd, #1 */
  decrement: (register: number) => 0xf1000400 | (register << 5) | register,
  /** B.NE to the instruction before */
  againUnlessZero: 0x54ffffe1,
  /** STR Wt, [Xn] */
  store: (value: number, address: number) => 0xb9000000 | (address << 5) | value,
  /** B by so many instructions */
  branch: (instructions: number) => 0x14000000 | (instructions & 0x3ffffff),
};

const uart = 0;
const counter = 1;
const letter = 2;

/** A raw image for any address. `turns`: of the waiting loop, in units of 65,536; TCG makes about a thousand such a second. */
export function lateProgram(line: string, turns: number): Buffer {
  const program = [words.moveHigh(uart, 0x0900), words.moveHigh(counter, turns)];
  program.push(words.decrement(counter), words.againUnlessZero);
  for (const character of line) {
    program.push(words.move(letter, character.charCodeAt(0)), words.store(letter, uart));
  }
  program.push(words.branch(1 - program.length));
  const image = Buffer.alloc(program.length * 4);
  program.forEach((instruction, index) => {
    image.writeUInt32LE(instruction >>> 0, index * 4);
  });
  return image;
}
