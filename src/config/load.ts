/** From a file to a configuration, or to everything that is wrong with it. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { checkBoot } from './boot-checks.ts';
import { checkClasses } from './class-checks.ts';
import type { Config } from './config.ts';
import { type Diagnostic, type Finding, showPath } from './diagnostics.ts';
import type { Environment } from './environment.ts';
import { checkFiles } from './file-checks.ts';
import { checkHosts } from './host-checks.ts';
import { checkHttp } from './http-checks.ts';
import { checkImages } from './image-checks.ts';
import type { RehearsedInventory } from './inventory.ts';
import { checkLeaseTimes } from './lease-time-checks.ts';
import { checkNetworks } from './network-checks.ts';
import { checkPools } from './pool-checks.ts';
import { provision } from './provisioning.ts';
import { resolveConfig } from './resolve.ts';
import { DEFAULT_DATA_DIR, type WrittenConfig } from './schema.ts';
import { checkTftp } from './tftp-checks.ts';
import { checkUploads } from './upload-checks.ts';
import { checkWebhooks } from './webhook-keys.ts';
import { checkShape, type WellFormed } from './well-formed.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** `config` is there exactly when no diagnostic is an error. */
export interface LoadOutcome {
  readonly config?: Config;
  /** In the order of the file; those without a place come first. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where everything in the file stands; undefined where there is none. */
  readonly source?: YamlSource;
}

/**
 * Reads and checks a configuration file, with its inventories and templates. Never throws; a file that cannot be read is a diagnostic too.
 * @param rehearsed inventories that are not on the disk yet.
 */
export async function loadConfig(file: string, env: Environment, rehearsed?: RehearsedInventory): Promise<LoadOutcome> {
  const text = await readText(file);
  if (typeof text !== 'string') return { diagnostics: [text] };
  const path = resolve(file);
  const checked = checkText(text, { file, env });
  const { written, parts, source } = checked;
  if (written === undefined) return { diagnostics: checked.diagnostics };
  const beside = await provision(written, { file, env, source, parts, rehearsed });
  const meanings = [checkBoot, checkTftp, checkHttp, checkUploads].flatMap((check) => check(written));
  const placed = [
    ...(await checkFiles(written, dirname(path))),
    ...(await checkImages(written, dirname(path))),
    ...(await checkWebhooks(written, dirname(path))),
  ];
  const found = [...meanings, ...placed, ...beside.findings];
  const own = inOrder([...checked.diagnostics, ...found.map((finding) => diagnosticOf(finding, file, source))]);
  const diagnostics = [...own, ...beside.diagnostics];
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics, source };
  return { config: resolveConfig(written, dirname(path), path, beside.provisioned), diagnostics, source };
}

/**
 * The data directory that a file names, also when something else in it is wrong: the way to the server that runs by it.
 * The default's when the file cannot be read.
 */
export async function dataDirOf(file: string, env: Environment): Promise<string> {
  const text = await readText(file);
  const written = typeof text === 'string' ? readYaml(text, env).value : undefined;
  const { data } = z.object({ server: z.object({ dataDir: z.string() }) }).safeParse(written);
  return resolve(dirname(resolve(file)), data?.server.dataDir ?? DEFAULT_DATA_DIR);
}

/** A text that was checked as far as it goes without looking at other files. `written` only when nothing is wrong. */
export interface CheckedText {
  readonly written: WrittenConfig | undefined;
  readonly parts: WellFormed;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: YamlSource;
}

/** What the parts of a file mean together. */
const CHECKS = [checkNetworks, checkPools, checkLeaseTimes, checkHosts, checkClasses] as const;

/** Checks the text of a configuration. Never throws. `file` is only for the diagnostics. */
export function checkText(text: string, { file, env }: { readonly file: string; readonly env: Environment }): CheckedText {
  const source = readYaml(text, env);
  const broken = source.faults.map((fault): Diagnostic => ({ ...fault, file, path: showPath(fault.path) }));
  const shape = checkShape(source.value);
  const isSound = source.soundLines === Number.POSITIVE_INFINITY;
  const meaning = isSound ? CHECKS.flatMap((check) => check(shape.parts)) : [];
  const found = [...shape.findings, ...meaning]
    .filter((finding) => !source.isBroken(finding.path))
    .map((finding) => diagnosticOf(finding, file, source))
    // What stands after a broken bracket may be read wrongly; what stands before it is as it was written.
    .filter((diagnostic) => isSound || (diagnostic.position?.line ?? Number.POSITIVE_INFINITY) <= source.soundLines);
  const diagnostics = inOrder([...broken, ...found]);
  const isFine = diagnostics.every((diagnostic) => diagnostic.severity !== 'error');
  return { written: isFine ? shape.written : undefined, parts: shape.parts, diagnostics, source };
}

function diagnosticOf(finding: Finding, file: string, source: YamlSource): Diagnostic {
  const { severity, path, message, hint } = finding;
  return { severity, file, path: showPath(path), message, hint, position: source.locate(path, finding.at) };
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
}

async function readText(file: string): Promise<string | Diagnostic> {
  const fault = (message: string, hint?: string): Diagnostic => ({ severity: 'error', file, path: '', message, hint });
  let octets: Uint8Array;
  try {
    octets = await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const [message, hint] = READ_FAULTS[code] ?? [`cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`];
    return fault(message, hint);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return fault('is not text', 'a configuration is YAML in UTF-8');
  }
}

const READ_FAULTS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOENT: ['there is no such file', 'name another with --config'],
  ENOTDIR: ['there is no such file', 'name another with --config'],
  EISDIR: ['this is a folder, not a file', 'name the file in it with --config'],
  EACCES: ['this file may not be read by you', 'run as its owner or as root, or change its permissions'],
};
