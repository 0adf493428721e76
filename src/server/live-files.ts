/** The file servers' view of the configuration: a reload puts another catalogue and other limits in place, and transfers go on. */
import { isDeepStrictEqual } from 'node:util';
import type { Cidr, Mac } from '../base/addresses.ts';
import { invariant } from '../base/result.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import { type DeviceModel, ImageRules, type ImageStanding } from '../boot/image-rules.ts';
import type { TemplateSource } from '../boot/template-source.ts';
import type { Config, NetworkConfig, RemapConfig } from '../config/config.ts';
import { parseLinearPattern } from '../config/linear-pattern.ts';
import { namedHosts } from '../config/named-hosts.ts';
import type { Subject } from '../events/events.ts';
import { AccessRules } from '../files/access.ts';
import { FileCatalog, type FileRoute } from '../files/catalog.ts';
import { DiskRoute } from '../files/disk-route.ts';
import { MenuRoute } from '../files/menu-route.ts';
import { NameRules } from '../files/name-rules.ts';
import { PoapRoute } from '../files/poap-route.ts';
import type { RemapRule } from '../files/remap.ts';
import { TemplateRoute } from '../files/template-route.ts';
import { Uploads } from '../files/uploads.ts';
import { systemClock } from './system-clock.ts';
import type { TftpSettings } from './tftp-server.ts';

/** What the files depend on. Plain data: it crosses to the thread that serves them. */
export interface FilesConfig
  extends Pick<Config, 'tftp' | 'http' | 'hosts' | 'unknown' | 'templates' | 'boot' | 'networks' | 'classes' | 'images'> {
  /** Entries that were chosen beside the configuration; absent: none. */
  readonly choices?: readonly BootChoice[];
  /** Images that nobody may have now; absent: none. */
  readonly withheld?: ImageStanding['withheld'];
}

/** What the files need of a whole configuration. */
export function filesConfigOf(config: Config, choices: readonly BootChoice[], withheld: ImageStanding['withheld'] = []): FilesConfig {
  const { tftp, http, hosts, unknown, templates, boot, networks, classes, images } = config;
  return { tftp, http, hosts, unknown, templates, boot, networks, classes, images, choices, withheld };
}

export class LiveFiles {
  #config: FilesConfig;
  #names: ReadonlyMap<Mac, string> = new Map();
  #uploads: Uploads;
  #menus: MenuRoute;
  #images: ImageRules;
  #catalog: FileCatalog;
  #settings: TftpSettings;
  /** Upload folders of this run: in each of them uploads may be on their way, also after a change to another. */
  readonly #used = new Set<string>();

  private constructor(config: FilesConfig) {
    this.#config = config;
    this.#settings = settingsOf(config);
    this.#uploads = this.#makeUploads();
    this.#menus = menusOf(config);
    this.#images = imagesOf(config);
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
    this.#menus = menusOf(config);
    this.#images = imagesOf(config);
    this.#catalog = this.#makeCatalog();
    this.#settings = settingsOf(config);
  }

  /** Other entries of menus are in force. That is no reason to forget what all other machines do, or to look at thousands of hosts. */
  choose(choices: readonly BootChoice[]): void {
    this.#menus.choose(choices);
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
    return catalogOf(this.#config, this.#uploads, this.#menus, this.#images);
  }
}

function settingsOf({ tftp }: FilesConfig): TftpSettings {
  return { ...tftp, maxUploadSize: tftp.uploads.maxSize };
}

function namesOf({ hosts }: FilesConfig): ReadonlyMap<Mac, string> {
  return new Map(namedHosts(hosts).map(({ mac, name }) => [mac, name]));
}

/** The catalogue of a configuration. Without `uploads` one that only reads them. */
export function catalogOf(config: FilesConfig, uploads?: Uploads, menus = menusOf(config), images = imagesOf(config)): FileCatalog {
  const { root, uploads: settings } = config.tftp;
  const names = namesOf(config);
  const received = uploads ?? new Uploads(settings, systemClock, (mac) => names.get(mac));
  const rules = rulesOf(config);
  const access = accessOf(config, images);
  // What somebody put into the root is meant to be served as it is: only his own templates go before it.
  const own = templatesOf(config, rules, access, 'user');
  const disk = new DiskRoute(root);
  const shipped = templatesOf(config, rules, access, 'shipped');
  const poap = new PoapRoute([own, disk, shipped], bootFilesOf(config));
  const isInRoot = settings.dir === root && settings.policy !== 'version';
  return new FileCatalog([menus, poap, own, disk, shipped, isInRoot ? onlyTaking(received) : received], rules, access);
}

/** Uploads to the folder that is served: to read, whatever is there was looked for before. */
function onlyTaking(uploads: Uploads): FileRoute {
  return {
    name: uploads.name,
    open: () => 'not-mine',
    create: (query) => uploads.create(query),
    placeOf: (query) => uploads.placeOf(query),
  };
}

/** What the configuration names as boot files, as names below the root. */
function bootFilesOf({ hosts, classes }: FilesConfig): ReadonlySet<string> {
  return new Set([...hosts, ...classes].flatMap(({ boot }) => boot.file?.replace(/^\/+/, '') ?? []));
}

function rulesOf(config: FilesConfig): NameRules {
  const { root, perClientRoot, remap } = config.tftp;
  const names = namesOf(config);
  return new NameRules({ root, perClientRoot, remap: remap.map(ruleOf), nameOf: (mac) => names.get(mac) });
}

/** Files that are made for each device. */
export function templatesOf(
  config: FilesConfig,
  rules = rulesOf(config),
  access = accessOf(config),
  origin?: TemplateSource['origin'],
): TemplateRoute {
  const { templates, hosts, unknown, http } = config;
  const folderOf = (from: Subject): string | undefined => rules.folderOf(from);
  return new TemplateRoute({ templates: templates.sources, origin, hosts, unknown, httpPort: http.port, folderOf }, access);
}

/** Menus of the configuration. */
export function menusOf(config: FilesConfig): MenuRoute {
  const rules = rulesOf(config);
  return new MenuRoute({ choices: [], ...config, subnets: config.networks.map(subnetOf), folderOf: (from) => rules.folderOf(from) });
}

function subnetOf({ name, attachment }: NetworkConfig): { readonly name: string; readonly network: Cidr | undefined } {
  return { name, network: attachment.kind === 'relay' ? attachment.subnet : attachment.address };
}

function ruleOf({ match, to }: RemapConfig): RemapRule {
  const pattern = parseLinearPattern(match);
  invariant(pattern.ok, 'the patterns of a configuration are right');
  return { match: pattern.value, to };
}

function imagesOf({ images, withheld = [] }: Pick<FilesConfig, 'images' | 'withheld'>): ImageRules {
  return new ImageRules(images, { withheld, taken: [] });
}

function accessOf({ tftp, hosts, ...config }: FilesConfig, images = imagesOf(config)): AccessRules {
  const { allow, deny, secure, uploads } = tftp;
  const known = new Set(hosts.map(({ key }) => key.mac));
  const models = new Map(hosts.map((host) => [host.key.mac, host]));
  // What the operator says goes before what the device says.
  const modelOf = ({ mac, model, profile }: Subject): DeviceModel => {
    const host = mac === undefined ? undefined : models.get(mac);
    return { model: host?.model ?? model, profile: host?.profile ?? profile };
  };
  return new AccessRules({
    read: { allow, deny },
    write: uploads,
    boundToMac: secure.boundToMac ? secure : undefined,
    openTo: secure.except,
    isHost: (mac) => known.has(mac),
    ofImage: (path, from) => images.obstacle(path, modelOf(from)),
  });
}
