/** `bootlace check --explain MAC`: what one client would be told, and which line of the file says so. */
import { InvalidArgumentError } from 'commander';
import { type Mac, parseMac } from '../base/addresses.ts';
import { ARCHITECTURES, type Architecture } from '../boot/architecture.ts';
import { showPath } from '../config/diagnostics.ts';
import { parseIdentifier } from '../config/identifiers.ts';
import type { LoadOutcome } from '../config/load.ts';
import { plainText } from '../events/plain-text.ts';
import { showSeconds } from '../events/quantities.ts';
import { type Explained, type Explanation, explain, type Origin } from '../server/explanation.ts';
import type { ClientDescription } from '../server/rehearsed-request.ts';
import { type Output, showTable } from './output.ts';

/** What the command line says of the client. */
export interface ExplainFlags extends Omit<ClientDescription, 'mac'> {
  readonly explain: Mac;
  readonly json?: boolean;
}

/** Says what the client would get. Fails when that cannot be known. */
export function reportExplanation(file: string, outcome: LoadOutcome, flags: ExplainFlags, output: Output): void {
  if (outcome.config === undefined) return;
  const { explain: mac, json, ...client } = flags;
  const explanation = explain(outcome.config, { mac, ...client });
  if (!explanation.ok) {
    output.note(json === true ? JSON.stringify({ error: explanation.error }) : explanation.error);
    output.fail();
    return;
  }
  const places = new Places(file, outcome);
  if (json === true) output.line(JSON.stringify(asJson(mac, explanation.value, places), undefined, 2));
  else print(mac, explanation.value, places, output);
}

/** Keys of `boot` whose value can stand in place of all of it. */
const WORDS: ReadonlySet<string | number> = new Set(['chain', 'entry']);

/** Where in the file an origin is. */
class Places {
  readonly #file: string;
  readonly #outcome: LoadOutcome;

  constructor(file: string, outcome: LoadOutcome) {
    this.#file = file;
    this.#outcome = outcome;
  }

  /** The line of a key that is written; undefined for a default and for what the server says by itself. */
  lineOf(origin: Origin): number | undefined {
    if (!('key' in origin)) return undefined;
    const { source } = this.#outcome;
    // One word may stand in place of a mapping: `boot: ipxe` for `boot: { chain: ipxe }`.
    return (source?.find(origin.key) ?? (WORDS.has(origin.key.at(-1) ?? '') ? source?.find(origin.key.slice(0, -1)) : undefined))?.line;
  }

  /** Where a host of an inventory stands: the file of the configuration has no such item. */
  #inventoryPlaceOf(origin: Origin): string | undefined {
    if (!('key' in origin) || origin.key[0] !== 'hosts' || typeof origin.key[1] !== 'number') return undefined;
    const { source, config } = this.#outcome;
    return source?.find(origin.key.slice(0, 2)) === undefined ? config?.hosts[origin.key[1]]?.place : undefined;
  }

  show(origin: Origin): string {
    const inInventory = this.#inventoryPlaceOf(origin);
    if (inInventory !== undefined) return inInventory;
    const line = this.lineOf(origin);
    if (line !== undefined) return `${this.#file}:${line}`;
    if ('key' in origin) return `the default of ${showPath(origin.key)}`;
    const before = origin.before === undefined ? '' : `, before ${this.show({ key: origin.before })}`;
    return `built in: ${origin.builtIn}${before}`;
  }

  json(origin: Origin): object {
    const line = this.lineOf(origin);
    if ('builtIn' in origin) return { builtIn: origin.builtIn, before: origin.before && this.json({ key: origin.before }) };
    const inInventory = this.#inventoryPlaceOf(origin);
    if (inInventory !== undefined) return { inventory: inInventory, key: showPath(origin.key.slice(2)) };
    return { key: showPath(origin.key), ...(line === undefined ? { default: true } : { file: this.#file, line }) };
  }
}

function print(mac: Mac, explanation: Explanation, places: Places, output: Output): void {
  const { network, classes, host, refusal, address, leaseSeconds, bootFile, options } = explanation;
  const row = (title: string, said: Explained | undefined, none: string): readonly string[] =>
    said === undefined ? [`  ${title}`, none] : [`  ${title}`, plainText(said.text), places.show(said.origin)];
  output.line(`${mac} would be told:`);
  const answer =
    refusal === undefined
      ? [
          row('address', address, '-'),
          row('lease time', leaseSeconds && { ...leaseSeconds, text: `${showSeconds(leaseSeconds.seconds)} (${leaseSeconds.text})` }, '-'),
          row('boot file', bootFile, 'none: it does not boot over the network'),
        ]
      : [row('no answer', refusal, '-')];
  const fitting = classes.length === 0 ? [row('classes', undefined, 'none fits')] : classes.map((one) => row('class', one, ''));
  output.line(showTable([row('network', network, '-'), ...fitting, row('host', host, 'none fits'), ...answer]));
  if (options.length === 0) return;
  output.line('');
  output.line(
    showTable([
      ['CODE', 'OPTION', 'VALUE', 'SET BY'],
      ...options.map(({ code, name, text, origin }) => [String(code), name, shortened(plainText(text)), places.show(origin)]),
    ]),
  );
}

const WIDEST_VALUE = 60;

function shortened(text: string): string {
  return text.length > WIDEST_VALUE ? `${text.slice(0, WIDEST_VALUE - 1)}…` : text;
}

function asJson(mac: Mac, explanation: Explanation, places: Places): object {
  const said = (one: Explained | undefined): object | undefined => one && { value: one.text, origin: places.json(one.origin) };
  const { network, classes, host, refusal, address, leaseSeconds, bootFile, options } = explanation;
  return {
    mac,
    network: said(network),
    classes: classes.map(said),
    host: said(host),
    refusal: said(refusal),
    address: said(address),
    leaseTime: leaseSeconds && { seconds: leaseSeconds.seconds, origin: places.json(leaseSeconds.origin) },
    bootFile: said(bootFile),
    options: options.map(({ code, name, text, origin }) => ({ code, name, value: text, origin: places.json(origin) })),
  };
}

/** For the command line: a MAC address. */
export function readMac(text: string): Mac {
  const mac = parseMac(text);
  if (mac === undefined) throw new InvalidArgumentError('It has to be a MAC address such as 00:1b:54:aa:bb:cc.');
  return mac;
}

/** For the command line: an architecture as the configuration calls it. */
export function readArchitecture(text: string): Architecture {
  const found = ARCHITECTURES.find(({ name }) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`It has to be one of ${ARCHITECTURES.map(({ name }) => name).join(', ')}.`);
  return found.name;
}

/** For the command line: an identifier as the configuration writes it. */
export function readIdentifier(text: string): string {
  const identifier = parseIdentifier(text);
  if (identifier === undefined) throw new InvalidArgumentError('It has to be text, or octets such as 01:00:1b:54:aa:bb:cc.');
  return identifier;
}
