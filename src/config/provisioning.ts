/** What a configuration leads to for devices with files of their own: variables, inventories and templates, all read at one time. */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { nearestName } from '../base/near-name.ts';
import type { DeviceVars, UnknownDevices } from '../boot/template-source.ts';
import type { TemplatesConfig } from './config.ts';
import { hiddenVars, readVars } from './device-vars.ts';
import { type Diagnostic, type Finding, type Path, warning } from './diagnostics.ts';
import type { Environment } from './environment.ts';
import { checkHosts } from './host-checks.ts';
import { type InventoryItem, type RehearsedInventory, readInventory } from './inventory.ts';
import type { WrittenConfig, WrittenHost } from './schema.ts';
import { readTemplates, SHIPPED_TEMPLATES, type TemplateFolder, templateProfiles } from './template-files.ts';
import type { WellFormed } from './well-formed.ts';
import type { YamlSource } from './yaml-source.ts';

/** A host with what was read for it. */
export interface ProvisionedHost {
  readonly written: WrittenHost;
  readonly vars: DeviceVars;
  /** `phones.csv:12`; empty where nobody wrote it. */
  readonly place: string;
}

export interface Provisioned {
  /** Those of the configuration before those of the inventories. */
  readonly hosts: readonly ProvisionedHost[];
  readonly unknown: readonly UnknownDevices[];
  /** Absolute paths. */
  readonly inventory: readonly string[];
  readonly templates: TemplatesConfig;
}

/** What is written and nothing else: no other file is read. */
export function unprovisioned({ hosts, unknown = [] }: WrittenConfig): Provisioned {
  const plain = (values: DeviceVars['values']): DeviceVars => ({ values, hidden: hiddenVars(values, () => false) });
  return {
    hosts: hosts.map((written) => ({ written, vars: plain(written.vars), place: '' })),
    unknown: unknown.map(({ profile, vars }) => ({ profile, vars: plain(vars) })),
    inventory: [],
    templates: { folders: [], sources: [] },
  };
}

/** What stands beside a configuration that is not written. */
export function templatesAlone(written: WrittenConfig, baseDir: string): Provisioned {
  const folders = templateFolders(written, baseDir);
  const { sources } = readTemplates(folders, {});
  return { ...unprovisioned(written), templates: { folders: folders.map(({ path }) => path), sources } };
}

export interface ProvisioningParts {
  /** The file of the configuration, as it was named. */
  readonly file: string;
  readonly env: Environment;
  readonly source: YamlSource;
  readonly parts: WellFormed;
  readonly rehearsed?: RehearsedInventory | undefined;
}

