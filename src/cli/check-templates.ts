/** What `bootlace check` finds when it makes the files of all devices. */
import type { Config } from '../config/config.ts';
import type { Diagnostic } from '../config/diagnostics.ts';
import { type FoundFault, renderingFaults } from '../files/template-checks.ts';
import { filesConfigOf, templatesOf } from '../server/live-files.ts';
import { serverFor } from './explain-file.ts';

/** A diagnostic for each fault, however many devices have it. */
export function templateDiagnostics(config: Config): readonly Diagnostic[] {
  const { hosts, templates } = config;
  if (templates.sources.length === 0) return [];
  const route = templatesOf(filesConfigOf(config, []));
  return renderingFaults(route, hosts, templates.sources, ({ address }) => serverFor(config, { address })).map(diagnosticOf);
}

function diagnosticOf({ fault: { file, line, column, message }, text, device, more }: FoundFault): Diagnostic {
  const hint = device === undefined ? undefined : `for ${device}${more > 0 ? `, and for ${more} more` : ''}`;
  return { severity: 'warning', file, path: '', message, hint, position: { line, column, length: 1, text } };
}
