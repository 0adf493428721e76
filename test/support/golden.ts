/** Packets of real devices, `test/golden/vectors/NAME.hex`. */
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../golden/vectors/', import.meta.url);

export function goldenOctets(name: string): Uint8Array {
  return Uint8Array.from(Buffer.from(readFileSync(new URL(`${name}.hex`, FOLDER), 'utf8').replace(/#.*|\s/g, ''), 'hex'));
}

/** What is known of them, `dhcp` or `tftp`. */
export function goldenList<Vector>(name: 'dhcp' | 'tftp'): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as readonly Vector[];
}
