/** The registry's names are those of the commercial register; a log line has room for what is printed on the box. */

/** Characters that a name may take in a line. */
const LONGEST = 20;

/** Legal forms, countries and trades: taken off the end, again and again, as long as a name remains. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(
  [
    'inc incorporated ltd ltda limited llc llp lp co company corp corporation corporate gmbh ag kg ab as a/s oy oyj sa sas',
    'srl spa sl slu bv nv plc pte pty sdn bhd kk kft sro doo zoo ind mfg group holding holdings usa',
    'technology technologies tech system systems network networks networking communication communications telecommunication',
    'telecommunications telecom electronic electronics electric international trading solutions broadband industries industrial',
    'mobile device devices wireless enterprises software',
  ].flatMap((line) => line.split(' ')),
);

/** Where a maker sits stands before the name of many a Chinese one. */
const PLACES: ReadonlySet<string> = new Set(
  'shenzhen beijing shanghai hangzhou guangdong guangzhou zhejiang sichuan fujian chongqing qingdao'.split(' '),
);

/** Makers that nobody would know by a shorter name. */
const WHOLE: ReadonlySet<string> = new Set(['palo alto networks', 'extreme networks', 'general electric', 'china mobile']);

/** `Cisco Systems, Inc` → `Cisco`, `HUAWEI TECHNOLOGIES CO.,LTD` → `Huawei`; never empty, at most 20 characters. */
export function shortVendorName(registered: string): string {
  const words = registered
    .normalize('NFKC')
    .replace(/\(.*?(\)|$)/g, ' ')
    .replace(/[,;]|\.(?=inc|ltd|co\b)|\.(?=\s|$)/gi, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const name = cut(withoutPlace(withoutEnd(words)).map(inMixedCase).join(' '));
  return name === '' ? registered.slice(0, LONGEST) : name;
}

function withoutEnd(words: readonly string[]): readonly string[] {
  const kept = [...words];
  while (kept.join(' ').length > 3 && kept.length > 1 && !WHOLE.has(kept.join(' ').toLowerCase())) {
    const last = bare(kept.at(-1) ?? '');
    if (last !== '' && !SAYS_NOTHING.has(last)) break;
    kept.pop();
  }
  return kept;
}

function withoutPlace(words: readonly string[]): readonly string[] {
  return words.length > 1 && PLACES.has(bare(words[0] ?? '')) ? words.slice(1) : words;
}

/** The word as the tables above write it: without dots, in lower case; `&` and the like are nothing. */
function bare(word: string): string {
  return word.replace(/[^\p{L}\p{N}/]/gu, '').toLowerCase();
}

/** `NETGEAR` → `Netgear`; short words in capitals (`AVM`, `ZTE`, `HTC`) and mixed ones (`ASUSTek`) stay. */
function inMixedCase(word: string): string {
  return word
    .split('-')
    .map((part) => (part.length > 4 && part === part.toUpperCase() ? part.charAt(0) + part.slice(1).toLowerCase() : part))
    .join('-');
}

function cut(name: string): string {
  if (name.length <= LONGEST) return name;
  const atWord = name.slice(0, LONGEST + 1).lastIndexOf(' ');
  return atWord > 0 ? name.slice(0, atWord) : name.slice(0, LONGEST);
}
