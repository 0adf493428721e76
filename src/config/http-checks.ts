/** What is said about HTTP elsewhere in the file. */
import { HTTP_PORT_VARIABLE, SERVER_VARIABLE } from '../boot/server-variable.ts';
import { bootPlaces, filesNamedAt } from './boot-places.ts';
import type { ConfiguredOption } from './config.ts';
import { error, type Finding, type Path } from './diagnostics.ts';
import { resolveProvision, type WrittenProvision } from './provision-keys.ts';
import type { WrittenConfig } from './schema.ts';

/** Finds options, boot files and kernels' command lines that name the port of HTTP where it is off. */
export function checkHttp(written: WrittenConfig): readonly Finding[] {
  if (written.http.port !== undefined) return [];
  const withOptions = Object.entries({ networks: written.networks, hosts: written.hosts, classes: written.classes });
  return [
    ...bootPlaces(written).flatMap((place) => [
      ...filesNamedAt(place).flatMap(({ path, file }) => inText(path, file)),
      ...(place.boot.menu?.entries ?? []).flatMap(({ args }, at) => inText([...place.path, 'menu', 'entries', at, 'args'], args)),
    ]),
    ...inProvision(['provision'], written.provision),
    ...Object.entries({ networks: written.networks, hosts: written.hosts, classes: written.classes }).flatMap(([list, items]) =>
      items.flatMap(({ provision }, at) => inProvision([list, at, 'provision'], provision)),
    ),
    ...withOptions.flatMap(([list, items]) => items.flatMap(({ options }, at) => inOptions([list, at, 'options'], options))),
  ];
}

/** Of another server it is not known whether it serves by HTTP. */
function inProvision(path: Path, written: WrittenProvision): readonly Finding[] {
  const { server, http } = resolveProvision(written);
  const namesPort = inText(path, server === false ? undefined : server);
  if (namesPort.length > 0 || http !== true || (typeof server === 'string' && !server.includes(SERVER_VARIABLE))) return namesPort;
  return [error([...path, 'http'], 'is by HTTP, but nothing is served by HTTP', 'set `http.port` to a port')];
}

function inOptions(path: Path, options: readonly ConfiguredOption[]): readonly Finding[] {
  return options.flatMap(({ name, value }) => inText([...path, name], JSON.stringify(value)));
}

function inText(path: Path, text: string | undefined): readonly Finding[] {
  if (text?.includes(HTTP_PORT_VARIABLE) !== true) return [];
  return [error(path, `uses ${HTTP_PORT_VARIABLE}, but nothing is served by HTTP`, 'set `http.port` to a port')];
}
