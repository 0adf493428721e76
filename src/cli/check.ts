/** `bootlace check`: is the configuration right, and what would be served? */
import process from 'node:process';
import { Command } from 'commander';
import { type Mac, rangeSize, showCidr, showRange } from '../base/addresses.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import { type Diagnostic, type Severity, showDiagnostics } from '../config/diagnostics.ts';
import { type LoadOutcome, loadConfig } from '../config/load.ts';
import { showDuration } from '../config/units.ts';
import { plainText } from '../events/plain-text.ts';
import { showCount } from '../events/quantities.ts';
import { showName } from '../files/safe-path.ts';
import { reportEffective } from './check-effective.ts';
import { templateDiagnostics } from './check-templates.ts';
import { type ExplainFlags, readArchitecture, readIdentifier, readMac, reportExplanation } from './explain.ts';
import { type FileFlags, readAddress, reportFile } from './explain-file.ts';
import { firmwareFault, firmwareStates } from './images-firmware.ts';
import { type Output, processOutput, showTable } from './output.ts';

interface Flags extends Omit<ExplainFlags, 'explain'>, Omit<FileFlags, 'file' | 'json'> {
  readonly config: string;
  readonly explain?: Mac;
  readonly file?: string;
  readonly effective?: true;
}

/** The command; it writes to `output`. Fails when the configuration has errors; warnings are no failure. */
export function checkCommand(output: Output = processOutput()): Command {
  return new Command('check')
    .description('check the configuration file and say what it would serve')
    .option('-c, --config <file>', 'the configuration file', 'config.yaml')
    .option('--json', 'print JSON for programs')
    .option('--effective', 'print every key with its value, and the line that says so or that it is the default')
    .option('--explain <mac>', 'say what this client would be told, and which line of the file says so', readMac)
    .option('--file <name>', 'say what becomes of this name when a device asks for it by TFTP')
    .option('--mac <mac>', 'the device that asks for it', readMac)
    .option('--address <address>', 'the address that asks for it', readAddress)
    .option('--network <name>', 'the network that it is on (default: the first)')
    .option('--arch <name>', 'its architecture, such as uefi-x64', readArchitecture)
    .option('--vendor-class <text>', 'its vendor class (option 60)')
    .option('--user-class <text>', 'its user class (option 77), such as iPXE')
    .option('--client-id <id>', 'its client identifier (option 61)', readIdentifier)
    .option('--circuit-id <id>', 'what its relay agent says of the port (option 82.1)', readIdentifier)
    .option('--remote-id <id>', 'what its relay agent says of itself (option 82.2)', readIdentifier)
    .option('--subscriber-id <id>', 'what its relay agent says of the subscriber (option 82.6)', readIdentifier)
    .action(async ({ config: path, explain, file, effective, mac, address, ...client }: Flags) => {
      const outcome = await loadConfig(path, process.env);
      if (effective === true && outcome.config !== undefined) {
        reportEffective(outcome, client.json === true, output);
        return;
      }
      if (file !== undefined && outcome.config !== undefined) {
        const asked = { file, ...(mac && { mac }), ...(address !== undefined && { address }), ...(client.json && { json: true }) };
        await reportFile(outcome.config, asked, output);
        return;
      }
      if (explain !== undefined && outcome.config !== undefined) {
        reportExplanation(path, outcome, { explain, ...client }, output);
        return;
      }
      const { config, diagnostics } = outcome;
      const found = config === undefined ? outcome : { ...outcome, diagnostics: [...diagnostics, ...templateDiagnostics(config)] };
      if (client.json === true) output.line(JSON.stringify(asJson(path, found), null, 2));
      else {
        report(path, found, output);
        if (config !== undefined) await reportFirmware(config, output);
      }
      if (outcome.config === undefined) output.fail();
    });
}

