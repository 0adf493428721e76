/** `bootlace options`: what `options:` in the configuration can set. */
import { Command } from 'commander';
import { whyNotConfigurable } from '../config/option-values.ts';
import { OPTION_TABLE, type OptionRow } from '../dhcp/option-table.ts';
import { OPTION_SHAPES } from '../dhcp/option-types.ts';
import { type Output, processOutput, showTable } from './output.ts';

/** The command; it writes to `output`. */
export function optionsCommand(output: Output = processOutput()): Command {
  return new Command('options')
    .description('list the DHCP options that the configuration knows: number, name, type')
    .argument('[filter]', 'only those with this number, or with this text in their name')
    .option('--json', 'print JSON for programs')
    .action((filter: string | undefined, flags: { readonly json?: boolean }) => {
      const rows = OPTION_TABLE.filter((row) => filter === undefined || isMeant(row, filter));
      if (flags.json === true) {
        output.line(JSON.stringify(rows.map(asJson), null, 2));
        return;
      }
      if (rows.length === 0) {
        output.note(
          `no DHCP option is called ${JSON.stringify(filter)}; a number from 1 to 254 works all the same, with a type: 224: { text: "…" }`,
        );
        output.fail();
        return;
      }
      output.line(showTable([['CODE', 'NAME', 'TYPE', 'OPTION', 'SOURCE'], ...rows.map(asCells)]));
      output.line('');
      for (const text of legend(rows)) output.line(text);
    });
}

function isMeant(row: OptionRow, filter: string): boolean {
  if (/^\d+$/.test(filter)) return row.code === Number(filter);
  const wanted = filter.toLowerCase();
  return [row.configName, row.name, row.source].some((text) => text.toLowerCase().includes(wanted));
}

function asCells(row: OptionRow): readonly string[] {
  return [String(row.code), row.configName, whyNotConfigurable(row.code) === undefined ? row.shape : '-', row.name, row.source];
}

function legend(rows: readonly OptionRow[]): readonly string[] {
  const isFixed = (row: OptionRow): boolean => whyNotConfigurable(row.code) !== undefined;
  const shapes = new Set(rows.filter((row) => !isFixed(row)).map((row) => row.shape));
  const types = [...shapes].map((shape) => [`  ${shape}`, OPTION_SHAPES[shape].accepts]);
  const fixed = rows.some(isFixed) ? [['  -', 'cannot be set: only clients send it, or the server sets it by itself']] : [];
  return [
    'Types',
    showTable([...types, ...fixed]),
    'Any number from 1 to 254 can be given instead of a name, and a type before the value: 224: { text: "…" }',
  ];
}

function asJson(row: OptionRow): object {
  return {
    code: row.code,
    name: row.configName,
    type: row.shape,
    accepts: OPTION_SHAPES[row.shape].accepts,
    option: row.name,
    source: row.source,
    configurable: whyNotConfigurable(row.code) === undefined,
  };
}
