/** A TFTP packet in words, part by part with the place of each (RFC 1350 §5, RFC 2347): for people who look at one. Takes any octets. */
import { latin1Text } from '../base/bytes.ts';
import type { PacketField, PacketWords } from '../base/packet-field.ts';
import { plainText } from '../events/plain-text.ts';
import { showCount } from '../events/quantities.ts';
import { DATA_HEADER, OPCODE } from './packet.ts';

const OPCODES: Readonly<Record<number, readonly [name: string, what: string]>> = {
  [OPCODE.rrq]: ['RRQ', 'read request'],
  [OPCODE.wrq]: ['WRQ', 'write request'],
  [OPCODE.data]: ['DATA', 'a block of the file'],
  [OPCODE.ack]: ['ACK', 'acknowledgement'],
  [OPCODE.error]: ['ERROR', 'ends the transfer'],
  [OPCODE.oack]: ['OACK', 'options that are granted'],
};
/** RFC 1350 appendix, RFC 2347 §4. */
const ERRORS: readonly string[] = [
  'see the text',
  'file not found',
  'access violation',
  'disk full',
  'illegal operation',
  'unknown transfer ID',
  'file exists',
  'no such user',
  'options refused',
];
/** Longest text of a value, in characters. */
const LONGEST_VALUE = 300;

/** A text of the packet, without its NUL. */
interface FoundText {
  readonly text: string;
  readonly first: number;
  /** Behind its NUL, or the end of the packet where it has none. */
  readonly end: number;
  readonly isEnded: boolean;
}

/** Octets as words. @param length octets that the packet had, where only its first are here. */
export function tftpWords(octets: Uint8Array, length = octets.length): PacketWords {
  const cut: readonly PacketField[] =
    length > octets.length ? [{ name: 'cut', value: `${showCount(length - octets.length, 'more octet')} not kept` }] : [];
  const opcode = octets.length < 2 ? undefined : numberAt(octets, 0);
  const [name, what] = (opcode === undefined ? undefined : OPCODES[opcode]) ?? [];
  if (opcode === undefined || name === undefined) {
    const wrong = opcode === undefined ? `only ${showCount(octets.length, 'octet')}` : `unknown opcode ${opcode}`;
    const place = octets.length < 2 ? {} : { octets: [0, 2] as const };
    return { summary: `malformed: ${wrong}`, fields: [{ name: 'malformed', value: wrong, ...place }, ...restOf(octets, 2), ...cut] };
  }
  const fields = [{ name: 'opcode', value: `${opcode} (${name}, ${what})`, octets: [0, 2] as const }, ...partsOf(opcode, octets)];
  return { summary: summaryOf(name, opcode, fields), fields: [...fields, ...cut] };
}

function partsOf(opcode: number, octets: Uint8Array): readonly PacketField[] {
  if (opcode === OPCODE.rrq || opcode === OPCODE.wrq) return requestParts(octets);
  if (opcode === OPCODE.oack) return optionParts(textsFrom(octets, 2));
  if (octets.length < DATA_HEADER) return [{ name: 'malformed', value: 'the packet ends before its number' }];
  const number = numberAt(octets, 2);
  const place = [2, DATA_HEADER] as const;
  if (opcode !== OPCODE.error)
    return [
      { name: 'block', value: String(number), octets: place },
      ...(opcode === OPCODE.data ? dataParts(octets) : restOf(octets, DATA_HEADER)),
    ];
  const [message] = textsFrom(octets, DATA_HEADER);
  return [
    { name: 'error code', value: `${number} (${ERRORS[number] ?? 'unknown'})`, octets: place },
    message === undefined ? { name: 'error message', value: 'none' } : { name: 'error message', ...shown(message) },
    ...restOf(octets, message?.end ?? octets.length),
  ];
}

function requestParts(octets: Uint8Array): readonly PacketField[] {
  const [file, mode, ...options] = textsFrom(octets, 2);
  if (file === undefined) return [{ name: 'malformed', value: 'no file name' }];
  const name: PacketField =
    file.text === ''
      ? { name: 'malformed', value: 'an empty file name', octets: [file.first, file.end] }
      : { name: 'filename', ...shown(file) };
  if (!file.isEnded) return [name, { name: 'malformed', value: 'the file name has no NUL' }];
  if (mode === undefined) return [name, { name: 'malformed', value: 'no mode' }];
  return [name, { name: 'mode', ...shown(mode) }, ...optionParts(options)];
}

/** Names and values in turn (RFC 2347 §1); one whose value is cut counts for nothing. */
function optionParts(texts: readonly FoundText[]): readonly PacketField[] {
  const fields: PacketField[] = [];
  for (let at = 0; at < texts.length; at += 2) {
    const [name, value] = [texts[at], texts[at + 1]];
    if (name === undefined) break;
    const called = `option ${plainText(name.text, LONGEST_VALUE)}`;
    const octets = [name.first, (value ?? name).end] as const;
    if (value?.isEnded === true) fields.push({ name: called, value: plainText(value.text, LONGEST_VALUE), octets });
    else fields.push({ name: 'malformed', value: `${called} has ${value === undefined ? 'no value' : 'a value without its NUL'}`, octets });
  }
  return fields;
}

function dataParts(octets: Uint8Array): readonly PacketField[] {
  if (octets.length === DATA_HEADER) return [{ name: 'data', value: 'none: the end of the file' }];
  return [{ name: 'data', value: showCount(octets.length - DATA_HEADER, 'octet'), octets: [DATA_HEADER, octets.length] }];
}

function restOf(octets: Uint8Array, from: number): readonly PacketField[] {
  if (octets.length <= from) return [];
  return [{ name: 'rest', value: showCount(octets.length - from, 'octet'), octets: [from, octets.length] }];
}

function shown({ text, first, end, isEnded }: FoundText): Pick<PacketField, 'value' | 'octets'> {
  return { value: `${plainText(text, LONGEST_VALUE)}${isEnded ? '' : ' (without its NUL)'}`, octets: [first, end] };
}

function textsFrom(octets: Uint8Array, from: number): readonly FoundText[] {
  const texts: FoundText[] = [];
  let first = from;
  while (first < octets.length) {
    const nul = octets.indexOf(0, first);
    const isEnded = nul >= 0;
    const stop = isEnded ? nul : octets.length;
    texts.push({ text: latin1Text(octets.subarray(first, stop)), first, end: isEnded ? nul + 1 : stop, isEnded });
    first = isEnded ? nul + 1 : stop;
  }
  return texts;
}

function summaryOf(name: string, opcode: number, fields: readonly PacketField[]): string {
  const shownAs = (wanted: string): string => fields.find((field) => field.name === wanted)?.value ?? '';
  const wrong = fields.find((field) => field.name === 'malformed');
  const words = {
    [OPCODE.rrq]: shownAs('filename'),
    [OPCODE.wrq]: shownAs('filename'),
    [OPCODE.data]: shownAs('block'),
    [OPCODE.ack]: shownAs('block'),
    [OPCODE.error]: `${shownAs('error code')} ${shownAs('error message')}`,
    [OPCODE.oack]: fields
      .flatMap(({ name: field, value }) => (field.startsWith('option ') ? [`${field.slice(7)}=${value}`] : []))
      .join(' '),
  }[opcode];
  const said = `${name} ${words ?? ''}`.trim();
  return wrong === undefined ? said : `${said}, malformed: ${wrong.value}`;
}

function numberAt(octets: Uint8Array, at: number): number {
  return (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0);
}
