/** What a client says of itself in the fields of a request. It goes into the log and nowhere else: anybody can write there what he likes. */
import { plainText } from '../events/plain-text.ts';

/** Fields of ONIE, Cumulus Linux, Arista's ZTP and SONiC: model, serial number, MAC, version. */
const OF_DEVICES = /^(?:onie-.*|cumulus-.*|x-arista-.*|product-name|serial-number|base-mac-address|sonic-version)$/i;
/** ONIE-SECURITY-KEY is a secret between the switch and its installer. */
const SECRET = /key|secret|token|password/i;
const MOST_FIELDS = 16;
const LONGEST_VALUE = 120;

/**
 * `NAME: value` for User-Agent and what devices add.
 * @param rawHeaders names and values by turns, as they came.
 */
export function clientWords(rawHeaders: readonly string[]): readonly string[] | undefined {
  const words: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length && words.length < MOST_FIELDS; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (name.toLowerCase() !== 'user-agent' && (!OF_DEVICES.test(name) || SECRET.test(name))) continue;
    words.push(`${plainText(name, LONGEST_VALUE)}: ${plainText(value, LONGEST_VALUE)}`);
  }
  return words.length === 0 ? undefined : words;
}
