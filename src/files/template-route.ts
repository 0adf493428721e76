/** Files that are made from templates for the device that asks for them. Files of other names are on the disk. */
import { type Ipv4, type Mac, showIpv4 } from '../base/addresses.ts';
import { err, ok, type Result } from '../base/result.ts';
import { type AnsweredName, readAnsweredName } from '../boot/answered-name.ts';
import { type DeviceVars, type Escape, NO_VARS, type TemplateSource, type UnknownDevices } from '../boot/template-source.ts';
import type { Subject } from '../events/events.ts';
import type { AccessRules } from './access.ts';
import type { FileQuery, FileRoute, RouteAnswer } from './catalog.ts';
import { type KnownDevice, KnownDevices, type Recipient } from './known-devices.ts';
import { refusal } from './refusal.ts';
import { RenderedFiles } from './rendered-files.ts';
import type { SafePath } from './safe-path.ts';
import { describeRendering, present, templateContext, type VarLayers } from './template-context.ts';
import { showFault, TemplateEngine, type TemplateFault } from './template-engine.ts';

/** What the files depend on. */
export interface TemplateRouteSource {
  readonly templates: readonly TemplateSource[];
  /** Whose answer here, the others being parts for them; undefined: all do. */
  readonly origin?: TemplateSource['origin'] | undefined;
  readonly hosts: readonly KnownDevice[];
  /** Those that come first are tried first. */
  readonly unknown: readonly UnknownDevices[];
  readonly httpPort: number | undefined;
  /** The folder below the root that is this client's own: what lies there is nobody's to replace. */
  readonly folderOf: (from: Subject) => string | undefined;
}

/** One name of one template. */
interface Answer {
  readonly source: TemplateSource;
  readonly name: AnsweredName;
  readonly form: Escape;
}

/** A template that would make the file, for whom, and with what. */
interface Candidate {
  readonly answer: Answer;
  readonly recipient: Recipient;
  readonly vars: VarLayers;
  /** The lowest is taken. */
  readonly rank: number;
}

/** What a template makes of what is known now. */
export interface Rehearsal {
  readonly source: TemplateSource;
  readonly form: Escape;
  readonly text: Result<string, TemplateFault>;
}

/** After every entry of `unknown`. */
const ANYBODY = 1_000_000;

export class TemplateRoute implements FileRoute {
  readonly name = 'templates';
  readonly #source: TemplateRouteSource;
  readonly #access: AccessRules;
  readonly #engine: TemplateEngine;
  readonly #devices: KnownDevices;
  readonly #answers: readonly Answer[];
  /** Any name that is answered: a look that costs next to nothing for all others. */
  readonly #anyName: RegExp | undefined;
  readonly #unknown: ReadonlyMap<string, { readonly vars: DeviceVars; readonly at: number }>;
  readonly #rendered = new RenderedFiles();

  constructor(source: TemplateRouteSource, access: AccessRules) {
    this.#source = source;
    this.#access = access;
    this.#engine = new TemplateEngine(source.templates);
    this.#devices = new KnownDevices(source.hosts);
    this.#answers = answersOf(source.templates).filter((answer) => answer.source.origin === (source.origin ?? answer.source.origin));
    const shapes = this.#answers.map(({ name }) => name.shape);
    this.#anyName = shapes.length === 0 ? undefined : new RegExp(`^(?:${[...new Set(shapes)].join('|')})$`, 'i');
    this.#unknown = new Map(source.unknown.map(({ profile, vars }, at) => [profile, { vars, at }]));
  }

