/** What the configuration says of booting, on each of its levels, and what of it counts for one client. */
import type { HostKey } from '../dhcp/subnet.ts';
import type { Architecture } from './architecture.ts';
import { type BootChain, bootChain, type ChainName } from './boot-chain.ts';
import type { BootMenu } from './boot-menu.ts';

/** Names under the root of the files, or URLs, by architecture; `${server}` in them is our address where the client is. */
export type FilesByArchitecture = { readonly [Name in Architecture]?: string | undefined };

/** What is said on one level. What is absent is said by a level below. Plain data: it crosses threads. */
export interface BootSettings {
  /** A ready chain, below what else is said on this level. */
  readonly chain: ChainName | undefined;
  /** For every architecture that `files` does not name. */
  readonly file: string | undefined;
  readonly files: FilesByArchitecture;
  /** URLs for firmware that boots by HTTP. */
  readonly http: FilesByArchitecture;
  /** What a client gets that runs iPXE already: a script or a program. */
  readonly ipxe: string | undefined;
  readonly menu: BootMenu | undefined;
  /** The entry of the menu that is started without asking. */
  readonly entry: string | undefined;
}

export const NO_BOOT_SETTINGS: BootSettings = {
  chain: undefined,
  file: undefined,
  files: {},
  http: {},
  ipxe: undefined,
  menu: undefined,
  entry: undefined,
};

/** Where all levels of a configuration stand; the configuration itself is one. */
export interface BootSource {
  readonly boot: BootSettings;
  readonly networks: readonly { readonly name: string; readonly boot: BootSettings }[];
  readonly classes: readonly { readonly name: string; readonly boot: BootSettings }[];
  readonly hosts: readonly { readonly key: HostKey; readonly name: string | undefined; readonly boot: BootSettings }[];
  /** Where files are served by HTTP; undefined: nowhere. */
  readonly http: { readonly port: number | undefined };
}

/** One level that says something to a client. */
export interface BootLevel {
  readonly of: 'host' | 'class' | 'network' | 'site';
  /** What it is called; undefined for the whole site, and for a host without a name. */
  readonly name: string | undefined;
  readonly settings: BootSettings;
}

/** Who a client is, as far as the configuration knows; `host` is the very key that the configuration holds. */
export interface BootClient {
  readonly host: HostKey | undefined;
  /** Names, in the order of the configuration. */
  readonly classes: readonly string[];
  readonly network: string | undefined;
}

/** The levels of one configuration, found quickly: every DHCP message asks. */
export class BootLevels {
  readonly #hosts: ReadonlyMap<HostKey, BootLevel>;
  readonly #classes: ReadonlyMap<string, BootLevel>;
  /** With the site's below them. */
  readonly #networks: ReadonlyMap<string, readonly BootLevel[]>;
  readonly #site: readonly BootLevel[];

  constructor({ boot, networks, classes, hosts }: BootSource) {
    const site: BootLevel = { of: 'site', name: undefined, settings: boot };
    this.#site = [site];
    this.#networks = new Map(
      networks.map((network) => [network.name, saysSomething(network.boot) ? [levelOf('network', network), site] : this.#site]),
    );
    this.#classes = new Map(classes.filter((one) => saysSomething(one.boot)).map((one) => [one.name, levelOf('class', one)]));
    this.#hosts = new Map(hosts.filter((host) => saysSomething(host.boot)).map((host) => [host.key, levelOf('host', host)]));
  }

  /** Those that say something to this client, the one that goes before all others first: host, classes, network, site. */
  of({ host, classes, network }: BootClient): readonly BootLevel[] {
    const below = (network === undefined ? undefined : this.#networks.get(network)) ?? this.#site;
    const own = host === undefined ? undefined : this.#hosts.get(host);
    if (own === undefined && (classes.length === 0 || this.#classes.size === 0)) return below;
    return [...(own === undefined ? [] : [own]), ...classes.flatMap((name) => this.#classes.get(name) ?? []), ...below];
  }
}

function levelOf(of: BootLevel['of'], { name, boot }: { readonly name: string | undefined; readonly boot: BootSettings }): BootLevel {
  return { of, name, settings: boot };
}

/** False for a level where nothing is written about booting. */
export function saysSomething({ chain, file, files, http, ipxe, menu, entry }: BootSettings): boolean {
  return [chain, file, ipxe, menu, entry, ...Object.values(files), ...Object.values(http)].some((said) => said !== undefined);
}

/** Something said, by which level, and under which key there. */
export interface Said<Value> {
  readonly value: Value;
  readonly level: BootLevel;
  readonly key: readonly string[];
}

/** What one level says, and under which key. */
export type LevelAnswer<Value> = { readonly value: Value; readonly key: readonly string[] } | undefined;

/** What the first level says that says it. */
export function firstSaid<Value>(
  levels: readonly BootLevel[],
  read: (settings: BootSettings) => LevelAnswer<Value>,
): Said<Value> | undefined {
  for (const level of levels) {
    const answer = read(level.settings);
    if (answer !== undefined) return { ...answer, level };
  }
  return undefined;
}

const NO_CHAIN: BootChain = { files: {}, what: '' };

function chainOf({ chain }: BootSettings): BootChain {
  return chain === undefined ? NO_CHAIN : bootChain(chain);
}

/** The boot file for firmware of this architecture that loads it by TFTP. */
export function fileFor(settings: BootSettings, architecture: Architecture | undefined): LevelAnswer<string> {
  const named = architecture && settings.files[architecture];
  if (architecture !== undefined && named !== undefined) return { value: named, key: ['files', architecture] };
  if (settings.file !== undefined) return { value: settings.file, key: ['file'] };
  const ofChain = architecture && chainOf(settings).files[architecture];
  return ofChain === undefined ? undefined : { value: ofChain, key: ['chain'] };
}

/** The URL for firmware of this architecture that boots by HTTP; `plain` is the same when it boots by TFTP. */
export function urlFor(
  settings: BootSettings,
  architecture: Architecture | undefined,
  plain: Architecture | undefined,
): LevelAnswer<string> {
  for (const [key, urls, name] of [
    ['files', settings.files, architecture],
    ['http', settings.http, architecture],
    ['http', settings.http, plain],
  ] as const) {
    const url = name && urls[name];
    if (name !== undefined && url !== undefined) return { value: url, key: [key, name] };
  }
  return fileFor(settings, plain);
}

/** The name under which the menu of the configuration is given to iPXE. */
export const IPXE_MENU = 'boot.ipxe';

/** What iPXE goes on with. */
export function scriptFor(settings: BootSettings): LevelAnswer<string> {
  if (settings.ipxe !== undefined) return { value: settings.ipxe, key: ['ipxe'] };
  const ofChain = chainOf(settings).ipxe;
  if (ofChain !== undefined) return { value: ofChain, key: ['chain'] };
  return settings.menu === undefined ? undefined : { value: IPXE_MENU, key: ['menu'] };
}
