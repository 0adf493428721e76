/** What the console tells of the files in the root, and does to them. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Config } from '../../config/config.ts';
import type { Tell } from '../../events/bus.ts';
import { plainText } from '../../events/plain-text.ts';
import { listInside } from '../../files/folder-list.ts';
import { FolderNames } from '../../files/folder-names.ts';
import { openInside } from '../../files/open-inside.ts';
import { ProgramHeaders, type ProgramKind } from '../../files/program-header.ts';
import { RootFiles, writtenPath } from '../../files/root-files.ts';
import { joinSafe, type SafePath, showName } from '../../files/safe-path.ts';
import type { ArrivingFile, FileSource } from '../../web/api/file-routes.ts';
import type { FileEntryShape, FileListShape, FileReadersShape } from '../../web/api/file-shapes.ts';
import { type ApiRefusal, apiRefusal, fileRefusal } from '../../web/api/refusal-answer.ts';
import type { FileReaders } from './file-readers.ts';
import { MadeNames } from './made-names.ts';

export interface FileSourceParts {
  /** The one in force. */
  readonly config: () => Config;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly readers: FileReaders;
}

/** Files whose first octets are read before others get their turn. */
const LOOKED_AT_ONCE = 50;

export class ConsoleFiles implements FileSource {
  readonly #parts: FileSourceParts;
  readonly #names = new FolderNames();
  readonly #headers = new ProgramHeaders();
  #of: Config | undefined;
  #files: RootFiles | undefined;
  #made = new MadeNames([]);

  constructor(parts: FileSourceParts) {
    this.#parts = parts;
  }

  async list(text: string): Promise<Result<FileListShape, ApiRefusal>> {
    const { config } = this.#current();
    const trimmed = text.replace(/\/+$/, '');
    const folder = trimmed === '' ? ok(undefined) : writtenPath(trimmed);
    if (!folder.ok) return err(fileRefusal({ ...folder.error, detail: `${plainText(text)} is no folder: ${folder.error.detail}` }));
    const { root } = config.tftp;
    const listed = listInside(root, folder.value, this.#names);
    const made = this.#made.below(trimmed);
    if (listed === undefined && made.length === 0 && folder.value !== undefined)
      return err(apiRefusal(404, `there is no folder ${plainText(text)}`));
    const entries: FileEntryShape[] = [];
    for (const [at, { name, isFolder, size, modifiedAt }] of (listed?.names ?? []).entries()) {
      if (at % LOOKED_AT_ONCE === LOOKED_AT_ONCE - 1) await turn();
      const path = folder.value === undefined ? joinSafe(name) : joinSafe(folder.value, name);
      entries.push(
        isFolder ? { ...calledAs(path), kind: 'folder' } : { ...this.#fileEntry(root, path), size, changedAt: Math.round(modifiedAt) },
      );
    }
    const there = new Set(entries.map(({ name }) => name));
    return ok({ path: trimmed, entries: [...entries, ...made.filter(({ name }) => !there.has(name))] });
  }

  async place({ path: text, from, ...file }: ArrivingFile): Promise<Result<{ entry: FileEntryShape; isNew: boolean }, ApiRefusal>> {
    const path = writtenPath(text);
    if (!path.ok) return err(unusable(text, path.error.refused, path.error.detail));
    const { files, config } = this.#current();
    const placed = await files.place({ ...file, path: path.value });
    if (!placed.ok)
      return err(placed.error.refused === 'not-found' ? unusable(text, 'not-found', placed.error.detail) : fileRefusal(placed.error));
    const { isNew } = placed.value;
    this.#parts.tell({ type: 'file.placed', path: showName(path.value), size: file.size, replaced: !isNew, from });
    return ok({ entry: { ...this.#fileEntry(config.tftp.root, path.value), size: file.size, changedAt: this.#parts.clock.wall() }, isNew });
  }

  async remove(text: string, from: string): Promise<Result<void, ApiRefusal>> {
    const path = writtenPath(text);
    if (!path.ok) return err(unusable(text, path.error.refused, path.error.detail));
    const removed = await this.#current().files.remove(path.value);
    if (!removed.ok) return err(fileRefusal(removed.error));
    this.#parts.tell({ type: 'file.removed', path: showName(path.value), size: removed.value, from });
    return ok(undefined);
  }

  async readers(text: string): Promise<Result<FileReadersShape, ApiRefusal>> {
    const path = writtenPath(text);
    if (!path.ok) return err(unusable(text, path.error.refused, path.error.detail));
    return ok(await this.#parts.readers.of(path.value));
  }

  #fileEntry(root: string, path: SafePath): FileEntryShape {
    const about = this.#aboutOf(root, path);
    return { ...calledAs(path), kind: 'file', ...(about !== undefined && { about }) };
  }

  #aboutOf(root: string, path: SafePath): string | undefined {
    const opened = openInside(root, path);
    if (!opened.ok) return undefined;
    const header = this.#headers.of(opened.value);
    opened.value.close();
    if (header === undefined) return undefined;
    const isCut = header.wholeSize !== undefined && opened.value.size < header.wholeSize;
    return isCut ? `${PROGRAMS[header.kind] ?? 'a program'}, of which the end is missing` : PROGRAMS[header.kind];
  }

  /** Made anew when another configuration is in force. */
  #current(): { readonly config: Config; readonly files: RootFiles } {
    const config = this.#parts.config();
    if (this.#files === undefined || this.#of !== config) {
      const { root, uploads } = config.tftp;
      const isSame = this.#files !== undefined && this.#of?.tftp.root === root && this.#of.tftp.uploads.dir === uploads.dir;
      const reserved = [config.server.dataDir, ...(uploads.dir === root ? [] : [uploads.dir])];
      // What is on its way has claimed its room with the one that there is.
      if (this.#files === undefined || !isSame) this.#files = new RootFiles({ root, reserved }, this.#parts.clock);
      this.#made = MadeNames.of(config);
      this.#of = config;
    }
    return { config, files: this.#files };
  }
}

const PROGRAMS: Readonly<Partial<Record<ProgramKind, string>>> = {
  'efi-ia32': 'UEFI program for 32-bit PCs',
  'efi-x64': 'UEFI program for 64-bit PCs',
  'efi-arm32': 'UEFI program for 32-bit ARM',
  'efi-arm64': 'UEFI program for 64-bit ARM',
  'efi-riscv64': 'UEFI program for 64-bit RISC-V',
  'efi-loongarch64': 'UEFI program for 64-bit LoongArch',
  'pe-unknown': 'program for Windows or UEFI, for a processor that is not known here',
};

function calledAs(path: SafePath): { readonly name: string; readonly path: string } {
  const steps = path.split('/').map(showName);
  return { name: steps.at(-1) ?? '', path: steps.join('/') };
}

function unusable(text: string, refused: string, detail: string): ApiRefusal {
  return refused === 'not-found' || refused === 'forbidden'
    ? apiRefusal(refused === 'forbidden' ? 403 : 422, `${plainText(text)} cannot be the name of a file here: ${detail}`)
    : apiRefusal(500, detail);
}
