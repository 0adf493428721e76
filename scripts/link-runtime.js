// Runs at the end of `npm ci`: makes sure that npm's scripts find the pinned Node as `node`. Plain JavaScript, as an old Node reads it.
// npm 10 installs the runtime of this system and then removes its link in node_modules/.bin, when it finds that those of the other
// systems, which bring a link of the same name, do not fit.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url));
const target = `../node-${process.platform}-${process.arch}/bin/node`;
const link = `${bin}node`;

// Windows has no links for everybody; there bin/bootlace.js finds the runtime by itself.
if (process.platform !== 'win32' && existsSync(`${bin}${target}`) && !existsSync(link)) {
  mkdirSync(bin, { recursive: true });
  symlinkSync(target, link);
}
