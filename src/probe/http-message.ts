/** A request by HTTP/1.1 as octets, and the answer out of the octets of its connection (RFC 9112). */
import { showIpv4 } from '../base/addresses.ts';
import { latin1Bytes, latin1Text } from '../base/bytes.ts';
import { type HttpAnswer, type HttpRequest, MOST_OCTETS, TOO_LARGE } from './life.ts';

export function requestOctets({ method, server, path, headers }: HttpRequest): Uint8Array {
  const host = `${showIpv4(server.address)}${server.port === 80 ? '' : `:${server.port}`}`;
  const lines = Object.entries({ Host: host, ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  return latin1Bytes(`${method} ${targetOf(path)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
}

/** A path as it may stand in a request: names out of files and options are octets, line ends among them. */
export function targetOf(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, (octet) => `%${(octet.charCodeAt(0) & 255).toString(16).padStart(2, '0')}`);
}

/** Gathers an answer piece by piece. */
export class AnswerReader {
  readonly #hasBody: boolean;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  #gathered = new Uint8Array();

  constructor(method: HttpRequest['method']) {
    this.#hasBody = method === 'GET';
  }

  /** The answer, once it is whole. */
  add(octets: Uint8Array): HttpAnswer | undefined {
    if (this.#head === undefined) {
      this.#gathered = concat([this.#gathered, octets]);
      this.#readHead();
    } else this.#keep(octets);
    return this.#isWhole() ? this.#answer() : undefined;
  }

  /** The connection has ended. */
  end(): HttpAnswer {
    const expected = Number(this.#head?.headers['content-length'] ?? this.#length);
    if (this.#head === undefined) return { fault: 'the web server closed without an answer' };
    return this.#hasBody && this.#length < expected ? { fault: 'the web server closed in the middle of its answer' } : this.#answer();
  }

  #readHead(): void {
    const text = latin1Text(this.#gathered);
    const end = text.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1]);
    if (end < 0 || Number.isNaN(status)) return;
    const lines = text.slice(0, end).split('\r\n').slice(1);
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    this.#head = { status, headers };
    this.#keep(this.#gathered.subarray(end + 4));
    this.#gathered = new Uint8Array();
  }

  #keep(octets: Uint8Array): void {
    if (this.#length > MOST_OCTETS) return;
    this.#pieces.push(octets.slice());
    this.#length += octets.length;
  }

  #isWhole(): boolean {
    const expected = this.#head?.headers['content-length'];
    if (this.#length > MOST_OCTETS) return true;
    return this.#head !== undefined && (!this.#hasBody || (expected !== undefined && this.#length >= Number(expected)));
  }

  #answer(): HttpAnswer {
    if (this.#length > MOST_OCTETS) return TOO_LARGE;
    const octets = concat(this.#pieces);
    this.#pieces = [octets];
    return { status: this.#head?.status ?? 0, headers: this.#head?.headers ?? {}, octets };
  }
}

function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
