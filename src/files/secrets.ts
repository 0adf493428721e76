/**
 * Secrets in the configurations of devices, so that a backup can be looked at without showing them. Each row says where a secret
 * stands in a line; the rest of the line stays. In doubt too much is masked.
 */

import { MASK } from '../base/secret-names.ts';

/** Where one kind of secret stands. */
export interface SecretRow {
  readonly device: string;
  /** Where this way of writing comes from. */
  readonly source: string;
  /** With the flags `d`, `g` and `i`, and a group `secret`. */
  readonly pattern: RegExp;
  /** Only after a line like this one, up to the next that begins with a slash (RouterOS). */
  readonly section?: RegExp;
}

/** Words before a secret that say how it is written, and the numbers that do (`7`, `md5`). */
const KIND =
  '(?:(?:\\d{1,2}|md5|sha\\S*|hmac-\\S+|encrypted|encrypted-key|plaintext|ciphertext|cipher|irreversible-cipher|simple|hash|enc|ascii-text|hexadecimal|ascii|hex|clear)\\s+)*';
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
/** One word, or what stands in quotes. */
const WORD = `(?<secret>${QUOTED}|[^\\s;]+)`;
/** What stands in quotes, or everything up to the words that some devices set behind a secret: secrets have spaces, too. */
const REST = `(?<secret>${QUOTED}|\\S.*?(?=(?:\\s+(?:encrypted|pbkdf2|nt-encrypted|privilege|role|user-role|level|group|address|no-xauth|port|timeout)\\b.*|;.*)?\\s*$))`;
/** Names of settings that hold a secret. */
const NAME = '(?:password|passwd|passphrase|secret|pre-shared-key|private-key|auth(?:entication)?-?key|psk)';

function row(device: string, source: string, pattern: string, section?: RegExp): SecretRow {
  return { device, source, pattern: new RegExp(pattern, 'dgi'), ...(section === undefined ? {} : { section }) };
}

