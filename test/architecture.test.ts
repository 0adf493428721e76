/** The rules of the house, held on its source: who may import whom, what pure code must not reach for, how files are named. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** A folder imports from lower layers and from itself. */
const LAYERS: Readonly<Record<string, number>> = {
  base: 0,
  events: 1,
  dhcp: 2,
  tftp: 2,
  boot: 2,
  devices: 2,
  services: 2,
  leases: 3,
  files: 3,
  config: 3,
  net: 3,
  observe: 3,
  images: 3,
  server: 4,
  web: 4,
  probe: 4,
  doctor: 4,
  cli: 5,
};

/** What may be imported beside lower layers, and why. */
const NEIGHBOURS: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: 'boot', to: 'dhcp', why: 'a boot plan reads a DHCP request and implements its port BootPolicy; never the other way round' },
  { from: 'server', to: 'web', why: 'the composition root starts the web server; what that needs of `server` it is handed' },
];

/** No node:*, no npm, no clock, no chance, no output. */
const PURE_FOLDERS: ReadonlySet<string> = new Set(['base', 'events', 'dhcp', 'tftp', 'boot', 'devices', 'services']);
/** Folders that are pure but for one part of them. */
const PURE_BUT: Readonly<Record<string, string>> = { probe: 'src/probe/shells/' };

function isPure({ folder, path }: SourceFile): boolean {
  const shells = PURE_BUT[folder];
  return PURE_FOLDERS.has(folder) || (shells !== undefined && !path.startsWith(shells));
}

const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  'Date',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'console',
  'Buffer',
  'fetch',
  'globalThis',
]);

/** Where each package may be imported; one that is not here is not imported at all. */
const PACKAGE_HOMES: Readonly<Record<string, string | readonly string[]>> = {
  '@fastify/cookie': 'web',
  '@fastify/rate-limit': 'web',
  '@fastify/static': 'web',
  '@fastify/swagger': 'web',
  '@rgrove/parse-xml': 'files',
  commander: 'cli',
  'csv-parse': 'config',
  'csv-stringify': 'config',
  dhcp: 'config',
  diff: 'files',
  'dns-packet': 'server',
  fastify: 'web',
  'fastify-type-provider-zod': 'web',
  koffi: 'net',
  liquidjs: 'files',
  'oui-data': 'observe',
  pino: 'observe',
  'pino-pretty': 'observe',
  'prom-client': 'observe',
  re2js: 'config',
  'string-width': 'cli',
  uqr: 'cli',
  yaml: 'config',
  zod: ['config', 'web'],
};

const MOST_LINES = 300;
/** Files that are longer, each with the reason why they are one idea nevertheless. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'src/dhcp/engine.ts': 'the answers to all eight messages side by side; their rules are in request-rules, allocator, lease-book and reply',
};

interface SourceFile {
  /** From the root of the repository, `src/dhcp/engine.ts`. */
  readonly path: string;
  /** `dhcp` */
  readonly folder: string;
  readonly text: string;
  /** What stands between the quotes of imports, exports, `import()` and `require()`. */
  readonly imports: readonly string[];
}

function sourceFile(path: string, text: string): SourceFile {
  const imports = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
  return { path, folder: path.split('/')[1] ?? '', text, imports };
}

/** The page is a program of its own, for browsers. */
const PAGE = 'src/web/ui/';

const SOURCES = globSync('src/**/*.ts', { cwd: ROOT })
  .filter((path) => !path.startsWith(PAGE))
  .toSorted()
  .map((path) => sourceFile(path, readFileSync(join(ROOT, path), 'utf8')));

type Rule = (file: SourceFile) => readonly string[];

/** One line for each breach; an empty list is a house in order. */
function breachesOf(rule: Rule): string[] {
  return SOURCES.flatMap((file) => rule(file).map((breach) => `${file.path}: ${breach}`));
}

const isRelative = (specifier: string) => specifier.startsWith('.');

