/** Ways in which devices go wrong, as variations of any of them: for learning what the log says of it, and for testing that it does. */
import { latin1Bytes } from '../base/bytes.ts';
import { type Device, failed, type SentOption, type Verdict } from './device.ts';
import { fetchFile, octetsText } from './fetching.ts';
import type { Course, Life } from './life.ts';
import { placeAt } from './place.ts';
import type { Lease } from './reply.ts';
import { writeByTftp } from './tftp-exchange.ts';

/** One way to go wrong. */
export interface Fault {
  /** Its word on the command line. */
  readonly name: string;
  /** What happens, for lists. */
  readonly title: string;
  readonly of: (device: Device) => Device;
}

const dhcpHabit =
  (habit: NonNullable<Device['dhcp']['habit']>) =>
  (device: Device): Device => ({ ...device, dhcp: { ...device.dhcp, habit } });
const tftpHabit =
  (habit: 'stalls-first-block' | 'stalls-midway') =>
  (device: Device): Device => ({ ...device, tftp: { ...device.tftp, habit } });

/** Options of DISCOVER and REQUEST, changed. */
function saying(device: Device, change: (options: readonly SentOption[]) => readonly SentOption[]): Device {
  return { ...device, dhcp: { ...device.dhcp, options: (mac) => change(device.dhcp.options(mac)) } };
}

/** What it boots into says the same. */
function passingOn(device: Device, change: (device: Device) => Device): Device {
  const boot = device.boot;
  return {
    ...device,
    *boot(life, lease) {
      const outcome = yield* boot(life, lease);
      return 'ok' in outcome ? outcome : change(outcome);
    },
  };
}

const IPXE_MARKS: ReadonlySet<number> = new Set([77, 175]);

function unmarked(device: Device): Device {
  return passingOn(
    saying(device, (options) => options.filter(([code]) => !IPXE_MARKS.has(code))),
    unmarked,
  );
}

const ARCHITECTURE = 93;
const VENDOR_CLASS = 60;

/** Says that it is a PC with BIOS where it is none, and one with UEFI where it is. */
function withWrongArchitecture(device: Device): Device {
  return saying(device, (options) => {
    const own = options.find(([code]) => code === ARCHITECTURE)?.[1][1] ?? 0;
    const [arch, version] = own === 0 ? [7, '003016'] : [0, '002001'];
    return options.map(([code, value]): SentOption => {
      if (code === ARCHITECTURE) return [code, Uint8Array.of(0, arch)];
      if (code === VENDOR_CLASS) return [code, latin1Bytes(`PXEClient:Arch:${String(arch).padStart(5, '0')}:UNDI:${version}`)];
      return [code, value];
    });
  });
}

// biome-ignore lint/correctness/useYield: silence asks for nothing
function* silentAfterAck(): Course<Verdict> {
  return failed('it has its address and never asked for a file');
}

const LIST = 55;
/** Options that say from where and what to boot: vendor's, class, TFTP server, boot file, those that vendors of firmware took for themselves. */
const BOOT_OPTIONS: ReadonlySet<number> = new Set([43, 60, 66, 67, 128, 129, 150]);

/** It wants an address and asks for nothing to boot. */
function withoutBoot(device: Device): Device {
  const quiet = saying(device, (options) =>
    options.map(([code, value]): SentOption => [code, code === LIST ? value.filter((wanted) => !BOOT_OPTIONS.has(wanted)) : value]),
  );
  return { ...quiet, boot: silentAfterAck };
}

const MACHINE_ID = 97;

/** The identifier of the board that has the same hardware address: its last octet is another. */
function otherMachine(device: Device): Device {
  return saying(device, (options) =>
    options.map(([code, value]): SentOption => [code, code === MACHINE_ID ? value.with(-1, (value.at(-1) ?? 0) ^ 1) : value]),
  );
}

/** A phone that keeps the trust list of another site takes nothing that is not signed by it. */
function* stopsAtTrustList(life: Life, { ack }: Lease): Course<Verdict> {
  const server = ack.address(150) ?? ack.nextServer ?? ack.server;
  const name = `CTLSEP${life.mac.replaceAll(':', '').toUpperCase()}.tlv`;
  yield* fetchFile(life, placeAt(server, name));
  return failed(`it asked for ${name} and goes on with nothing: it trusts another site`);
}

/** Size of the backup that breaks off, and the packets that it takes part in. */
const BACKUP_OCTETS = 8192;
const BACKUP_PACKETS = 6;

