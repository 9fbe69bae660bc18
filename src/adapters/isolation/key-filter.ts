/**
 * A seccomp filter without the calls that reach the kernel's keyrings: neither a namespace nor another user takes those from a
 * process, and Kerberos tickets of whoever started the bot may lie there. Such a call fails with EPERM, as in containers.
 * The program is the kernel's classic BPF over `struct seccomp_data` (number at byte 0, architecture at byte 4).
 */
import { endianness } from "node:os";

/** By `AUDIT_ARCH_...`: the numbers of add_key, request_key and keyctl. A machine that is not here may call nothing. */
const KEY_CALLS: ReadonlyMap<number, readonly [number, number, number]> = new Map([
  [0xc000003e, [248, 249, 250]], // x86-64
  [0x40000003, [286, 287, 288]], // 32-bit programs there
  [0xc00000b7, [217, 218, 219]], // arm64
  [0x40000028, [309, 310, 311]], // 32-bit programs there
  [0xc0000015, [269, 270, 271]], // ppc64le
  [0xc00000f3, [217, 218, 219]], // riscv64
]);
/** Numbers from here on are the second set of calls that x86-64 has for 32-bit pointers, its own keyctl among them. */
const X32 = 0x40000000;

const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const REFUSE = 0x00050000 + 1; // with the number of EPERM

type Instruction = readonly [code: number, value: number, whenTrue?: number, whenFalse?: number];

export function keyFilter(): Buffer {
  const program = [...KEY_CALLS].flatMap(([architecture, calls]) => {
    const block: Instruction[] = [
      [LOAD, 0],
      [IF_AT_LEAST, X32, calls.length + 1],
      ...calls.map((call, index): Instruction => [IF_EQUAL, call, calls.length - index]),
      [RETURN, ALLOW],
      [RETURN, REFUSE],
    ];
    return [[LOAD, 4], [IF_EQUAL, architecture, 0, block.length], ...block] satisfies Instruction[];
  });
  return Buffer.concat([...program, [RETURN, REFUSE] satisfies Instruction].map(encoded));
}

function encoded([code, value, whenTrue = 0, whenFalse = 0]: Instruction): Buffer {
  const little = endianness() === "LE";
  const bytes = Buffer.alloc(8);
  bytes[little ? "writeUInt16LE" : "writeUInt16BE"](code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes[little ? "writeUInt32LE" : "writeUInt32BE"](value, 4);
  return bytes;
}
