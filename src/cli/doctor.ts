/** `bootlace doctor`: whether this machine can do what the configuration asks of it. */
import { Command } from 'commander';
import { examine } from '../doctor/examination.ts';
import type { Finding, Status } from '../doctor/finding.ts';
import { plainText } from '../events/plain-text.ts';
import { showCount } from '../events/quantities.ts';
import { askServer } from '../server/control.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import { type Output, paint, processOutput } from './output.ts';

interface Flags {
  readonly config?: string;
  readonly json?: true;
}

export function doctorCommand(output: Output = processOutput()): Command {
  return new Command('doctor')
    .description('check this machine for what the configuration needs: ports, rights, interfaces, disk, clock; each with its remedy')
    .option('-c, --config <file>', `the configuration file (default: ./${DEFAULT_CONFIG}; without one, built-in defaults)`)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nRun it with sudo to learn which programs have the ports. Exit code 1 where something will not work.')
    .action((flags: Flags) => doctor(flags, output));
}

async function doctor({ config: file, json }: Flags, output: Output): Promise<void> {
  const config = await configOf(file, output, 'errors');
  if (config === undefined) return;
  const server = await askServer(config.server.dataDir, { do: 'hello' });
  const findings = await examine(config, server?.ok === true ? server.pid : undefined);
  if (findings.some(({ status }) => status === 'fail')) output.fail();
  if (json === true) output.line(JSON.stringify({ findings }, undefined, 2));
  else print(findings, output);
}

const COLOURS = { ok: 'green', warn: 'bold', fail: 'red' } as const satisfies Record<Status, string>;
const WIDTH = 4;

function print(findings: readonly Finding[], output: Output): void {
  for (const { status, check, text, remedy } of findings) {
    output.line(`${paint(COLOURS[status], status.padEnd(WIDTH), output.colour.line)}  ${plainText(`${check}: ${text}`)}`);
    if (remedy !== undefined) output.line(`      ${plainText(remedy, 1000)}`);
  }
  const count = (wanted: Status) => findings.filter(({ status }) => status === wanted).length;
  const [failed, doubtful] = [count('fail'), count('warn')];
  const parts = [...(failed > 0 ? [`${failed} will not work`] : []), ...(doubtful > 0 ? [showCount(doubtful, 'warning')] : [])];
  output.line(parts.length === 0 ? 'all is well' : parts.join(', '));
}
