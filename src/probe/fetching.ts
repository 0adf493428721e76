/** A simulated device gets a file, by whichever protocol its place wants. */
import { LIMITED_BROADCAST, showIpv4 } from '../base/addresses.ts';
import { latin1Text } from '../base/bytes.ts';
import type { Course, HttpAnswer, Life } from './life.ts';
import { inFolder, type Place, showPlace } from './place.ts';
import { readByTftp } from './tftp-exchange.ts';

/** What came of asking for a file. */
export type Fetched =
  | { readonly got: 'file'; readonly place: Place; readonly octets: Uint8Array }
  /** The server answered that there is none, or that it is not to be had. */
  | { readonly got: 'refusal'; readonly why: string }
  /** Nobody answered, or the transfer broke off. */
  | { readonly got: 'nothing'; readonly why: string };

export type FetchedFile = Extract<Fetched, { got: 'file' }>;

/** A web server that says nothing for this long is given up, ms. */
const HTTP_PATIENCE_MS = 15_000;

/** Asks for one file. */
export function* fetchFile(life: Life, place: Place): Course<Fetched> {
  const fetched = place.scheme === 'tftp' ? yield* byTftp(life, place) : yield* byHttp(life, place);
  life.silence = fetched.got === 'nothing' ? fetched.why : undefined;
  if (fetched.got === 'file') life.hears(`${place.path}: ${octetsText(fetched.octets)}`);
  else life.hears(`${place.path}: ${fetched.why}`);
  return fetched;
}

/** The first of these names that is there; silence ends the search, as it does for most firmware. */
export function* firstOf(life: Life, folder: Place, names: readonly string[]): Course<FetchedFile | undefined> {
  for (const name of names) {
    const fetched = yield* fetchFile(life, inFolder(folder, name));
    if (fetched.got === 'file') return fetched;
    if (fetched.got === 'nothing') return undefined;
  }
  return undefined;
}

/** All of these that are there, whatever is missing. */
export function* allOf(life: Life, folder: Place, names: readonly string[]): Course<readonly FetchedFile[]> {
  const found: FetchedFile[] = [];
  for (const name of names) {
    const fetched = yield* fetchFile(life, inFolder(folder, name));
    if (fetched.got === 'file') found.push(fetched);
    if (fetched.got === 'nothing') break;
  }
  return found;
}

/** What a file says, one character an octet. */
export function textOf({ octets }: FetchedFile): string {
  return latin1Text(octets);
}

/** The last part of its name. */
export function nameOf({ place }: FetchedFile): string {
  return place.path.slice(place.path.lastIndexOf('/') + 1);
}

/** `2,311 octets`. */
export function octetsText({ length }: Uint8Array): string {
  return `${String(length).replace(/\B(?=(\d{3})+$)/g, ',')} ${length === 1 ? 'octet' : 'octets'}`;
}

function* byTftp(life: Life, place: Place): Course<Fetched> {
  const where = place.server === LIMITED_BROADCAST ? 'all (by broadcast)' : showIpv4(place.server);
  life.says(`RRQ ${place.path} to ${where}`);
  const answer = yield* readByTftp(life, place);
  return answer.got === 'file' ? { got: 'file', place, octets: answer.octets } : answer;
}

function* byHttp(life: Life, place: Place): Course<Fetched> {
  if (life.device.http?.asksHeadFirst === true) {
    const head = yield* ask(life, place, 'HEAD');
    const outcome = refusalOf(head);
    if (outcome !== undefined) return outcome;
  }
  const answer = yield* ask(life, place, 'GET');
  return refusalOf(answer) ?? { got: 'file', place, octets: 'octets' in answer ? answer.octets : new Uint8Array() };
}

function refusalOf(answer: HttpAnswer): Fetched | undefined {
  if ('fault' in answer) return { got: 'nothing', why: answer.fault };
  return answer.status === 200 ? undefined : { got: 'refusal', why: `HTTP ${answer.status}` };
}

function* ask(life: Life, place: Place, method: 'GET' | 'HEAD'): Course<HttpAnswer> {
  const id = life.nextRequest();
  const headers = life.device.http?.headers(life.mac) ?? {};
  life.says(`${method} ${showPlace(place)}${headers['User-Agent'] === undefined ? '' : ` as ${headers['User-Agent']}`}`);
  const path = `/${place.path}`;
  life.act({ do: 'http', id, request: { method, server: { address: place.server, port: place.port }, path, headers } });
  const until = life.in(HTTP_PATIENCE_MS);
  for (;;) {
    const event = yield until;
    if (event.on === 'timeout') return { fault: 'the web server does not answer' };
    if (event.on === 'http' && event.id === id) return event.answer;
  }
}
