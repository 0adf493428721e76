/** What the console tells of backups. Secrets are masked before anything leaves here, and nothing takes that away. */
import type { Clock } from '../../base/clock.ts';
import { err, faultText, ok, type Result } from '../../base/result.ts';
import type { Config } from '../../config/config.ts';
import type { Tell } from '../../events/bus.ts';
import { describe } from '../../events/describe.ts';
import { plainText } from '../../events/plain-text.ts';
import { showSize } from '../../events/quantities.ts';
import { type Backup, backupsIn, changeOf, readVersion, sizeOf } from '../../files/backups.ts';
import { diffRows } from '../../files/diff-rows.ts';
import { joinSafe, showName } from '../../files/safe-path.ts';
import { maskSecrets } from '../../files/secrets.ts';
import { type Content, contentOf } from '../../files/text-content.ts';
import type { Version } from '../../files/versions.ts';
import type { BackupSource, VersionCalled } from '../../web/api/backup-routes.ts';
import type { BackupContentShape, BackupDiffShape, BackupFileShape } from '../../web/api/backup-shapes.ts';
import { type ApiRefusal, apiRefusal, fileRefusal } from '../../web/api/refusal-answer.ts';
import { nameToRead, restoreContent, whyNotRestored } from '../backup-restore.ts';

export interface BackupSourceParts {
  /** The one in force. */
  readonly config: () => Config;
  readonly clock: Clock;
  readonly tell: Tell;
}

/** Larger ones are no configurations. */
const LARGEST_SHOWN = 4 * 1024 * 1024;
/** How long others wait for one comparison. */
const LONGEST_COMPARED_MS = 500;
/** What is spent on summaries that nobody has asked for yet; the others come with the next list. */
const SUMMARIES_MS = 300;
const MOST_SUMMARIES = 5_000;

type Answer<Value> = Promise<Result<Value, ApiRefusal>>;

export class ConsoleBackups implements BackupSource {
  readonly #parts: BackupSourceParts;
  /** By where the version lies: what is in it never changes. */
  readonly #summaries = new Map<string, string>();

  constructor(parts: BackupSourceParts) {
    this.#parts = parts;
  }

