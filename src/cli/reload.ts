/** `bootlace reload`: a running server reads its configuration again. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { showDiagnostics } from '../config/diagnostics.ts';
import { dataDirOf } from '../config/load.ts';
import { showCount } from '../events/quantities.ts';
import { askServer } from '../server/control.ts';
import { DEFAULT_CONFIG } from './config-option.ts';
import { type Output, processOutput } from './output.ts';

interface Flags {
  readonly config?: string;
  readonly json?: true;
}

export function reloadCommand(output: Output = processOutput()): Command {
  return new Command('reload')
    .description('have the running server read its configuration again, which is refused as a whole when something in it is wrong')
    .option('-c, --config <file>', `the configuration file of the running server (default: ./${DEFAULT_CONFIG})`)
    .option('--json', 'print JSON')
    .action((flags: Flags) => reload(flags, output));
}

async function reload(flags: Flags, output: Output): Promise<void> {
  const file = flags.config ?? DEFAULT_CONFIG;
  if (flags.config !== undefined && !existsSync(file)) throw new Error(`there is no file ${file}`);
  const dataDir = await dataDirOf(file, process.env);
  const answer = await askServer(dataDir, { do: 'reload' });
  if (answer === undefined) throw new Error(`no Bootlace is running with ${dataDir}; a server.dataDir that has changed takes a restart`);
  if (!answer.ok) output.fail();
  if (flags.json === true) {
    output.line(JSON.stringify(answer, undefined, 2));
    return;
  }
  const { diagnostics = [] } = answer;
  if (diagnostics.length > 0) output.note(`${showDiagnostics(diagnostics, { colour: output.colour.note })}\n`);
  if (answer.ok) {
    const changes = answer.changes ?? [];
    for (const change of changes) output.line(change);
    output.line(changes.length === 0 ? 'nothing is different' : `${showCount(changes.length, 'change')} in force`);
    return;
  }
  // What has a place in the file was shown with it.
  if (!diagnostics.some(({ severity }) => severity === 'error')) for (const reason of answer.reasons ?? []) output.note(reason);
  output.note(`${answer.error}; the one before stays in force`);
}
