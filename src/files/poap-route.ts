/**
 * Scripts of Cisco's PowerOn Auto Provisioning. A switch runs one only when the MD5 sum in its line `#md5sum="…"` is that of all its other
 * lines (Cisco Nexus fundamentals guides), and who edits it forgets that: the line is put right as the script is given. Everything else is
 * given as it lies there, a script without such a line, too.
 */
import { createHash } from 'node:crypto';
import { latin1Bytes, latin1Text } from '../base/bytes.ts';
import { ok } from '../base/result.ts';
import type { FileQuery, FileRoute, FoundFile, RouteAnswer } from './catalog.ts';
import { MemoryFile } from './memory-file.ts';
import type { OpenedFile } from './opened-file.ts';
import { type SafePath, showName } from './safe-path.ts';

/** Cisco's own has a tenth of it. */
const LONGEST_SCRIPT = 1024 * 1024;

const SCRIPT = /\.(?:py|tcl)$/i;
const NAMED_POAP = /(?:^|\/)poap[^/]*$/i;

export class PoapRoute implements FileRoute {
  readonly name = 'poap';
  readonly #disk: FileRoute;
  readonly #isScript: (path: SafePath) => boolean;

  /**
   * @param disk where the scripts lie.
   * @param bootFiles what the configuration names as boot files: a script of another name is among these.
   */
  constructor(disk: FileRoute, bootFiles: ReadonlySet<string>) {
    this.#disk = disk;
    this.#isScript = (path) => SCRIPT.test(path) && (NAMED_POAP.test(path) || bootFiles.has(path));
  }

  open(query: FileQuery): RouteAnswer | Promise<RouteAnswer> {
    if (!this.#isScript(query.path)) return 'not-mine';
    const answer = this.#disk.open(query);
    return answer instanceof Promise ? answer.then(corrected) : corrected(answer);
  }

  openSimilar(query: FileQuery): RouteAnswer {
    if (!this.#isScript(query.path)) return 'not-mine';
    return corrected(this.#disk.openSimilar?.(query) ?? 'not-mine');
  }

  /** It is the disk that says where. */
  placeOf(): undefined {
    return undefined;
  }
}

function corrected(answer: RouteAnswer): RouteAnswer {
  if (answer === 'not-mine' || !answer.ok) return answer;
  const found = answer.value;
  const text = textOf(found.file);
  const right = text === undefined ? undefined : withRightSum(text);
  if (right === undefined || right === text) return answer;
  found.file.close();
  return ok({ ...found, file: new MemoryFile(latin1Bytes(right)), made: madeFrom(found) });
}

function madeFrom({ path }: FoundFile): NonNullable<FoundFile['made']> {
  return { what: `${showName(path)}, with its #md5sum line put right`, notes: ['the sum in the file is not that of its other lines'] };
}

/** One character an octet; undefined for a file that cannot be read at once, or is too long for a script. */
function textOf(file: OpenedFile): string | undefined {
  if (file.size > LONGEST_SCRIPT) return undefined;
  const octets = new Uint8Array(file.size);
  const count = file.read(octets, 0);
  return count.ok && count.value === file.size ? latin1Text(octets) : undefined;
}

/**
 * The script with the sum of its other lines, as Cisco's own command line makes it (`sed '/^#md5sum/d' | md5sum`); undefined for one that has
 * no line for it. Octets as text.
 */
export function withRightSum(script: string): string | undefined {
  const lines = script.split(/(?<=\n)/);
  if (!lines.some((line) => line.startsWith('#md5sum='))) return undefined;
  const summed = lines.filter((line) => !line.startsWith('#md5sum')).join('');
  const right = `#md5sum="${createHash('md5').update(latin1Bytes(summed)).digest('hex')}"`;
  return lines.map((line) => (line.startsWith('#md5sum=') ? `${right}${line.endsWith('\n') ? '\n' : ''}` : line)).join('');
}
