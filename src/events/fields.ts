/** An event as a record of plain, printable values: what the log writes and what a page or a program reads. */
import { type Cidr, type Ipv4, showCidr, showIpv4 } from '../base/addresses.ts';
import type { AppEvent } from './events.ts';
import { plainText } from './plain-text.ts';

/** A value that JSON holds as it is. */
export type FieldValue = string | number | boolean | readonly string[];

type KeysHolding<Event, Kind> = Event extends AppEvent
  ? { [Key in keyof Event]-?: NonNullable<Event[Key]> extends Kind ? Key : never }[keyof Event]
  : never;

/** An address is a number like any other at run time; the type of this table makes sure that no event's is forgotten. */
const ADDRESS_FIELDS: Record<KeysHolding<AppEvent, Ipv4>, true> = {
  address: true,
  asked: true,
  offered: true,
  chosen: true,
  relay: true,
  server: true,
};

/** The event's own fields: addresses as text, absent ones left out, text harmless. `type` is not among them. */
export function fieldsOf(event: AppEvent): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(event) as [string, FieldValue | Cidr | undefined][]) {
    if (name === 'type' || value === undefined) continue;
    fields[name] = showValue(name, value);
  }
  return fields;
}

function showValue(name: string, value: FieldValue | Cidr): FieldValue {
  if (typeof value === 'string') return plainText(value);
  if (typeof value === 'number') return Object.hasOwn(ADDRESS_FIELDS, name) ? showIpv4(value as Ipv4) : value;
  if (typeof value === 'boolean') return value;
  return 'prefix' in value ? showCidr(value) : value.map((text) => plainText(text));
}
