/** What it costs to find a file by the name that a client gave, or to find that there is none: the file servers' share of a request. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { invariant } from '../src/base/result.ts';
import { parseLinearPattern } from '../src/config/linear-pattern.ts';
import { AccessRules } from '../src/files/access.ts';
import { FileCatalog } from '../src/files/catalog.ts';
import { DiskRoute } from '../src/files/disk-route.ts';
import { NameRules } from '../src/files/name-rules.ts';
import { Uploads } from '../src/files/uploads.ts';
import { systemClock } from '../src/server/system-clock.ts';
import { cidr, ip } from '../test/support/addresses.ts';
import type { Figure } from './round.ts';

const FILES = 1_000;
const CLIENT = { address: ip('10.77.16.1'), hostName: 'bench' };

/** The catalogue as the server has it, on a root with a thousand files, some in folders and some behind links. */
const UPLOADS = { policy: 'version', keep: 50, maxSize: 1, quota: undefined, quotaPerDevice: undefined, keepPartialSeconds: 0 } as const;

export async function fileOpens(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bootlace-bench-'));
  const root = path.join(folder, 'root');
  mkdirSync(path.join(root, 'a', 'b'), { recursive: true });
  for (let n = 0; n < FILES; n++) writeFileSync(path.join(root, `file-${n}`), 'content');
  writeFileSync(path.join(root, 'a', 'b', 'below'), 'content');
  symlinkSync('file-0', path.join(root, 'link'));
  const uploads = new Uploads({ ...UPLOADS, dir: path.join(folder, 'uploads') }, systemClock, () => undefined);
  const catalog = new FileCatalog([new DiskRoute(root), uploads], new NameRules({ root }));
  // Folders that changed just now are not believed yet.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const look = (what: string, nameOf: (n: number) => string): Figure => ({ what, value: lookMicros(catalog, nameOf) });
  const figures = [
    look('open and close, one file in demand', () => 'file-7'),
    look('open and close, one file two folders down', () => 'a/b/below'),
    look('open and close, a hundred files in turn', (n) => `file-${n % 100}`),
    look('open and close, a thousand files in turn', (n) => `file-${n % FILES}`),
    look('open and close, by a link', () => 'link'),
    look('open and close, in the wrong case', () => 'FILE-7'),
    look('miss, one name', () => 'no-such-file'),
    look('miss, ever new names', (n) => `no-such-file-${n}`),
    look('miss, ever new names in a folder', (n) => `a/b/no-such-file-${n}`),
    look('miss, in a folder that is not there', (n) => `pxelinux.cfg/${n}`),
  ];
  const strict = new FileCatalog([new DiskRoute(root), uploads], rulesOf(root), accessRules());
  figures.push({ what: 'open and close, all rules on', value: lookMicros(strict, () => 'cfg/file-7') });
  // Its last file lay in a folder, so that is looked into as well.
  openOne(strict, 'a/b/below');
  figures.push({ what: 'miss, all rules on, after a file in a folder', value: lookMicros(strict, (n) => `no-such-file-${n}`) });
  rmSync(folder, { recursive: true });
  return figures;
}

/** Three rules for names, of which the last fits, and a folder for each client. */
function rulesOf(root: string): NameRules {
  const remap = ['^boot/(.*)$', '^(.*)[.]xml$', '^cfg/(.*)$'].map((text) => {
    const match = parseLinearPattern(text);
    invariant(match.ok, 'the patterns of the bench are right');
    return { match: match.value, to: '$1' };
  });
  return new NameRules({ root, remap, perClientRoot: 'ip' });
}

function accessRules(): AccessRules {
  const lists = { allow: [{ kind: 'network', network: cidr('10.77.0.0/16') }], deny: [{ kind: 'class', name: 'guests' }] } as const;
  return new AccessRules({ read: lists, boundToMac: { except: [] } });
}

function openOne(catalog: FileCatalog, name: string): void {
  const answer = catalog.open(name, CLIENT);
  invariant(!(answer instanceof Promise), 'nothing here makes a client wait');
  if (answer.ok) answer.value.file.close();
}

function lookMicros(catalog: FileCatalog, nameOf: (n: number) => string): string {
  const looks = 100_000;
  const run = (count: number) => {
    for (let n = 0; n < count; n++) openOne(catalog, nameOf(n));
  };
  run(looks / 5);
  const cpu = process.cpuUsage();
  run(looks);
  const { user, system } = process.cpuUsage(cpu);
  return `${((user + system) / looks).toFixed(1)} µs of CPU`;
}
