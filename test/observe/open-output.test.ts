/** The real thing: a program whose log nobody reads, or whose disk is full, goes on and ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

/** Writes 2 MiB to stdout, more than any pipe holds, and reports on stderr. */
const WRITER = `
  const { openOutput } = await import(${JSON.stringify(new URL('../../src/observe/log-output.ts', import.meta.url).href)});
  const output = openOutput();
  const line = 'x'.repeat(1023) + '\\n';
  for (let i = 0; i < 2048; i++) output.write(line);
  output.flush(50);
  process.stderr.write('went on');
  process.exit(0);
`;

/** What the writer reports when it runs behind this shell command. */
async function run(command: string): Promise<string> {
  const child = spawn('/bin/sh', ['-c', command, 'sh', process.execPath, WRITER], { stdio: ['pipe', 'pipe', 'pipe'], timeout: 20_000 });
  let report = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    report += text;
    // The reader of the pipe ends with its input.
    child.stdin.end();
  });
  await once(child, 'exit');
  child.stdout.destroy();
  return report;
}

test.each([
  // Our own end of the child's stdout is a socket, and nobody reads it before the child is gone.
  ['a socket that nobody reads', 'exec "$1" --input-type=module -e "$2"'],
  // The shell holds the pipe open while `cat` reads something else, until the writer has reported.
  ['a pipe that nobody reads', 'exec 3<&0; "$1" --input-type=module -e "$2" | { cat <&3; true; }'],
  ['a pipe whose reader is gone', '{ "$1" --input-type=module -e "$2"; } | true'],
  ['a full disk', 'exec "$1" --input-type=module -e "$2" >/dev/full'],
  ['no stdout at all', 'exec "$1" --input-type=module -e "$2" >&-'],
])(
  '%s holds nobody up',
  async (_what, command) => {
    expect(await run(command)).toBe('went on');
  },
  30_000,
);
