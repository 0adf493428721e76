/** Packets of real devices, spoilt in every way, through decoder and engine: whatever comes, the server lives, stays slim and serves. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import { describe as lineOf } from '../../src/events/describe.ts';
import { LAN, LAN_UNICAST, message, sent } from '../support/dhcp-client.ts';
import { EngineBench, host, subnet } from '../support/dhcp-engine.ts';
import { mutatedPackets } from '../support/mutated-packets.ts';

const SEED = 20_261_120;
const COUNT = 240_000;
const WARM_UP = 60_000;
/** What the collector and the compiler may leave lying about. */
const HEAP_BOUND = 12 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapOctets(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function freshBench(): EngineBench {
  const subnets = [
    subnet({ pools: ['10.0.0.100-10.0.0.199'], checksConflicts: true }),
    subnet({ name: 'far', network: '10.8.0.0/24', interface: undefined, pools: ['10.8.0.100-10.8.0.150'], authoritative: false }),
  ];
  const boot = { files: { bios: 'pxelinux.0', 'uefi-x64': 'ipxe.efi' }, ipxe: 'boot.ipxe' };
  return new EngineBench(subnets, [host('02:00:00:00:00:01', { address: '10.0.0.50', name: 'desk' })], boot);
}

describe('Mutated packets', () => {
  it(`${COUNT} of them cost no exception and no memory, and the next client is served (seed ${SEED})`, { timeout: 60_000 }, () => {
    const bench = freshBench();
    const counts = { read: 0, dropped: 0, answered: 0, bound: 0 };
    let heapBefore = 0;
    let number = 0;
    for (const octets of mutatedPackets(SEED, COUNT, [10, 0, 0])) {
      number += 1;
      if (number === WARM_UP) heapBefore = heapOctets();
      try {
        const packet = decodePacket(octets);
        if (!packet.ok) {
          counts.dropped += 1;
          continue;
        }
        counts.read += 1;
        bench.now = wallMs(bench.now + 20);
        for (const effect of bench.receive(packet.value, number % 3 === 0 ? LAN_UNICAST : LAN)) {
          if (effect.do === 'tell') {
            lineOf(effect.event);
            if (effect.event.type === 'lease.bound') counts.bound += 1;
          }
          if (effect.do !== 'send') continue;
          counts.answered += 1;
          if (!decodePacket(encodePacket(effect.packet)).ok) throw new Error('an answer that nobody can read');
        }
      } catch (fault) {
        throw new Error(`packet ${number}: ${Buffer.from(octets).toString('hex')}`, { cause: fault });
      }
      bench.probes.length = 0;
    }
    expect(heapOctets() - heapBefore, 'octets of heap for what is over').toBeLessThan(HEAP_BOUND);
    // A run that reaches nothing proves nothing.
    for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(COUNT / 1000);

    bench.pass(86_400);
    const [offer] = sent(bench.receive(message('DISCOVER', '02:00:00:00:00:99')));
    expect(offer?.type).toBe('OFFER');
    const [ack] = sent(bench.receive(message('REQUEST', '02:00:00:00:00:99', { requested: offer?.address, server: '10.0.0.1' })));
    expect(ack).toMatchObject({ type: 'ACK', address: offer?.address });
  });
});
