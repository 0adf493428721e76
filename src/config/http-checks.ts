/** What is said about HTTP elsewhere in the file. */
import { HTTP_PORT_VARIABLE } from '../boot/server-variable.ts';
import type { ConfiguredOption } from './config.ts';
import { error, type Finding, type Path } from './diagnostics.ts';
import type { WrittenConfig } from './schema.ts';

/** Finds options and boot files that name the port of HTTP where it is off. */
export function checkHttp({ http, boot, networks, hosts, classes }: WrittenConfig): readonly Finding[] {
  if (http.port !== undefined) return [];
  return [
    ...Object.entries(boot.files).flatMap(([name, file]) => inFile(['boot', 'files', name], file)),
    ...inFile(['boot', 'ipxe'], boot.ipxe),
    ...networks.flatMap(({ options }, at) => inOptions(['networks', at, 'options'], options)),
    ...[...hosts.entries()].flatMap(([at, host]) => inBooting(['hosts', at], host)),
    ...[...classes.entries()].flatMap(([at, one]) => inBooting(['classes', at], one)),
  ];
}

interface Booting {
  readonly options: readonly ConfiguredOption[];
  readonly boot: { readonly file?: string | undefined };
}

function inBooting(path: Path, { options, boot }: Booting): readonly Finding[] {
  return [...inOptions([...path, 'options'], options), ...inFile([...path, 'boot', 'file'], boot.file)];
}

function inOptions(path: Path, options: readonly ConfiguredOption[]): readonly Finding[] {
  return options.flatMap(({ name, value }) => inFile([...path, name], JSON.stringify(value)));
}

function inFile(path: Path, text: string | undefined): readonly Finding[] {
  if (text?.includes(HTTP_PORT_VARIABLE) !== true) return [];
  return [error(path, `uses ${HTTP_PORT_VARIABLE}, but nothing is served by HTTP`, 'set `http.port` to a port')];
}
