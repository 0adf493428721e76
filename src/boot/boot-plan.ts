/** Which file a client boots, and in which form its firmware is told. */
import { type Ipv4, NO_ADDRESS } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import { bootItemOf } from '../dhcp/boot-server.ts';
import { OPTION } from '../dhcp/codes.ts';
import type { Inquiry } from '../dhcp/inquiry.ts';
import type { Options } from '../dhcp/packet.ts';
import type { BootPlan, BootRole } from '../dhcp/reply.ts';
import { type Architecture, byTftp } from './architecture.ts';
import { type BootMenu, fileOf, type MenuEntry } from './boot-menu.ts';
import {
  type BootLevel,
  BootLevels,
  type BootSource,
  fileFor,
  firstSaid,
  type LevelAnswer,
  type Said,
  scriptFor,
  urlFor,
} from './boot-settings.ts';
import { type ClientFacts, clientFactsOf } from './client-facts.ts';
import { FirmwareMemory } from './firmware-memory.ts';
import type { ImageOffers } from './image-offers.ts';
import { fileNamed } from './image-rules.ts';
import { profileOf } from './profiles/index.ts';
import type { Asked, FirmwareProfile, ReplyShape } from './profiles/profile.ts';
import { answeredItem, entryOfItem } from './pxe-menu.ts';
import { fillVariables, SERVER_VARIABLE } from './server-variable.ts';

/** A plan, and which key of the configuration it comes from. */
export interface ExplainedPlan extends BootPlan {
  readonly said: Said<string> | undefined;
}

/** Decides what clients boot, by one configuration. */
export class BootPlanner {
  readonly #levels: BootLevels;
  readonly #httpPort: number | undefined;
  readonly #memory: FirmwareMemory;
  readonly #images: ImageOffers | undefined;

  /**
   * @param memory of what machines did before; it outlives a configuration.
   * @param images of firmware, of which not every device is told; undefined: there are none.
   */
  constructor(source: BootSource, memory = new FirmwareMemory(), images?: ImageOffers) {
    this.#levels = new BootLevels(source);
    this.#httpPort = source.http.port;
    this.#memory = memory;
    this.#images = images;
  }

  /** What a client is told; undefined for one that does not boot over the network. */
  plan(inquiry: Inquiry, now: WallMs, role: BootRole = 'dhcp'): ExplainedPlan | undefined {
    const plan = this.#plan(inquiry, now, role);
    const why = plan?.file === undefined ? undefined : this.#images?.obstacleTo(plan.file, inquiry);
    return plan === undefined || why === undefined
      ? plan
      : { ...plan, file: undefined, why: `${plan.why}; ${fileNamed(plan.file ?? '')} ${why}` };
  }

