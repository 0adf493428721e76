/** A Debian mirror on the loopback, with packages of a few octets and a line that breaks when it is told to. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { scratch } from './scratch.ts';

/** A package as it is offered. */
export interface FakePackage {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  /** Paths below `/`, and what is in them. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly packing?: 'gz' | 'zst';
}

/** What was asked for. */
export interface AskedFor {
  readonly path: string;
  readonly range: string | undefined;
}

const SUITE = 'stable';

export class FakeMirror {
  readonly asked: AskedFor[] = [];
  /** Packages stop after so many octets, once for each number, and the connection is closed when those have come. */
  breaksAfter: number[] = [];
  #toBreak: { readonly octets: number; readonly response: ServerResponse } | undefined;
  #sent = 0;
  /** Packages come whole, whatever part was asked for. */
  ignoresRanges = false;
  /** Packages never end: after the first half nothing comes. */
  stalls = false;
  readonly url: URL;
  readonly #server: Server;
  readonly #content = new Map<string, Uint8Array>();
  #packages: readonly FakePackage[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/debian/`);
  }

  static async start(...packages: readonly FakePackage[]): Promise<FakeMirror> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mirror = new FakeMirror(server);
    server.on('request', (request, response) => mirror.#answer(request, response));
    mirror.offer(...packages);
    return mirror;
  }

  /** Offers these packages and no others. */
  offer(...packages: readonly FakePackage[]): void {
    this.#packages = packages;
    this.#content.clear();
    const stanzas = packages.map((one) => {
      const deb = debOf(one);
      const path = poolPath(one);
      this.#content.set(path, deb);
      return { architecture: one.architecture ?? 'all', text: stanzaOf(one, path, deb) };
    });
    for (const machine of ['amd64', 'arm64']) {
      const own = stanzas.filter(({ architecture }) => architecture === 'all' || architecture === machine);
      this.replace(`dists/${SUITE}/main/binary-${machine}/Packages.gz`, gzipSync(own.map(({ text }) => text).join('\n')));
    }
    this.#release();
  }

  /** Sends other octets than before, of which `Release` and `Packages` know nothing. */
  replace(path: string, octets: Uint8Array): void {
    this.#content.set(path, octets);
  }

  /** What stands at a path. */
  contentOf(path: string): Uint8Array {
    return this.#content.get(path) ?? new Uint8Array();
  }

  /** The octets of a package that is offered. */
  debOf(name: string): Uint8Array {
    const found = this.#packages.find((one) => one.name === name);
    return found === undefined ? new Uint8Array() : (this.#content.get(poolPath(found)) ?? new Uint8Array());
  }

  poolPathOf(name: string): string {
    const found = this.#packages.find((one) => one.name === name);
    return found === undefined ? '' : poolPath(found);
  }

  /** The packages that were asked for, by their path. */
  get downloads(): readonly AskedFor[] {
    return this.asked.filter(({ path }) => path.startsWith('pool/'));
  }

  /** So many octets of packages have come, in all: a connection that is to break then does so. */
  came(octets: number): void {
    if (this.#toBreak === undefined || octets < this.#toBreak.octets) return;
    this.#toBreak.response.destroy();
    this.#toBreak = undefined;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #release(): void {
    const lines = [...this.#content].flatMap(([path, octets]) =>
      path.endsWith('Packages.gz') ? [` ${sha256(octets)} ${octets.length} ${path.replace(`dists/${SUITE}/`, '')}`] : [],
    );
    this.replace(`dists/${SUITE}/InRelease`, new TextEncoder().encode(`Suite: ${SUITE}\nSHA256:\n${lines.join('\n')}\n`));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? '').replace(/^\/debian\//, ''));
    const { range } = request.headers;
    this.asked.push({ path, range });
    const content = this.#content.get(path);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    const from = this.ignoresRanges ? undefined : /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
    const rest = content.subarray(Number(from ?? 0));
    const headers = { 'content-length': rest.length };
    if (from === undefined) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
    const isPackage = path.startsWith('pool/');
    const end = isPackage ? this.breaksAfter.shift() : undefined;
    if (isPackage && this.stalls) response.write(rest.subarray(0, rest.length / 2));
    else if (end === undefined) response.end(rest);
    else {
      this.#sent += end;
      this.#toBreak = { octets: this.#sent, response };
      if (end === 0) response.flushHeaders();
      else response.write(rest.subarray(0, end));
      if (end === 0) this.came(this.#sent);
    }
  }
}

function poolPath({ name, version, architecture = 'all' }: FakePackage): string {
  return `pool/main/${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`;
}

function stanzaOf({ name, version, architecture = 'all' }: FakePackage, path: string, deb: Uint8Array): string {
  const fields = { Package: name, Version: version, Architecture: architecture, Filename: path, Size: deb.length, SHA256: sha256(deb) };
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

export function sha256(octets: Uint8Array | string): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** A Debian package (deb(5)). */
export function debOf({ files, packing = 'gz' }: FakePackage): Uint8Array {
  const folder = scratch('deb');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'tree', path)), { recursive: true });
    writeFileSync(join(folder, 'tree', path), content);
  }
  mkdirSync(join(folder, 'none'));
  const tarOf = (tree: string): Uint8Array => {
    execFileSync('tar', ['-cf', join(folder, 'tar'), '-C', join(folder, tree), '.']);
    return readFileSync(join(folder, 'tar'));
  };
  const data = packing === 'zst' ? zstdCompressSync(tarOf('tree')) : gzipSync(tarOf('tree'));
  return arOf([
    ['debian-binary', new TextEncoder().encode('2.0\n')],
    ['control.tar.gz', gzipSync(tarOf('none'))],
    [`data.tar.${packing}`, data],
  ]);
}

function arOf(members: readonly (readonly [name: string, content: Uint8Array])[]): Uint8Array {
  const parts = members.flatMap(([name, content]) => {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.length).padEnd(10)}\`\n`;
    return [Buffer.from(header), content, Buffer.from(content.length % 2 === 1 ? '\n' : '')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}
