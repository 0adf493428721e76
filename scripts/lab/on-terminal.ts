/** A program that has the terminal of this one, input and output: it draws there as it would by itself. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from '../../test/support/program.ts';

/** Ctrl-C reaches it together with us: it is given this long to end by itself before it is told again. */
const OWN_END_MS = 5000;

export interface OnTerminal {
  readonly ended: Promise<Ending>;
  stop(signal: NodeJS.Signals): Promise<Ending>;
}

export function startOnTerminal(
  command: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): OnTerminal {
  const [file, ...args] = command;
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
  let heard = false;
  const hear = (): void => {
    heard = true;
  };
  process.on('SIGINT', hear);
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    ended,
    async stop(signal) {
      process.off('SIGINT', hear);
      if (heard) await Promise.race([ended, sleep(OWN_END_MS, undefined, { ref: false })]);
      child.kill(signal);
      const first = await Promise.race([ended, sleep(OWN_END_MS, undefined, { ref: false })]);
      if (first === undefined) child.kill('SIGKILL');
      return first ?? (await ended);
    },
  };
}