export interface ProvisioningOutcome {
  readonly provisioned: Provisioned;
  /** About the file of the configuration. */
  readonly findings: readonly Finding[];
  /** About other files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What stands without `templates`. */
const DEFAULT_TEMPLATES = './templates';

/** Reads everything. Never throws; what is wrong with one device or template leaves out that one. */
export async function provision(written: WrittenConfig, from: ProvisioningParts): Promise<ProvisioningOutcome> {
  const { file, env, source, parts } = from;
  const baseDir = dirname(resolve(file));
  const folders = templateFolders(written, baseDir);
  const templates = readTemplates(folders, env);
  const profiles = templateProfiles(templates.sources);
  const own = await ownHosts(written, source, file);
  const unknown = await unknownDevices(written, source, file);
  const others = await inventories(written, from);
  const checked = checkHosts({ ...parts, hosts: [...parts.hosts, ...others.items] });
  const kept = await keptItems(others.items, checked, profiles);
  return {
    provisioned: {
      hosts: [...own.hosts, ...kept.hosts],
      unknown: unknown.devices,
      inventory: (written.inventory ?? []).map((path) => resolve(baseDir, path)),
      templates: { folders: folders.map(({ path }) => path), sources: templates.sources },
    },
    findings: [...own.findings, ...unknown.findings, ...profileFindings(written, source, profiles), ...folderFindings(written, baseDir)],
    diagnostics: [...others.diagnostics, ...kept.diagnostics, ...templates.diagnostics],
  };
}

function templateFolders({ templates }: WrittenConfig, baseDir: string): readonly TemplateFolder[] {
  const own: TemplateFolder = { path: resolve(baseDir, templates ?? DEFAULT_TEMPLATES), origin: 'user' };
  const shipped: TemplateFolder = { path: SHIPPED_TEMPLATES, origin: 'shipped' };
  return own.path === shipped.path ? [shipped] : [own, shipped];
}

function folderFindings({ templates }: WrittenConfig, baseDir: string): readonly Finding[] {
  if (templates === undefined) return [];
  const path = resolve(baseDir, templates);
  if (existsSync(path) && statSync(path).isDirectory()) return [];
  return [warning(['templates'], 'there is no such folder with templates', `looked for ${path}`)];
}

async function ownHosts({ hosts }: WrittenConfig, source: YamlSource, file: string) {
  const read = await Promise.all(
    hosts.map(async (written, at) => {
      const path = ['hosts', at, 'vars'];
      const { vars, findings } = await readVars(written.vars, placeIn(path, source, file));
      return { host: { written, vars, place: `${file}:${source.locate(['hosts', at], 'value')?.line ?? 1}` }, findings };
    }),
  );
  return { hosts: read.map(({ host }) => host), findings: read.flatMap(({ findings }) => findings) };
}

async function unknownDevices({ unknown = [] }: WrittenConfig, source: YamlSource, file: string) {
  const read = await Promise.all(
    unknown.map(async ({ profile, vars: values }, at) => {
      const { vars, findings } = await readVars(values, placeIn([...unknownPath(source, at), 'vars'], source, file));
      return { device: { profile, vars }, findings };
    }),
  );
  return { devices: read.map(({ device }) => device), findings: read.flatMap(({ findings }) => findings) };
}

/** One mapping may stand in the place of the list. */
function unknownPath(source: YamlSource, at: number): Path {
  return source.find(['unknown', at]) === undefined ? ['unknown'] : ['unknown', at];
}

function placeIn(path: Path, source: YamlSource, file: string) {
  return { path, baseDir: dirname(resolve(file)), isFilled: (name: string) => source.isFilled([...path, name]) };
}

async function inventories({ inventory = [] }: WrittenConfig, { file, env, rehearsed }: ProvisioningParts) {
  const baseDir = dirname(resolve(file));
  const isNew = rehearsed !== undefined && !inventory.some((written) => resolve(baseDir, written) === rehearsed.path);
  const files = isNew ? [...inventory, rehearsed.path] : inventory;
  const all = await Promise.all(files.map((written, at) => readInventory({ at, written, config: file }, env, rehearsed)));
  return { items: all.flatMap(({ items }) => items), diagnostics: all.flatMap(({ diagnostics }) => diagnostics) };
}

/** The devices that nothing is wrong with beside all others. */
async function keptItems(items: readonly InventoryItem[], checked: readonly Finding[], profiles: readonly string[]) {
  const byItem = new Map(items.map((item) => [item.path.join(), item]));
  const lost = new Set<InventoryItem>();
  const diagnostics: Diagnostic[] = [];
  for (const finding of checked) {
    const item = byItem.get(finding.path.slice(0, 3).join());
    if (item === undefined) continue;
    if (finding.severity === 'error') lost.add(item);
    diagnostics.push(item.diagnose(finding, finding.path.slice(3)));
  }
  const hosts: ProvisionedHost[] = [];
  for (const item of items) {
    if (lost.has(item)) continue;
    const { vars, findings } = await readVars(item.value.vars, { path: ['vars'], baseDir: item.baseDir, isFilled: item.isFilled });
    const { profile } = item.value;
    const all = [...findings, ...(profile === undefined ? [] : profileFault(['profile'], profile, profiles))];
    for (const finding of all) diagnostics.push(item.diagnose(finding, finding.path));
    if (findings.length === 0) hosts.push({ written: item.value, vars, place: item.called });
  }
  return { hosts, diagnostics };
}

function profileFindings({ hosts, unknown = [] }: WrittenConfig, source: YamlSource, profiles: readonly string[]): readonly Finding[] {
  return [
    ...hosts.flatMap(({ profile }, at) => (profile === undefined ? [] : profileFault(['hosts', at, 'profile'], profile, profiles))),
    ...unknown.flatMap(({ profile }, at) => profileFault([...unknownPath(source, at), 'profile'], profile, profiles)),
  ];
}

/** Only a warning: the device has its address and its name all the same. */
function profileFault(path: Path, profile: string, profiles: readonly string[]): readonly Finding[] {
  if (profiles.includes(profile)) return [];
  const near = nearestName(profile, profiles);
  const known = profiles.length === 0 ? 'there are none yet' : `there are ${profiles.join(', ')}`;
  const hint = near === undefined ? `a profile is a folder of templates; ${known}` : `did you mean \`${near}\`?`;
  return [warning(path, `there is no profile ${profile}, so that no file is made for it`, hint)];
}
