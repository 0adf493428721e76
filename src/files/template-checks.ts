/** What would go wrong with the files of all devices, found before one of them asks. */
import type { Ipv4 } from '../base/addresses.ts';
import type { TemplateSource } from '../boot/template-source.ts';
import type { KnownDevice } from './known-devices.ts';
import { joinSafe } from './safe-path.ts';
import { TemplateEngine, type TemplateFault } from './template-engine.ts';
import type { TemplateRoute } from './template-route.ts';
import { formFault } from './well-formed-text.ts';

/** A fault, and for how many devices. */
export interface FoundFault {
  readonly fault: TemplateFault;
  /** The line of the template; empty where it is not known. */
  readonly text: string;
  /** The first of them, and how many more; undefined for a fault of the template itself. */
  readonly device: string | undefined;
  readonly more: number;
}

/** Faults of the text of templates, such as a tag without its end. */
export function textFaults(templates: readonly TemplateSource[]): readonly TemplateFault[] {
  const engine = new TemplateEngine(templates);
  return templates
    .filter(({ answers }) => answers.length > 0)
    .flatMap((source) => {
      const compiled = engine.compile(source, source.escape ?? 'plain');
      return compiled.ok ? [] : [compiled.error];
    });
}

/** Renders every file of every device, and looks at what comes out. */
export function renderingFaults(
  route: TemplateRoute,
  devices: readonly KnownDevice[],
  templates: readonly TemplateSource[],
  serverOf: (device: KnownDevice) => Ipv4 | undefined,
): readonly FoundFault[] {
  const found = new Map<string, { fault: TemplateFault; device: string | undefined; more: number }>();
  const note = (fault: TemplateFault, device: string | undefined): void => {
    const key = `${fault.file}:${fault.line}:${fault.message}`;
    const earlier = found.get(key);
    if (earlier === undefined) found.set(key, { fault, device, more: 0 });
    else earlier.more += 1;
  };
  for (const fault of textFaults(templates)) note(fault, undefined);
  for (const device of devices) {
    const { mac } = device.key;
    const from = { address: device.address, ...(mac === undefined ? {} : { mac, isLeased: true }) };
    for (const name of route.namesOf(device)) {
      const made = route.rehearse({ path: joinSafe(name), from, server: serverOf(device) });
      if (made === undefined) continue;
      const called = `${device.name ?? mac ?? device.serial}, ${name}`;
      if (!made.text.ok) note(made.text.error, called);
      const fault = made.text.ok ? formFault(made.text.value, made.form) : undefined;
      if (fault !== undefined) note({ file: made.source.file, line: made.source.linesBefore + 1, column: 1, message: fault }, called);
    }
  }
  return [...found.values()].map(({ fault, device, more }) => ({ fault, device, more, text: lineOf(fault, templates) }));
}

function lineOf({ file, line }: TemplateFault, templates: readonly TemplateSource[]): string {
  const source = templates.find((one) => one.file === file);
  return source?.text.split(/\r?\n/)[line - source.linesBefore - 1] ?? '';
}
