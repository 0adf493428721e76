/** Which of two versions of a Debian package is the newer one (Debian Policy §5.6.12). Pure. */

interface Parts {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

/** Below zero when `a` is older than `b`, above when it is newer, zero when they are the same. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.epoch - right.epoch || compareParts(left.upstream, right.upstream) || compareParts(left.revision, right.revision);
}

function partsOf(version: string): Parts {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number.parseInt(version.slice(0, colon), 10) || 0,
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** What is no digit and what is one, by turns. */
function compareParts(a: string, b: string): number {
  const [left, right] = [turnsOf(a), turnsOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one = '', other = ''] = [left[at], right[at]];
    const difference = at % 2 === 0 ? compareText(one, other) : compareNumbers(one, other);
    if (difference !== 0) return difference;
  }
  return 0;
}

function turnsOf(text: string): readonly string[] {
  const turns = [...text.matchAll(/\D+|\d+/g)].map(([turn]) => turn);
  return /^\d/.test(text) ? ['', ...turns] : turns;
}

/** `~` before the end, the end before letters, letters before everything else. */
function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = orderOf(a[at]) - orderOf(b[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function orderOf(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return /[a-z]/i.test(character) ? code : code + 256;
}

/** Of any length, so not as numbers: a date with a time is beyond what a number holds exactly. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || (left < right ? -1 : Number(left > right));
}
