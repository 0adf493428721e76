/** Before the tests of the page: builds it when it is not there, or older than what it is made from. */
import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export function setup(): void {
  const sources = globSync(['src/web/ui/**/*.*', 'scripts/build-page.ts'], { cwd: ROOT });
  const newest = Math.max(...sources.map((path) => statSync(join(ROOT, path)).mtimeMs));
  const built = statSync(join(ROOT, 'dist/page/index.html'), { throwIfNoEntry: false });
  if (built === undefined || built.mtimeMs < newest)
    execFileSync(process.execPath, ['scripts/build-page.ts'], { cwd: ROOT, stdio: 'inherit' });
}
