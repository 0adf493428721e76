/** Templates that can never be rendered are told of when they are read, not when the first device asks. */
import type { Config } from '../config/config.ts';
import type { Tell } from '../events/bus.ts';
import { textFaults } from '../files/template-checks.ts';

/** Tells of those of the operator; the ones that come with the program are right. */
export function tellTemplateFaults({ templates }: Pick<Config, 'templates'>, tell: Tell): void {
  const own = templates.sources.filter(({ origin }) => origin === 'user');
  if (own.length === 0) return;
  for (const { file, line, column, message } of textFaults(own)) {
    tell({ type: 'config.warning', where: `${file}:${line}:${column}`, detail: `${message}; the template makes no file` });
  }
}
