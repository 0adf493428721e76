/** Packets of real clients: what they hold is in `test/golden/vectors/tftp.json`. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodePacket, encodePacket, type TftpPacket } from '../../src/tftp/packet.ts';

interface Expected {
  readonly type?: string;
  readonly filename?: string;
  readonly mode?: string;
  readonly options?: readonly (readonly [string, string])[];
  readonly block?: number;
  readonly dataLen?: number;
  readonly code?: number;
  readonly message?: string;
  readonly parseError?: string;
}

const FOLDER = new URL('../golden/vectors/', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('tftp.json', FOLDER), 'utf8')) as { name: string; what: string; expect: Expected }[];

/** The wording of the list for each of our reasons. */
const REASONS = { short: 'too short', 'unknown-opcode': 'unknown opcode 7', 'no-file-name': 'empty filename', 'no-mode': 'no mode' };

function summary(packet: TftpPacket): Expected {
  switch (packet.type) {
    case 'rrq':
    case 'wrq': {
      const options = packet.options.map(({ name, value }) => [name, value] as const);
      return { type: packet.type.toUpperCase(), filename: packet.fileName, mode: packet.mode, options };
    }
    case 'data':
      return { type: 'DATA', block: packet.block, dataLen: packet.octets.length };
    case 'ack':
      return { type: 'ACK', block: packet.block };
    case 'error':
      return { type: 'ERROR', code: packet.code, message: packet.message };
    case 'oack':
      return { type: 'OACK', options: packet.options.map(({ name, value }) => [name, value] as const) };
  }
}

describe('golden vectors', () => {
  test('there are some', () => expect(vectors.length).toBeGreaterThan(40));

  test.each(vectors)('$name: $what', ({ name, expect: { parseError, ...expected } }) => {
    const octets = Uint8Array.from(Buffer.from(readFileSync(new URL(`${name}.hex`, FOLDER), 'utf8').replace(/#.*|\s/g, ''), 'hex'));
    const decoded = decodePacket(octets);
    if (!decoded.ok) {
      expect(REASONS[decoded.error.reason]).toBe(parseError);
      return;
    }
    expect(summary(decoded.value)).toMatchObject(without(expected, 'opcode'));
    // Where the mode was not in lower case, the octets differ by that alone.
    if (name !== 'tftp-rrq-case') expect(encodePacket(decoded.value)).toEqual(octets);
  });
});

function without(record: Expected, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
