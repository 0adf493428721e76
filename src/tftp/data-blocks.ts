/** The blocks of a file as DATA packets that stand one after another in memory, as they are sent (RFC 1350 §5). */
import { wireBlock } from './block-window.ts';
import { DATA_HEADER, OPCODE } from './packet.ts';

/** Octets from the start of one packet to the start of the next. */
export function strideOf(blockSize: number): number {
  return DATA_HEADER + blockSize;
}

/** Octets that `count` packets take which carry `octets` of the file. */
export function laidOutOctets(octets: number, count: number): number {
  return octets + count * DATA_HEADER;
}

/** Where `layOutBlocks` wants the octets of the file: at the end of the memory, so that they only ever move towards its start. */
export function rawPartOf(memory: Uint8Array, count: number): Uint8Array {
  return memory.subarray(count * DATA_HEADER);
}

/**
 * Makes packets, in place, of the octets that stand in `rawPartOf(memory, count)`.
 * @param first absolute number of the first block.
 * @param count blocks; all but the last are full.
 */
export function layOutBlocks(memory: Uint8Array, first: number, count: number, blockSize: number): void {
  const stride = strideOf(blockSize);
  for (let n = 0; n < count; n++) {
    const at = n * stride;
    const from = count * DATA_HEADER + n * blockSize;
    memory.copyWithin(at + DATA_HEADER, from, from + blockSize);
    const block = wireBlock(first + n);
    memory[at] = OPCODE.data >> 8;
    memory[at + 1] = OPCODE.data;
    memory[at + 2] = block >> 8;
    memory[at + 3] = block & 255;
  }
}
