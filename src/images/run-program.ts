/** Programs of the system (apt, tar, gpgv): run to their end, without a shell. */
import { spawn } from 'node:child_process';

export interface ProgramOutcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** The end of what it complained of. */
  readonly complaint: string;
}

interface ProgramSettings {
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  /** A descriptor that its standard output goes to, instead of into `stdout`. */
  readonly outTo?: number;
}

/** Enough for the list of files of any package. */
const MOST_OUTPUT = 64 * 1024 * 1024;
const MOST_COMPLAINT = 2000;

/**
 * Runs a program; its end is an outcome, whatever its code.
 * @throws {Error} `ENOENT` when there is no such program; the signal's reason when it was aborted, and has ended by then.
 */
export async function runProgram(
  [file, ...args]: readonly [string, ...string[]],
  { signal, cwd, outTo }: ProgramSettings = {},
): Promise<ProgramOutcome> {
  signal?.throwIfAborted();
  // A group of its own: Ctrl-C is for us, and we end it.
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', outTo ?? 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const end = (): void => {
    child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', end);
  let stdout = '';
  let complaint = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.length > MOST_OUTPUT) child.kill('SIGTERM');
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-MOST_COMPLAINT);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal?.throwIfAborted();
    return { code, stdout, complaint: complaint.trim() };
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

/** `runProgram` for a program whose failure is ours: what it complained of becomes the Error. */
export async function runOrThrow(command: readonly [string, ...string[]], settings: ProgramSettings = {}): Promise<string> {
  const { code, stdout, complaint } = await runProgram(command, settings);
  if (code !== 0) throw new Error(`${command[0]} failed: ${complaint || `it ended with ${code ?? 'a signal'}`}`);
  return stdout;
}

/** Whether the fault is that there is no such program. */
export function isMissingProgram(fault: unknown): boolean {
  return (
    fault instanceof Error && 'code' in fault && fault.code === 'ENOENT' && 'syscall' in fault && String(fault.syscall).startsWith('spawn')
  );
}
