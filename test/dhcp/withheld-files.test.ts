/** Files that are not named to a client are taken out of options, and nothing else is. */
import { expect, test } from 'vitest';
import { removeFiles } from '../../src/dhcp/withheld-files.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** 43 (RFC 2132 §8.4): tag, length, value. */
function suboptions(...items: readonly (readonly [number, string])[]): Uint8Array {
  return Uint8Array.from(items.flatMap(([tag, text]) => [tag, text.length, ...latin1(text)]));
}

test.each<[what: string, before: [number, Uint8Array][], after: [number, Uint8Array][]]>([
  ['option 67 with its NUL', [[67, latin1('x.bin\0')]], []],
  ['option 67 that names another file', [[67, latin1('y.bin\0')]], [[67, latin1('y.bin\0')]]],
  ['the URL of ONIE', [[114, latin1('x.bin')]], []],
  ['an option that happens to be called so', [[12, latin1('x.bin')]], [[12, latin1('x.bin')]]],
  ['43.0 of Junos, and nothing else in 43', [[43, suboptions([0, 'x.bin'], [1, 'a.conf'])]], [[43, suboptions([1, 'a.conf'])]]],
  ['43 with nothing else', [[43, suboptions([0, 'x.bin'])]], []],
  ['43 that ends with 255', [[43, Uint8Array.of(...suboptions([0, 'x.bin']), 255)]], [[43, Uint8Array.of(255)]]],
  ['43 that is no sub-options', [[43, latin1('x.bin')]], [[43, latin1('x.bin')]]],
  ['43 that ends in the middle', [[43, Uint8Array.of(...suboptions([0, 'x.bin']), 1, 9, 65)]], [[43, Uint8Array.of(1, 9, 65)]]],
  ['an empty 43', [[43, new Uint8Array()]], [[43, new Uint8Array()]]],
])('%s', (_what, before, after) => {
  const options = new Map(before);
  removeFiles(options, (name) => name.replace(/\0+$/, '') === 'x.bin');
  expect([...options]).toEqual(after);
});
