/** What a client would be told, and which key of the configuration says so. Asks the same rules that answer clients. */
import { type AddressRange, type Ipv4, showCidr, showIpv4, showRange } from '../base/addresses.ts';
import { wallMs } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import { BootPlanner, type ExplainedPlan } from '../boot/boot-plan.ts';
import type { ProvisionLevel } from '../boot/provision-settings.ts';
import { type ExplainedProvisioning, Provisioner } from '../boot/provisioner.ts';
import type { Config, ConfiguredOption } from '../config/config.ts';
import type { Path } from '../config/diagnostics.ts';
import { serviceOptions } from '../config/services-config.ts';
import { OPTION } from '../dhcp/codes.ts';
import { HostTable } from '../dhcp/host-table.ts';
import { type Inquiry, inquiryOf } from '../dhcp/inquiry.ts';
import { optionRow, optionShape } from '../dhcp/option-table.ts';
import { availableOptions } from '../dhcp/reply.ts';
import { type Host, leaseSecondsFor, subnetOf } from '../dhcp/subnet.ts';
import { type ClientDescription, networksAsIfUp, rehearsedRequest } from './rehearsed-request.ts';
import { siteConfigOf, siteOf } from './site.ts';

/** Who says so: a key of the configuration, which may have its default, or the server by itself. */
export type Origin =
  | { readonly key: Path }
  | {
      /** Why. */
      readonly builtIn: string;
      /** The key that would say something else. */
      readonly before?: Path | undefined;
    };

/** Something that is said, and who says so. */
export interface Explained {
  readonly text: string;
  readonly origin: Origin;
}

export interface ExplainedOption extends Explained {
  readonly code: number;
  /** Its name in the RFC, where it has one. */
  readonly name: string;
}

export interface Explanation {
  readonly network: Explained;
  /** All that fit, in the order in which they are asked. */
  readonly classes: readonly Explained[];
  readonly host: Explained | undefined;
  /** Why there is no answer; what follows is then empty. */
  readonly refusal: Explained | undefined;
  /** Where the address comes from. */
  readonly address: Explained | undefined;
  readonly leaseSeconds: (Explained & { readonly seconds: number }) | undefined;
  readonly bootFile: Explained | undefined;
  /** The family that it provisions itself as, where it is told a server. */
  readonly device: Explained | undefined;
  /** By their codes; a client that lists what it wants (option 55) gets those of them. */
  readonly options: readonly ExplainedOption[];
}

/** Explains what the client would get; the error says why that cannot be known. */
export function explain(config: Config, client: ClientDescription): Result<Explanation, string> {
  const request = rehearsedRequest(config, client);
  if (!request.ok) return request;
  const site = siteOf(siteConfigOf(config), networksAsIfUp(config));
  const subnet = subnetOf(request.value, site.subnets);
  if (subnet === undefined) return { ok: false, error: 'no network is configured for this client' };
  const inquiry = inquiryOf(request.value, subnet, new HostTable(site.hosts), site.classes);
  return ok(new Explainer(config, inquiry).explanation());
}

class Explainer {
  readonly #config: Config;
  readonly #inquiry: Inquiry;
  readonly #network: number;
  readonly #host: number;
  /** Places of the classes that fit. */
  readonly #classes: readonly number[];
  readonly #server: Ipv4;

  constructor(config: Config, inquiry: Inquiry) {
    this.#config = config;
    this.#inquiry = inquiry;
    this.#server = inquiry.request.via.server;
    this.#network = config.networks.findIndex(({ name }) => name === inquiry.subnet.name);
    this.#host = config.hosts.findIndex(({ key }) => key === inquiry.host?.key);
    this.#classes = inquiry.classes.map((fitting) => config.classes.findIndex(({ name }) => name === fitting.name));
  }

