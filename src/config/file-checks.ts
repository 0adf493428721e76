/** Boot files that are named but are not there. Only warnings: files can come later, while the server runs. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { nearestName } from '../base/near-name.ts';
import { SERVER_VARIABLE } from '../boot/server-variable.ts';
import type { Finding, Path } from './diagnostics.ts';
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

function namedFiles(written: WrittenConfig): readonly { readonly path: Path; readonly file: string }[] {
  const named: readonly { readonly path: Path; readonly file: string | undefined }[] = [
    ...Object.entries(written.boot.files).map(([name, file]) => ({ path: ['boot', 'files', name], file })),
    { path: ['boot', 'ipxe'], file: written.boot.ipxe },
    ...written.hosts.map((host, at) => ({ path: ['hosts', at, 'boot', 'file'], file: host.boot.file })),
    ...written.classes.map((one, at) => ({ path: ['classes', at, 'boot', 'file'], file: one.boot.file })),
  ];
  return named.flatMap(({ path, file }) => (file === undefined || isElsewhere(file) ? [] : [{ path, file }]));
}

/** URLs lead to other servers, and a variable gets its value later. */
function isElsewhere(file: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(file) || file.includes(SERVER_VARIABLE);
}

async function checkFile(root: string, file: string, path: Path): Promise<readonly Finding[]> {
  const place = resolve(root, file.replace(/^\/+/, ''));
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
