/** The choices of a running server: they change by order of the operator, and one for one time when it has done its work. */
import type { Mac } from '../base/addresses.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { EventBus } from '../events/bus.ts';
import type { AppEvent } from '../events/events.ts';
import { readBootChoices, writeBootChoices } from './boot-choices-file.ts';

/**
 * A loader may fetch its menu more than once before it starts something: Debian's GRUB looks whether it is there, and then reads it.
 * That long after the first time it is still the same menu.
 */
const SAME_BOOT_MS = 5_000;

export class BootChoices {
  readonly #file: string;
  readonly #bus: EventBus;
  readonly #onChange: (choices: readonly BootChoice[]) => Promise<void>;
  readonly #byMac = new Map<Mac, BootChoice>();
  /** Those that are used up, until nobody fetches their menus any more. */
  readonly #used = new Map<Mac, NodeJS.Timeout>();
  readonly #stopListening: () => void;
  /** The file is written by one at a time. */
  #saving: Promise<void> = Promise.resolve();

  private constructor(file: string, bus: EventBus, onChange: (choices: readonly BootChoice[]) => Promise<void>) {
    this.#file = file;
    this.#bus = bus;
    this.#onChange = onChange;
    this.#stopListening = bus.listen((event) => this.#hear(event));
  }

  /** A file that cannot be read is told, and nothing is chosen. @param onChange puts other choices in force. */
  static async open(file: string, bus: EventBus, onChange: (choices: readonly BootChoice[]) => Promise<void>): Promise<BootChoices> {
    const opened = new BootChoices(file, bus, onChange);
    try {
      for (const choice of await readBootChoices(file)) opened.#byMac.set(choice.mac, choice);
    } catch (fault) {
      opened.#tellFault(fault);
    }
    return opened;
  }

  get all(): readonly BootChoice[] {
    return [...this.#byMac.values()];
  }

  /** In force and on the disk when it resolves. Rejects with the system's error. */
  async choose(choice: BootChoice): Promise<void> {
    this.#forgetUse(choice.mac);
    this.#byMac.set(choice.mac, choice);
    await this.#apply({ type: 'boot.chosen', ...choice });
  }

  /** @returns false when nothing was chosen for it. */
  async clear(mac: Mac): Promise<boolean> {
    const choice = this.#byMac.get(mac);
    if (choice === undefined) return false;
    this.#forgetUse(mac);
    this.#byMac.delete(mac);
    await this.#apply({ type: 'boot.choice-cleared', mac, entry: choice.entry });
    return true;
  }

  /** What is used up is forgotten now. Resolves when the file is as it is to stay. */
  async close(): Promise<void> {
    this.#stopListening();
    const used = [...this.#used.keys()];
    for (const mac of used) {
      this.#forgetUse(mac);
      this.#byMac.delete(mac);
    }
    await (used.length === 0 ? this.#saving : this.#save().catch((fault: unknown) => this.#tellFault(fault)));
  }

  #hear(event: AppEvent): void {
    if (event.type !== 'transfer.done' || event.direction !== 'read' || event.choice === undefined || event.mac === undefined) return;
    const { mac } = event;
    const choice = this.#byMac.get(mac);
    if (choice?.once !== true || choice.entry !== event.choice || this.#used.has(mac)) return;
    this.#used.set(mac, setTimeout(() => this.#useUp(choice), SAME_BOOT_MS).unref());
  }

  #useUp({ mac, entry }: BootChoice): void {
    this.#forgetUse(mac);
    this.#byMac.delete(mac);
    this.#apply({ type: 'boot.choice-used', mac, entry }).catch((fault: unknown) => this.#tellFault(fault));
  }

  #tellFault(fault: unknown): void {
    this.#bus.tell({
      type: 'server.fault',
      where: 'the choices of bootlace boot',
      detail: fault instanceof Error ? fault.message : String(fault),
    });
  }

  #forgetUse(mac: Mac): void {
    clearTimeout(this.#used.get(mac));
    this.#used.delete(mac);
  }

  async #apply(event: AppEvent): Promise<void> {
    await this.#onChange(this.all);
    this.#bus.tell(event);
    await this.#save();
  }

  #save(): Promise<void> {
    const saved = this.#saving.then(() => writeBootChoices(this.#file, this.all));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }
}
