/** What the configuration says of where devices fetch their configuration, on each of its levels, and what of it counts for one client. */
import type { HostKey } from '../dhcp/subnet.ts';
import type { BootSettings } from './boot-settings.ts';

/** What is said on one level. What is absent is said by a level below. Plain data: it crosses threads. */
export interface ProvisionSettings {
  /** An address, a host name or a URL, variables still in it; false: they are told nothing. */
  readonly server: string | false | undefined;
  /** The VLAN of voice. */
  readonly vlan: number | undefined;
  /** True: a URL by HTTP, false: by TFTP. Undefined: as the vendor prefers it. */
  readonly http: boolean | undefined;
}

/** The file that a device is to be told where its dialect names one. */
type NamedFile = Pick<BootSettings, 'file'>;

/** Where all levels of a configuration stand; the configuration itself is one. */
export interface ProvisionSource {
  readonly provision: ProvisionSettings;
  readonly networks: readonly { readonly name: string; readonly provision: ProvisionSettings }[];
  readonly classes: readonly { readonly name: string; readonly provision: ProvisionSettings; readonly boot: NamedFile }[];
  readonly hosts: readonly {
    readonly key: HostKey;
    readonly provision: ProvisionSettings;
    readonly boot: NamedFile;
    readonly profile: string | undefined;
  }[];
  /** Where files are served by HTTP; undefined: nowhere. */
  readonly http: { readonly port: number | undefined };
}

/** Who says a thing; `name` of a class or network. */
export interface ProvisionLevel {
  readonly of: 'host' | 'class' | 'network' | 'site';
  readonly name: string | undefined;
}

/** All that is said to one client; `server` comes from `level`. */
export interface SaidProvision {
  readonly server: string;
  readonly vlan: number | undefined;
  readonly http: boolean | undefined;
  readonly level: ProvisionLevel;
  /** Who says the VLAN, where somebody does. */
  readonly vlanLevel: ProvisionLevel | undefined;
}

export const NO_PROVISION: ProvisionSettings = { server: undefined, vlan: undefined, http: undefined };

/** False for a level where nothing is written of it. */
export function saysProvision({ server, vlan, http }: ProvisionSettings): boolean {
  return server !== undefined || vlan !== undefined || http !== undefined;
}

/** One level, and what it says. */
export interface ProvisionSayer extends ProvisionLevel {
  readonly settings: ProvisionSettings;
}

/** What the levels say together, the one that goes before all others first; undefined where none names a server. */
export function saidTogether(levels: readonly ProvisionSayer[]): SaidProvision | undefined {
  const serving = levels.find(({ settings }) => settings.server !== undefined);
  if (serving === undefined || typeof serving.settings.server !== 'string') return undefined;
  const tagging = levels.find(({ settings }) => settings.vlan !== undefined);
  return {
    server: serving.settings.server,
    vlan: tagging?.settings.vlan,
    http: levels.find(({ settings }) => settings.http !== undefined)?.settings.http,
    level: { of: serving.of, name: serving.name },
    vlanLevel: tagging && { of: tagging.of, name: tagging.name },
  };
}
