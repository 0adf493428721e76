/** A configuration and the packets of devices: what one would be told. */
import { readFileSync } from 'node:fs';
import { hex, latin1Bytes } from '../../src/base/bytes.ts';
import { type ExplainedProvisioning, Provisioner } from '../../src/boot/provisioner.ts';
import { MESSAGE_CODES, OPTION } from '../../src/dhcp/codes.ts';
import { HostTable } from '../../src/dhcp/host-table.ts';
import { type Inquiry, inquiryOf } from '../../src/dhcp/inquiry.ts';
import { type DhcpPacket, decodePacket, type Options } from '../../src/dhcp/packet.ts';
import { buildAnswer } from '../../src/dhcp/reply.ts';
import { readRequest } from '../../src/dhcp/request.ts';
import { subnetOf } from '../../src/dhcp/subnet.ts';
import { siteConfigOf, siteOf } from '../../src/server/site.ts';
import { cidr, ip } from './addresses.ts';
import { configFrom } from './config-text.ts';
import { card } from './interfaces.ts';

/** One of `test/golden/vectors`. */
export function vector(name: string): DhcpPacket {
  const text = readFileSync(new URL(`../golden/vectors/${name}.hex`, import.meta.url), 'utf8');
  const decoded = decodePacket(Buffer.from(text.replace(/\s/g, ''), 'hex'));
  if (!decoded.ok) throw new Error(decoded.error.reason);
  return decoded.value;
}

/** A DISCOVER of a device of which nothing but these is known. */
export function discoverOf(parts: { mac?: string; vendorClass?: string; hostName?: string; list?: readonly number[] }): DhcpPacket {
  const { mac = '02:00:00:00:00:0a', vendorClass, hostName, list } = parts;
  const hardwareAddress = new Uint8Array(16);
  hardwareAddress.set(Buffer.from(mac.replaceAll(':', ''), 'hex'));
  const options = new Map<number, Uint8Array>([[OPTION.messageType, Uint8Array.of(MESSAGE_CODES.DISCOVER)]]);
  if (hostName !== undefined) options.set(OPTION.hostName, latin1Bytes(hostName));
  if (list !== undefined) options.set(OPTION.parameterRequestList, Uint8Array.from(list));
  if (vendorClass !== undefined) options.set(OPTION.vendorClass, latin1Bytes(vendorClass));
  return { ...vector('cisco-7960-discover'), hardwareAddress, options };
}

export class ProvisioningBench {
  readonly #provisioner: Provisioner;
  readonly #inquire: (packet: DhcpPacket) => Inquiry;

  /** @param yaml all but the network, `bench`, whose server is 192.168.77.1; `ofNetwork` is more of that. */
  constructor(yaml: string, ofNetwork = '') {
    const config = configFrom(`networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24${ofNetwork} }]\n${yaml}\n`);
    const facts = card('eth1', 4, { addresses: [cidr('192.168.77.1/24')] });
    const site = siteOf(siteConfigOf(config), [{ network: 'bench', facts, address: cidr('192.168.77.1/24') }]);
    this.#provisioner = new Provisioner(config);
    this.#inquire = (packet) => {
      const via = { interface: 'eth1', server: ip('192.168.77.1'), cast: 'broadcast', mtu: 1500 } as const;
      const request = readRequest(packet, via);
      if (!request.ok) throw new Error(request.error);
      const subnet = subnetOf(request.value, site.subnets);
      if (subnet === undefined) throw new Error('no network is configured');
      return inquiryOf(request.value, subnet, new HostTable(site.hosts), site.classes);
    };
  }

  provision(packet: DhcpPacket): ExplainedProvisioning | undefined {
    return this.#provisioner.provision(this.#inquire(packet));
  }

  /** The options of the OFFER. */
  offer(packet: DhcpPacket): Options {
    const inquiry = this.#inquire(packet);
    const provisioning = this.#provisioner.provision(inquiry);
    return buildAnswer(inquiry, { type: 'OFFER', yourAddress: ip('192.168.77.20'), leaseSeconds: 3600, boot: undefined, provisioning })
      .options;
  }
}

/** Options that are about provisioning, text where they are text. */
export function told(
  options: Options,
  codes: readonly number[] = [43, 66, 67, 114, 128, 132, 144, 150, 157, 159, 160, 161, 176, 191, 242],
) {
  return Object.fromEntries(
    codes.flatMap((code) => {
      const octets = options.get(code);
      if (octets === undefined) return [];
      const text = new TextDecoder('latin1').decode(octets);
      return [[code, /^[\x20-\x7e]+$/.test(text) ? text : hex(octets)]];
    }),
  );
}
