/** `bootlace check --effective`: what every key comes to, and which line says so. */
import type { LoadOutcome } from '../config/load.ts';
import { plainText } from '../events/plain-text.ts';
import { effectiveValues } from '../server/effective-config.ts';
import { type Output, showTable } from './output.ts';

export function reportEffective({ source, config }: LoadOutcome, asJson: boolean, output: Output): void {
  const values = effectiveValues(source, config);
  if (asJson) {
    output.line(JSON.stringify(values, undefined, 2));
    return;
  }
  const rows = values.map(({ path, value, line }) => [path, plainText(value), line === undefined ? 'default' : `line ${line}`]);
  output.line(showTable([['KEY', 'VALUE', 'FROM'], ...rows]));
}