function report(file: string, { config, diagnostics }: LoadOutcome, output: Output): void {
  if (diagnostics.length > 0) output.note(`${showDiagnostics(diagnostics, { colour: output.colour.note })}\n`);
  const warnings = count(diagnostics, 'warning');
  if (config === undefined) {
    const found = [showCount(count(diagnostics, 'error'), 'error'), ...(warnings > 0 ? [showCount(warnings, 'warning')] : [])];
    output.note(`${file} cannot be used: ${found.join(', ')}`);
    return;
  }
  const parts = [
    showCount(config.networks.length, 'network'),
    showCount(config.hosts.length, 'host'),
    ...(config.classes.length > 0 ? [showCount(config.classes.length, 'class', 'classes')] : []),
    ...(warnings > 0 ? [showCount(warnings, 'warning')] : []),
  ];
  output.line(`${file} is fine: ${parts.join(', ')}`);
  output.line(showTable(summary(config)));
}

/** Digests take a while to compute, so this comes last. What is missing is among the warnings already. */
async function reportFirmware(config: Config, output: Output): Promise<void> {
  for (const { image, state } of await firmwareStates(config)) {
    const fault = state.is === 'missing' ? undefined : firmwareFault(state);
    if (fault !== undefined) output.note(`warning: image ${plainText(showName(image.file))} ${fault}`);
  }
}

function count(diagnostics: readonly Diagnostic[], severity: Severity): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
}

function summary(config: Config): readonly (readonly string[])[] {
  const { files, ipxe } = config.boot;
  const boots = [...Object.entries(files).map(([name, file]) => `${name} ${file}`), ...(ipxe === undefined ? [] : [`iPXE ${ipxe}`])];
  const services = Object.entries(config.services).flatMap(([name, service]) => (service === undefined || service === false ? [] : [name]));
  const { policy, dir } = config.tftp.uploads;
  return [
    ...config.networks.map((network) => [`  ${network.name}`, `${placeOf(network)}; ${dutyOf(network)}`]),
    ['  boot files', boots.length === 0 ? 'none' : boots.join(', ')],
    ['  TFTP', `serves ${config.tftp.root}; ${policy === 'deny' ? 'takes no uploads' : `uploads go to ${dir}`}`],
    ['  HTTP', config.http.port === undefined ? 'off' : `serves the same files at port ${config.http.port}`],
    ...(services.length === 0 ? [] : [['  services', services.join(', ')]]),
    ['  leases', `in ${config.server.dataDir}`],
  ];
}

function placeOf({ attachment }: NetworkConfig): string {
  if (attachment.kind === 'relay') return `${showCidr(attachment.subnet)} behind a relay`;
  const where = attachment.interface === 'auto' ? 'the wired interface that leads nowhere else' : attachment.interface;
  if (attachment.address === undefined) return `${where}, with the address that it has`;
  return attachment.assign ? `${where}, which gets ${showCidr(attachment.address)}` : `${where}, as ${showCidr(attachment.address)}`;
}

function dutyOf({ mode, pools, leaseTime }: NetworkConfig): string {
  if (mode === 'off') return 'answers no DHCP';
  if (mode === 'proxy') return 'says what to boot beside another DHCP server';
  const time = `for ${showDuration(leaseTime.default)}`;
  if (pools === undefined) return `leases the upper half of its subnet ${time}`;
  const addresses = pools.reduce((sum, pool) => sum + rangeSize(pool), 0);
  return `leases ${pools.map(showRange).join(', ')} (${showCount(addresses, 'address', 'addresses')}) ${time}`;
}

function asJson(file: string, { config, diagnostics }: LoadOutcome): object {
  return {
    file,
    fine: config !== undefined,
    networks: config?.networks.map(networkJson) ?? [],
    hosts: config?.hosts.length ?? 0,
    classes: config?.classes.length ?? 0,
    diagnostics: diagnostics.map(({ severity, file: found, path, message, hint, position }) => ({
      severity,
      ...(found !== file && { file: found }),
      path,
      line: position?.line,
      column: position?.column,
      message,
      hint,
    })),
  };
}

function networkJson({ name, attachment, mode, pools }: NetworkConfig): object {
  const place =
    attachment.kind === 'relay'
      ? { subnet: showCidr(attachment.subnet) }
      : { interface: attachment.interface, address: attachment.address === undefined ? undefined : showCidr(attachment.address) };
  return { name, ...place, mode, pools: pools?.map(showRange) };
}
