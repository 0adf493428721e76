/**
 * The configuration as the program uses it: addresses parsed, paths absolute, times in seconds, sizes in octets, every
 * default filled in. Plain data only, so that it crosses threads as it is. How it is written is the matter of `schema.ts`.
 */
import type { AddressRange, Cidr, Ipv4 } from '../base/addresses.ts';
import type { BootSettings } from '../boot/boot-settings.ts';
import type { ClassMatch } from '../boot/class-match.ts';
import type { FirmwareImage } from '../boot/image-rules.ts';
import type { ProvisionSettings } from '../boot/provision-settings.ts';
import type { DeviceVars, TemplateSource, UnknownDevices } from '../boot/template-source.ts';
import type { Who } from '../boot/who.ts';
import type { ShapeName } from '../dhcp/option-types.ts';
import type { BootpPolicy, HostKey, Identity } from '../dhcp/subnet.ts';
import type { Level } from '../events/events.ts';
import type { ServicesConfig } from './services-config.ts';
import type { PortRange } from './units.ts';
import type { VendorForm } from './vendor-options.ts';

/** Everything that the appliance needs to know to start. */
export interface Config {
  /** The file it was read from, absolute; undefined for the built-in defaults. */
  readonly file: string | undefined;
  readonly server: ServerConfig;
  /** At least one; names are unique and subnets disjoint as far as they are known before an interface is up. */
  readonly networks: readonly NetworkConfig[];
  /** Those of the inventories, too. What they are recognised by, names and addresses are unique. */
  readonly hosts: readonly HostConfig[];
  /** Files with more of them; absolute paths. */
  readonly inventory: readonly string[];
  readonly unknown: readonly UnknownDevices[];
  readonly templates: TemplatesConfig;
  /** In the order in which they are tried; names are unique. */
  readonly classes: readonly ClassConfig[];
  readonly leasequery: LeasequeryConfig;
  readonly timelines: TimelinesConfig;
  readonly boot: BootSettings;
  /** Where devices fetch their configuration. */
  readonly provision: ProvisionSettings;
  readonly tftp: TftpConfig;
  readonly images: readonly FirmwareImage[];
  readonly http: HttpConfig;
  readonly web: WebConfig;
  readonly services: ServicesConfig;
  readonly leases: LeasesConfig;
  readonly log: LogConfig;
}

export interface ServerConfig {
  /** Absolute path. */
  readonly dataDir: string;
  /** Who the process becomes after opening its sockets; `auto` is who called sudo. */
  readonly user: string;
}

/** Where a network is: on an interface of this machine, or behind a relay. */
export type Attachment =
  | {
      readonly kind: 'interface';
      /** `auto`, or the interface's name. */
      readonly interface: string;
      /** The server's own address and its network's prefix; undefined: what the interface has. */
      readonly address: Cidr | undefined;
      /** Put the address on the interface at start and take it off at exit; only ever true with an `address`. */
      readonly assign: boolean;
    }
  | {
      readonly kind: 'relay';
      readonly subnet: Cidr;
    };

/** One network that is served. */
export interface NetworkConfig {
  readonly name: string;
  readonly attachment: Attachment;
  /** `proxy`: another server gives the addresses, this one says what to boot. */
  readonly mode: 'server' | 'proxy' | 'off';
  /** Answers a client that asks for an address of another network with a NAK (RFC 2131 §4.3.2). */
  readonly authoritative: boolean;
  /** Undefined only where the subnet is not known before the interface is up; `poolsOf` in `pools.ts` gives them then. */
  readonly pools: readonly AddressRange[] | undefined;
  readonly leaseTime: LeaseTime;
  readonly options: readonly ConfiguredOption[];
  readonly identity: Identity;
  readonly bootp: BootpPolicy;
  readonly rapidCommit: boolean;
  /** Whether new addresses are looked for on the wire; behind a relay nobody can. */
  readonly conflictCheck: 'arp' | 'off';
  /** What to do about another DHCP server on the interface. */
  readonly guard: 'refuse' | 'warn' | 'proxy' | 'off';
  readonly boot: BootSettings;
  readonly provision: ProvisionSettings;
}