  explanation(): Explanation {
    const { subnet, host, classes } = this.#inquiry;
    const { attachment } = this.#config.networks[this.#network] ?? {};
    const place = attachment?.kind === 'relay' ? 'behind a relay' : `on ${subnet.interface ?? 'its interface'}`;
    const frame = {
      network: { text: `${subnet.name}, ${showCidr(subnet.network)} ${place}`, origin: this.#key('networks', this.#network) },
      classes: classes.map(({ name }, at) => ({ text: name, origin: this.#key('classes', this.#classes[at] ?? 0) })),
      host: host === undefined ? undefined : { text: nameOf(host), origin: this.#key('hosts', this.#host) },
    };
    const denying = classes.findIndex(({ deny }) => deny);
    if (denying >= 0) {
      const text = `class ${classes[denying]?.name ?? ''} gets no answer`;
      const refusal = { text, origin: this.#key('classes', this.#classes[denying] ?? 0, 'deny') };
      return { ...frame, refusal, address: undefined, leaseSeconds: undefined, bootFile: undefined, device: undefined, options: [] };
    }
    // At any time, as nothing is remembered of it.
    const boot = new BootPlanner(this.#config).plan(this.#inquiry, wallMs(0));
    const provisioning = new Provisioner(this.#config).provision(this.#inquiry);
    return {
      ...frame,
      refusal: undefined,
      address: this.#address(),
      leaseSeconds: this.#leaseTime(provisioning),
      bootFile: this.#bootFile(boot),
      device: this.#device(provisioning),
      options: this.#options(boot, provisioning),
    };
  }

  #address(): Explained {
    const { reservation, pools, classes, subnet } = this.#inquiry;
    if (reservation !== undefined)
      return { text: `${showIpv4(reservation)}, reserved for it`, origin: this.#key('hosts', this.#host, 'address') };
    // A class gives what of its pools is in this network, so the ranges are its own, the list is not.
    const giving = pools === subnet.pools ? -1 : classes.findIndex((one) => one.pools?.some((pool) => pools.includes(pool)));
    const origin = giving < 0 ? this.#key('networks', this.#network, 'pools') : this.#key('classes', this.#classes[giving] ?? 0, 'pools');
    return { text: `one of ${showPools(pools)}`, origin };
  }

  #leaseTime(provisioning: ExplainedProvisioning | undefined): Explained & { readonly seconds: number } {
    const { lease, host, classes } = this.#inquiry;
    const giving = classes.findIndex((one) => one.lease !== undefined);
    const origin =
      host?.lease !== undefined
        ? this.#key('hosts', this.#host, 'leaseTime')
        : giving < 0
          ? this.#key('networks', this.#network, 'leaseTime')
          : this.#key('classes', this.#classes[giving] ?? 0, 'leaseTime');
    const seconds = leaseSecondsFor(lease, undefined);
    const least = provisioning?.leastLeaseSeconds ?? 0;
    if (seconds < least) return { seconds: least, text: `${least} s, as ${provisioning?.why ?? 'it'} takes no shorter lease`, origin };
    return { seconds, text: `${seconds} s; one that asks for another time gets ${lease.minSeconds} to ${lease.maxSeconds} s`, origin };
  }

  #bootFile(boot: ExplainedPlan | undefined): Explained | undefined {
    if (boot === undefined) return undefined;
    if (boot.file === undefined) return { text: `none: ${boot.why}`, origin: { builtIn: 'no file fits' } };
    return { text: `${boot.file} (${boot.why})`, origin: this.#bootOrigin(boot) };
  }

  #bootOrigin({ said, why }: ExplainedPlan): Origin {
    if (said === undefined) return { builtIn: why };
    return this.#onLevel(said.level, 'boot', ...said.key);
  }

  /** A key of a level that says something. */
  #onLevel({ of, name }: ProvisionLevel, ...key: readonly string[]): Origin {
    switch (of) {
      case 'host':
        return this.#key('hosts', this.#host, ...key);
      case 'class': {
        const at = this.#config.classes.findIndex((one) => one.name === name);
        return this.#key('classes', at, ...key);
      }
      case 'network':
        return this.#key('networks', this.#network, ...key);
      case 'site':
        return this.#key(...key);
    }
  }

  #device(provisioning: ExplainedProvisioning | undefined): Explained | undefined {
    if (provisioning === undefined) return undefined;
    const isSaid = this.#config.hosts[this.#host]?.profile === provisioning.profile;
    const origin = isSaid ? this.#key('hosts', this.#host, 'profile') : { builtIn: 'recognised' };
    return { text: `${provisioning.why} (${provisioning.profile})`, origin };
  }

  #options(boot: ExplainedPlan | undefined, provisioning: ExplainedProvisioning | undefined): readonly ExplainedOption[] {
    const { seconds } = this.#leaseTime(provisioning);
    const sent = availableOptions(this.#inquiry, { type: 'OFFER', yourAddress: this.#server, leaseSeconds: seconds, boot, provisioning });
    return Array.from(sent, ([code, octets]) => ({
      code,
      name: optionRow(code)?.name ?? `option ${code}`,
      text: optionShape(code).show(octets),
      origin: this.#originOf(code, boot, provisioning),
    })).toSorted((a, b) => a.code - b.code);
  }

  /** In the order in which one goes before another. */
  #originOf(code: number, boot: ExplainedPlan | undefined, provisioning: ExplainedProvisioning | undefined): Origin {
    const { networks, hosts, classes } = this.#config;
    const ofHost = this.#optionKey('hosts', this.#host, hosts[this.#host]?.options, code);
    const ofClasses = this.#classes.map((at) => this.#optionKey('classes', at, classes[at]?.options, code));
    const ofNetwork = this.#optionKey('networks', this.#network, networks[this.#network]?.options, code);
    const first = ofHost ?? ofClasses.find((key) => key !== undefined);
    if (first !== undefined) return { key: first };
    if (boot?.options.has(code) === true) return { builtIn: 'its firmware needs it', before: ofNetwork };
    if (code === OPTION.bootFileName && boot?.file !== undefined) return this.#bootOrigin(boot);
    if (code === OPTION.hostName && this.#inquiry.host?.name !== undefined) return this.#key('hosts', this.#host, 'name');
    if (ofNetwork !== undefined) return { key: ofNetwork };
    const network = networks[this.#network];
    const ofService = network && serviceOptions(this.#config.services, network).find(({ option }) => option.code === code);
    if (ofService !== undefined) return this.#key('services', ofService.service);
    if (provisioning?.options.has(code) === true) return this.#onLevel(provisioning.said.level, 'provision', 'server');
    return LEASE_TIMES.has(code) ? this.#leaseTime(provisioning).origin : { builtIn: BUILT_IN.get(code) ?? 'the server says it' };
  }

  #optionKey(list: string, at: number, options: readonly ConfiguredOption[] | undefined, code: number): Path | undefined {
    const written =
      options?.find((option) => option.code === code) ??
      (code === MICROSOFT_ROUTES ? options?.find((option) => option.code === CLASSLESS_ROUTES) : undefined);
    return written && [list, at, 'options', written.name];
  }

  #key(...key: Path): Origin {
    return { key };
  }
}

const CLASSLESS_ROUTES = 121;
/** Follows from 121 where it is not set by itself. */
const MICROSOFT_ROUTES = 249;
const LEASE_TIMES: ReadonlySet<number> = new Set([OPTION.leaseTime, OPTION.renewalTime, OPTION.rebindingTime]);

const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [OPTION.subnetMask, 'the network’s own'],
  [OPTION.broadcastAddress, 'the network’s own'],
  [OPTION.messageType, 'the kind of the message'],
  [OPTION.serverIdentifier, 'the server’s address'],
  [OPTION.tftpServerName, 'the server’s address'],
  [OPTION.tftpServerAddresses, 'the server’s address'],
]);

function nameOf({ name, key }: Host): string {
  return name ?? key.mac ?? key.clientId ?? key.circuitId ?? key.remoteId ?? 'a host';
}

function showPools(pools: readonly AddressRange[]): string {
  return pools.map(showRange).join(', ');
}
