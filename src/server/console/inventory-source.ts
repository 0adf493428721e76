/** What the console tells of the devices that are written down, and of those that are not; and writing one of these down. */
import { parseIpv4, parseMac, showIpv4 } from '../../base/addresses.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { MASK } from '../../base/secret-names.ts';
import { DEVICES } from '../../boot/profiles/devices.ts';
import type { DeviceVars } from '../../boot/template-source.ts';
import type { Config, HostConfig } from '../../config/config.ts';
import type { Diagnostic } from '../../config/diagnostics.ts';
import type { Environment } from '../../config/environment.ts';
import { templateProfiles } from '../../config/template-files.ts';
import type { Devices } from '../../devices/api.ts';
import { plainText } from '../../events/plain-text.ts';
import type { TemplateRoute } from '../../files/template-route.ts';
import type { DeviceDirectory } from '../../observe/directory.ts';
import type { VendorOf } from '../../observe/vendors.ts';
import type { AdoptedDevice, InventorySource } from '../../web/api/inventory-routes.ts';
import type { AdoptionShape, InventoryShape, KnownDeviceShape, UnknownDeviceShape } from '../../web/api/inventory-shapes.ts';
import { type ApiRefusal, apiRefusal } from '../../web/api/refusal-answer.ts';
import { adoptDevice, inventoryOf } from '../adoption.ts';
import { filesConfigOf, templatesOf } from '../live-files.ts';

export interface InventoryParts {
  /** The one in force. */
  readonly config: () => Config;
  readonly env: Environment;
  readonly book: Pick<Devices, 'list'>;
  readonly directory: Pick<DeviceDirectory, 'whoHas'>;
  readonly vendorOf: VendorOf;
}

export class ConsoleInventory implements InventorySource {
  readonly #parts: InventoryParts;

  constructor(parts: InventoryParts) {
    this.#parts = parts;
  }

  inventory(): InventoryShape {
    const config = this.#parts.config();
    const templates = templatesOf(filesConfigOf(config, []));
    const profiles = new Set([...DEVICES.map(({ name }) => name), ...templateProfiles(config.templates.sources)]);
    const target = config.file === undefined ? undefined : inventoryOf({ config, file: config.file });
    return {
      known: config.hosts.map((host) => knownDevice(host, templates)),
      unknown: this.#unknown(config),
      file: target?.ok === true ? target.value : '',
      profiles: [...profiles].toSorted(),
    };
  }

  async adopt({ mac: written, ...wanted }: AdoptionShape): Promise<Result<AdoptedDevice, ApiRefusal>> {
    const mac = parseMac(written);
    if (mac === undefined) return err(apiRefusal(422, `${plainText(written)} is no MAC address such as 00:1b:54:aa:bb:cc`));
    const config = this.#parts.config();
    if (config.file === undefined)
      return err(apiRefusal(409, 'the server runs without a file of a configuration, so that nothing says where the inventory is'));
    try {
      const place = { file: config.file, config, env: this.#parts.env, isFromAfar: true };
      const adopted = await adoptDevice({ mac, ...withoutEmpty(wanted) }, place);
      if (adopted.ok) {
        const { host, files, advice } = adopted.value;
        return ok({ place: host.place, files, advice });
      }
      const { error } = adopted;
      if (typeof error === 'string') return err(apiRefusal(422, error));
      return err(apiRefusal(409, `${mac} does not fit into the inventory, and nothing is changed`, error.map(sentenceOf)));
    } catch (fault) {
      return err(apiRefusal(500, `the inventory could not be written: ${fault instanceof Error ? fault.message : String(fault)}`));
    }
  }

  #unknown({ hosts }: Config): UnknownDeviceShape[] {
    const { book, directory, vendorOf } = this.#parts;
    const known = new Set(hosts.flatMap(({ key }) => key.mac ?? []));
    return book.list().flatMap(({ mac, address, name }): UnknownDeviceShape[] => {
      if (mac === undefined || known.has(mac)) return [];
      const at = address === undefined ? undefined : parseIpv4(address);
      const holder = at === undefined ? {} : directory.whoHas(at);
      const { profile, model, serial } = holder.mac === mac ? holder : {};
      return [{ mac, ...present({ address, name, vendor: vendorOf(mac), profile, model: plain(model), serial: plain(serial) }) }];
    });
  }
}

function knownDevice(host: HostConfig, templates: TemplateRoute): KnownDeviceShape {
  const { key, name, address, profile, model, serial, vars, place } = host;
  const files = [...templates.namesOf(host)];
  return {
    ...present({ mac: key.mac, name, address: address === undefined ? undefined : showIpv4(address), profile, model, serial }),
    vars: shownVars(vars),
    place,
    files,
  };
}

/** What is secret by its name, or came from elsewhere, is not shown; nor is what holds more than one value, as nobody can tell what of it is. */
function shownVars({ values, hidden }: DeviceVars): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      hidden.includes(name) || (typeof value === 'object' && value !== null) ? MASK : String(value),
    ]),
  );
}

function present<Fields extends Readonly<Record<string, string | undefined>>>(fields: Fields): { [Key in keyof Fields]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [Key in keyof Fields]?: string };
}

function plain(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainText(text);
}

/** A field of a form that is left empty is not given. */
function withoutEmpty({ vars, ...own }: Omit<AdoptionShape, 'mac'>): Omit<AdoptionShape, 'mac'> {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
  return { ...given, ...(vars !== undefined && { vars }) };
}

function sentenceOf({ path, message, hint }: Diagnostic): string {
  return `${path === '' ? '' : `${path}: `}${message}${hint === undefined ? '' : `; ${hint}`}`;
}
