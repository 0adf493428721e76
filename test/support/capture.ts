/** What went over a wire: tcpdump writes it down, tshark reads it back. */
import { join } from 'node:path';
import type { Namespace } from './netns.ts';
import { Program } from './program.ts';
import { scratch } from './scratch.ts';

export class Capture {
  readonly file: string;
  readonly #tcpdump: Program;

  private constructor(tcpdump: Program, file: string) {
    this.#tcpdump = tcpdump;
    this.file = file;
  }

  /** Begins to write down what passes `device`; resolves when nothing is missed any more. `filter` is tcpdump's. */
  static async start(machine: Namespace, device: string, filter = ''): Promise<Capture> {
    const file = join(scratch('capture'), `${device}.pcap`);
    const tcpdump = machine.start(['tcpdump', '-n', '-Z', 'root', '-U', '--immediate-mode', '-i', device, '-w', file, filter]);
    await tcpdump.waitFor(/listening on/);
    return new Capture(tcpdump, file);
  }

  /** Ends the capture; the file is whole then. */
  async stop(): Promise<void> {
    await this.#tcpdump.stop('SIGINT');
  }

  /** As `packetsIn`. */
  packets<Field extends string>(fields: readonly Field[], displayFilter = ''): Promise<Record<Field, string>[]> {
    return packetsIn(this.file, fields, displayFilter);
  }
}

/** The packets that `displayFilter` (tshark's) lets through, each as the named fields; a field that occurs twice is joined by a comma. */
export async function packetsIn<Field extends string>(
  file: string,
  fields: readonly Field[],
  displayFilter = '',
): Promise<Record<Field, string>[]> {
  const fieldArguments = fields.flatMap((field) => ['-e', field]);
  // The environment keeps tshark from reading or writing a configuration of the person who runs the tests.
  const tshark = new Program(['tshark', '-n', '-r', file, '-Y', displayFilter, '-T', 'fields', ...fieldArguments], {
    env: { XDG_CONFIG_HOME: join(file, '..'), HOME: join(file, '..') },
  });
  const { stdout } = await tshark.succeeded();
  const rows = stdout.split('\n').filter((line) => line !== '');
  return rows.map((row) => {
    const values = row.split('\t');
    return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? ''])) as Record<Field, string>;
  });
}
