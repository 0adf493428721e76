/** Boot files that are named but are not there. Only warnings: files can come later, while the server runs. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { nearestName } from '../base/near-name.ts';
import { usualFiles } from '../boot/boot-chain.ts';
import { IPXE_MENU } from '../boot/boot-settings.ts';
import { SERVER_VARIABLE } from '../boot/server-variable.ts';
import { type BootPlace, bootPlaces, filesNamedAt, type NamedFile } from './boot-places.ts';
import type { Finding, Path } from './diagnostics.ts';
import { DEFAULT_CHAIN } from './resolve-boot.ts';
import type { WrittenConfig } from './schema.ts';

/** Looks for the TFTP root and for every boot file under it. */
export async function checkFiles(written: WrittenConfig, baseDir: string): Promise<readonly Finding[]> {
  const root = resolve(baseDir, written.tftp.root);
  if (!(await isDirectory(root))) {
    const hint = `looked for ${root}`;
    return [
      { severity: 'warning', path: ['tftp', 'root'], at: 'value', message: 'the folder with the files to serve does not exist', hint },
    ];
  }
  const found = await Promise.all(namedFiles(written).map(({ path, file }) => checkFile(root, file, path)));
  return found.flat();
}

function namedFiles(written: WrittenConfig): readonly NamedFile[] {
  const places = bootPlaces(written);
  // A menu of the configuration is given under this name, so that no file has to be there.
  const made = places.some(({ boot }) => boot.menu !== undefined) ? IPXE_MENU : undefined;
  return places
    .flatMap((place) => [...chainFiles(place), ...filesNamedAt(place)])
    .filter(({ file }) => file !== made && !isElsewhere(file));
}

function chainFiles({ path, boot }: BootPlace): readonly NamedFile[] {
  const { chain = path.length === 1 && boot.files === undefined ? DEFAULT_CHAIN : undefined } = boot;
  return chain === undefined ? [] : usualFiles(chain).map((file) => ({ path: [...path, 'chain'], file }));
}

/** URLs lead to other servers, and a variable gets its value later. */
function isElsewhere(file: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(file) || file.includes(SERVER_VARIABLE);
}

async function checkFile(root: string, file: string, path: Path): Promise<readonly Finding[]> {
  const place = resolve(root, file.replaceAll('\\', '/').replace(/^\/+/, ''));
  if (place !== root && !place.startsWith(root.endsWith(sep) ? root : root + sep)) {
    return [{ severity: 'warning', path, at: 'value', message: `${file} leads out of ${root}, so it is not served` }];
  }
  if (await isFile(place)) return [];
  const near = nearestName(basename(place), await filesIn(dirname(place)));
  const advice = near === undefined ? '' : `; did you mean \`${near}\`, which is there?`;
  return [{ severity: 'warning', path, at: 'value', message: `there is no boot file ${file}`, hint: `looked for ${place}${advice}` }];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}