  async list(): Answer<readonly BackupFileShape[]> {
    try {
      const { dir } = this.#parts.config().tftp.uploads;
      const backups = await backupsIn(dir);
      await this.#summarise(dir, backups);
      const rows: BackupFileShape[] = [];
      for (const backup of backups) {
        const versions = [];
        for (const version of backup.versions) versions.push(...(await this.#versionRow(dir, backup, version)));
        if (versions.length > 0) rows.push({ device: calledAs(backup.device), file: calledAs(backup.file), versions });
      }
      return ok(rows);
    } catch (fault) {
      return err(apiRefusal(500, `the backups cannot be read: ${plainText(faultText(fault))}`));
    }
  }

  /** Nothing for one that has gone since it was found. */
  async #versionRow(dir: string, backup: Backup, version: Version): Promise<BackupFileShape['versions']> {
    const size = await sizeOf(dir, backup, version);
    const summary = this.#summaries.get(keyOf(dir, backup, version));
    if (size === undefined) return [];
    return [{ number: version.number, at: version.at, size, sha256: version.hash, ...(summary !== undefined && { summary }) }];
  }

  /** The newest of each first, as far as the time goes. */
  async #summarise(dir: string, backups: readonly Backup[]): Promise<void> {
    const until = this.#parts.clock.mono() + SUMMARIES_MS;
    const wanted = backups
      .flatMap((backup) => backup.versions.map((version) => ({ backup, version })))
      .filter(({ backup, version }) => !this.#summaries.has(keyOf(dir, backup, version)))
      .toSorted((a, b) => b.version.at - a.version.at);
    for (const { backup, version } of wanted) {
      if (this.#parts.clock.mono() >= until) return;
      const change = await changeOf(dir, joinSafe(backup.device, backup.file), version.number);
      const text = describe({ type: 'backup.stored', file: calledAs(backup.file), version: version.number, ...change });
      this.#summaries.set(keyOf(dir, backup, version), text.slice(text.indexOf(': ', text.indexOf(calledAs(backup.file))) + 2));
      const [oldest] = this.#summaries.size > MOST_SUMMARIES ? this.#summaries.keys() : [];
      if (oldest !== undefined) this.#summaries.delete(oldest);
    }
  }

  async content({ device, file, number }: VersionCalled): Answer<BackupContentShape> {
    const found = await this.#read({ device, file, number });
    if (!found.ok) return found;
    const { text } = found.value.content;
    return ok({
      device,
      file,
      number,
      isText: text !== undefined,
      text: text === undefined ? '' : maskSecrets(text.split('\n')).join('\n'),
    });
  }

  async diff({ device, file }: Omit<VersionCalled, 'number'>, from: number, to: number, ignoreNoise: boolean): Answer<BackupDiffShape> {
    const before = await this.#read({ device, file, number: from });
    const after = before.ok ? await this.#read({ device, file, number: to }) : before;
    if (!before.ok) return before;
    if (!after.ok) return after;
    const [old, young] = [before.value.content.text, after.value.content.text];
    const head = { device, file, from, to, ignoredNoise: ignoreNoise };
    if (old === undefined || young === undefined) return ok({ ...head, isText: false, added: 0, removed: 0, rows: [] });
    // With the library of differences, which no start has to wait for.
    const { compareConfigs } = await import('../../files/config-diff.ts');
    const hunks = compareConfigs(old, young, { ignoreNoise, reveal: false, longestMs: LONGEST_COMPARED_MS });
    if (hunks === undefined)
      return err(
        apiRefusal(422, `versions ${from} and ${to} are too different to be compared here; \`bootlace backups diff\` takes its time`),
      );
    const kinds = hunks.flatMap(({ lines }) => lines.map(({ kind }) => kind));
    const count = (wanted: 'added' | 'removed'): number => kinds.filter((kind) => kind === wanted).length;
    const lines = young.replace(/\n$/, '').split('\n').length;
    return ok({ ...head, isText: true, added: count('added'), removed: count('removed'), rows: [...diffRows(hunks, lines)] });
  }

  async restore(wanted: VersionCalled, by: string): Answer<void> {
    const config = this.#parts.config();
    const whyNot = whyNotRestored(config);
    if (whyNot !== undefined) return err(apiRefusal(409, whyNot));
    const found = await this.#find(wanted);
    if (!found.ok) return found;
    const { backup, version } = found.value;
    const name = nameToRead(config, backup.file);
    if (!name.ok) return err(apiRefusal(409, name.error));
    try {
      // As it is, and of any size: nobody sees it here.
      const content = await readVersion(config.tftp.uploads.dir, backup, version);
      if (!content.ok) return err(fileRefusal(content.error));
      const stored = await restoreContent(config, backup, name.value, content.value);
      if (!stored.ok) return err(apiRefusal(500, `it could not be stored: ${plainText(stored.error)}`));
      const [of, file] = [calledAs(stored.value.reader), calledAs(backup.file)];
      this.#parts.tell({ type: 'backup.restored', of, file, version: version.number, newest: stored.value.number, from: by });
      return ok(undefined);
    } catch (fault) {
      return err(apiRefusal(500, `it could not be stored: ${plainText(faultText(fault))}`));
    }
  }

  async #read(wanted: VersionCalled): Answer<{ readonly content: Content }> {
    const found = await this.#find(wanted);
    if (!found.ok) return found;
    const { backup, version } = found.value;
    const { dir } = this.#parts.config().tftp.uploads;
    try {
      const size = await sizeOf(dir, backup, version);
      if (size !== undefined && size > LARGEST_SHOWN)
        return err(
          apiRefusal(
            413,
            `version ${version.number} has ${showSize(size)}, which is too much to show here; \`bootlace backups show\` writes it to a file`,
          ),
        );
      const content = await readVersion(dir, backup, version);
      return content.ok ? ok({ content: contentOf(content.value) }) : err(fileRefusal(content.error));
    } catch (fault) {
      return err(apiRefusal(500, `it cannot be read: ${plainText(faultText(fault))}`));
    }
  }

  /** Only what is in the list is ever opened: a name of somebody's is compared, and leads nowhere. */
  async #find({ device, file, number }: VersionCalled): Answer<{ readonly backup: Backup; readonly version: Version }> {
    try {
      const backups = await backupsIn(this.#parts.config().tftp.uploads.dir);
      const backup = backups.find((one) => calledAs(one.device) === device && calledAs(one.file) === file);
      if (backup === undefined) return err(apiRefusal(404, `${plainText(device)} has no backup of ${plainText(file)}`));
      const version = backup.versions.find((one) => one.number === number);
      if (version !== undefined) return ok({ backup, version });
      const [oldest, newest] = [backup.versions[0]?.number ?? 0, backup.versions.at(-1)?.number ?? 0];
      return err(apiRefusal(404, `there is no version ${number} of ${plainText(file)}; kept are ${oldest} to ${newest}`));
    } catch (fault) {
      return err(apiRefusal(500, `the backups cannot be read: ${plainText(faultText(fault))}`));
    }
  }
}

/** A folder's or a file's name that a device chose, for people; what is asked for is compared with it. */
function calledAs(name: string): string {
  return plainText(showName(name), Number.POSITIVE_INFINITY);
}

function keyOf(dir: string, { device, file }: Backup, { name }: Version): string {
  return JSON.stringify([dir, device, file, name]);
}
