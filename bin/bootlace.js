#!/usr/bin/env node
// Runs the built program of the published package, or the sources of a checkout. Plain JavaScript that old Nodes read too:
// where the runtime on the PATH is too old, the one that this package pins is taken.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// The published package has no sources, and a checkout may have an old build.
const source = new URL('../src/cli/main.ts', import.meta.url);
const program = existsSync(source) ? source : new URL('../dist/cli/main.js', import.meta.url);
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
