#!/usr/bin/env node
// Runs the bundled program or, where a source of the checkout is newer than it, the sources. Plain JavaScript that old Nodes read too:
// where the runtime on the PATH is too old, the one that this package pins is taken.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bundle = new URL('../dist/program/main.js', import.meta.url);
// The published package has no sources.
const source = new URL('../src/cli/main.ts', import.meta.url);
const program = existsSync(source) && !isFresh() ? source : bundle;
const system = process.platform === 'win32' ? 'win' : process.platform;
const executable = process.platform === 'win32' ? 'node.exe' : 'node';
const pinned = fileURLToPath(new URL(`../node_modules/node-${system}-${process.arch}/bin/${executable}`, import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 24 || (major === 24 && minor >= 12)) {
  await import(program.href);
} else if (existsSync(pinned)) {
  const child = spawn(pinned, [fileURLToPath(program), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
} else {
  console.error(`bootlace: Node ${process.versions.node} is too old, 24.12 is needed; run 'npm ci' in the project's folder`);
  process.exit(1);
}

/** Whether the bundle was made after the last change of what it is made from. */
function isFresh() {
  const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const builtAt = changedAt(fileURLToPath(bundle));
  const isOlder = (path) => changedAt(path) <= builtAt;
  const isFolderOlder = (folder) =>
    isOlder(folder) &&
    readdirSync(folder, { withFileTypes: true }).every((entry) => {
      const path = `${folder}/${entry.name}`;
      // The page is built apart.
      return entry.isDirectory() ? entry.name === 'ui' || isFolderOlder(path) : isOlder(path);
    });
  // npm writes this one whenever it installs, replaces or removes a package.
  return (
    builtAt > 0 &&
    isOlder(fileURLToPath(new URL('../node_modules/.package-lock.json', import.meta.url))) &&
    isFolderOlder(fileURLToPath(new URL('../src', import.meta.url)))
  );
}
