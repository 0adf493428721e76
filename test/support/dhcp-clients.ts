/** The DHCP clients that devices run, each in a machine of its own and with a memory that outlives it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from './netns.ts';
import type { Program } from './program.ts';
import { scratch } from './scratch.ts';
import { LAN } from './virtual-switch.ts';

/**
 * Puts what the client was given on the interface, and keeps the client's variables of each reason in a file. It takes the
 * place of the system's own script, which would write the resolv.conf of this machine.
 */
const HOOK = `#!/bin/sh
# udhcpc hands over the reason as argument and the address as $ip/$mask; dhclient and dhcpcd have variables for all.
reason=$(echo "\${reason:-$1}" | tr a-z A-Z)
address=\${new_ip_address:-$ip}
prefix=\${new_subnet_cidr:-\${mask:-$new_subnet_mask}}
[ -n "$reason" ] || exit 0
env > "STATE/$reason.env"
echo "$reason $address" >> STATE/reasons
[ CONFIGURES = yes ] || exit 0
case $reason in
PREINIT) ip link set "$interface" up ;;
DECONFIG|EXPIRE|FAIL|RELEASE|STOP|NAK) ip -4 address flush dev "$interface" ;;
BOUND|RENEW|REBIND|REBOOT)
  # A renewal has the address on already.
  ip -4 address show dev "$interface" | grep -q "inet $address/" && exit 0
  ip -4 address flush dev "$interface"
  ip address add "$address/$prefix" dev "$interface" ;;
esac
`;

/** How the client is run, beyond what every test needs. */
export interface ClientOptions {
  /** Vendor class, option 60. */
  readonly vendorClass?: string;
  /** Codes to ask for beyond the client's own list. */
  readonly ask?: readonly number[];
  /** Client architecture, option 93, as a ROM sends it. */
  readonly architecture?: number;
  /** Other options by code, in hexadecimal; only of `Udhcpc`. */
  readonly send?: Readonly<Record<number, string>>;
}

/** One client on one interface. */
export abstract class DhcpClient {
  protected readonly machine: Namespace;
  protected readonly state: string;
  #program: Program | undefined;

  constructor(machine: Namespace, name: string, configures: 'yes' | 'no') {
    this.machine = machine;
    this.state = scratch(name);
    const hook = HOOK.replaceAll('STATE', this.state).replace('CONFIGURES', configures);
    writeFileSync(join(this.state, 'hook'), hook, { mode: 0o755 });
  }

  /** Starts it, with what it remembers of a former run. */
  start(options: ClientOptions = {}): Program {
    this.#program = this.launch(options);
    return this.#program;
  }

  /** Ends it with the lease, as if the machine were taken away from the switch: the server hears nothing. */
  async vanish(): Promise<void> {
    await this.#program?.kill();
    this.machine.ip('-4', 'address', 'flush', 'dev', LAN);
  }

  /** Gives the address back. */
  abstract release(): Promise<void>;

  /** The IPv4 addresses that its interface has now, with prefix lengths. */
  get addresses(): string[] {
    return this.machine.addressesOf(LAN);
  }

