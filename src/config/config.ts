/**
 * The configuration as the program uses it: addresses parsed, paths absolute, times in seconds, sizes in octets, every
 * default filled in. Plain data only, so that it crosses threads as it is. How it is written is the matter of `schema.ts`.
 */
import type { AddressRange, Cidr, Ipv4, Mac } from '../base/addresses.ts';
import type { BootSettings } from '../boot/boot-plan.ts';
import type { ShapeName } from '../dhcp/option-types.ts';
import type { Level } from '../events/events.ts';

/** Everything that the appliance needs to know to start. */
export interface Config {
  /** The file it was read from, absolute; undefined for the built-in defaults. */
  readonly file: string | undefined;
  readonly server: ServerConfig;
  /** At least one; names are unique and subnets disjoint as far as they are known before an interface is up. */
  readonly networks: readonly NetworkConfig[];
  /** MACs and addresses are unique. */
  readonly hosts: readonly HostConfig[];
  readonly boot: BootSettings;
  readonly tftp: TftpConfig;
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
  readonly mode: 'server' | 'off';
  /** Answers a client that asks for an address of another network with a NAK (RFC 2131 §4.3.2). */
  readonly authoritative: boolean;
  /** Undefined only where the subnet is not known before the interface is up; `poolsOf` in `pools.ts` gives them then. */
  readonly pools: readonly AddressRange[] | undefined;
  readonly leaseTime: LeaseTime;
  readonly options: readonly ConfiguredOption[];
}

/** Lease times in seconds; min ≤ default ≤ max. */
export interface LeaseTime {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** What is known beforehand of one device. */
export interface HostConfig {
  readonly mac: Mac;
  readonly name: string | undefined;
  /** Its reserved address, inside the subnet of one of the networks. */
  readonly address: Ipv4 | undefined;
  /** These come before those of its network. */
  readonly options: readonly ConfiguredOption[];
  /** A file under the TFTP root or a URL, before `boot.files`; may hold `${server}`, see `fillServer`. */
  readonly bootFile: string | undefined;
}

/** One DHCP option that the configuration sets; `encodeOptions` makes its octets. */
export interface ConfiguredOption {
  readonly code: number;
  /** What it is called in the configuration, or its number as text. */
  readonly name: string;
  readonly shape: ShapeName;
  /** As written, `${server}` still in it. */
  readonly value: OptionInput;
}

/** A value as YAML holds it. */
export type OptionInput = string | number | boolean | null | readonly OptionInput[] | { readonly [key: string]: OptionInput };

export interface TftpConfig {
  /** Absolute path. */
  readonly root: string;
  /** Largest block size that is granted, in octets (RFC 2348). */
  readonly maxBlockSize: number;
  /** Largest window that is granted, in blocks (RFC 7440). */
  readonly maxWindow: number;
  readonly maxTransfers: number;
  readonly uploads: UploadsConfig;
}

/** What may be done with a file that a device sends. */
export type UploadPolicy = 'version' | 'create' | 'overwrite' | 'deny';

export interface UploadsConfig {
  readonly policy: UploadPolicy;
  /** Absolute path. */
  readonly dir: string;
  /** Octets. */
  readonly maxSize: number;
  /** Versions of one file that are kept; the oldest goes first. */
  readonly keep: number;
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
}