export const SECRETS: readonly SecretRow[] = [
  row(
    'Cisco IOS, NX-OS, IOS XR, ASA, Arista EOS, AOS-CX, FortiOS: enable, users, lines, neighbours, PPP',
    'Cisco IOS Security Command Reference (enable secret, username, password); Arista EOS manual; AOS-CX Security Guide',
    `(?<![\\w])(?:[\\w-]+-)?(?:password|passwd|passphrase|secret|psksecret)\\s+(?:(?:level \\d+|manager|operator|port-access|user-name ${QUOTED}|user-name \\S+)\\s+)*${KIND}(?![=:]\\s)${REST}`,
  ),
  row(
    'Cisco IOS and Arista EOS key chains, HSRP',
    'Cisco IOS IP Routing Command Reference (key-string)',
    `\\bkey-string\\s+${KIND}${REST}`,
  ),
  row(
    'Cisco, Arista, HP ProVision, Comware, Huawei: SNMP communities',
    'Cisco IOS SNMP Command Reference; HPE Comware SNMP configuration (snmp-agent community)',
    `\\bsnmp-(?:server|agent) community\\s+(?:(?:read|write)\\s+)?${KIND}${WORD}`,
  ),
  row(
    'Cisco, Arista, HP ProVision: SNMP trap receivers',
    'Cisco IOS SNMP Command Reference (snmp-server host)',
    `\\bsnmp-server host\\s+\\S+\\s+(?:(?:vrf \\S+|traps?|informs?|use-vrf \\S+|version (?:1|2c|3(?: (?:auth|noauth|priv))?)|community)\\s+)*${WORD}`,
  ),
  row(
    'Cisco, Arista, HP ProVision, EXOS: SNMPv3 users',
    'Cisco IOS SNMP Command Reference (snmp-server user)',
    `\\b(?:auth|priv)(?<=\\bsnmp(?:-server|v3)\\b.*\\buser\\b.*)\\s+(?:(?:md5|sha\\S*|des\\S*|3des|aes\\S*|\\d{3}|localizedkey)\\s+)*${WORD}`,
  ),
  row(
    'Cisco IOS and ASA: keys of IKE, of failover, of authorization changes',
    'Cisco IOS Security Command Reference (crypto isakmp key, server-key); Cisco ASA Command Reference (failover key)',
    `\\b(?:isakmp key|server-key|failover key)\\s+${KIND}${WORD}`,
  ),
  row(
    'Cisco IOS and ASA, Junos, Comware: pre-shared keys',
    'Cisco IOS Security Command Reference (pre-shared-key); Junos VPN User Guide (ascii-text)',
    `\\bpre-shared-key\\s+(?:(?:local|remote|key|hostname \\S+|address \\S+(?:\\s+\\d+\\.[\\d.]+)?)\\s+)*${KIND}${REST}`,
  ),
  row(
    'Cisco, Arista, HP ProVision: RADIUS and TACACS+ servers in one line',
    'Cisco IOS Security Command Reference (radius-server host, tacacs-server key)',
    `\\bkey(?<=\\b(?:radius|tacacs|aaa-server)\\b.*)\\s+${KIND}${REST}`,
  ),
  row(
    'Cisco, ASA, Comware, Huawei: RADIUS and TACACS+ servers in a block',
    'Cisco IOS Security Command Reference (radius server: key)',
    `^\\s+key\\s+(?!chain\\b|\\d{1,3}\\s*$)(?:(?:authentication|accounting|authorization)\\s+)?${KIND}${REST}`,
  ),
  row(
    'Cisco, Arista, Junos: keys of NTP, OSPF, BGP, VRRP, HSRP, NHRP',
    'Cisco IOS IP Routing Command Reference (ip ospf authentication-key, message-digest-key, ntp authentication-key)',
    `\\b(?:authentication-key|message-digest-key|authentication (?:text|md5)|nhrp authentication|standby \\d+ authentication(?! md5| text))\\s+(?!key-)(?:\\d+\\s+type \\S+ value\\s+)?${KIND}${WORD}`,
  ),
  row('Cisco and Aruba access points', 'Cisco Wireless Command Reference (wpa-psk, set-key)', `\\b(?:wpa2?-psk|set-key)\\s+${KIND}${WORD}`),
  row(
    'Comware and Huawei: anything in cipher',
    'HPE Comware Security Command Reference; Huawei VRP (cipher, irreversible-cipher)',
    `(?:\\b(?:irreversible-)?cipher(?<=\\b(?:password|key|community|usm-user|local-user)\\b.*)|-mode\\s+(?:md5|sha\\S*|3?des\\S*|aes\\S*)(?:\\s+(?:cipher|simple))?)\\s+(?!authentication-mode\\b|cipher\\b|simple\\b)${WORD}`,
  ),
  row(
    'Junos: SNMP communities',
    'Junos SNMP (community)',
    `^\\s*(?:set snmp )?community\\s+${WORD}(?=\\s*(?:\\{|;|$)|\\s+(?:authorization|clients|view)\\b)`,
  ),
  row(
    'Junos, and others: what is marked as a hash',
    'crypt(5), and the $8$ and $9$ of Junos',
    '(?<secret>"?\\$(?:1|2[aby]|5|6|8|9|14|y|sha1)\\$[^\\s";<]+"?)',
  ),
  row('FortiOS', 'FortiOS CLI Reference (ENC)', '\\bENC\\s+(?<secret>\\S+)'),
  row(
    'Extreme EXOS',
    'ExtremeXOS Command Reference (configure account, shared-secret)',
    `\\b(?:encrypted|shared-secret)\\s+(?:encrypted\\s+)?(?<secret>${QUOTED})`,
  ),
  row('MikroTik RouterOS: SNMP communities', 'RouterOS documentation (/snmp community)', `\\bname=${WORD}`, /^\/snmp community\b/),
  row(
    'MikroTik RouterOS, Poly: settings with =',
    'RouterOS documentation (/export); Poly UC Software Administrator Guide (reg.1.auth.password)',
    `(?<![\\w.:-])[\\w.:-]*${NAME}[\\w-]*=(?<secret>"(?:[^"\\\\]|\\\\.)*(?:"|\\\\?$)|\\S+)`,
  ),
  row(
    'Yealink and others: one setting a line',
    'Yealink auto provisioning guide (account.1.password); snom settings (user_pass1)',
    `^\\s*[\\w.:-]*(?:${NAME}|_pass)[\\w-]*[!&$]?\\s*[=:]\\s*${REST}`,
  ),
  row(
    'Grandstream',
    'Grandstream configuration templates (P2, P196, P34, P406 and on)',
    '^\\s*P(?:2|196|34|406|506|606|1706|1806)\\s*=\\s*(?<secret>\\S.*?)\\s*$',
  ),
  row(
    'Cisco and snom phones, PAN-OS, OPNsense, Grandstream: XML',
    'Cisco IP Phone administration (sshPassword); PAN-OS configuration (phash); OPNsense config.xml',
    `<(?<tag>[\\w:.-]*(?:${NAME}|phash|_pass|community|bcrypt-hash|shared_key|prv|P2|P196|P34)[\\w:.-]*)(?:\\s[^>]*)?>(?<secret>[^<]+)(?=</)`,
  ),
  row(
    'AOS-CX, SONiC, Meraki: JSON',
    'AOS-CX REST API; SONiC config_db.json',
    `"[^"]*(?:${NAME}|passkey|community)[^"]*"\\s*:\\s*(?<secret>${QUOTED})`,
  ),
  row('OpenWrt', 'OpenWrt UCI (wireless: option key)', "\\boption\\s+'?(?:key\\d?|sae_password|password)'?\\s+(?<secret>'[^']*'|\\S+)"),
  row('any: a password in a URL', 'RFC 3986 §3.2.1', '://[^\\s/:@]+:(?<secret>[^\\s/@]+)@'),
];

