/**
 * Follows devices through the files that their families ask for, and says how far each has come. Hears of files as everybody does, by
 * events, and so knows TFTP and HTTP alike; a file that names others is read once more for them.
 */
import type { Ipv4 } from '../base/addresses.ts';
import type { Clock, MonoMs } from '../base/clock.ts';
import { type AskedBy, askedBy } from '../boot/asked-files.ts';
import type { EventBus } from '../events/bus.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import type { FileCatalog } from '../files/catalog.ts';

/** A device that was silent for so long begins anew. */
const SILENCE_MS = 300_000;
/** Devices that are followed at one time; the one not heard of for longest is forgotten first. */
const MOST_DEVICES = 4096;
/** A device that asks for more says nothing new. */
const MOST_STEPS = 24;
/** What is read of a file to find names in it, in octets. */
const READ_FOR_NAMES = 262_144;

type FileEvent = Extract<AppEvent, { type: 'transfer.missed' | 'transfer.done' }>;

/** What became of files, one after another, that had the same fate. */
interface Step {
  readonly fate: 'sent' | 'missing' | 'normal';
  readonly files: string[];
}

interface Walk {
  readonly steps: Step[];
  heardAt: MonoMs;
}

export interface ProvisioningWatchParts {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Its own: what it looks for must not pass for what a device fetched last. */
  readonly catalog: () => FileCatalog;
  /** Our address where a device is, as far as it is known: files that are made may name it. */
  readonly serverFor: (address: Ipv4) => Ipv4 | undefined;
}

export class ProvisioningWatch {
  readonly #parts: ProvisioningWatchParts;
  #catalog: () => FileCatalog;
  readonly #walks = new Map<string, Walk>();
  readonly #stopListening: () => void;

  constructor(parts: ProvisioningWatchParts) {
    this.#parts = parts;
    this.#catalog = parts.catalog;
    this.#stopListening = parts.bus.listen((event) => {
      if (event.type === 'transfer.missed' || (event.type === 'transfer.done' && event.direction === 'read')) this.#hear(event);
    });
  }

  /** Looks for files by another configuration. */
  configure(catalog: () => FileCatalog): void {
    this.#catalog = catalog;
  }

  close(): void {
    this.#stopListening();
  }

  #hear(event: FileEvent): void {
    const asked = askedBy(event.path, event.profile);
    if (asked === undefined) return;
    const { what, miss } = asked.file;
    const isMiss = event.type === 'transfer.missed';
    const fate = !isMiss ? 'sent' : miss.isNormal ? 'normal' : 'missing';
    const shown = fate === 'missing' ? `${what} ${event.path}` : what;
    const walk = this.#walkOf(event);
    if (walk === undefined || !add(walk, fate, shown)) return;
    const who = subjectOf(event);
    if (fate !== 'normal') {
      const advice = fate === 'missing' ? miss.say : undefined;
      this.#parts.bus.tell({ type: 'provisioning.followed', ...who, family: asked.family, steps: walk.steps.map(showStep), advice });
    }
    if (fate === 'sent') void this.#lookAhead(event.path, who, asked);
  }

  #walkOf({ mac, address }: Subject): Walk | undefined {
    const key = mac ?? address?.toString();
    if (key === undefined) return undefined;
    const now = this.#parts.clock.mono();
    const before = this.#walks.get(key);
    const walk = before === undefined || now - before.heardAt > SILENCE_MS ? { steps: [], heardAt: now } : before;
    walk.heardAt = now;
    this.#walks.delete(key);
    this.#walks.set(key, walk);
    if (this.#walks.size > MOST_DEVICES) {
      const [oldest] = this.#walks.keys();
      if (oldest !== undefined) this.#walks.delete(oldest);
    }
    return walk;
  }

  /** Looks for the files that a file names, as the device will ask for them. */
  async #lookAhead(path: string, who: Subject, { file }: AskedBy): Promise<void> {
    if (file.leadsTo === undefined) return;
    const content = await this.#read(path, who);
    if (content === undefined) return;
    const missing: string[] = [];
    for (const { name, what } of file.leadsTo(content)) if (!(await this.#isThere(name, who))) missing.push(`${what} ${name}`);
    if (missing.length > 0) this.#parts.bus.tell({ type: 'provisioning.incomplete', ...who, path, what: file.what, missing });
  }

  async #read(path: string, who: Subject): Promise<string | undefined> {
    const found = await this.#open(path, who);
    if (!found.ok) return undefined;
    const { file } = found.value;
    const octets = new Uint8Array(Math.min(file.size, READ_FOR_NAMES));
    const read = file.read(octets, 0);
    file.close();
    return read.ok ? new TextDecoder('latin1').decode(octets.subarray(0, read.value)) : undefined;
  }

  async #isThere(name: string, who: Subject): Promise<boolean> {
    const found = await this.#open(name, who);
    if (found.ok) found.value.file.close();
    return found.ok;
  }

  #open(name: string, who: Subject): ReturnType<FileCatalog['open']> {
    return this.#catalog().open(name, who, who.address === undefined ? undefined : this.#parts.serverFor(who.address));
  }
}

/** Who it is, without what the event says of the file. */
function subjectOf({ mac, address, hostName, classes, isLeased, profile, model, serial }: Subject): Subject {
  return { mac, address, hostName, classes, isLeased, ...(profile !== undefined && { profile, model, serial }) };
}

/** False for what was said already: devices ask again, and for firmware in many parts. */
function add({ steps }: Walk, fate: Step['fate'], file: string): boolean {
  if (steps.length >= MOST_STEPS || steps.some((step) => step.fate === fate && step.files.includes(file))) return false;
  const last = steps.at(-1);
  if (last?.fate === fate && fate !== 'missing') last.files.push(file);
  else steps.push({ fate, files: [file] });
  return true;
}

const FATES = { sent: 'sent', missing: 'not there', normal: 'not there (normal)' } as const;

/** `CTL, ITL not there (normal)`. */
function showStep({ fate, files }: Step): string {
  return `${files.join(', ')} ${FATES[fate]}`;
}
