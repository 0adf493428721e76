/** Ways in which devices go wrong, as variations of any of them: for learning what the log says of it, and for testing that it does. */
import { latin1Bytes } from '../base/bytes.ts';
import { type Device, failed, type SentOption, type Verdict } from './device.ts';
import { octetsText } from './fetching.ts';
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

/** As a switch speaks that has no clock: facility local7, severity notice (RFC 3164 §4.1.1, §4.1.2). */
const SYSLOG_LINE = '<189>45: *Mar  1 00:01:02.003: %SYS-5-RESTART: System restarted --';

function withWrongClock(device: Device): Device {
  return {
    ...device,
    *boot(life, lease) {
      const server = lease.ack.address(7) ?? lease.ack.server;
      life.says(`syslog with the time of its birth: ${SYSLOG_LINE}`);
      life.act({ do: 'udp', octets: latin1Bytes(SYSLOG_LINE), fromPort: life.nextPort(), to: { address: server, port: SYSLOG_PORT } });
      return yield* device.boot(life, lease);
    },
  };
}

export const FAULTS: readonly Fault[] = [
  { name: 'takes-other-offer', title: 'takes the offer of another DHCP server', of: dhcpHabit('takes-other-offer') },
  { name: 'ignores-offers', title: 'asks again and again and takes no offer', of: dhcpHabit('ignores-offers') },
  { name: 'repeats-discover', title: 'hears no offer; the seconds that it says to have waited grow', of: dhcpHabit('repeats-discover') },
  { name: 'declines', title: 'declines each address, as if somebody had it', of: dhcpHabit('declines') },
  { name: 'nak-loop', title: 'insists on an address of another network', of: dhcpHabit('nak-loop') },
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
  { name: 'backup-half-way', title: 'sends a backup and breaks off', of: (device) => ({ ...device, boot: backupHalfWay }) },
  { name: 'wrong-clock-syslog', title: 'sends syslog with a clock that was never set', of: withWrongClock },
];

/** Devices that never ask for a size do here what those do that do. */
function probingOnly(device: Device): Device {
  const probe = device.tftp?.probe ?? { options: [{ name: 'tsize', value: '0' }], code: 0, message: 'TFTP Aborted' };
  return { ...device, tftp: { ...device.tftp, probe, habit: 'size-probe-only' } };
}
