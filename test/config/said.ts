import { showDiagnostics } from '../../src/config/diagnostics.ts';
import { checkText } from '../../src/config/load.ts';

/** A file that is wrong, and everything that is said about it. */
export interface Case {
  readonly name: string;
  /** The file, line by line. */
  readonly yaml: readonly string[];
  /** What the terminal shows, line by line. */
  readonly said: readonly string[];
}

/** What is said about a file without any environment variable set. */
export function saidAbout(yaml: readonly string[]): readonly string[] {
  const { diagnostics } = checkText(`${yaml.join('\n')}\n`, { file: 'config.yaml', env: {} });
  return showDiagnostics(diagnostics, { colour: false }).split('\n');
}
