/** The file servers' view of the configuration: a reload puts another catalogue and other limits in place, and transfers go on. */
import { isDeepStrictEqual } from 'node:util';
import type { Mac } from '../base/addresses.ts';
import { invariant } from '../base/result.ts';
import type { Config, RemapConfig } from '../config/config.ts';
import { parseLinearPattern } from '../config/linear-pattern.ts';
import { namedHosts } from '../config/named-hosts.ts';
import { AccessRules } from '../files/access.ts';
import { FileCatalog } from '../files/catalog.ts';
import { DiskRoute } from '../files/disk-route.ts';
import { NameRules } from '../files/name-rules.ts';
import type { RemapRule } from '../files/remap.ts';
import { Uploads } from '../files/uploads.ts';
import { systemClock } from './system-clock.ts';
import type { TftpSettings } from './tftp-server.ts';

/** What the files depend on. Plain data: it crosses to the thread that serves them. */
export type FilesConfig = Pick<Config, 'tftp' | 'hosts'>;

export class LiveFiles {
  #config: FilesConfig;
  #names: ReadonlyMap<Mac, string> = new Map();
  #uploads: Uploads;
  #catalog: FileCatalog;
  #settings: TftpSettings;
  /** Upload folders of this run: in each of them uploads may be on their way, also after a change to another. */
  readonly #used = new Set<string>();

  private constructor(config: FilesConfig) {
    this.#config = config;
    this.#settings = settingsOf(config);
    this.#uploads = this.#makeUploads();
    this.#catalog = this.#makeCatalog();
  }

  /** Removes what a former run left unfinished. */
  static async open(config: FilesConfig): Promise<LiveFiles> {
    const files = new LiveFiles(config);
    await files.#sweepOnce();
    return files;
  }

  get catalog(): FileCatalog {
    return this.#catalog;
  }

  /** The same object as long as the configuration is the same: it is asked for at every request. */
  get settings(): TftpSettings {
    return this.#settings;
  }

  /** Serves by another configuration. Transfers that run keep the files that they have open. */
  async configure(config: FilesConfig): Promise<void> {
    const isSame = isDeepStrictEqual(this.#config.tftp.uploads, config.tftp.uploads);
    this.#config = config;
    // One object knows what uploads claim of a folder's room, as long as nothing about it changes.
    if (!isSame) this.#uploads = this.#makeUploads();
    await this.#sweepOnce();
    this.#catalog = this.#makeCatalog();
    this.#settings = settingsOf(config);
  }

  async #sweepOnce(): Promise<void> {
    const { dir } = this.#config.tftp.uploads;
    if (this.#used.has(dir)) return;
    this.#used.add(dir);
    await this.#uploads.sweep();
  }

  #makeUploads(): Uploads {
    return new Uploads(this.#config.tftp.uploads, systemClock, (mac) => this.#names.get(mac));
  }

  #makeCatalog(): FileCatalog {
    this.#names = namesOf(this.#config);
    return catalogOf(this.#config, this.#uploads);
  }
}

function settingsOf({ tftp }: FilesConfig): TftpSettings {
  return { ...tftp, maxUploadSize: tftp.uploads.maxSize };
}

function namesOf({ hosts }: FilesConfig): ReadonlyMap<Mac, string> {
  return new Map(namedHosts(hosts).map(({ mac, name }) => [mac, name]));
}

/** The catalogue of a configuration. Without `uploads` one that only reads them. */
export function catalogOf(config: FilesConfig, uploads?: Uploads): FileCatalog {
  const { root, perClientRoot, remap, uploads: settings } = config.tftp;
  const names = namesOf(config);
  const nameOf = (mac: Mac): string | undefined => names.get(mac);
  const rules = new NameRules({ root, perClientRoot, remap: remap.map(ruleOf), nameOf });
  return new FileCatalog([new DiskRoute(root), uploads ?? new Uploads(settings, systemClock, nameOf)], rules, accessOf(config));
}

function ruleOf({ match, to }: RemapConfig): RemapRule {
  const pattern = parseLinearPattern(match);
  invariant(pattern.ok, 'the patterns of a configuration are right');
  return { match: pattern.value, to };
}

function accessOf({ tftp, hosts }: FilesConfig): AccessRules {
  const { allow, deny, secure, uploads } = tftp;
  const known = new Set(hosts.map(({ key }) => key.mac));
  return new AccessRules({
    read: { allow, deny },
    write: uploads,
    boundToMac: secure.boundToMac ? secure : undefined,
    isHost: (mac) => known.has(mac),
  });
}
