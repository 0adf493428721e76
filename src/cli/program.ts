/** The command line. Only this folder reads arguments and the environment, prints and exits. */
import { Command } from 'commander';
import { backupsCommand } from './backups.ts';
import { checkCommand } from './check.ts';
import { leasesCommand } from './leases.ts';
import { optionsCommand } from './options.ts';
import { processOutput } from './output.ts';
import { reloadCommand } from './reload.ts';
import { schemaCommand } from './schema.ts';
import { upCommand } from './up.ts';
import { version } from './version.ts';

const program = new Command('bootlace')
  .description('Everything an unconfigured network needs to boot, from one laptop: DHCP and TFTP in one process.')
  .version(version, '-V, --version')
  // `bootlace backups show --version 3` is about a version of a file.
  .enablePositionalOptions()
  .showHelpAfterError('(bootlace --help shows how)')
  .showSuggestionAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
  .addHelpText('after', '\nStart with: sudo npm start. Exit codes: 0 well, 1 something is wrong, 2 wrong usage.');
for (const command of [
  upCommand(),
  reloadCommand(),
  checkCommand(),
  leasesCommand(),
  backupsCommand(),
  optionsCommand(),
  schemaCommand(),
]) {
  for (const one of [command, ...command.commands]) one.copyInheritedSettings(program);
  program.addCommand(command);
}

try {
  await program.parseAsync();
} catch (fault) {
  const output = processOutput();
  output.note(`bootlace: ${fault instanceof Error ? fault.message : String(fault)}`);
  // Not only the exit code: a start that failed halfway has threads and timers that would keep the process.
  process.exit(1);
}
