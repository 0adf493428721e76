/** Sources of what is changed by the console that have nothing to tell. */
import { err, ok } from '../../src/base/result.ts';
import { apiRefusal } from '../../src/web/api/refusal-answer.ts';
import type { ApiSources } from '../../src/web/api/sources.ts';

const nothing = () => Promise.resolve(err(apiRefusal(404, 'there is nothing')));

export const EMPTY_DESK: Pick<ApiSources, 'files' | 'inventory' | 'backups' | 'boot' | 'config'> = {
  files: { list: nothing, place: nothing, remove: nothing, readers: nothing },
  inventory: { inventory: () => ({ known: [], unknown: [], file: '', profiles: [] }), adopt: nothing },
  backups: { list: () => Promise.resolve(ok([])), content: nothing, diff: nothing, restore: nothing },
  boot: { state: () => ({ entries: [], choices: [] }), choose: nothing, clear: nothing, wake: nothing },
  config: { state: () => Promise.resolve({ values: [], problems: [] }), reload: nothing },
};
