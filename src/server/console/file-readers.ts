/**
 * Who would get a file: every device that is written down or was seen is looked at by the rules that answer it. What it would be told to boot,
 * what is made for it, and what its family asks for names the file; the lists of access say whether it may have it.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { type Ipv4, isInside, type Mac, parseIpv4 } from '../../base/addresses.ts';
import { wallMs } from '../../base/clock.ts';
import { ARCHITECTURES } from '../../boot/architecture.ts';
import { askedBy } from '../../boot/asked-files.ts';
import type { FileOrFiles, MenuEntry } from '../../boot/boot-menu.ts';
import { BootPlanner, menuFor } from '../../boot/boot-plan.ts';
import { BootLevels } from '../../boot/boot-settings.ts';
import { macsInName } from '../../boot/mac-in-name.ts';
import type { Config, HostConfig } from '../../config/config.ts';
import type { Devices } from '../../devices/api.ts';
import { HostTable } from '../../dhcp/host-table.ts';
import { type Inquiry, inquiryOf } from '../../dhcp/inquiry.ts';
import { subnetOf } from '../../dhcp/subnet.ts';
import type { Subject } from '../../events/events.ts';
import type { FileCatalog } from '../../files/catalog.ts';
import { type SafePath, showName } from '../../files/safe-path.ts';
import type { TemplateRoute } from '../../files/template-route.ts';
import type { FileReadersShape } from '../../web/api/file-shapes.ts';
import { catalogOf, filesConfigOf, templatesOf } from '../live-files.ts';
import { networksAsIfUp, rehearsedRequest } from '../rehearsed-request.ts';
import { siteConfigOf, siteOf } from '../site.ts';

export interface FileReadersParts {
  readonly config: () => Config;
  readonly book: Pick<Devices, 'list'>;
  readonly whoHas: (address: Ipv4) => Subject;
}

/** More are no answer for people, and take longer than anybody waits. */
const MOST_DEVICES = 1_000;
/** Devices that are looked at before others get their turn: about a millisecond each. */
const LOOKED_AT_ONCE = 10;

/** One device that may be a reader. */
interface Candidate {
  readonly host: HostConfig | undefined;
  readonly mac: Mac | undefined;
  readonly name: string | undefined;
  readonly address: Ipv4 | undefined;
  readonly told: Subject;
}

export class FileReaders {
  readonly #parts: FileReadersParts;

  constructor(parts: FileReadersParts) {
    this.#parts = parts;
  }

  async of(path: SafePath): Promise<FileReadersShape> {
    const rules = new ReaderRules(this.#parts.config());
    const readers: FileReadersShape['readers'] = [];
    const refused: FileReadersShape['refused'] = [];
    for (const [at, candidate] of this.#candidates().entries()) {
      if (at % LOOKED_AT_ONCE === LOOKED_AT_ONCE - 1) await turn();
      const verdict = await rules.judge(path, candidate);
      const device = candidate.mac ?? candidate.host?.serial ?? candidate.name ?? '';
      const who = { device, ...(candidate.name !== undefined && { name: candidate.name }) };
      if ('refused' in verdict) refused.push({ ...who, why: verdict.refused });
      else if (verdict.why !== undefined) readers.push({ ...who, why: verdict.why });
    }
    return { path: showName(path), readers, refused };
  }

  /** Those that were seen first: they are there. */
  #candidates(): readonly Candidate[] {
    const { config, book, whoHas } = this.#parts;
    const hosts = new Map(config().hosts.map((host) => [host.key.mac, host]));
    const seen = book.list().flatMap(({ mac, address, name }): Candidate[] => {
      const at = address === undefined ? undefined : parseIpv4(address);
      const told = at === undefined ? {} : whoHas(at);
      return mac === undefined ? [] : [{ host: hosts.get(mac), mac, name, address: at, told: told.mac === mac ? told : {} }];
    });
    const known = new Set(seen.map(({ mac }) => mac));
    const unseen = config().hosts.flatMap((host): Candidate[] => {
      const { key, name, address } = host;
      if (key.mac !== undefined && known.has(key.mac)) return [];
      return [{ host, mac: key.mac, name, address, told: {} }];
    });
    return [...seen, ...unseen].slice(0, MOST_DEVICES);
  }
}

/** The rules of one configuration. */
class ReaderRules {
  readonly #config: Config;
  readonly #site: ReturnType<typeof siteOf>;
  readonly #hosts: HostTable;
  readonly #planner: BootPlanner;
  readonly #levels: BootLevels;
  readonly #templates: TemplateRoute;
  readonly #catalog: FileCatalog;

