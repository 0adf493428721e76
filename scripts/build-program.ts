/**
 * Bundles the program for its start, into `dist/program/`: a few files for each thread, with what it needs of npm's packages, instead of six hundred
 * for the main one and two hundred for each of the others. Runs at the end of `npm ci`, and by `npm run build:program`. `bin/bootlace.js` runs it while
 * no source is newer.
 */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inRepository = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * By the name that `ThreadLink` and `bin/bootlace.js` know each by. Each is a bundle of its own: no thread loads a file for what another one needs. The
 * main one comes last: without it the sources are run, also where a build was broken off.
 */
const PROGRAMS = {
  'dhcp-thread': 'src/server/dhcp-thread.ts',
  'tftp-thread': 'src/server/tftp-thread.ts',
  main: 'src/cli/main.ts',
} as const;

/** Those stay packages: a library of the machine, and data that is read when somebody asks for it. */
const APART = ['koffi', 'oui-data'];

const rolldown = await import('rolldown').catch(() => undefined);
if (rolldown === undefined)
  console.log('the program is run from its sources: what bundles it is not installed (npm ci without --omit=dev installs it)');
else {
  const folder = inRepository('dist/program');
  rmSync(folder, { recursive: true, force: true });
  for (const [name, input] of Object.entries(PROGRAMS))
    await rolldown.build({
      cwd: inRepository('.'),
      input: { [name]: input },
      platform: 'node',
      external: APART,
      logLevel: 'warn',
      output: { dir: folder, entryFileNames: '[name].js', chunkFileNames: `${name}-[name]-[hash].js`, cleanDir: false },
    });
}
