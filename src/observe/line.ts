/**
 * A log line as one record: the same for JSON and for the terminal. Every line about a device has its address, MAC, name and
 * vendor, whether DHCP or TFTP said it.
 */
import { showIpv4 } from '../base/addresses.ts';
import { describe } from '../events/describe.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import { type FieldValue, fieldsOf } from '../events/fields.ts';
import type { VendorOf } from './vendors.ts';

/** Says what is known of a device; see `DeviceDirectory`. */
export type Identify = (subject: Subject) => Subject;

/** What pino writes beside time, level and text. The event's own fields follow. */
export interface LogFields {
  readonly event: AppEvent['type'];
  readonly address?: string;
  readonly mac?: string;
  readonly name?: string;
  readonly vendor?: string;
  readonly [field: string]: FieldValue | undefined;
}

/** The event as text and fields. */
export function lineOf(event: AppEvent, identify: Identify, vendorOf: VendorOf): { readonly text: string; readonly fields: LogFields } {
  const { hostName: _nameBefore, isLeased: _isLeased, ...own } = fieldsOf(event);
  return { text: describe(event), fields: { event: event.type, ...whoFields(event, identify, vendorOf), ...own } };
}

function whoFields(event: AppEvent, identify: Identify, vendorOf: VendorOf): Record<string, string> {
  const subject = subjectOf(event);
  if (subject === undefined) return {};
  const { address, mac, hostName } = identify(subject);
  const vendor = mac === undefined ? undefined : vendorOf(mac);
  return {
    ...(address === undefined ? {} : { address: showIpv4(address) }),
    ...(mac === undefined ? {} : { mac }),
    ...(hostName === undefined ? {} : { name: hostName }),
    ...(vendor === undefined ? {} : { vendor }),
  };
}

/** Events about a device hold a `Subject`; those about an interface hold a `Cidr` in the same place, those of the house neither. */
function subjectOf(event: AppEvent): Subject | undefined {
  const { address, mac, hostName } = event as { address?: Subject['address'] | object; mac?: Subject['mac']; hostName?: string };
  if (typeof address === 'object') return undefined;
  return address === undefined && mac === undefined && hostName === undefined ? undefined : { address, mac, hostName };
}
