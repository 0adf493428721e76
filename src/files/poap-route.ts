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

/** A source of scripts that does not make anybody wait. */
export interface ScriptSource {
  open(query: FileQuery): RouteAnswer;
  openSimilar?(query: FileQuery): RouteAnswer;
}

export class PoapRoute implements FileRoute {
  readonly name = 'poap';
  readonly #sources: readonly ScriptSource[];
  readonly #isScript: (path: SafePath) => boolean;

  /**
   * @param sources where scripts come from, in order.
   * @param bootFiles what the configuration names as boot files: a script of another name is among these.
   */
  constructor(sources: readonly ScriptSource[], bootFiles: ReadonlySet<string>) {
    this.#sources = sources;
    this.#isScript = (path) => SCRIPT.test(path) && (NAMED_POAP.test(path) || bootFiles.has(path));
  }

  open(query: FileQuery): RouteAnswer {
    return this.#first(query, (source) => source.open(query));
  }

  openSimilar(query: FileQuery): RouteAnswer {
    return this.#first(query, (source) => source.openSimilar?.(query) ?? 'not-mine');
  }

  #first({ path }: FileQuery, ask: (source: ScriptSource) => RouteAnswer): RouteAnswer {
    if (!this.#isScript(path)) return 'not-mine';
    for (const source of this.#sources) {
      const answer = ask(source);
      if (answer !== 'not-mine') return corrected(answer);
    }
    return 'not-mine';
  }

  /** It is the sources that say where. */
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

function madeFrom({ path, made }: FoundFile): NonNullable<FoundFile['made']> {
  const what = `${made?.what ?? showName(path)}, with its #md5sum line put right`;
  return { what, notes: [...(made?.notes ?? []), 'the sum in it is not that of its other lines'] };
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
