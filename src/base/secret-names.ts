/** Values that no log, page or report may show, told by what they are called. */

/** What stands in the place of one. */
export const MASK = '****';

/**
 * A name with one of these words in it. `key` and `pin` only as words of their own: `keyboard` and `ping` hide nothing.
 */
const SECRET_WORDS =
  /passw|passphrase|passcode|secret|token|credential|community|psk|(?:^|[^a-z])(?:pass|pwd|pin|puk|key|keys|ha1)(?:$|[^a-z])/;

/** Whether a setting of this name holds something secret, in whatever way its words are joined: `sipPassword`, `sip_pin`, `API key`. */
export function looksSecret(name: string): boolean {
  return SECRET_WORDS.test(name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase());
}