  constructor(config: Config) {
    const files = filesConfigOf(config, []);
    this.#config = config;
    this.#site = siteOf(siteConfigOf(config), networksAsIfUp(config));
    this.#hosts = new HostTable(this.#site.hosts);
    this.#planner = new BootPlanner(config);
    this.#levels = new BootLevels(config);
    this.#templates = templatesOf(files);
    this.#catalog = catalogOf(files);
  }

  /** Why it may not have the file; else why it gets it, undefined where nothing leads it there. */
  async judge(path: SafePath, candidate: Candidate): Promise<{ readonly refused: string } | { readonly why: string | undefined }> {
    const { host, mac, told } = candidate;
    const inquiry = mac === undefined ? undefined : this.#inquiryOf(mac, candidate);
    const from: Subject = {
      mac,
      address: host?.address ?? candidate.address,
      isLeased: mac !== undefined,
      classes: inquiry?.classes.map(({ name }) => name) ?? [],
      profile: host?.profile ?? told.profile,
      model: told.model,
      serial: told.serial,
    };
    const { answer } = await this.#catalog.search(path, from, inquiry?.request.via.server);
    if (answer.ok) answer.value.file.close();
    else if (answer.error.refused === 'forbidden') return { refused: answer.error.detail };
    const why = this.#whyOf(path, candidate, from, inquiry);
    if (why === undefined) return { why };
    if (!answer.ok) return { why: `${why}; but ${answer.error.refused === 'not-found' ? 'there is no such file' : answer.error.detail}` };
    return { why: answer.value.path === path ? why : `${why}; it gets ${showName(answer.value.path)} by this name` };
  }

  #whyOf(path: SafePath, { host }: Candidate, from: Subject, inquiry: Inquiry | undefined): string | undefined {
    if (inquiry?.classes.some(({ deny }) => deny) === true) return undefined;
    const boots = inquiry && from.mac && this.#bootsIt(path, from.mac, inquiry);
    if (boots !== undefined) return boots;
    if (host !== undefined && this.#templates.namesOf(host).includes(path))
      return `asks for it by this name: it is made for it from the templates of ${host.profile ?? 'its profile'}`;
    const asked = from.profile === undefined ? undefined : askedBy(path, from.profile);
    const macs = macsInName(path);
    if (asked !== undefined && (macs.length === 0 || (from.mac !== undefined && macs.includes(from.mac))))
      return `${asked.family} asks for it: ${asked.file.what}`;
    return macs.length > 0 && from.mac !== undefined && macs.includes(from.mac) ? 'its MAC address is in the name' : undefined;
  }

  #bootsIt(path: SafePath, mac: Mac, inquiry: Inquiry): string | undefined {
    const { host, classes, subnet } = inquiry;
    for (const { name } of ARCHITECTURES) {
      const asked = rehearsedRequest(this.#config, { mac, arch: name, network: subnet.name });
      if (!asked.ok) break;
      // At any time, as nothing is remembered of it.
      const plan = this.#planner.plan({ ...inquiry, request: asked.value }, wallMs(0));
      if (plan?.file !== undefined && isFile(plan.file, path)) return `is told to boot it as ${name}: ${plan.why}`;
    }
    const menu = menuFor(this.#levels.of({ host: host?.key, classes: classes.map((one) => one.name), network: subnet.name }));
    const entry = menu?.entries.find((one) => filesOf(one).some((file) => isFile(file, path)));
    return entry === undefined ? undefined : `the entry ${entry.name} of its menu loads it`;
  }

  #inquiryOf(mac: Mac, { address, host }: Candidate): Inquiry | undefined {
    const request = rehearsedRequest(this.#config, { mac, network: this.#networkOf(host?.address ?? address) });
    const subnet = request.ok ? subnetOf(request.value, this.#site.subnets) : undefined;
    return request.ok && subnet !== undefined ? inquiryOf(request.value, subnet, this.#hosts, this.#site.classes) : undefined;
  }

  #networkOf(address: Ipv4 | undefined): string | undefined {
    if (address === undefined) return undefined;
    return this.#config.networks.find(({ attachment, mode }) => {
      const subnet = attachment.kind === 'relay' ? attachment.subnet : attachment.address;
      return mode !== 'off' && subnet !== undefined && isInside(subnet, address);
    })?.name;
  }
}

/** A boot file as it is told may be a URL of ours, or begin with a slash. */
function isFile(told: string, path: SafePath): boolean {
  const name = told
    .replaceAll('\\', '/')
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '')
    .replace(/^\/+/, '');
  return name === path || decoded(name) === path;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function filesOf({ action }: MenuEntry): readonly string[] {
  const named: readonly FileOrFiles[] =
    action.start === 'linux' ? [action.kernel, ...action.initrd] : action.start === 'program' ? [action.file] : [];
  return named.flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one).filter((file) => file !== undefined)));
}
