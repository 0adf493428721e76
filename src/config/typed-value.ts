/** A value with its type before it: `{ ips: [192.0.2.1] }`. */
import { isShapeName, OPTION_SHAPES, type OptionShape } from '../dhcp/option-types.ts';

/** The shape and the value of a mapping whose one key names a shape; undefined for every other value. */
export function typedValue(value: unknown): { readonly shape: OptionShape; readonly value: unknown } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined || more.length > 0 || !isShapeName(entry[0])) return undefined;
  return { shape: OPTION_SHAPES[entry[0]], value: entry[1] };
}
