/** Tells devices where their configuration is: one word of the configuration, in the dialect of each vendor. */
import { type Ipv4, parseIpv4, showIpv4 } from '../base/addresses.ts';
import type { Inquiry } from '../dhcp/inquiry.ts';
import type { Options } from '../dhcp/packet.ts';
import type { Provisioning } from '../dhcp/reply.ts';
import type { HostKey } from '../dhcp/subnet.ts';
import { clientFactsOf } from './client-facts.ts';
import type { DeviceProfile, ProvisioningServer } from './profiles/device-profile.ts';
import { deviceProfile, type KnownDevice, knownDevice } from './profiles/devices.ts';
import { urlParts } from './profiles/dialect.ts';
import { type ProvisionSayer, type ProvisionSource, type SaidProvision, saidTogether, saysProvision } from './provision-settings.ts';
import { fillVariables } from './server-variable.ts';

/** With where it comes from. */
export interface ExplainedProvisioning extends Provisioning {
  readonly said: SaidProvision;
}

/** Decides what devices are told of their configuration, by one configuration. */
export class Provisioner {
  readonly #httpPort: number | undefined;
  readonly #site: ProvisionSayer;
  readonly #networks: ReadonlyMap<string, ProvisionSayer>;
  readonly #classes: ReadonlyMap<string, ProvisionSayer>;
  readonly #hosts: ReadonlyMap<HostKey, ProvisionSayer>;
  readonly #profiles: ReadonlyMap<HostKey, DeviceProfile>;
  /** `boot.file` of hosts, by what they are known by, and of classes, by their names. */
  readonly #files: ReadonlyMap<HostKey | string, string>;
  /** False: nobody is told anything, and nobody is looked at. */
  readonly #isUsed: boolean;
  /** What a network says to those that neither a host nor a class says anything to. */
  readonly #ofNetworks = new Map<string, SaidProvision | undefined>();
  /** Options by family, server and what is said. */
  readonly #made = new Map<string, Options>();

