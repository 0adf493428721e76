/** The first screen: what is served where, and what is not and why, in five statements. */
import { type AddressRange, parseCidr, showIpv4, showRange } from '../../base/addresses.ts';
import type { Config, NetworkConfig } from '../../config/config.ts';
import { poolsOf } from '../../config/pools.ts';
import type { ServedNetworkShape, ServerStateShape } from '../../web/api/server-shapes.ts';
import { paint } from '../output.ts';
import { pad, wrap } from './screen-text.ts';
import type { PagePlace } from './start-up.ts';

/** What is known of the server when it has started. */
export interface FirstScreen {
  readonly config: Pick<Config, 'networks' | 'tftp' | 'web'>;
  readonly state: Pick<ServerStateShape, 'networks' | 'services'>;
  readonly page: PagePlace | undefined;
}

/** Networks that are described; the others are counted. */
const MOST_NETWORKS = 4;
/** Columns of what a statement is about. */
const LABEL = 7;
/** Lines of one statement. */
const MOST_LINES = 6;

/** What the guard does about another DHCP server (`networks[].guard`). */
const GUARDS: Readonly<Record<NetworkConfig['guard'], string>> = {
  refuse: ', unless another DHCP server is found there',
  proxy: ', or says only what to boot if another DHCP server is found there',
  warn: ', beside any other DHCP server there',
  off: '',
};

interface Statement {
  readonly about: string;
  readonly parts: readonly string[];
  /** Something of it does not work. */
  readonly isFault: boolean;
}

/** As lines for a terminal of so many columns. */
export function bannerLines(screen: FirstScreen, columns: number, hasColours: boolean): readonly string[] {
  return [dhcp(screen), tftp(screen), http(screen), others(screen), page(screen)].flatMap(({ about, parts, isFault }) =>
    wrap(parts.join('; '), Math.max(20, columns - LABEL), MOST_LINES).map((line, at) => {
      const beginning = paint('bold', pad(at === 0 ? about : '', LABEL), hasColours);
      return beginning + (isFault ? paint('yellow', line, hasColours) : line);
    }),
  );
}

function dhcp({ config, state }: FirstScreen): Statement {
  const parts = config.networks.slice(0, MOST_NETWORKS).map((network) => networkText(network, placeOf(network, state)));
  const more = config.networks.length - parts.length;
  const isFault = config.networks.some((network) => network.mode !== 'off' && placeOf(network, state)?.isServed !== true);
  return { about: 'DHCP', parts: more > 0 ? [...parts, `and ${more} more`] : parts, isFault };
}

function placeOf({ name }: NetworkConfig, { networks }: FirstScreen['state']): ServedNetworkShape | undefined {
  return networks.find((one) => one.name === name);
}

function networkText(network: NetworkConfig, place: ServedNetworkShape | undefined): string {
  const { name, attachment, mode, guard } = network;
  if (mode === 'off') return `${name} has none (mode: off)`;
  if (place?.isServed !== true) return `${name} is not served: ${place?.why ?? 'it is not up yet'}`;
  if (attachment.kind === 'relay') return `${name}, behind relays, ${gives(mode, network.pools ?? [], '')}`;
  const own = parseCidr(place.address ?? '');
  const pools = own === undefined ? (network.pools ?? []) : poolsOf(network, own);
  return `${name} on ${place.interface ?? attachment.interface} as ${place.address ?? '?'} ${gives(mode, pools, GUARDS[guard])}`;
}

function gives(mode: 'server' | 'proxy', pools: readonly AddressRange[], guard: string): string {
  if (mode === 'proxy') return 'says what to boot; another DHCP server gives the addresses (mode: proxy)';
  return pools.length === 0 ? `gives reserved addresses only${guard}` : `gives ${pools.map(showRange).join(', ')}${guard}`;
}

function tftp({ config, state }: FirstScreen): Statement {
  const { isServed, where = '', why = '' } = serviceOf(state, 'TFTP');
  return { about: 'TFTP', parts: [isServed ? `${config.tftp.root} at ${where}` : `nowhere: ${why}`], isFault: !isServed };
}

function http({ state }: FirstScreen): Statement {
  const { isServed, where = '', why } = serviceOf(state, 'HTTP');
  const urls = isServed ? [`the same files at ${where.replace(/[^ ,]+/g, 'http://$&/')}`] : [];
  if (why === OFF) return { about: 'HTTP', parts: ['off'], isFault: false };
  return { about: 'HTTP', parts: [...urls, ...(why === undefined ? [] : [why])], isFault: why !== undefined };
}

/** Those that are on, with their places; those that are off together at the end. */
function others({ state }: FirstScreen): Statement {
  const all = ['syslog', 'NTP', 'DNS'].map((name) => serviceOf(state, name));
  const on = all.filter(({ why }) => why !== OFF);
  const off = all.filter(({ why }) => why === OFF).map(({ name }) => name);
  const parts = on.map(({ name, where, why }) =>
    [
      name,
      ...(where === undefined ? [] : [`at ${where}`]),
      ...(why === undefined ? [] : [where === undefined ? `nowhere: ${why}` : why]),
    ].join(' '),
  );
  const rest = off.length === 0 ? [] : [`${off.join(', ')} off`];
  return { about: 'Other', parts: [...parts, ...rest], isFault: on.some(({ why }) => why !== undefined) };
}

/** What `ServerStanding` says of a service that is switched off. */
const OFF = 'it is switched off in the configuration';

function serviceOf({ services }: FirstScreen['state'], name: string): ServerStateShape['services'][number] {
  return services.find((one) => one.name === name) ?? { name, isServed: false, why: OFF };
}

function page({ config, page: place }: FirstScreen): Statement {
  const parts = ((): readonly string[] => {
    if (config.web.listen === undefined) return ['off'];
    if (place === undefined) return ['not open yet'];
    if (place.why !== undefined) return [`not at ${showIpv4(place.address)}:${place.port}: ${place.why}`];
    const token = place.tokenFile === undefined ? [] : [`it asks for the token in ${place.tokenFile} (bootlace web)`];
    return [pageUrl(place), ...token];
  })();
  return { about: 'Page', parts, isFault: place?.why !== undefined };
}

/** `http://127.0.0.1:8067`. */
export function pageUrl({ address, port }: Pick<PagePlace, 'address' | 'port'>): string {
  return `http://${showIpv4(address)}:${port}`;
}
