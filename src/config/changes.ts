/** What is different between two configurations, in words, and what of it cannot be had without a restart. */
import { type AddressRange, showCidr, showIpv4, showRange } from '../base/addresses.ts';
import type { BootSettings } from '../boot/boot-settings.ts';
import type { ProvisionSettings } from '../boot/provision-settings.ts';
import { showWho } from '../boot/who.ts';
import type { Attachment, ClassConfig, Config, ConfiguredOption, HostConfig, LeaseTime, NetworkConfig, OptionInput } from './config.ts';
import { profileChanges, type SettingText, templateChanges, varSettings } from './device-changes.ts';
import { serviceSettings } from './services-config.ts';
import { showDuration } from './units.ts';
import { webhookSettings } from './webhook-keys.ts';

/** One line for each difference, `network bench: leaseTime 1h → 2h`; empty when both mean the same. */
export function changesBetween(before: Config, after: Config): readonly string[] {
  return [
    ...thingChanges('network', before.networks.map(networkThing), after.networks.map(networkThing)),
    ...inFew(thingChanges('host', before.hosts.map(hostThing), after.hosts.map(hostThing))),
    ...thingChanges('class', before.classes.map(classThing), after.classes.map(classThing)),
    ...orderChange(before.classes, after.classes),
    ...thingChanges('image', imageThings(before.images), imageThings(after.images)),
    ...settingChanges('', settingsOf(before), settingsOf(after)),
    ...profileChanges(before.unknown, after.unknown),
    ...templateChanges(before.templates, after.templates),
  ];
}

/** A log that names each of five thousand phones tells nobody anything. */
const MOST_HOSTS = 50;

function inFew(changes: readonly string[]): readonly string[] {
  if (changes.length <= MOST_HOSTS) return changes;
  return [...changes.slice(0, MOST_HOSTS), `${changes.length - MOST_HOSTS} more changes of hosts`];
}

/** Why the second cannot take the place of the first while the server runs; empty when it can. */
export function restartReasons(before: Config, after: Config): readonly string[] {
  const fixed = [
    { key: 'server.dataDir', was: before.server.dataDir, is: after.server.dataDir, why: 'the leases and the control socket are there' },
    {
      key: 'server.user',
      was: before.server.user,
      is: after.server.user,
      why: 'the rights to become somebody else are given up at the start',
    },
    { key: 'leases.store', was: before.leases.store, is: after.leases.store, why: 'the store is open' },
  ];
  return fixed
    .filter(({ was, is }) => was !== is)
    .map(({ key, was, is, why }) => `${key} cannot change from ${was} to ${is} without a restart: ${why}`);
}

/** Settings by their keys, as text. */
type Settings = ReadonlyMap<string, SettingText>;

/** A network, host or class. */
interface Thing {
  readonly name: string;
  readonly settings: Settings;
}

function thingChanges(kind: string, before: readonly Thing[], after: readonly Thing[]): readonly string[] {
  const was = new Map(before.map((thing) => [thing.name, thing.settings]));
  const is = new Map(after.map((thing) => [thing.name, thing.settings]));
  return [
    ...before.flatMap(({ name, settings }) => {
      const now = is.get(name);
      return now === undefined ? [`${kind} ${name} is gone`] : settingChanges(`${kind} ${name}: `, settings, now);
    }),
    ...after.flatMap(({ name }) => (was.has(name) ? [] : [`${kind} ${name} is new`])),
  ];
}

function settingChanges(title: string, before: Settings, after: Settings): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return Array.from(keys).flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    if (typeof was === 'object' || typeof is === 'object') {
      if (is === undefined) return [`${title}${key} is gone`];
      if (typeof was !== 'object' || typeof is !== 'object') return [`${title}${key} is new`];
      return was.secret === is.secret ? [] : [`${title}${key} has another value`];
    }
    if (is === undefined) return [`${title}${key} ${was} is gone`];
    return [was === undefined ? `${title}${key} is now ${is}` : `${title}${key} ${was} → ${is}`];
  });
}