  constructor({ provision, networks, classes, hosts, http }: ProvisionSource) {
    const saying = <Item extends { readonly provision: ProvisionSource['provision'] }>(items: readonly Item[]): readonly Item[] =>
      items.filter((item) => saysProvision(item.provision));
    this.#httpPort = http.port;
    this.#site = { of: 'site', name: undefined, settings: provision };
    this.#networks = new Map(
      saying(networks).map((one) => [one.name, { of: 'network', name: one.name, settings: one.provision } as const]),
    );
    this.#classes = new Map(saying(classes).map((one) => [one.name, { of: 'class', name: one.name, settings: one.provision } as const]));
    this.#hosts = new Map(saying(hosts).map((one) => [one.key, { of: 'host', name: undefined, settings: one.provision } as const]));
    this.#profiles = new Map(
      hosts.flatMap(({ key, profile }) => {
        const found = profile === undefined ? undefined : deviceProfile(profile);
        return found === undefined ? [] : [[key, found] as const];
      }),
    );
    const naming = [
      ...hosts.map(({ key, boot }) => [key, boot.file] as const),
      ...classes.map(({ name, boot }) => [name, boot.file] as const),
    ];
    this.#files = new Map(naming.flatMap(([of, file]) => (file === undefined ? [] : [[of, file] as const])));
    this.#isUsed =
      saysProvision(provision) ||
      [this.#networks, this.#classes, this.#hosts].some((levels: ReadonlyMap<unknown, unknown>) => levels.size > 0);
  }

  /** What a client is told; undefined for one that belongs to no family, and where nothing is said to it. */
  provision(inquiry: Inquiry): ExplainedProvisioning | undefined {
    if (!this.#isUsed) return undefined;
    const known = this.#knownDevice(inquiry);
    if (known === undefined) return undefined;
    const said = this.#saidTo(inquiry);
    if (said === undefined) return undefined;
    const { profile, device } = known;
    return {
      profile: profile.name,
      model: device.model,
      serial: device.serial,
      why: `${profile.title}${device.model === undefined ? '' : ` ${device.model}`}`,
      options: this.#optionsFor(profile, said, inquiry),
      unasked: profile.unasked ?? NONE,
      // A ROM that boots over the network takes what others of its kind take.
      tellsFile: profile.kind !== 'phone' && clientFactsOf(inquiry.request.packet).loader === 'other',
      leastLeaseSeconds: profile.leastLeaseSeconds ?? 0,
      said,
    };
  }

  /** The configuration knows better than the device what it is. */
  #knownDevice({ host, request, told }: Inquiry): KnownDevice | undefined {
    const profile = host === undefined ? undefined : this.#profiles.get(host.key);
    if (profile === undefined) {
      const recognised = told?.profile === undefined ? undefined : deviceProfile(told.profile);
      // Whoever made the inquiry may have looked already.
      return recognised === undefined
        ? knownDevice(request.packet)
        : { profile: recognised, device: { model: told?.model, serial: told?.serial } };
    }
    return { profile, device: profile.recognise(request.packet) ?? { model: undefined, serial: undefined } };
  }

  #saidTo({ host, classes, subnet }: Inquiry): SaidProvision | undefined {
    const ofHost = host && this.#hosts.get(host.key);
    const ofClasses = this.#classes.size === 0 ? [] : classes.flatMap(({ name }) => this.#classes.get(name) ?? []);
    const network = this.#networks.get(subnet.name);
    const below = network === undefined ? [this.#site] : [network, this.#site];
    if (ofHost !== undefined || ofClasses.length > 0)
      return saidTogether([...(ofHost === undefined ? [] : [ofHost]), ...ofClasses, ...below]);
    if (!this.#ofNetworks.has(subnet.name)) this.#ofNetworks.set(subnet.name, saidTogether(below));
    return this.#ofNetworks.get(subnet.name);
  }

  /** The host's own file, or that of the first class that names one. */
  #fileOf({ host, classes }: Inquiry): string | undefined {
    if (this.#files.size === 0) return undefined;
    const own = host && this.#files.get(host.key);
    return own ?? classes.map(({ name }) => this.#files.get(name)).find((file) => file !== undefined);
  }

  #optionsFor(profile: DeviceProfile, said: SaidProvision, inquiry: Inquiry): Options {
    const { server } = inquiry.request.via;
    const file = this.#fileOf(inquiry);
    const key = [profile.name, server, said.vlan, said.http, said.server, file ?? ''].join(' ');
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const options = profile.provision({ ...this.#serverFor(profile, said, server), file: this.#filled(file, server) });
    this.#made.set(key, options);
    return options;
  }

  #filled(file: string | undefined, server: Ipv4): string | undefined {
    return file && fillVariables(file, { server, httpPort: this.#httpPort });
  }

  #serverFor(profile: DeviceProfile, { server: text, vlan, http }: SaidProvision, server: Ipv4): ProvisioningServer {
    const written = fillVariables(text, { server, httpPort: this.#httpPort });
    const { scheme, host } = urlParts(written);
    const wantsHttp = http ?? profile.prefersHttp ?? false;
    const isOurs = host === showIpv4(server);
    return {
      address: parseIpv4(host),
      written,
      url: scheme === '' ? this.#urlOf(written, wantsHttp, isOurs, http === true) : written.replace(/\/+$/, ''),
      httpPort: this.#httpPort,
      vlan,
    };
  }

  /** Of another server it is not known that it serves by HTTP, unless the configuration says so. */
  #urlOf(written: string, wantsHttp: boolean, isOurs: boolean, isSaid: boolean): string {
    const place = written.replace(/\/+$/, '');
    if (!wantsHttp) return `tftp://${place}`;
    if (!isOurs) return isSaid ? `http://${place}` : `tftp://${place}`;
    if (this.#httpPort === undefined) return `tftp://${place}`;
    const { host, path } = urlParts(place);
    return `http://${host}${this.#httpPort === HTTP_PORT ? '' : `:${this.#httpPort}`}${path === '' ? '' : `/${path}`}`;
  }
}

const HTTP_PORT = 80;
const NONE: readonly number[] = [];
