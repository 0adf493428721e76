/** Whether the ports are free that the configuration asks for, and who has them otherwise. */
import { type Ipv4, NO_ADDRESS, showIpv4 } from '../base/addresses.ts';
import { broken, doubtful, type Finding, fine } from './finding.ts';
import type { NeededPort } from './needed-ports.ts';
import type { ListedSocket, SocketHolder } from './socket-table.ts';

/** What is known of the machine's sockets. */
export interface SocketsSeen {
  readonly sockets: readonly ListedSocket[];
  readonly holders: readonly SocketHolder[];
  /** The addresses that are ours or will be. */
  readonly addresses: readonly Ipv4[];
  /** The process of the server that runs with this configuration, if one does. */
  readonly ownPid: number | undefined;
}

/** How programs that often have one of these ports give it up, by their names in /proc/PID/comm. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['systemd-resolve', 'take `DNSStubListenerExtra` out of /etc/systemd/resolved.conf, then `sudo systemctl restart systemd-resolved`'],
  ['dnsmasq', 'stop it, or give it `bind-dynamic` and other interfaces; that of libvirt: `virsh net-destroy default`'],
  ['named', '`sudo systemctl stop named`, or leave our addresses out of its `listen-on`'],
  ['unbound', '`sudo systemctl stop unbound`, or leave our addresses out of its `interface:` lines'],
  ['chronyd', '`sudo systemctl stop chrony`, or take `allow` out of its configuration: it then follows the time and serves nobody'],
  ['ntpd', '`sudo systemctl stop ntp` or `ntpsec`; chrony and systemd-timesyncd follow the time without the port'],
  ['rsyslogd', 'take `imudp` out of /etc/rsyslog.conf, then `sudo systemctl restart rsyslog`'],
  ['syslog-ng', 'take the `network` or `udp` source out of its configuration'],
  ['in.tftpd', '`sudo systemctl stop tftpd-hpa`'],
  ['atftpd', '`sudo systemctl stop atftpd`'],
  ['dhcpd', '`sudo systemctl stop isc-dhcp-server`, or set `mode: proxy` for networks that it serves'],
  ['kea-dhcp4', '`sudo systemctl stop kea-dhcp4-server`, or set `mode: proxy` for networks that it serves'],
]);

/** One finding for each port. */
export function judgePorts(needed: readonly NeededPort[], seen: SocketsSeen): readonly Finding[] {
  return needed.map((port) => judgePort(port, seen));
}

function judgePort(needed: NeededPort, { sockets, holders, addresses, ownPid }: SocketsSeen): Finding {
  const check = `${needed.protocol.toUpperCase()} port ${needed.port}, for ${needed.for}`;
  const there = sockets.filter(({ protocol, port }) => protocol === needed.protocol && port === needed.port);
  const inTheWay = there.filter(({ address }) => address === NO_ADDRESS || addresses.includes(address));
  const holderOf = ({ inode }: ListedSocket) => holders.find(({ inodes }) => inodes.has(inode));
  const foreign = inTheWay.filter((socket) => ownPid === undefined || holderOf(socket)?.pid !== ownPid);
  const [first] = foreign;
  if (first === undefined) return fine(check, inTheWay.length > 0 ? `held by this server (process ${ownPid})` : 'free');
  const holder = holderOf(first);
  const where = first.address === NO_ADDRESS ? 'at all addresses' : `at ${showIpv4(first.address)}`;
  const text = `${holder === undefined ? 'a program that only root can see' : `${holder.name} (process ${holder.pid})`} has it ${where}`;
  const remedy = holder === undefined ? 'run `sudo bootlace doctor`, which names the program' : remedyFor(holder);
  return needed.isOptional === true ? doubtful(check, text, remedy) : broken(check, text, remedy);
}

function remedyFor({ name, pid }: SocketHolder): string {
  return REMEDIES.get(name) ?? `stop it, or have it listen elsewhere; \`ps -fp ${pid}\` says what it is`;
}
