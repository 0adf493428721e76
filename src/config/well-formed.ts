/** The parts of a file that have the right shape, also when others have not: what the cross-checks look at. */
import type { z } from 'zod';
import { nearestName } from '../base/near-name.ts';
import type { Finding, Path } from './diagnostics.ts';
import { explainIssues, unexplained } from './explain.ts';
import {
  classSchema,
  configSchema,
  DEFAULT_NETWORKS,
  hostSchema,
  networkSchema,
  type WrittenClass,
  type WrittenConfig,
  type WrittenHost,
  type WrittenNetwork,
} from './schema.ts';

/** A part and where it stands. */
export interface Placed<Value> {
  readonly path: Path;
  /** What messages call it, where that is not its path: it stands in another file. */
  readonly called?: string;
  readonly value: Value;
}

/** What cross-checks need. */
export interface WellFormed {
  readonly networks: readonly Placed<WrittenNetwork>[];
  readonly hosts: readonly Placed<WrittenHost>[];
  readonly classes: readonly Placed<WrittenClass>[];
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
    const { networks, hosts, classes } = whole.data;
    return {
      written: whole.data,
      parts: {
        networks: place('networks', networks),
        hosts: place('hosts', hosts),
        classes: place('classes', classes),
        hasAllNetworks: true,
      },
      findings: [],
    };
  }
  const written = isMapping(value) ? value : {};
  const networks = soundItems('networks', written['networks'] ?? DEFAULT_NETWORKS, networkSchema);
  return {
    written: undefined,
    parts: {
      networks: networks.items,
      hosts: soundItems('hosts', written['hosts'] ?? [], hostSchema).items,
      classes: soundItems('classes', written['classes'] ?? [], classSchema).items,
      hasAllNetworks: networks.areAll,
    },
    findings: explainIssues(whole.error.issues, value),
  };
}

function place<Value>(key: string, values: readonly Value[]): readonly Placed<Value>[] {
  return values.map((item, at) => ({ path: [key, at], value: item }));
}

/** Where a network is. One that is written wrongly there says nothing about the other networks. */
const PLACE_KEYS = ['interface', 'address', 'subnet', 'assign'];

/**
 * The items of a list that have the right shape. One with a wrong key still counts without that key, so that a misspelt word does
 * not hide a pool outside its subnet.
 */
function soundItems<Schema extends z.ZodType>(
  key: 'networks' | 'hosts' | 'classes',
  list: unknown,
  schema: Schema,
): { readonly items: readonly Placed<z.output<Schema>>[]; readonly areAll: boolean } {
  if (!Array.isArray(list)) return { items: [], areAll: false };
  const items = list.flatMap((item: unknown, at): Placed<z.output<Schema>>[] => {
    const first = schema.safeParse(item);
    if (first.success) return [{ path: [key, at], value: first.data }];
    const wrong = wrongKeys(first.error);
    if (!isMapping(item) || wrong.some((name) => nearestName(name, PLACE_KEYS) !== undefined)) return [];
    const second = schema.safeParse(Object.fromEntries(Object.entries(item).filter(([name]) => !wrong.includes(name))));
    return second.success ? [{ path: [key, at], value: second.data }] : [];
  });
  return { items, areAll: items.length === list.length };
}

function wrongKeys(error: z.ZodError): readonly string[] {
  return error.issues.flatMap((issue) =>
    issue.path.length > 0 ? String(issue.path[0]) : issue.code === 'unrecognized_keys' ? issue.keys : [],
  );
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