function* backupHalfWay(life: Life, { ack }: Lease): Course<Verdict> {
  const server = ack.nextServer ?? ack.address(150) ?? ack.server;
  const config = latin1Bytes('hostname access-1\n!\n'.padEnd(BACKUP_OCTETS, '! interface\n'));
  life.says(`WRQ access-1-confg, ${octetsText(config)}`);
  const outcome = yield* writeByTftp(life, placeAt(server, 'access-1-confg'), config, BACKUP_PACKETS);
  return failed(`its backup access-1-confg broke off half way: ${outcome.got === 'file' ? 'it is there all the same' : outcome.why}`);
}

const SYSLOG_PORT = 514;
/** A switch writes its first line when it is up, which is a while after its configuration came. */
const FIRST_LINE_MS = 2000;

/** As a switch speaks that has no clock: facility local7, severity notice (RFC 3164 §4.1.1, §4.1.2). */
const SYSLOG_LINE = '<189>45: *Mar  1 00:01:02.003: %SYS-5-RESTART: System restarted --';

function withWrongClock(device: Device): Device {
  return {
    ...device,
    *boot(life, lease) {
      const outcome = yield* device.boot(life, lease);
      for (const until = life.in(FIRST_LINE_MS); ; ) {
        if ((yield until).on === 'timeout') break;
      }
      const server = lease.ack.address(7) ?? lease.ack.server;
      life.says(`syslog with the time of its birth: ${SYSLOG_LINE}`);
      life.act({ do: 'udp', octets: latin1Bytes(SYSLOG_LINE), fromPort: life.nextPort(), to: { address: server, port: SYSLOG_PORT } });
      return outcome;
    },
  };
}

export const FAULTS: readonly Fault[] = [
  { name: 'takes-other-offer', title: 'takes the offer of another DHCP server', of: dhcpHabit('takes-other-offer') },
  { name: 'ignores-offers', title: 'asks again and again and takes no offer', of: dhcpHabit('ignores-offers') },
  { name: 'repeats-discover', title: 'hears no offer; the seconds that it says to have waited grow', of: dhcpHabit('repeats-discover') },
  { name: 'port-held-back', title: 'its switch port comes up late: only its last question gets through', of: dhcpHabit('port-held-back') },
  { name: 'declines', title: 'declines each address, as if somebody had it', of: dhcpHabit('declines') },
  { name: 'nak-loop', title: 'insists on an address of another network', of: dhcpHabit('nak-loop') },
  { name: 'wrong-network', title: 'asks once for an address of another network, and falls silent', of: dhcpHabit('wrong-network') },
  { name: 'other-machine', title: 'says another machine identifier, as one with the same MAC does', of: otherMachine },
  { name: 'wants-no-boot', title: 'asks for none of the options that name a boot file', of: withoutBoot },
  { name: 'silent-after-ack', title: 'has its address and asks for no file', of: (device) => ({ ...device, boot: silentAfterAck }) },
  { name: 'stalls-first-block', title: 'agrees on a block size and loses the blocks', of: tftpHabit('stalls-first-block') },
  { name: 'stalls-midway', title: 'falls silent in the middle of a file', of: tftpHabit('stalls-midway') },
  { name: 'size-probe-only', title: 'asks for the size of its file and never for the file', of: probingOnly },
  {
    name: 'loops-rom-ipxe',
    title: 'its iPXE does not say that it is iPXE, and is given iPXE again',
    of: (device) => (device.name.startsWith('ipxe') ? unmarked(device) : passingOn(device, unmarked)),
  },
  { name: 'wrong-architecture-file', title: 'says another architecture than it has', of: withWrongArchitecture },
  {
    name: 'stops-at-trust-list',
    title: 'asks for its trust list (CTL) and for nothing after it',
    of: (device) => ({ ...device, boot: stopsAtTrustList }),
  },
  { name: 'backup-half-way', title: 'sends a backup and breaks off', of: (device) => ({ ...device, boot: backupHalfWay }) },
  { name: 'wrong-clock-syslog', title: 'sends syslog with a clock that was never set', of: withWrongClock },
];

/** Devices that never ask for a size do here what those do that do. */
function probingOnly(device: Device): Device {
  const probe = device.tftp?.probe ?? { options: [{ name: 'tsize', value: '0' }], code: 0, message: 'TFTP Aborted' };
  return { ...device, tftp: { ...device.tftp, probe, habit: 'size-probe-only' } };
}