/** Lease times in seconds; min ≤ default ≤ max. */
export interface LeaseTime {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** What is known beforehand of one device. */
export interface HostConfig {
  /** Empty only for one that is known by its serial number alone, which DHCP does not see. */
  readonly key: HostKey;
  readonly name: string | undefined;
  /** Its reserved address, inside the subnet of one of the networks. */
  readonly address: Ipv4 | undefined;
  /** Undefined: what its class or its network has. */
  readonly leaseTime: LeaseTime | undefined;
  /** These come before those of its classes and its network. */
  readonly options: readonly ConfiguredOption[];
  readonly boot: BootSettings;
  readonly provision: ProvisionSettings;
  /** The family of devices that it belongs to, where it is not to be recognised, and the folder of templates that its files are made from. */
  readonly profile: string | undefined;
  readonly model: string | undefined;
  readonly serial: string | undefined;
  readonly vars: DeviceVars;
  /** Where it is written, for the operator: `phones.csv:12`. */
  readonly place: string;
}

/** Files that are made for devices. */
export interface TemplatesConfig {
  /** Where they were read from, the operator's own before those of the program; absolute paths. */
  readonly folders: readonly string[];
  /** In that order. */
  readonly sources: readonly TemplateSource[];
}

/** Clients that have something in common. */
export interface ClassConfig {
  readonly name: string;
  /** At least one key of it is there. */
  readonly match: ClassMatch;
  readonly deny: boolean;
  /** Inside the subnets of networks, and apart from all other pools. Undefined: those of the network. */
  readonly pools: readonly AddressRange[] | undefined;
  readonly leaseTime: LeaseTime | undefined;
  /** These come before those of the network. */
  readonly options: readonly ConfiguredOption[];
  readonly boot: BootSettings;
  readonly provision: ProvisionSettings;
}

/** Who may ask for other clients' leases (RFC 4388); nobody while the list is empty. */
export interface LeasequeryConfig {
  readonly allow: readonly Cidr[];
}

/** What is kept of what devices did. */
export interface TimelinesConfig {
  readonly keepSeconds: number;
  readonly maxOctets: number;
}

/** One DHCP option that the configuration sets; `encodeOptions` makes its octets. */
export interface ConfiguredOption {
  readonly code: number;
  /** What it is called in the configuration, or its number as text. */
  readonly name: string;
  readonly shape: ShapeName | VendorForm;
  /** As written, variables still in it. */
  readonly value: OptionInput;
}

/** A value as YAML holds it. */
export type OptionInput = string | number | boolean | null | readonly OptionInput[] | { readonly [key: string]: OptionInput };

export interface TftpConfig {
  /** Absolute path. */
  readonly root: string;
  /** The first that fits makes another name of a name. */
  readonly remap: readonly RemapConfig[];
  /** A folder below the root that goes before the root itself. */
  readonly perClientRoot: 'none' | 'ip' | 'mac' | 'name';
  /** Who may read: `deny` wins, an empty `allow` names everybody. */
  readonly allow: readonly Who[];
  readonly deny: readonly Who[];
  readonly secure: SecureConfig;
  /** Largest block size that is granted, in octets (RFC 2348). */
  readonly maxBlockSize: number;
  /** Largest window that is granted, in blocks (RFC 7440). */
  readonly maxWindow: number;
  readonly maxTransfers: number;
  readonly maxTransfersPerClient: number | undefined;
  /** Requests in a second. */
  readonly maxRequestsPerClient: number | undefined;
  /** Octets a second for all together, and for one address; undefined: no bound. */
  readonly bandwidth: number | undefined;
  readonly bandwidthPerClient: number | undefined;
  /** Transfers go on from port 69. */
  readonly singlePort: boolean;
  /** Ports of transfers; undefined: the system chooses. */
  readonly portRange: PortRange | undefined;
  readonly uploads: UploadsConfig;
}

/** Files by HTTP. Which they are and who may read them is TFTP's affair. */
export interface HttpConfig {
  /** Undefined: off. */
  readonly port: number | undefined;
}

export interface SecureConfig {
  /** Files with a MAC in their names are for the address that is leased to it. */
  readonly boundToMac: boolean;
  readonly except: readonly Cidr[];
}

/** One rule for names; both sides are right, see `parseLinearPattern` and `remapTargetFault`. */
export interface RemapConfig {
  readonly match: string;
  readonly to: string;
}

/** What may be done with a file that a device sends. */
export type UploadPolicy = 'version' | 'create' | 'overwrite' | 'deny';

export interface UploadsConfig {
  readonly policy: UploadPolicy;
  /** Who may write, as in `TftpConfig`. */
  readonly allow: readonly Who[];
  readonly deny: readonly Who[];
  /** Absolute path. */
  readonly dir: string;
  /** Octets. */
  readonly maxSize: number;
  /** Versions of one file that are kept; the oldest goes first. */
  readonly keep: number;
  /** Octets of all uploads; undefined: no limit. */
  readonly quota: number | undefined;
  /** Octets of one device's uploads under the policy `version`; undefined: no limit. */
  readonly quotaPerDevice: number | undefined;
  /** How long what came of a failed upload is kept; 0: not at all. */
  readonly keepPartialSeconds: number;
}

/** Where a server of ours listens. */
export interface ListenAt {
  readonly address: Ipv4;
  readonly port: number;
}

export interface WebConfig {
  /** Undefined: nowhere. */
  readonly listen: ListenAt | undefined;
}

export interface LeasesConfig {
  readonly store: 'sqlite';
  /** How long an address that a client declined is not given out, in seconds. */
  readonly quarantineSeconds: number;
}

export interface LogConfig {
  readonly level: Level;
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  readonly format: 'auto' | 'pretty' | 'json';
  /** Whether a terminal shows devices and transfers below the log. */
  readonly live: 'auto' | 'off';
}
