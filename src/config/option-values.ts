/**
 * From options as they are written to their octets. An option's value may hold `${server}`: the network's own address, which is
 * known only when the interface is up, and `${httpPort}`. So a configured option stays as written until `encodeOptions`.
 */
import { LIMITED_BROADCAST } from '../base/addresses.ts';
import { err, invariant, ok, type Result } from '../base/result.ts';
import { fillVariables, type OwnPlace } from '../boot/server-variable.ts';
import { optionRow, optionShape } from '../dhcp/option-table.ts';
import { OPTION_SHAPES } from '../dhcp/option-types.ts';
import type { ConfiguredOption, OptionInput } from './config.ts';
import { findOption } from './option-names.ts';
import { typedValue } from './typed-value.ts';
import { encodeVendorOption, VENDOR_FORMS, type VendorForm, vendorFormOf } from './vendor-options.ts';

/** The longest text that variables can become. */
const LONGEST_PLACE: OwnPlace = { server: LIMITED_BROADCAST, httpPort: 65_535 };

/** The most octets that one option may have; even this much takes five instances on the wire (RFC 3396). */
const LONGEST_OPTION = 1024;

/** Firmware does not join the pieces of a longer option: GRUB, EDK2 and PXE ROMs read the first one only. */
const LONGEST_IN_ONE_PIECE = 255;
const READ_BY_FIRMWARE: ReadonlySet<number> = new Set([43, 60, 67]);

/** Octets of all options by code. The options were checked when the configuration was loaded, so this cannot fail. */
export function encodeOptions(options: readonly ConfiguredOption[], place: OwnPlace): ReadonlyMap<number, Uint8Array> {
  return new Map(
    options.map((option) => {
      const octets = encodeOption(option, place);
      invariant(octets.ok, `option ${option.name} was checked at load, but ${octets.ok || octets.error}`);
      return [option.code, octets.value];
    }),
  );
}

/** Codes that the server itself sets, or that only clients and relays send, and what to do instead. */
const NOT_CONFIGURABLE: ReadonlyMap<number, string> = new Map([
  [50, 'only clients send it'],
  [51, 'the network key `leaseTime` sets it'],
  [52, 'the server sets it where a reply needs the room'],
  [53, 'it is the type of the message'],
  [54, 'it is the address of this server'],
  [55, 'only clients send it'],
  [56, 'the server sets it in a refusal'],
  [57, 'only clients send it'],
  [58, 'it follows from the network key `leaseTime`'],
  [59, 'it follows from the network key `leaseTime`'],
  [61, 'it is the client’s own and is sent back as it came'],
  [82, 'it is the relay’s own and is sent back as it came'],
  [93, 'only clients send it'],
  [94, 'only clients send it'],
  [97, 'it is the client’s own and is sent back as it came'],
  [118, 'it is the client’s own and is sent back as it came'],
]);

/** Why a code cannot be configured; undefined for one that can. */
export function whyNotConfigurable(code: number): string | undefined {
  return NOT_CONFIGURABLE.get(code);
}

/** What is wrong with one entry of `options:`. */
export interface OptionFault {
  readonly message: string;
  readonly hint?: string | undefined;
  /** Whether the name is at fault or the value. */
  readonly at: 'key' | 'value';
}

/** One entry of `options:`, checked so that `encodeOptions` cannot fail on it. */
export function configureOption(name: string, value: unknown): Result<ConfiguredOption, OptionFault> {
  const found = findOption(name);
  if (!found.ok) return err({ ...found.error, at: 'key' });
  const code = found.value;
  const reason = whyNotConfigurable(code);
  if (reason !== undefined) return err({ message: `option ${titleOf(code)} cannot be configured: ${reason}`, at: 'key' });
  const vendorForm = vendorFormOf(code, value);
  const typed = vendorForm === undefined ? typedValue(value) : undefined;
  const shape = vendorForm ?? typed?.shape.name ?? optionShape(code).name;
  const input = typed === undefined ? value : typed.value;
  if (!isOptionInput(input)) return err({ message: `option ${titleOf(code)} must be ${acceptedBy(shape)}`, at: 'value' });
  const option: ConfiguredOption = { code, name, shape, value: input };
  const fault = sampleFault(option);
  return fault === undefined ? ok(option) : err({ message: `option ${titleOf(code)} ${fault}`, hint: hintFor(code, shape), at: 'value' });
}

function isVendorForm(shape: ConfiguredOption['shape']): shape is VendorForm {
  return Object.hasOwn(VENDOR_FORMS, shape);
}

function acceptedBy(shape: ConfiguredOption['shape']): string {
  return isVendorForm(shape) ? VENDOR_FORMS[shape] : OPTION_SHAPES[shape].accepts;
}

function titleOf(code: number): string {
  const row = optionRow(code);
  return row === undefined ? String(code) : `${code} (${row.name})`;
}

function hintFor(code: number, shape: ConfiguredOption['shape']): string | undefined {
  if (optionRow(code) !== undefined || shape !== 'bytes') return undefined;
  return 'say which type it has: { text: "…" }, { ip: … }, { ips: […] }, { u8: 1 }, { u16: 1 }, { u32: 1 }, { flag: true }, { hex: "01 02" }';
}

function isOptionInput(value: unknown): value is OptionInput {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return true;
  if (Array.isArray(value)) return value.every(isOptionInput);
  return typeof value === 'object' && Object.values(value).every(isOptionInput);
}

/**
 * Encodes with the longest address and port there are. No digit can be put before or behind that address so that an address remains, and
 * no other is longer, so what passes here passes with every address.
 */
function sampleFault(option: ConfiguredOption): string | undefined {
  const octets = encodeOption(option, LONGEST_PLACE);
  if (!octets.ok) return octets.error;
  const { length } = octets.value;
  if (READ_BY_FIRMWARE.has(option.code) && length > LONGEST_IN_ONE_PIECE)
    return `has ${length} octets; firmware reads at most ${LONGEST_IN_ONE_PIECE} of it, as it does not join pieces`;
  return length > LONGEST_OPTION ? `has ${length} octets; at most ${LONGEST_OPTION} are sent` : undefined;
}

function encodeOption({ shape, value }: ConfiguredOption, place: OwnPlace): Result<Uint8Array, string> {
  const filled = fillValue(value, place);
  return isVendorForm(shape) ? encodeVendorOption(shape, filled) : OPTION_SHAPES[shape].encode(filled);
}

function fillValue(value: OptionInput, place: OwnPlace): OptionInput {
  if (typeof value === 'string') return fillVariables(value, place);
  if (Array.isArray(value)) return value.map((item: OptionInput) => fillValue(item, place));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, OptionInput]) => [key, fillValue(inner, place)]));
}

/** Why a boot file cannot be sent as it stands, be it for its length, for which EDK2 wants room for a NUL; undefined when it can. */
export function bootFileFault(file: string): string | undefined {
  const { length } = new TextEncoder().encode(fillVariables(file, LONGEST_PLACE));
  return length < LONGEST_IN_ONE_PIECE ? undefined : `has ${length} octets; firmware reads at most 254 of it`;
}
