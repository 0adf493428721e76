/** The command line. Only this folder reads arguments and the environment, prints and exits. */
import { Command } from 'commander';
import { processOutput } from './output.ts';
import { version } from './version.ts';

/** Each is loaded when it is called: what the others need is no burden to a server that runs for weeks. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./up.ts')).upCommand(),
  reload: async () => (await import('./reload.ts')).reloadCommand(),
  check: async () => (await import('./check.ts')).checkCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  render: async () => (await import('./render.ts')).renderCommand(),
  boot: async () => (await import('./boot.ts')).bootCommand(),
  devices: async () => (await import('./devices.ts')).devicesCommand(),
  leases: async () => (await import('./leases.ts')).leasesCommand(),
  backups: async () => (await import('./backups.ts')).backupsCommand(),
  images: async () => (await import('./images.ts')).imagesCommand(),
  web: async () => (await import('./web.ts')).webCommand(),
  wake: async () => (await import('./wake.ts')).wakeCommand(),
  simulate: async () => (await import('./simulate.ts')).simulateCommand(),
  options: async () => (await import('./options.ts')).optionsCommand(),
  schema: async () => (await import('./schema.ts')).schemaCommand(),
};

const program = new Command('bootlace')
  .description('Everything an unconfigured network needs to boot, from one laptop: DHCP and TFTP in one process.')
  .version(version, '-V, --version')
  // `bootlace backups show --version 3` is about a version of a file.
  .enablePositionalOptions()
  .showHelpAfterError('(bootlace --help shows how)')
  .showSuggestionAfterError()
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2))
  .addHelpText('after', '\nStart with: sudo npm start. Exit codes: 0 well, 1 something is wrong, 2 wrong usage.');
for (const command of await commandsFor(process.argv[2])) {
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

/** The one that is called; all of them where none is, for help and suggestions. */
async function commandsFor(name: string | undefined): Promise<Command[]> {
  const called = name === undefined || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
  return Promise.all((called === undefined ? Object.values(COMMANDS) : [called]).map((load) => load()));
}