const KEY_BEGINS = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const KEY_ENDS = /-----END [A-Z ]*PRIVATE KEY-----/;

/** The lines with every secret masked, one for one. */
export function maskSecrets(lines: readonly string[]): string[] {
  const masker = new Masker();
  return lines.map((line) => masker.mask(line));
}

/** Goes from line to line: private keys have many, and RouterOS breaks long ones. */
class Masker {
  #isInKey = false;
  #section = '';
  /** The line before ended within a secret: in quotes, or before its first letter. */
  #open: 'quoted' | 'word' | undefined;

  mask(line: string): string {
    if (line.startsWith('/')) this.#section = line;
    if (this.#isInKey || KEY_BEGINS.test(line)) return this.#maskKey(line);
    return maskRanges(line, this.#rangesOf(line));
  }

  #maskKey(line: string): string {
    const begin = KEY_BEGINS.exec(line);
    const end = KEY_ENDS.exec(line);
    const wasInKey = this.#isInKey;
    this.#isInKey = end === null;
    const before = wasInKey || begin === null ? '' : line.slice(0, begin.index + begin[0].length);
    return `${before}${before !== '' && end === null ? '' : MASK}${end === null ? '' : line.slice(end.index)}`;
  }

  #rangesOf(line: string): Range[] {
    const ranges = [...this.#continued(line), ...SECRETS.flatMap((secret) => this.#found(secret, line))];
    ranges.sort((a, b) => a[0] - b[0]);
    const last = ranges.at(-1);
    if (last !== undefined && line.endsWith('\\') && last[1] >= line.length - 1)
      this.#open = line.slice(last[0]).startsWith('"') || (last[0] === 0 && this.#open === 'quoted') ? 'quoted' : 'word';
    else this.#open = undefined;
    return ranges;
  }

  #continued(line: string): Range[] {
    if (this.#open === undefined) return [];
    const indent = /^\s*/.exec(line)?.[0].length ?? 0;
    const pattern = this.#open === 'quoted' || line[indent] === '"' ? /^\s*"?(?:[^"\\]|\\.)*(?:"|\\?$)/ : /^\s*\S+/;
    const length = pattern.exec(line)?.[0].length ?? line.length;
    return length > indent ? [[this.#open === 'quoted' ? 0 : indent, length]] : [];
  }

  #found({ pattern, section }: SecretRow, line: string): Range[] {
    if (section !== undefined && !section.test(this.#section)) return [];
    return Array.from(line.matchAll(pattern)).flatMap((match) => {
      const range = match.indices?.groups?.['secret'];
      return range === undefined ? [] : [range as Range];
    });
  }
}

/** From and to in a line. */
type Range = readonly [from: number, to: number];

function maskRanges(line: string, ranges: readonly Range[]): string {
  let text = '';
  let at = 0;
  for (const [from, to] of joined(ranges)) {
    const secret = line.slice(from, to);
    const isQuoted = secret.length > 1 && secret.startsWith('"') && secret.endsWith('"');
    text += `${line.slice(at, from)}${isQuoted ? `"${MASK}"` : MASK}`;
    at = to;
  }
  return text + line.slice(at);
}

/** Ranges in order, those that overlap as one. */
function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const [from, to] of ranges) {
    const last = result.at(-1);
    if (last !== undefined && from < last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}