const importsDownwards: Rule = (file) =>
  file.imports.filter(isRelative).flatMap((specifier) => {
    const [top, folder = ''] = normalize(join(dirname(file.path), specifier)).split('/');
    if (top !== 'src') return top === 'package.json' ? [] : [`${specifier} is outside src`];
    const isLower = (LAYERS[folder] ?? Number.POSITIVE_INFINITY) < (LAYERS[file.folder] ?? 0);
    const isNeighbour = NEIGHBOURS.some(({ from, to }) => from === file.folder && to === folder);
    return folder === file.folder || isLower || isNeighbour ? [] : [`${specifier} is not below ${file.folder}`];
  });

const importsWithExtension: Rule = (file) =>
  file.imports
    .filter((specifier) => isRelative(specifier) && !/\.(ts|json)$/.test(specifier))
    .map((specifier) => `${specifier} without .ts`);

const pureImports: Rule = (file) =>
  isPure(file) ? file.imports.filter((specifier) => !isRelative(specifier)).map((specifier) => `${specifier} is not pure`) : [];

const pureGlobals: Rule = (file) => {
  if (!isPure(file)) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && !isOnlyAName(node)) found.push(node.text);
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') found.push('Math.random');
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true));
  return found;
};

/** The name of a property or method of somebody's own is not the global of that name. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  return 'name' in parent && parent.name === node && !ts.isVariableDeclaration(parent);
}

const packagesAtHome: Rule = (file) =>
  file.imports
    .filter((specifier) => !isRelative(specifier) && !specifier.startsWith('node:'))
    .filter((specifier) => ![PACKAGE_HOMES[packageOf(specifier)]].flat().includes(file.folder))
    .map((specifier) => `${specifier} is not at home in ${file.folder}`);

/** `@scope/name` or `name` of what is imported from a package. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const shortEnough: Rule = (file) => {
  const lines = file.text.trimEnd().split('\n').length;
  return lines > MOST_LINES ? [`${lines} lines`] : [];
};

const exportsByName: Rule = (file) => (/^export default\b/m.test(file.text) ? ['export default'] : []);

describe('layers', () => {
  test('every folder has its layer', () => {
    expect(SOURCES.filter((file) => !Object.hasOwn(LAYERS, file.folder)).map((file) => file.path)).toEqual([]);
  });

  test('a file imports from lower layers and from its own folder', () => {
    expect(breachesOf(importsDownwards)).toEqual([]);
  });

  test('imported paths end in .ts, so that Node finds them as they are', () => {
    expect(breachesOf(importsWithExtension)).toEqual([]);
  });

  test('pure ones import nothing from node: or npm', () => {
    expect(breachesOf(pureImports)).toEqual([]);
  });

  test('pure ones read no clock, draw no chance, print nothing', () => {
    expect(breachesOf(pureGlobals)).toEqual([]);
  });
});

describe('packages', () => {
  test('are imported only where they are at home, and Node by its full name', () => {
    expect(breachesOf(packagesAtHome)).toEqual([]);
  });

  test('have a home when they are a dependency, and only then', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    expect(Object.keys(PACKAGE_HOMES)).toEqual(Object.keys(dependencies).toSorted());
  });
});

describe('files', () => {
  const paths = globSync(['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'], { cwd: ROOT }).toSorted();

  test('are named in kebab-case', () => {
    expect(paths.filter((path) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*(\.(test|suite|d))?\.ts$/.test(path))).toEqual([]);
  });

  test('are named for one idea, not for whatever found no other place', () => {
    expect(paths.filter((path) => /(^|[/-])(utils?|helpers?|managers?|common|misc)([-./]|$)/.test(path))).toEqual([]);
  });

  test(`have at most ${MOST_LINES} lines, save those with a reason`, () => {
    expect(breachesOf((file) => (file.path in LONG_FILES ? [] : shortEnough(file)))).toEqual([]);
  });

  test('with a reason to be long are still there, and still long', () => {
    const long = SOURCES.filter((file) => shortEnough(file).length > 0).map((file) => file.path);
    expect(Object.keys(LONG_FILES).filter((path) => !long.includes(path))).toEqual([]);
  });

  test('export by name', () => {
    expect(breachesOf(exportsByName)).toEqual([]);
  });
});

describe('these rules', () => {
  test.each<[name: string, rule: Rule, path: string, text: string, breaches: number]>([
    ['a layer above', importsDownwards, 'src/dhcp/a.ts', "import { b } from '../leases/b.ts';", 1],
    ['a layer above, only its types', importsDownwards, 'src/dhcp/a.ts', "import type { B } from '../leases/b.ts';", 1],
    ['a layer above, passed on', importsDownwards, 'src/dhcp/a.ts', "export {\n  b,\n} from '../server/b.ts';", 1],
    ['a layer above, when it is needed', importsDownwards, 'src/net/a.ts', "const b = await import('../cli/b.ts');", 1],
    ['a folder of the same layer', importsDownwards, 'src/tftp/a.ts', "import { b } from '../dhcp/b.ts';", 1],
    ['dhcp that knows of boot', importsDownwards, 'src/dhcp/a.ts', "import { b } from '../boot/b.ts';", 1],
    ['boot that knows of dhcp', importsDownwards, 'src/boot/a.ts', "import { b } from '../dhcp/b.ts';", 0],
    ['a folder that nobody knows', importsDownwards, 'src/cli/a.ts', "import { b } from '../attic/b.ts';", 1],
    ['a test', importsDownwards, 'src/cli/a.ts', "import { b } from '../../test/b.ts';", 1],
    ['a layer below', importsDownwards, 'src/dhcp/a.ts', "import { b } from '../base/b.ts';", 0],
    ['its own folder from a deeper one', importsDownwards, 'src/net/linux/a.ts', "import { b } from '../ports.ts';", 0],
    ['an import in a comment', importsDownwards, 'src/dhcp/a.ts', "// import { b } from '../cli/b.ts';", 0],
    ['a path without an extension', importsWithExtension, 'src/dhcp/a.ts', "import { b } from './b';", 1],
    ['node: in a pure file', pureImports, 'src/tftp/a.ts', "import { join } from 'node:path';", 1],
    ['node: in an adapter', pureImports, 'src/files/a.ts', "import { join } from 'node:path';", 0],
    ['node: in a simulated device', pureImports, 'src/probe/a.ts', "import { join } from 'node:path';", 1],
    ['node: in the shell of one', pureImports, 'src/probe/shells/a.ts', "import { join } from 'node:path';", 0],
    ['the clock', pureGlobals, 'src/dhcp/a.ts', 'const now = Date.now();', 1],
    ['chance', pureGlobals, 'src/dhcp/a.ts', 'const x = Math.random();', 1],
    ['a timer behind another name', pureGlobals, 'src/dhcp/a.ts', 'const later = setTimeout;', 1],
    ['a buffer as a type', pureGlobals, 'src/dhcp/a.ts', 'export function a(b: Buffer): void {}', 1],
    ['its own method of that name', pureGlobals, 'src/dhcp/a.ts', 'class A { fetch(): void {} }\nnew A().fetch();', 0],
    ['the word in a text', pureGlobals, 'src/dhcp/a.ts', 'const a = `the process ends`; // on this Date', 0],
    ['the clock in a shell', pureGlobals, 'src/server/a.ts', 'const now = Date.now();', 0],
    ['pino outside observe', packagesAtHome, 'src/server/a.ts', "import { pino } from 'pino';", 1],
    ['pino in observe', packagesAtHome, 'src/observe/a.ts', "import { pino } from 'pino';", 0],
    ['a file inside a package', packagesAtHome, 'src/config/a.ts', "import options from 'dhcp/lib/options.js';", 0],
    ['a package that is none of ours', packagesAtHome, 'src/cli/a.ts', "import x from '@other/thing/deep.js';", 1],
    ['a package that is required', packagesAtHome, 'src/server/a.ts', "const x = require('oui-data');", 1],
    ['Node by its short name', packagesAtHome, 'src/files/a.ts', "import fs from 'fs';", 1],
    ['a long file', shortEnough, 'src/dhcp/a.ts', 'a\n'.repeat(301), 1],
    ['a file as long as may be', shortEnough, 'src/dhcp/a.ts', 'a\n'.repeat(300), 0],
    ['a default export', exportsByName, 'src/dhcp/a.ts', 'export default function a() {}', 1],
  ])('judge %s', (_name, rule, path, text, count) => {
    expect(rule(sourceFile(path, text))).toHaveLength(count);
  });
});
