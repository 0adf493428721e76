/** `bootlace check --file NAME`: what becomes of a name that a device asks for, step by step. */
import { InvalidArgumentError } from 'commander';
import { type Ipv4, isInside, type Mac, parseIpv4, showIpv4 } from '../base/addresses.ts';
import { latin1Text } from '../base/bytes.ts';
import { expectedMiss, missAdvice } from '../boot/expected-misses.ts';
import type { Config } from '../config/config.ts';
import type { Subject } from '../events/events.ts';
import { plainText } from '../events/plain-text.ts';
import { showSize } from '../events/quantities.ts';
import type { FileCatalog, FileSearch } from '../files/catalog.ts';
import { showName } from '../files/safe-path.ts';
import { bootChoicesFile, readBootChoices } from '../server/boot-choices-file.ts';
import { explain } from '../server/explanation.ts';
import { catalogOf, filesConfigOf } from '../server/live-files.ts';
import { type Output, showTable } from './output.ts';

/** What the command line says of the file and of who asks for it. */
export interface FileFlags {
  readonly file: string;
  readonly mac?: Mac;
  readonly address?: Ipv4;
  readonly json?: boolean;
}

/** Says which file would be served, and why. Fails when none would. */
export async function reportFile(config: Config, { file, mac, address, json }: FileFlags, output: Output): Promise<void> {
  const from = clientOf(config, mac, address);
  // The name as its octets would come in a request.
  const name = latin1Text(Buffer.from(file));
  const catalog = await catalogNow(config);
  const search = await catalog.search(name, from, serverFor(config, from));
  const expected = expectedMiss(name, from.profile);
  const isMissing = !search.answer.ok && search.answer.error.refused === 'not-found';
  const wanted = isMissing ? missAdvice(name, from.profile) : undefined;
  const advice = { expected, wanted, nearest: isMissing && expected === undefined ? catalog.near(name, from) : undefined };
  if (json === true) output.line(JSON.stringify(asJson(file, search, advice), undefined, 2));
  else print(file, from, search, advice, output);
  if (search.answer.ok) search.answer.value.file.close();
  else output.fail();
}

/** The files as a server would give them now, with what was chosen for single devices. */
export async function catalogNow(config: Config): Promise<FileCatalog> {
  return catalogOf(filesConfigOf(config, await readBootChoices(bootChoicesFile(config.server.dataDir))));
}

/** Our address where this client is: of the first network, where that is not known. */
export function serverFor({ networks }: Config, { address }: Subject): Ipv4 | undefined {
  const own = networks.flatMap(({ attachment }) =>
    attachment.kind === 'interface' && attachment.address !== undefined ? [attachment.address] : [],
  );
  const near = address === undefined ? undefined : own.find((cidr) => isInside(cidr, address));
  return (near ?? own[0])?.address;
}

/** Who would ask: as if the device had its lease, in its classes. */
export function clientOf(config: Config, mac: Mac | undefined, address: Ipv4 | undefined): Subject {
  if (mac === undefined) return { address };
  const explanation = explain(config, { mac });
  const classes = explanation.ok ? explanation.value.classes.map(({ text }) => text) : [];
  const host = config.hosts.find(({ key }) => key.mac === mac);
  return { mac, address: address ?? host?.address, classes, isLeased: true, ...(host?.profile !== undefined && { profile: host.profile }) };
}

interface Advice {
  readonly expected: string | undefined;
  readonly wanted: string | undefined;
  readonly nearest: string | undefined;
}

function print(asked: string, from: Subject, { steps, answer }: FileSearch, advice: Advice, output: Output): void {
  const who = [from.mac, from.address === undefined ? undefined : `at ${showIpv4(from.address)}`].filter((part) => part !== undefined);
  output.line(`${plainText(asked)}, asked for by ${who.length === 0 ? 'a client that nothing is known of' : who.join(' ')}:`);
  const rows = steps.map(({ place, ignoresCase, tolerated, outcome }, at) => [
    `  ${at + 1}`,
    plainText(place),
    [...tolerated, ...(ignoresCase ? ['any case'] : [])].join(', '),
    plainText(outcome),
  ]);
  if (rows.length > 0) output.line(showTable([['  ', 'PLACE', 'OVERLOOKING', 'FOUND'], ...rows]));
  output.line(verdictOf({ steps, answer }, advice));
}

function verdictOf({ answer }: FileSearch, { expected, wanted, nearest }: Advice): string {
  if (answer.ok) {
    const { file, path, tolerated, made } = answer.value;
    const how = [...(tolerated === undefined ? [] : [tolerated]), ...(made === undefined ? [] : [`made from ${made.what}`])];
    return `served: ${plainText(showName(path))}, ${showSize(file.size)}${how.length === 0 ? '' : ` (${plainText(how.join('; '))})`}`;
  }
  if (answer.error.refused !== 'not-found') return `refused: ${plainText(answer.error.detail)}`;
  if (expected !== undefined) return `no such file, which is normal: ${expected}`;
  const advice = `${wanted === undefined ? '' : `; ${wanted}`}${nearest === undefined ? '' : `; did you mean ${plainText(nearest)}, which is there?`}`;
  return `no such file: ${plainText(answer.error.detail)}${advice}`;
}

function asJson(asked: string, { steps, answer }: FileSearch, advice: Advice): object {
  const found = answer.ok
    ? { served: showName(answer.value.path), size: answer.value.file.size, tolerated: answer.value.tolerated, made: answer.value.made }
    : { refused: answer.error.refused, reason: answer.error.detail, ...advice };
  return { file: asked, ...found, steps };
}

/** For the command line: an IPv4 address. */
export function readAddress(text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === undefined) throw new InvalidArgumentError('It has to be an IPv4 address such as 192.168.77.21.');
  return address;
}