  /** The client's variables when it last gave this reason (`BOUND`, `RENEW`, …) to its script. */
  variables(reason: string): Readonly<Record<string, string>> {
    const lines = readFileSync(join(this.state, `${reason}.env`), 'utf8').split('\n');
    return Object.fromEntries(
      lines.filter((line) => line.includes('=')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  protected abstract launch(options: ClientOptions): Program;

  protected get running(): Program {
    if (this.#program === undefined) throw new Error('the client was not started');
    return this.#program;
  }

  protected get hook(): string {
    return join(this.state, 'hook');
  }
}

/** ISC dhclient, of Debian and of many appliances. */
export class Dhclient extends DhcpClient {
  constructor(machine: Namespace) {
    super(machine, 'dhclient', 'yes');
  }

  protected launch(options: ClientOptions): Program {
    const standard = 'subnet-mask, broadcast-address, routers, domain-name, domain-name-servers, host-name, ntp-servers';
    const asked = ['tftp-server-name', 'bootfile-name', ...(options.ask ?? []).map((code) => `asked-${code}`)];
    const configuration = [
      'timeout 20; retry 1; reboot 5; initial-interval 1;',
      // It shows the octets of options that it has no name for, when it is told one: asked_150.
      ...(options.ask ?? []).map((code) => `option asked-${code} code ${code} = string;`),
      ...(options.architecture === undefined
        ? []
        : ['option client-architecture code 93 = unsigned integer 16;', `send client-architecture ${options.architecture};`]),
      `request ${[standard, ...asked].join(', ')};`,
      ...(options.vendorClass === undefined ? [] : [`send vendor-class-identifier "${options.vendorClass}";`]),
    ];
    writeFileSync(join(this.state, 'conf'), `${configuration.join('\n')}\n`);
    return this.machine.start(['dhclient', '-d', ...this.#files(), LAN]);
  }

  async release(): Promise<void> {
    await this.machine.start(['dhclient', '-r', ...this.#files(), LAN]).succeeded();
    await this.running.finished();
  }

  #files(): string[] {
    const file = (name: string): string => join(this.state, name);
    return ['-4', '-v', '-cf', file('conf'), '-lf', file('leases'), '-pf', file('pid'), '-sf', this.hook];
  }
}

/** udhcpc of busybox: routers, access points, ONIE, initial RAM disks. It has no memory of its own. */
export class Udhcpc extends DhcpClient {
  constructor(machine: Namespace) {
    super(machine, 'udhcpc', 'yes');
  }

  protected launch(options: ClientOptions): Program {
    return this.machine.start([
      'busybox',
      ...['udhcpc', '-f', '-i', LAN, '-s', this.hook, '-t', '10', '-T', '1', '-A', '2', '-R'],
      ...(options.vendorClass === undefined ? [] : ['-V', options.vendorClass]),
      ...(options.ask ?? []).flatMap((code) => ['-O', String(code)]),
      ...(options.architecture === undefined ? [] : ['-x', `0x5d:${options.architecture.toString(16).padStart(4, '0')}`]),
      // Its own identifier, its MAC, stays away where there is another.
      ...(options.send?.[61] === undefined ? [] : ['-C']),
      ...Object.entries(options.send ?? {}).flatMap(([code, octets]) => ['-x', `0x${Number(code).toString(16)}:${octets}`]),
    ]);
  }

  /** Renews before its time. */
  renew(): void {
    this.running.signal('SIGUSR1');
  }

  async release(): Promise<void> {
    // With -R it releases when it is asked to end.
    await this.running.stop('SIGTERM');
  }
}

/** dhcpcd, of BSDs, Raspberry Pi OS and many distributions. It puts the address on itself. */
export class Dhcpcd extends DhcpClient {
  constructor(machine: Namespace) {
    super(machine, 'dhcpcd', 'no');
    mkdirSync(join(this.state, 'run'));
    mkdirSync(join(this.state, 'lib'));
  }

  protected launch(options: ClientOptions): Program {
    const configuration = [
      'ipv4only',
      'noipv4ll',
      // Without the probe of RFC 5227 it has its address five seconds sooner.
      'noarp',
      'persistent',
      'duid',
      'option subnet_mask, routers, domain_name, domain_name_servers, tftp_server_name, bootfile_name, dhcp_lease_time',
      ...(options.vendorClass === undefined ? [] : [`vendorclassid ${options.vendorClass}`]),
    ];
    writeFileSync(join(this.state, 'conf'), `${configuration.join('\n')}\n`);
    return this.#start('--nobackground', '--debug');
  }

  async release(): Promise<void> {
    await this.#start('--release').finished();
    await this.running.finished();
  }

  /** Its places are fixed, so it sees its own directories there, in the mount namespace that `ip netns exec` made. */
  #start(...options: readonly string[]): Program {
    const mounts = 'mkdir -p /run/dhcpcd /var/lib/dhcpcd; mount --bind "$0/run" /run/dhcpcd && mount --bind "$0/lib" /var/lib/dhcpcd';
    const command = ['dhcpcd', ...options, '--config', join(this.state, 'conf'), '--script', this.hook, LAN];
    return this.machine.start(['sh', '-c', `${mounts} && exec "$@"`, this.state, ...command]);
  }
}