function orderChange(before: readonly ClassConfig[], after: readonly ClassConfig[]): readonly string[] {
  const stay = (classes: readonly ClassConfig[], others: readonly ClassConfig[]): string =>
    classes
      .map(({ name }) => name)
      .filter((name) => others.some((other) => other.name === name))
      .join(', ');
  return stay(before, after) === stay(after, before)
    ? []
    : [`classes are tried in another order: ${after.map(({ name }) => name).join(', ')}`];
}

/** Leaves out what is not set. */
function settings(entries: readonly (readonly [key: string, text: SettingText | undefined])[]): Settings {
  return new Map(entries.flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const])));
}

function networkThing({ name, attachment, pools, leaseTime, options, boot, provision, ...rest }: NetworkConfig): Thing {
  const { mode, authoritative, identity, bootp, rapidCommit, conflictCheck, guard } = rest;
  return {
    name,
    settings: settings([
      ...placeSettings(attachment),
      ['pools', showPools(pools)],
      ['leaseTime', showLeaseTime(leaseTime)],
      ...Object.entries({ mode, authoritative, identity, bootp, rapidCommit, conflictCheck, guard }).map(
        ([key, value]) => [key, String(value)] as const,
      ),
      ...bootSettings(boot),
      ...provisionSettings(provision),
      ...optionSettings(options),
    ]),
  };
}

function placeSettings(attachment: Attachment): readonly (readonly [string, string | undefined])[] {
  if (attachment.kind === 'relay') return [['subnet', showCidr(attachment.subnet)]];
  return [
    ['interface', attachment.interface],
    ['address', attachment.address && showCidr(attachment.address)],
    ['assign', String(attachment.assign)],
  ];
}

function hostThing({ key, name, address, leaseTime, options, boot, provision, profile, model, serial, vars }: HostConfig): Thing {
  const identity = entriesOf<string>(key).flatMap(([part, value]) =>
    value === undefined ? [] : [part === 'mac' ? value : `${part} ${value}`],
  );
  return {
    name: name ?? (identity.join(' with ') || (serial ?? '')),
    settings: settings([
      ...entriesOf<string>(key),
      ['address', address === undefined ? undefined : showIpv4(address)],
      ['leaseTime', leaseTime && showLeaseTime(leaseTime)],
      ...Object.entries({ profile, model, serial }),
      ...varSettings(vars),
      ...bootSettings(boot),
      ...provisionSettings(provision),
      ...optionSettings(options),
    ]),
  };
}

function classThing({ name, match, deny, pools, leaseTime, options, boot, provision }: ClassConfig): Thing {
  return {
    name,
    settings: settings([
      ...entriesOf<readonly string[]>(match).map(([key, wanted]) => [`match.${key}`, wanted?.join(', ')] as const),
      ['deny', String(deny)],
      ['pools', showPools(pools)],
      ['leaseTime', leaseTime && showLeaseTime(leaseTime)],
      ...bootSettings(boot),
      ...provisionSettings(provision),
      ...optionSettings(options),
    ]),
  };
}

/** Two images of one file are told apart by their places. */
function imageThings(images: Config['images']): readonly Thing[] {
  return images.map(({ file, models, ...rest }, at) => {
    const isFirst = images.findIndex((other) => other.file === file) === at;
    return {
      name: isFirst ? file : `${file} (${at + 1})`,
      settings: settings([['model', models?.join(', ')], ...entriesOf<string>(shownImage(rest))]),
    };
  });
}

function shownImage({ offerAgainAfterSeconds, ...rest }: Omit<Config['images'][number], 'file' | 'models'>): object {
  return { ...rest, offerAgainAfter: showDuration(offerAgainAfterSeconds) };
}