  #plan(inquiry: Inquiry, now: WallMs, role: BootRole): ExplainedPlan | undefined {
    const { request, host, classes, subnet } = inquiry;
    const levels = this.#levels.of({ host: host?.key, classes: classes.map(({ name }) => name), network: subnet.name });
    const facts = clientFactsOf(request.packet);
    const { server } = request.via;
    const profile = profileOf(facts.loader);
    const menu = menuFor(levels);
    const asked: Asked = { facts, request, role, pxeMenu: menu?.isShownByFirmware === true ? menu : undefined };
    const item = role === 'boot-server' ? this.#itemPlan(asked, server) : undefined;
    if (item !== undefined) return item;
    const choice = this.#chooseFile(facts, levels);
    if (choice === undefined) return undefined;
    const { said, why } = choice;
    const { loader, architecture } = facts;
    if (said === undefined && !profile.needsNoFile) return { file: undefined, options: NO_OPTIONS, why, said, loader, architecture };
    const file = said === undefined ? undefined : this.#located(said.value, facts, server);
    if (role === 'boot-server') return { file, options: ON_BOOT_SERVER(asked), why, said };
    const { shape, note, nextForm } = this.#shapeOf(profile, asked, inquiry, now);
    const isTold = role === 'dhcp' || shape.namesFile;
    return {
      file: isTold ? file : undefined,
      options: shape.options(asked),
      why: note === undefined ? why : `${why}; ${note}`,
      said,
      loader,
      architecture,
      form: nextForm === undefined ? undefined : shape.what,
      nextForm,
    };
  }

  /** The form of the answer, by what the machine did with those before it. */
  #shapeOf(
    profile: FirmwareProfile,
    asked: Asked,
    { client }: Inquiry,
    now: WallMs,
  ): { readonly shape: ReplyShape; readonly note?: string; readonly nextForm?: string | undefined } {
    const shapes = profile.shapes(asked);
    const [first] = shapes;
    if (first === undefined) throw new Error(`the profile of ${profile.loader} has no shape`);
    if (shapes.length === 1) return { shape: first };
    const key = `${asked.role} ${profile.loader} ${client}`;
    if (asked.request.type !== 'DISCOVER') return { shape: shapes[this.#memory.onTaken(key, shapes.length, now)] ?? first };
    const seen = this.#memory.onOffer(key, shapes.length, now);
    const shape = shapes[seen.shape] ?? first;
    // The first offer is taken as a rule, and its event is the cheaper the less it says.
    const nextForm = seen.asked > 1 ? shapes[(seen.shape + 1) % shapes.length]?.what : undefined;
    if (shape === first) return { shape, nextForm };
    const note =
      seen.asked > 1 ? `it asked ${seen.asked} times without going on, so now ${shape.what}` : `${shape.what}, which it took before`;
    return { shape, note, nextForm };
  }

  #chooseFile({ loader, architecture }: ClientFacts, levels: readonly BootLevel[]): Choice | undefined {
    // First: iPXE loaded by us must not be given iPXE again, not even by the host's own entry.
    if (loader === 'ipxe') {
      const script = firstSaid(levels, scriptFor);
      if (script !== undefined) return { said: script, why: 'it runs iPXE' };
    }
    if (loader === 'raspberry-pi') return { said: undefined, why: 'a Raspberry Pi asks for its files by itself' };
    const plain = architecture && byTftp(architecture);
    const read = (settings: BootLevel['settings']): LevelAnswer<string> =>
      loader === 'http' ? urlFor(settings, architecture, plain) : fileFor(settings, architecture);
    const said = firstSaid(levels, read);
    if (said === undefined) {
      if (loader === 'other') return undefined;
      return { said, why: architecture === undefined ? 'its architecture is unknown' : `no boot file for ${architecture}` };
    }
    if (loader === 'ipxe' && isIpxeItself(said.value)) return { said: undefined, why: 'it runs iPXE, and boot.ipxe is not set' };
    if (loader === 'http' && this.#httpPort === undefined && !isUrl(said.value))
      return { said: undefined, why: `it boots by HTTP, and there is no URL for ${architecture ?? 'it'}` };
    return { said, why: whyOf(said, architecture) };
  }

  /** What was chosen from the menu that the firmware shows. */
  #itemPlan({ facts, request, pxeMenu }: Asked, server: Ipv4): ExplainedPlan | undefined {
    const item = bootItemOf(request.packet);
    const entry = pxeMenu === undefined || item === undefined ? undefined : entryOfItem(pxeMenu, item);
    const file = entry && programOf(entry, facts.architecture);
    if (entry === undefined || item === undefined || file === undefined) return undefined;
    const options = new Map([
      ...ON_BOOT_SERVER({ facts, request, role: 'boot-server', pxeMenu }),
      [OPTION.vendorSpecific, answeredItem(item)],
    ]);
    return { file: this.#located(file, facts, server), options, why: `entry ${entry.name} of its menu`, said: undefined };
  }

  /**
   * The name as this firmware takes it: who boots by HTTP gets files of ours by HTTP, and iPXE its scripts. Its other programs come by TFTP:
   * PXELINUX and GRUB go on from where they came from, and know no other way.
   */
  #located(name: string, { loader, hasHttp }: ClientFacts, server: Ipv4): string {
    const place = { server, httpPort: this.#httpPort };
    const filled = fillVariables(name, place);
    const wantsUrl = loader === 'http' || (loader === 'ipxe' && hasHttp && isScript(filled));
    if (!wantsUrl || this.#httpPort === undefined || isUrl(filled) || server === NO_ADDRESS) return filled;
    return fillVariables(ownUrl(filled, this.#httpPort), place);
  }
}

const NO_OPTIONS: Options = new Map();

/** A boot server says who it is as it would in an offer, without a menu (PXE 2.1 §2.2.5). */
const ON_BOOT_SERVER = (asked: Asked): Options => {
  const [first] = profileOf('pxe').shapes({ ...asked, role: 'proxy', pxeMenu: undefined });
  return first?.options({ ...asked, pxeMenu: undefined }) ?? NO_OPTIONS;
};

interface Choice {
  /** Undefined where no file fits. */
  readonly said: Said<string> | undefined;
  readonly why: string;
}

function programOf({ action }: MenuEntry, architecture: Architecture | undefined): string | undefined {
  return action.start === 'program' && architecture !== undefined ? fileOf(action.file, architecture) : undefined;
}

function whyOf({ level: { of, name }, key }: Said<string>, architecture: Architecture | undefined): string {
  if (of === 'host') return name === undefined ? 'its own boot file' : `boot file of ${name}`;
  if (of !== 'site') return `boot file of ${of} ${name ?? ''}`;
  return key[0] === 'file' || architecture === undefined ? 'boot file of the site' : architecture;
}

export function isUrl(file: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(file);
}

function isScript(file: string): boolean {
  return /\.ipxe$/i.test(file);
}

/** The URL of a file of ours, our address left open. */
function ownUrl(path: string, port: number): string {
  const steps = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '');
  return `http://${SERVER_VARIABLE}:${port}/${steps.map(encodeURIComponent).join('/')}`;
}

/** Names under which iPXE is built and packaged: given to a client that runs it, each would load the next without end. */
export function isIpxeItself(file: string): boolean {
  return /(?:^|\/)(?:ipxe|undionly|snponly|snp|intel)[^/]*\.(?:efi|pxe|kpxe|kkpxe|lkrn|0)$/i.test(file);
}

/** The menu of a client; undefined when it has none. */
export function menuFor(levels: readonly BootLevel[]): BootMenu | undefined {
  return firstSaid(levels, (settings) => settings.menu && { value: settings.menu, key: ['menu'] })?.value;
}
