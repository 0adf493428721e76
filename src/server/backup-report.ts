/** Says what each backup changes, when it is in its place. Beside the transfers: nobody waits for it but the operator. */
import type { StoredBackup } from '../events/backup-events.ts';
import type { EventBus } from '../events/bus.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import type { TransferEvent } from '../events/transfer-events.ts';
import { changeOf } from '../files/backups.ts';
import { showName } from '../files/safe-path.ts';

export interface BackupReportParts {
  readonly bus: EventBus;
  /** Absolute path of the uploads, as they are now. */
  readonly uploads: () => string;
}

export class BackupReport {
  readonly #parts: BackupReportParts;
  /** One after the other, in the order in which they came. */
  #telling: Promise<void> = Promise.resolve();
  readonly #stopListening: () => void;

  constructor(parts: BackupReportParts) {
    this.#parts = parts;
    this.#stopListening = parts.bus.listen((event) => this.#hear(event));
  }

  /** Resolves when everything is said. */
  close(): Promise<void> {
    this.#stopListening();
    return this.#telling;
  }

  #hear(event: AppEvent): void {
    if (event.type !== 'transfer.done' || !isBackup(event)) return;
    const { mac, address, hostName, backupFolder, version, unchanged } = event;
    const about = { mac, address, hostName };
    this.#telling = this.#telling.then(() => this.#tell(about, { backupFolder, version, unchanged }));
  }

  async #tell(about: Subject, { backupFolder, version, unchanged }: StoredBackup): Promise<void> {
    const file = showName(backupFolder.slice(backupFolder.indexOf('/') + 1));
    const said = { ...about, type: 'backup.stored', file, version } as const;
    const { bus, uploads } = this.#parts;
    if (unchanged) bus.tell({ ...said, change: 'unchanged' });
    else bus.tell({ ...said, ...(await changeOf(uploads(), backupFolder, version)) });
  }
}

function isBackup(
  event: Extract<TransferEvent, { type: 'transfer.done' }>,
): event is Extract<TransferEvent, { type: 'transfer.done' }> & StoredBackup {
  return event.backupFolder !== undefined && event.version !== undefined && event.unchanged !== undefined;
}