/** What is not about one network, host or class. */
function settingsOf({ inventory, boot, provision, tftp, http, web, services, leases, leasequery, timelines, log }: Config): Settings {
  const { uploads: allUploads, remap, allow, deny, secure, bandwidth, bandwidthPerClient, portRange, ...files } = tftp;
  const { allow: mayUpload, deny: mayNotUpload, quota = 'off', quotaPerDevice = 'off', keepPartialSeconds, ...uploads } = allUploads;
  const all = {
    ...Object.fromEntries([...bootSettings(boot), ...provisionSettings(provision)]),
    ...prefixed('tftp', files),
    'tftp.remap': showAll(remap, ({ match, to }) => `${match} to ${to}`),
    'tftp.allow': showAll(allow, showWho),
    'tftp.deny': showAll(deny, showWho),
    'tftp.bandwidth': bandwidth === undefined ? undefined : `${bandwidth} octets/s`,
    'tftp.bandwidthPerClient': bandwidthPerClient === undefined ? undefined : `${bandwidthPerClient} octets/s`,
    'tftp.portRange': portRange === undefined ? undefined : `${portRange.first}-${portRange.last}`,
    'tftp.secure.boundToMac': secure.boundToMac,
    'tftp.secure.except': showAll(secure.except, showCidr),
    ...prefixed('tftp.uploads', { ...uploads, quota, quotaPerDevice, keepPartial: showDuration(keepPartialSeconds) }),
    'tftp.uploads.allow': showAll(mayUpload, showWho),
    'tftp.uploads.deny': showAll(mayNotUpload, showWho),
    inventory: showAll(inventory, String),
    'http.port': http.port ?? 'off',
    'web.listen': web.listen === undefined ? 'off' : `${showIpv4(web.listen.address)}:${web.listen.port}`,
    ...serviceSettings(services),
    'leases.quarantine': showDuration(leases.quarantineSeconds),
    'leasequery.allow': showAll(leasequery.allow, showCidr),
    'timelines.keep': showDuration(timelines.keepSeconds),
    'timelines.maxSize': timelines.maxOctets,
    ...prefixed('log', log),
  };
  const plain = Object.entries(all).map(([key, value]) => [key, value === undefined ? undefined : String(value)] as const);
  return settings([...plain, ...webhookSettings(web.webhooks)]);
}

/** What one level says about booting. */
function bootSettings({ files, http, menu, ...rest }: BootSettings): readonly (readonly [string, string | undefined])[] {
  return [
    ...entriesOf<string>(prefixed('boot', rest)),
    ...entriesOf<string>(prefixed('boot.files', files)),
    ...entriesOf<string>(prefixed('boot.http', http)),
    ['boot.menu', menu === undefined ? undefined : JSON.stringify(menu)],
  ];
}

function provisionSettings({ server, vlan, http }: ProvisionSettings): readonly (readonly [string, string | undefined])[] {
  const text = (value: string | number | boolean | undefined): string | undefined => (value === undefined ? undefined : String(value));
  return [
    ['provision', server === false ? 'off' : server],
    ['provision.vlan', text(vlan)],
    ['provision.http', text(http)],
  ];
}

/** Object.entries for one whose values are all of a kind. */
function entriesOf<Value>(object: object): readonly (readonly [string, Value | undefined])[] {
  return Object.entries(object);
}

function prefixed(prefix: string, values: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]: [string, unknown]) => [`${prefix}.${key}`, value]));
}

function optionSettings(options: readonly ConfiguredOption[]): readonly (readonly [string, string])[] {
  return options.map(({ name, value }) => [`option ${name}`, showInput(value)]);
}

function showInput(value: OptionInput): string {
  if (Array.isArray(value)) return value.map(showInput).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Undefined for an empty list. */
function showAll<Item>(items: readonly Item[], show: (item: Item) => string): string | undefined {
  return items.length === 0 ? undefined : items.map(show).join(', ');
}

function showPools(pools: readonly AddressRange[] | undefined): string | undefined {
  return pools?.map(showRange).join(', ');
}

function showLeaseTime({ default: normal, min, max }: LeaseTime): string {
  return `${showDuration(normal)} (${showDuration(min)} to ${showDuration(max)})`;
}
