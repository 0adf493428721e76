/** `bootlace schema`: the JSON Schema of the configuration, for editors. */
import { Command } from 'commander';
import { configJsonSchema } from '../config/schema.ts';
import { type Output, processOutput } from './output.ts';

/** The command; it writes to `output`. */
export function schemaCommand(output: Output = processOutput()): Command {
  return new Command('schema').description('print the JSON Schema of the configuration file').action(() => {
    output.line(JSON.stringify(configJsonSchema(), null, 2));
  });
}
