/** Packets of real devices, each spoilt a little, the same ones for the same seed. */
import { readdirSync, readFileSync } from 'node:fs';
import { Random } from './random.ts';

const FOLDER = new URL('../golden/vectors/', import.meta.url);
/** Where the options begin, behind the cookie (RFC 2131 §3). */
const OPTIONS_AT = 240;
/** Values that codecs trip over. */
const EDGES = [0, 1, 2, 3, 4, 52, 53, 55, 57, 61, 82, 127, 128, 254, 255];

function recordedPackets(): readonly Uint8Array[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.hex') && !name.startsWith('tftp-'))
    .toSorted()
    .map((name) => Uint8Array.from(Buffer.from(readFileSync(new URL(name, FOLDER), 'utf8').replace(/\s/g, ''), 'hex')));
}

/** @param network the first three octets of the server's network; the server is its first host. */
export function* mutatedPackets(seed: number, count: number, network: readonly number[]): Iterable<Uint8Array> {
  const random = new Random(seed);
  const recorded = recordedPackets();
  const one = () => recorded[random.below(recorded.length)] ?? new Uint8Array();
  for (let made = 0; made < count; made += 1) {
    let octets: Uint8Array = one().slice();
    const asksOurs = random.chance(0.4);
    if (asksOurs) octets = askOurs(octets, network, random);
    for (let times = random.below(4) + (asksOurs ? 0 : 1); times > 0; times -= 1) octets = mutate(octets, one, random);
    yield octets;
  }
}

/** Makes it a question about an address of ours, so that leases are given, renewed, declined and released. */
function askOurs(octets: Uint8Array, network: readonly number[], random: Random): Uint8Array {
  const type = random.chance(0.5) ? 3 : 1 + random.below(8);
  // Mostly the same one for the same client, so that some of it makes sense.
  const own = octets.subarray(28, 34).reduce((sum, octet) => sum + octet, 0) % 100;
  const address = [...network, 100 + (random.chance(0.8) ? own : random.below(110))];
  const options = [53, 1, type];
  if (octets.length >= OPTIONS_AT) octets.fill(0, 12, 28);
  if (random.chance(0.5)) options.push(50, 4, ...address);
  else if (octets.length >= OPTIONS_AT) octets.set(address, 12);
  if (random.chance(0.5)) options.push(54, 4, ...network, 1);
  // Of two options with one code the values are joined (RFC 3396): the type that was there has to go.
  const there = octets.indexOf(53, OPTIONS_AT);
  if (there >= 0 && octets[there + 1] === 1) octets[there] = 0xfe;
  return joined(octets.subarray(0, OPTIONS_AT), Uint8Array.from(options), octets.subarray(OPTIONS_AT));
}

function mutate(octets: Uint8Array, other: () => Uint8Array, random: Random): Uint8Array {
  // Three of four in the options, where most of the rules are.
  const from = octets.length > OPTIONS_AT && random.chance(0.75) ? OPTIONS_AT : 0;
  const at = from + random.below(Math.max(octets.length - from, 1));
  const edge = EDGES[random.below(EDGES.length)] ?? 0;
  switch (random.below(8)) {
    case 0:
      if (at < octets.length) octets[at] = (octets[at] ?? 0) ^ (1 << random.below(8));
      return octets;
    case 1:
      if (at < octets.length) octets[at] = edge;
      return octets;
    case 2:
      return octets.slice(0, at);
    case 3:
      return joined(octets.subarray(0, at), Uint8Array.of(edge, random.below(256)), octets.subarray(at));
    case 4:
      return joined(octets.subarray(0, at), octets.subarray(at + 1 + random.below(4)));
    case 5: {
      const donor = other();
      return joined(octets.subarray(0, at), donor.subarray(Math.min(at, donor.length)));
    }
    case 6: {
      // A run of options again, as some firmware does; 576 octets are more than any of them has to take.
      const run = octets.subarray(at, at + 1 + random.below(64));
      return joined(octets.subarray(0, at), run, octets.subarray(at)).subarray(0, 1500);
    }
    default: {
      // Another client: its hardware address (RFC 2131 §2) and transaction.
      for (const place of [4, 5, 6, 7, 28, 29, 30, 31, 32, 33]) if (place < octets.length) octets[place] = random.below(256);
      return octets;
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
