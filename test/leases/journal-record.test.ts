import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { NEVER } from '../../src/dhcp/lease.ts';
import { BLOCK_OCTETS, encodeRecord, readGroup, scanJournal } from '../../src/leases/journal-record.ts';
import { leaseReader } from '../../src/leases/lease-row.ts';
import { leaseNumber, leaseNumbers } from '../support/leases.ts';

const ID = '0123456789abcdef';
const TIME = { leaseAt: wallMs(5), wallAt: wallMs(1_800_000_000_000) };

function groupsIn(octets: Uint8Array) {
  return scanJournal(octets).map((record) => ({ ...readGroup(record, leaseReader()), sequence: record.sequence }));
}

describe('A record of the journal', () => {
  it.each([
    ['no lease, only the time', [], TIME],
    ['one lease', leaseNumbers(1), undefined],
    ['sixteen leases', leaseNumbers(16), TIME],
    ['more leases than a block holds', leaseNumbers(200), undefined],
    [
      'every kind of value',
      [
        leaseNumber(0xf5ffffff, { mac: undefined, hostName: undefined, state: 'declined', expiresAt: NEVER }),
        leaseNumber(5, { hostName: 'Bürö 😀 "x";\u0000\n' }),
      ],
      TIME,
    ],
  ])('gives back %s', (_what, leases, time) => {
    const octets = encodeRecord(ID, 2 ** 40, { leases, time });
    expect(octets.length % BLOCK_OCTETS).toBe(0);
    expect(groupsIn(octets)).toEqual([{ leases, time, sequence: 2 ** 40 }]);
  });

  it('is found at any block, and named by its journal', () => {
    const [first, other, second] = [
      encodeRecord(ID, 9, { leases: leaseNumbers(100), time: undefined }),
      encodeRecord('fedcba9876543210', 1, { leases: [], time: TIME }),
      encodeRecord(ID, 8, { leases: leaseNumbers(1), time: undefined }),
    ];
    const records = scanJournal(Buffer.concat([new Uint8Array(BLOCK_OCTETS), first, other, new Uint8Array(BLOCK_OCTETS), second]));
    expect(records.map(({ journal, sequence, at }) => [journal, sequence, at / BLOCK_OCTETS])).toEqual([
      [ID, 8, 3 + first.length / BLOCK_OCTETS],
      [ID, 9, 1],
      ['fedcba9876543210', 1, 1 + first.length / BLOCK_OCTETS],
    ]);
  });

  it('is not made up by a client whose name looks like one', () => {
    const fake = encodeRecord(ID, 1, { leases: [], time: TIME }).toString('latin1');
    const octets = encodeRecord(ID, 1, { leases: [leaseNumber(1, { hostName: fake.repeat(3) })], time: undefined });
    expect(scanJournal(octets)).toHaveLength(1);
    expect(scanJournal(octets.fill(0, 0, 4)), 'without its own header').toEqual([]);
  });

  it('is whole or none: every cut and every flipped bit', () => {
    const octets = encodeRecord(ID, 7, { leases: leaseNumbers(4), time: TIME });
    const used = octets.findLastIndex((octet) => octet !== 0) + 1;
    for (let at = 0; at < used; at += 1) {
      const spoilt = Buffer.from(octets);
      spoilt[at] = (spoilt[at] ?? 0) ^ (1 << (at % 8));
      expect(scanJournal(spoilt), `bit ${at % 8} of octet ${at}`).toEqual([]);
      expect(scanJournal(Buffer.from(octets).fill(0, at)), `cut at ${at}`).toEqual([]);
    }
  });

  it('whatever the octets are, nothing is thrown', () => {
    const record = encodeRecord(ID, 7, { leases: leaseNumbers(4), time: TIME });
    const spoiltRecord = fc
      .array(fc.tuple(fc.nat(record.length - 1), fc.nat(255)), { maxLength: 4 })
      .map((changes) => changes.reduce((octets, [at, octet]) => octets.fill(octet, at, at + 1), Buffer.from(record)));
    fc.assert(
      fc.property(fc.array(fc.oneof(spoiltRecord, fc.uint8Array({ maxLength: 9000 })), { maxLength: 4 }), (parts) => {
        for (const group of groupsIn(Buffer.concat(parts))) expect(group.leases).toEqual(leaseNumbers(4));
      }),
    );
  });
});
