/** What a template can name, and what is said of it to the operator. */
import { type Ipv4, showIpv4 } from '../base/addresses.ts';
import { looksSecret, MASK } from '../base/secret-names.ts';
import type { DeviceVars, TemplateSource, VarValue } from '../boot/template-source.ts';
import type { Recipient } from './known-devices.ts';

/** The template's own, those of its profile, those of the device: a later one goes before the earlier ones. */
export type VarLayers = readonly [defaults: DeviceVars, profile: DeviceVars, device: DeviceVars];

export interface ContextParts {
  readonly recipient: Recipient;
  readonly profile: string;
  readonly vars: VarLayers;
  readonly server: Ipv4 | undefined;
  readonly address: Ipv4 | undefined;
  readonly httpPort: number | undefined;
}

/** The variables. What is not known is not there, so that a template that needs it cannot be rendered. */
export function templateContext({ recipient, profile, vars, server, address, httpPort }: ContextParts): object {
  const { known, mac, serial, model } = recipient;
  const digits = mac?.replaceAll(':', '');
  const ownAddress = server === undefined ? undefined : showIpv4(server);
  return {
    device: present({
      mac: digits,
      MAC: digits?.toUpperCase(),
      name: known?.name,
      serial,
      model,
      address: address === undefined ? undefined : showIpv4(address),
      profile,
    }),
    vars: merged(vars),
    ...present({
      server: ownAddress,
      httpPort,
      httpUrl: ownAddress === undefined || httpPort === undefined ? undefined : `http://${ownAddress}:${httpPort}`,
    }),
  };
}

/** Without what is not known. */
export function present<Value>(values: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

function merged(layers: VarLayers): Readonly<Record<string, VarValue>> {
  return Object.fromEntries(layers.flatMap(({ values }) => Object.entries(values).filter(([, value]) => value !== null)));
}

/** Lines for who wonders where a file comes from. Values that look like secrets are masked. */
export function describeRendering(source: TemplateSource, { known, mac }: Recipient, layers: VarLayers): readonly string[] {
  const hidden = new Set(layers.flatMap((layer) => layer.hidden));
  const origins = ['default', `profile ${source.profile}`, 'device'] as const;
  const shown = new Map<string, string>();
  for (const [at, { values }] of layers.entries()) {
    for (const [name, value] of Object.entries(values)) {
      if (value !== null) shown.set(name, `${name}: ${hidden.has(name) ? MASK : showVar(name, value)} (${origins[at]})`);
    }
  }
  const who = known === undefined ? `${mac ?? 'whoever asks'}, in no inventory` : `${known.name ?? mac ?? known.serial} (${known.place})`;
  return [`from ${source.file}`, `for ${who}`, ...[...shown.values()].map((line) => `vars.${line}`)];
}

const LONGEST_SHOWN = 80;

/** A value in one line, with everything in it masked that looks like a secret. */
export function showVar(name: string, value: VarValue): string {
  if (looksSecret(name)) return MASK;
  const text =
    typeof value === 'object' ? JSON.stringify(value, (key, inner: unknown) => (looksSecret(key) ? MASK : inner)) : String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
