/** The parts of a file that have the right shape, also when others have not: what the cross-checks look at. */
import type { z } from 'zod';
import { type Finding, type Path, showPath } from './diagnostics.ts';
import { explainIssues, unexplained } from './explain.ts';
import { configSchema, hostSchema, networkSchema, type WrittenConfig, type WrittenHost, type WrittenNetwork } from './schema.ts';

/** A part and where it stands. */
export interface Placed<Value> {
  readonly path: Path;
  readonly value: Value;
}

/** What cross-checks need. */
export interface WellFormed {
  readonly networks: readonly Placed<WrittenNetwork>[];
  readonly hosts: readonly Placed<WrittenHost>[];
  /** No network is missing from `networks` because of its shape. */
  readonly hasAllNetworks: boolean;
}

/** A value against the schema: what is right, and all that is wrong. `written` only when nothing is wrong. */
export interface ShapeCheck {
  readonly written: WrittenConfig | undefined;
  readonly parts: WellFormed;
  readonly findings: readonly Finding[];
}

/** Checks any value; never throws. */
export function checkShape(value: unknown): ShapeCheck {
  const whole = configSchema.safeParse(value ?? {}, { error: unexplained });
  if (whole.success) {
    const { networks, hosts } = whole.data;
    return {
      written: whole.data,
      parts: { networks: place('networks', networks), hosts: place('hosts', hosts), hasAllNetworks: true },
      findings: [],
    };
  }
  const networks = soundItems(value, 'networks', networkSchema);
  return {
    written: undefined,
    parts: { networks: networks.items, hosts: soundItems(value, 'hosts', hostSchema).items, hasAllNetworks: networks.areAll },
    findings: explainIssues(whole.error.issues, value),
  };
}

function place<Value>(key: string, values: readonly Value[]): readonly Placed<Value>[] {
  return values.map((item, at) => ({ path: [key, at], value: item }));
}

function soundItems<Schema extends z.ZodType>(
  value: unknown,
  key: 'networks' | 'hosts',
  schema: Schema,
): { readonly items: readonly Placed<z.output<Schema>>[]; readonly areAll: boolean } {
  const list = typeof value === 'object' && value !== null && key in value ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  if (!Array.isArray(list)) return { items: [], areAll: false };
  const items = list.flatMap((item: unknown, at): Placed<z.output<Schema>>[] => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [{ path: [key, at], value: parsed.data }] : [];
  });
  return { items, areAll: items.length === list.length };
}

/** How messages name the network at a path. */
export function networkName(network: Placed<WrittenNetwork>): string {
  return network.value.name ?? defaultNetworkName(network.path);
}

/** `lan`, `lan-2`, …, by the place in the list. */
export function defaultNetworkName(path: Path): string {
  const at = path[1];
  return typeof at === 'number' && at > 0 ? `lan-${at + 1}` : 'lan';
}

/** How messages name a host. */
export function hostTitle(host: Placed<WrittenHost>): string {
  return host.value.name ?? `${showPath(host.path)} (${host.value.mac})`;
}
