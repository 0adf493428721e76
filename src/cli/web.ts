/** `bootlace web`: where the console's page is, and the way in for another machine. */
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { type Ipv4, isInside, parseCidr, parseIpv4, showIpv4 } from '../base/addresses.ts';
import type { Config } from '../config/config.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import { consoleLink, linkAddress, qrLines, readToken } from './live/console-link.ts';
import { type Output, processOutput } from './output.ts';

interface Flags {
  readonly config?: string;
  readonly qr?: true;
}

export function webCommand(output: Output = processOutput()): Command {
  return new Command('web')
    .description('the address of the console’s page, and a QR code for a telephone')
    .option('-c, --config <file>', `configuration file (default: ./${DEFAULT_CONFIG}; without one, built-in defaults)`)
    .option('--qr', 'the code, also where this is no terminal')
    .addHelpText('after', '\nThe address holds the token, where one is needed: whoever has it has the console.')
    .action((flags: Flags) => web(flags, output));
}

async function web(flags: Flags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const { listen } = config.web;
  if (listen === undefined) {
    output.note(`the console is off: write ${suggestion(config)} into the configuration`);
    output.fail();
    return;
  }
  if (isLoopback(listen.address)) {
    output.line(`http://${showIpv4(listen.address)}:${listen.port}/`);
    output.note(`only this machine can open it; for others write ${suggestion(config)} into the configuration, then \`bootlace reload\``);
    return;
  }
  const file = path.join(config.server.dataDir, 'web-token');
  const token = await readToken(file);
  if (token === undefined) {
    output.note(
      `there is no token to be read in ${file}: it is made when the server starts, and belongs to the user that the server runs as`,
    );
    output.fail();
    return;
  }
  const link = consoleLink(linkAddress(listen.address, ownAddresses(config)), listen.port, token);
  output.line(link);
  if (flags.qr === true || output.isTerminal) for (const line of qrLines(link)) output.line(line);
}

/** What to write so that other machines can open it. */
function suggestion(config: Config): string {
  const [address] = ownAddresses(config);
  return `\`web: { listen: ${address === undefined ? '192.168.77.1' : showIpv4(address)}:${config.web.listen?.port ?? 8067} }\``;
}

/** Addresses of this machine, those of the networks that are served first. */
function ownAddresses({ networks }: Config): readonly Ipv4[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ family, internal, address }) => (family === 'IPv4' && !internal ? [{ name, address: parseIpv4(address) }] : [])),
  );
  const served = networks.flatMap(({ attachment }) => {
    if (attachment.kind === 'relay') return [];
    return [attachment.address?.address, ...all.filter(({ name }) => name === attachment.interface).map(({ address }) => address)];
  });
  return [...served, ...all.map(({ address }) => address)].filter((address) => address !== undefined);
}

function isLoopback(address: Ipv4): boolean {
  const loopback = parseCidr('127.0.0.0/8');
  return loopback !== undefined && isInside(loopback, address);
}
