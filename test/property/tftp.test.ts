import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text } from '../../src/base/bytes.ts';
import { monoMs } from '../../src/base/clock.ts';
import { ReadingClient, WritingClient } from '../../src/probe/tftp-client.ts';
import { encodeNetascii, NetasciiDecoder } from '../../src/tftp/netascii.ts';
import { negotiate } from '../../src/tftp/options.ts';
import { decodePacket, encodePacket, type TftpPacket } from '../../src/tftp/packet.ts';
import { ReadSession } from '../../src/tftp/read-session.ts';
import { WriteSession } from '../../src/tftp/write-session.ts';
import { type Fate, runLine } from '../support/tftp-line.ts';
import { pattern, termsOf } from '../support/tftp-script.ts';

const u16 = fc.integer({ min: 0, max: 65535 });
const octets = fc.uint8Array({ maxLength: 600 });
/** Text of octets without NUL, which ends a text on the wire. */
const text = fc.uint8Array({ min: 1, maxLength: 40 }).map(latin1Text);
const options = fc.array(fc.record({ name: text, value: text }), { maxLength: 8 });
const fileName = fc.uint8Array({ min: 1, minLength: 1, maxLength: 40 }).map(latin1Text);

const packet: fc.Arbitrary<TftpPacket> = fc.oneof(
  fc.record({
    type: fc.constantFrom('rrq' as const, 'wrq' as const),
    fileName,
    mode: fc.constantFrom('octet', 'netascii', 'mail', 'x'),
    options,
  }),
  fc.record({ type: fc.constant('data' as const), block: u16, octets }),
  fc.record({ type: fc.constant('ack' as const), block: u16 }),
  fc.record({ type: fc.constant('error' as const), code: u16, message: text }),
  fc.record({ type: fc.constant('oack' as const), options }),
);

describe('packets (RFC 1350 §5, RFC 2347)', () => {
  test('decode ∘ encode = id', () => {
    fc.assert(
      fc.property(packet, (value) => {
        expect(decodePacket(encodePacket(value))).toEqual({ ok: true, value });
      }),
    );
  });

  test('any octets give a packet or a fault inside the datagram', () => {
    const anything = fc
      .tuple(fc.integer({ min: 0, max: 8 }), fc.uint8Array({ maxLength: 200 }))
      .map(([op, rest]) => Uint8Array.of(0, op, ...rest));
    fc.assert(
      fc.property(fc.oneof(octets, anything), (bytes) => {
        const decoded = decodePacket(bytes);
        if (!decoded.ok) expect(decoded.error.offset).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  test('a packet cut anywhere does not throw', () => {
    fc.assert(fc.property(packet, fc.nat(700), (value, cut) => void decodePacket(encodePacket(value).subarray(0, cut))));
  });

  test('any request gives terms within their ranges, and no answer that was not asked for (RFC 2347 §2)', () => {
    const number = fc.oneof(fc.integer({ min: -2, max: 70000 }).map(String), text);
    const asked = fc.array(fc.record({ name: fc.constantFrom('blksize', 'WindowSize', 'timeout', 'tsize', 'x'), value: number }));
    fc.assert(
      fc.property(asked, (wanted) => {
        const limits = { maxBlockSize: 1468, maxWindow: 64, maxUploadSize: 10 ** 9 };
        const terms = negotiate({ type: 'rrq', fileName: 'f', mode: 'octet', options: wanted }, 5, limits);
        if (!terms.ok) throw new Error('a read is never refused for its options');
        expect(terms.value.blockSize).toBeGreaterThanOrEqual(8);
        expect(terms.value.blockSize).toBeLessThanOrEqual(1468);
        expect(terms.value.window).toBeGreaterThanOrEqual(1);
        expect(terms.value.window).toBeLessThanOrEqual(64);
        const names = terms.value.answer.map((option) => option.name);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(wanted.map((option) => option.name.toLowerCase())).toContain(name);
      }),
    );
  });
});

describe('netascii (RFC 1350 §1)', () => {
  test('decode ∘ encode = id, cut into any pieces', () => {
    const lines = fc.array(fc.constantFrom('a', '\r', '\n', '\0', 'b')).map((letters) => latin1Bytes(letters.join('')));
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 5 }), (file, size) => {
        const wire = encodeNetascii(file);
        const decoder = new NetasciiDecoder();
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < wire.length; at += size) pieces.push(decoder.decode(wire.subarray(at, at + size)));
        expect(Buffer.concat([...pieces, decoder.end()])).toEqual(Buffer.from(file));
      }),
    );
  });
});