  open({ path, from, server }: FileQuery): RouteAnswer {
    const candidate = this.#bestFor(path, from);
    if (candidate === undefined) return 'not-mine';
    const { answer, recipient } = candidate;
    const foreign = answer.name.isBound ? this.#access.ofOwner(ownerOf(recipient), callOf(recipient), from) : undefined;
    if (foreign !== undefined) return err(foreign);
    const address = addressOf(recipient, from);
    const key = keyOf(candidate, server, address);
    const earlier = this.#rendered.get(key);
    if (earlier !== undefined) return ok({ ...earlier, path, tolerated: undefined });
    const text = this.#textOf(candidate, server, address);
    if (!text.ok) return err(refusal('fault', `${showFault(text.error)}; the file is for ${callOf(recipient)}`));
    const made = {
      what: `the template ${answer.source.key}`,
      notes: describeRendering(answer.source, recipient, candidate.vars),
      form: answer.form,
    };
    return ok({ ...this.#rendered.put(key, text.value, made), path, tolerated: undefined });
  }

  /** The names that a device may ask for, as far as they follow from what is known of it. */
  namesOf({ key, name, serial, model, profile }: KnownDevice): readonly string[] {
    const device = present({ mac: key.mac, name, serial, model });
    return this.#answers.flatMap((answer) => (answer.source.profile === profile ? (answer.name.nameFor(device) ?? []) : []));
  }

  /** What would be made, whoever may have it; undefined when no template makes a file of that name. */
  rehearse({ path, from, server }: FileQuery): Rehearsal | undefined {
    const candidate = this.#bestFor(path, from);
    if (candidate === undefined) return undefined;
    const { source, form } = candidate.answer;
    return { source, form, text: this.#textOf(candidate, server, addressOf(candidate.recipient, from)) };
  }

  /** Only names that a template answers are looked for here; it says what is missing for one to be made. */
  placeOf({ path, from }: FileQuery): string | undefined {
    if (this.#anyName?.test(path) !== true) return undefined;
    const wanted = this.#answers.flatMap(({ source, name }) => (name.match(path) === undefined ? [] : [source.profile]));
    const [profile] = wanted;
    if (profile === undefined) return undefined;
    const named = this.#answers.flatMap(({ name }) => name.match(path) ?? []).find(({ mac }) => mac !== undefined);
    return `the templates of ${[...new Set(wanted)].join(' and ')} (${this.#whyNot(named?.mac ?? leasedMac(from), profile, from)})`;
  }

  #whyNot(mac: Mac | undefined, profile: string, from: Subject): string {
    const known = (mac === undefined ? this.#devices.asking(from) : this.#devices.named({ mac }, from))?.known;
    if (known?.profile !== undefined) return `${known.name ?? mac ?? 'the device'} is of the profile ${known.profile}`;
    if (known !== undefined) return `${known.name ?? mac ?? 'the device'} has no profile, see ${known.place}`;
    if (mac === undefined) return 'who asks is in no inventory and has no lease of this server';
    return `${mac} is seen but in no inventory: bootlace devices adopt ${mac} --profile ${profile} --name …`;
  }

  #bestFor(path: SafePath, from: Subject): Candidate | undefined {
    if (this.#anyName?.test(path) !== true) return undefined;
    const folder = this.#source.folderOf(from);
    if (folder !== undefined && path.startsWith(`${folder}/`)) return undefined;
    let best: Candidate | undefined;
    for (const answer of this.#answers) {
      const candidate = this.#candidate(answer, path, from);
      if (candidate !== undefined && candidate.rank < (best?.rank ?? Number.POSITIVE_INFINITY)) best = candidate;
    }
    return best;
  }

  #candidate(answer: Answer, path: SafePath, from: Subject): Candidate | undefined {
    const { source, name } = answer;
    const named = name.match(path);
    const found = named && this.#devices.named(named, from);
    if (found === undefined) return undefined;
    // What the device says of itself in DHCP fills in what nobody wrote down.
    const told = found.mac !== undefined && found.mac === from.mac ? from : NOBODY;
    const rank = this.#rankOf(source, found.known?.profile, told.profile);
    if (rank === undefined) return undefined;
    const recipient = { ...found, serial: found.serial ?? told.serial, model: found.model ?? told.model };
    const host = found.known?.vars ?? NO_VARS;
    return { answer, recipient, rank, vars: [source.defaults, this.#unknown.get(source.profile)?.vars ?? NO_VARS, host] };
  }

  /**
   * A device of the profile goes first, then those that are of it as far as anybody knows, in the order of `unknown`. Many vendors call a
   * file `{mac}.cfg`: where DHCP told which family it is, no other vendor's is made.
   * @param own by the configuration.
   * @param told by what it says in DHCP.
   */
  #rankOf({ profile, isPublic }: TemplateSource, own: string | undefined, told: string | undefined): number | undefined {
    if (own === profile) return 0;
    const unknown = own === undefined && (told === undefined || isOfOneVendor(told, profile)) ? this.#unknown.get(profile) : undefined;
    if (unknown !== undefined) return 1 + unknown.at + (told === undefined || told === profile ? 0 : this.#unknown.size);
    return isPublic ? ANYBODY : undefined;
  }

  #textOf({ answer, recipient, vars }: Candidate, server: Ipv4 | undefined, address: Ipv4 | undefined): Result<string, TemplateFault> {
    const compiled = this.#engine.compile(answer.source, answer.form);
    if (!compiled.ok) return compiled;
    const { httpPort } = this.#source;
    return compiled.value(templateContext({ recipient, profile: answer.source.profile, vars, server, address, httpPort }));
  }
}

function answersOf(templates: readonly TemplateSource[]): readonly Answer[] {
  const seen = new Set<string>();
  const all = templates.flatMap((source) => {
    // The operator's own file stands in the place of all that the one of the same name would answer.
    if (seen.has(source.key)) return [];
    seen.add(source.key);
    return source.answers.flatMap((text) => {
      const name = readAnsweredName(text);
      return name.ok ? [{ source, name: name.value, form: source.escape ?? name.value.form }] : [];
    });
  });
  return all.toSorted((a, b) => Number(a.source.origin === 'shipped') - Number(b.source.origin === 'shipped'));
}

const NOBODY: Subject = {};

/** Not every phone of Cisco's says which of its firmwares it runs, so that `cisco-sip` and `cisco-sccp` may be taken for each other. */
function isOfOneVendor(a: string, b: string): boolean {
  return a.split('-', 1)[0] === b.split('-', 1)[0];
}

function ownerOf({ known, mac }: Recipient): { readonly mac: Mac | undefined; readonly address: Ipv4 | undefined } {
  return { mac, address: known?.address };
}

function callOf({ known, mac, serial }: Recipient): string {
  return [known?.name, mac ?? known?.serial ?? serial].filter((part) => part !== undefined).join(', ') || 'whoever asks';
}

/** The one that is reserved for it, or the one that it asks from. */
function addressOf({ known, mac }: Recipient, from: Subject): Ipv4 | undefined {
  return known?.address ?? (mac !== undefined && mac === from.mac ? from.address : undefined);
}

function leasedMac({ mac, isLeased }: Subject): Mac | undefined {
  return isLeased === true ? mac : undefined;
}

/** Everything that the text depends on, beside what is the same for this route's whole life. */
function keyOf({ answer, recipient }: Candidate, server: Ipv4 | undefined, address: Ipv4 | undefined): string {
  const { known, mac, serial, model } = recipient;
  const who = known === undefined ? [mac, serial, model] : [known.place, mac, known.name, known.serial, model];
  const where = [server, address].map((one) => (one === undefined ? undefined : showIpv4(one)));
  return JSON.stringify([answer.source.origin, answer.source.key, answer.form, ...who, ...where]);
}
