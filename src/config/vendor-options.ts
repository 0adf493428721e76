/**
 * Options that hold options of a vendor: 43 with its sub-options (RFC 2132 §8.4), 124 and 125 by enterprise number (RFC 3925).
 * They are written as mappings by number, in place of plain octets.
 */
import { ByteWriter } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { OPTION_SHAPES } from '../dhcp/option-types.ts';
import { typedValue } from './typed-value.ts';

/** How the value of a vendor's option is written. */
export type VendorForm = 'subOptions' | 'enterpriseClasses' | 'enterpriseOptions';

const VENDOR_SPECIFIC = 43;
const VENDOR_CLASSES = 124;
const VENDOR_OPTIONS = 125;

const FORMS: ReadonlyMap<number, VendorForm> = new Map([
  [VENDOR_SPECIFIC, 'subOptions'],
  [VENDOR_CLASSES, 'enterpriseClasses'],
  [VENDOR_OPTIONS, 'enterpriseOptions'],
]);

/** The form of a value, when it is a mapping by numbers and the option is one that has sub-options. */
export function vendorFormOf(code: number, value: unknown): VendorForm | undefined {
  const form = FORMS.get(code);
  return form !== undefined && isMapping(value) && isByNumber(value) ? form : undefined;
}

function isByNumber(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(value).every((key) => /^\d+$/.test(key) || key === 'end');
}

/** What a form accepts, for messages. */
export const VENDOR_FORMS: { readonly [Form in VendorForm]: string } = {
  subOptions:
    'sub-options by number such as { 1: { ip: 192.168.77.1 }, 66: "text" }, with `end: true` where the device wants 255 behind them',
  enterpriseClasses: 'classes by enterprise number such as { 9: "text" }',
  enterpriseOptions: 'sub-options by enterprise number such as { 42623: { 1: "text" } }',
};

/** Octets of a value in its form; faults are sentences without subject. */
export function encodeVendorOption(form: VendorForm, value: unknown): Result<Uint8Array, string> {
  if (!isMapping(value) || Object.keys(value).length === 0) return err(`must be ${VENDOR_FORMS[form]}`);
  switch (form) {
    case 'subOptions':
      return encodeSubOptions(value);
    case 'enterpriseClasses':
      return encodeEnterprises(value, (data) => encodePart(data, 'the class'));
    case 'enterpriseOptions':
      return encodeEnterprises(value, encodeEnterpriseData);
  }
}

const LONGEST_PART = 255;
/** 255 ends the list where a device looks for an end. */
const END = 255;

function encodeSubOptions(value: Readonly<Record<string, unknown>>): Result<Uint8Array, string> {
  const writer = new ByteWriter();
  for (const [key, part] of Object.entries(value)) {
    if (key === 'end') {
      if (typeof part !== 'boolean') return err('has an `end` that is neither true nor false');
      continue;
    }
    const code = Number(key);
    // Junos counts from 0, though that is a pad elsewhere.
    if (!/^\d{1,3}$/.test(key) || code >= END) return err(`has the sub-option ${key}; their numbers go from 0 to 254`);
    const octets = encodePart(part, `the sub-option ${key}`);
    if (!octets.ok) return octets;
    writer.u8(code).u8(octets.value.length).bytes(octets.value);
  }
  if (value['end'] === true) writer.u8(END);
  return ok(writer.done());
}

/** Enterprise number, length, data, for one enterprise after another (RFC 3925 §3, §4). */
function encodeEnterprises(
  value: Readonly<Record<string, unknown>>,
  encode: (data: unknown) => Result<Uint8Array, string>,
): Result<Uint8Array, string> {
  const writer = new ByteWriter();
  for (const [key, data] of Object.entries(value)) {
    const enterprise = Number(key);
    if (!/^\d{1,10}$/.test(key) || enterprise > 0xffff_ffff) return err(`has ${key}, which is no enterprise number`);
    const octets = encode(data);
    if (!octets.ok) return octets;
    if (octets.value.length > LONGEST_PART)
      return err(`has ${octets.value.length} octets for enterprise ${key}; at most ${LONGEST_PART} fit`);
    writer.u32(enterprise).u8(octets.value.length).bytes(octets.value);
  }
  return ok(writer.done());
}

/** Sub-options, or their octets as a whole. */
function encodeEnterpriseData(data: unknown): Result<Uint8Array, string> {
  if (!isMapping(data)) return err(`must be ${VENDOR_FORMS.enterpriseOptions}`);
  return isByNumber(data) ? encodeSubOptions(data) : encodePart(data, 'its data');
}

function encodePart(part: unknown, title: string): Result<Uint8Array, string> {
  const typed = typedValue(part);
  const octets = typed === undefined ? OPTION_SHAPES.bytes.encode(part) : typed.shape.encode(typed.value);
  if (!octets.ok) return err(`has a fault: ${title} ${octets.error}`);
  if (octets.value.length > LONGEST_PART) return err(`has ${octets.value.length} octets in ${title}; at most ${LONGEST_PART} fit`);
  return octets;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