/** A file, its block size and window, and what happens to the packets in their order. */
const transfer = (bad: fc.Arbitrary<Fate>, most: number) =>
  fc.record({
    size: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.constantFrom(8, 64, 512, 1024)),
    blockSize: fc.constantFrom(8, 9, 33, 64, 512, 1468),
    window: fc.constantFrom(1, 1, 2, 3, 4, 8, 64),
    isPaced: fc.boolean(),
    fates: fc.array(bad, { maxLength: most }),
  });

const anyFate = fc.constantFrom<Fate>('pass', 'pass', 'pass', 'drop', 'twice', 'late', 'damage');
const onlyLost = fc.constantFrom<Fate>('drop', 'damage');

describe('a read over a bad line', () => {
  type Plan = { size: number; blockSize: number; window: number; isPaced: boolean; fates: Fate[] };
  const run = ({ size, blockSize, window, isPaced, fates }: Plan) => {
    const file = pattern(size);
    const client = new ReadingClient(blockSize, window);
    const terms = termsOf({ blksize: blockSize, windowsize: window });
    const report = runLine(new ReadSession({ size, length: size, terms, isPaced }), client, file, blockSize, fates);
    return { file, client, report, received: Buffer.concat(client.pieces) };
  };

  test('any loss, doubling and disorder: the same file or a clean failure', () => {
    fc.assert(
      fc.property(transfer(anyFate, 120), (plan) => {
        const { file, client, report, received } = run(plan);
        expect(report.isClosed).toBe(true);
        expect(report.outcomes).toHaveLength(1);
        if (client.isDone) expect(received.equals(file)).toBe(true);
        const [outcome] = report.outcomes;
        if (outcome?.kind === 'done' && outcome.confirmed) expect(client.isDone).toBe(true);
        if (outcome?.kind === 'failed') expect(client.isDone).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('up to four packets lost in a row harm nothing', () => {
    fc.assert(
      fc.property(transfer(onlyLost, 4), fc.nat(30), (plan, offset) => {
        const { file, report, received } = run({ ...plan, fates: [...Array<Fate>(offset).fill('pass'), ...plan.fates] });
        expect(received.equals(file)).toBe(true);
        expect(report.outcomes).toMatchObject([{ kind: 'done' }]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a write over a bad line', () => {
  const run = ({ size, blockSize, window, fates }: { size: number; blockSize: number; window: number; fates: Fate[] }) => {
    const file = pattern(size);
    const client = new WritingClient(file, blockSize, window);
    const terms = termsOf({ blksize: blockSize, windowsize: window });
    const report = runLine(new WriteSession({ mode: 'octet', terms, maxSize: 10_000 }), client, file, blockSize, fates);
    return { file, client, report };
  };

  test('any loss, doubling and disorder: the same file or a clean failure, and no last ACK before the file is in its place', () => {
    fc.assert(
      fc.property(transfer(anyFate, 120), (plan) => {
        const { file, client, report } = run(plan);
        expect(report.isClosed).toBe(true);
        expect(report.outcomes).toHaveLength(1);
        if (client.isDone) expect(report.finished).toBe(true);
        if (report.finished) expect(report.stored.equals(file)).toBe(true);
        expect(report.outcomes[0]?.kind === 'done').toBe(report.finished);
      }),
      { numRuns: 400 },
    );
  });

  test('up to four packets lost in a row harm nothing', () => {
    fc.assert(
      fc.property(transfer(onlyLost, 4), fc.nat(30), (plan, offset) => {
        const { file, client, report } = run({ ...plan, fates: [...Array<Fate>(offset).fill('pass'), ...plan.fates] });
        expect(report.stored.equals(file)).toBe(true);
        expect(client.isDone).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('sessions', () => {
  test('no packet at any time makes them throw', () => {
    const steps = fc.array(fc.tuple(packet, fc.nat(5000)), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.boolean(), fc.constantFrom(1, 4), (script, isRead, window) => {
        const terms = termsOf(window === 1 ? {} : { windowsize: window });
        const session = isRead
          ? new ReadSession({ size: 5000, length: 5000, terms })
          : new WriteSession({ mode: 'netascii', terms, maxSize: 9000 });
        let now = 0;
        session.start(monoMs(0));
        for (const [said, wait] of script) {
          now += wait;
          session.timeout(monoMs(now));
          session.receive(said, monoMs(now));
        }
      }),
    );
  });
});
