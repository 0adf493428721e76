/**
 * Every event with its level and a word to the operator: what it means, and what to do about it.
 * `docs/messages.md` is made from this table.
 */
import { BACKUP_TEXTS } from './backup-texts.ts';
import { DEVICE_TEXTS } from './device-texts.ts';
import type { AppEvent, EventType, Level } from './events.ts';
import { FILE_TEXTS } from './file-texts.ts';
import { PROVISIONING_TEXTS } from './provisioning-texts.ts';
import { levelOfSyslog, SERVICE_TEXTS } from './service-texts.ts';

/** What the operator is told about a kind of event. */
export interface EventText {
  readonly level: Level;
  /** What has happened, and why that may be. */
  readonly meaning: string;
  /** What to do, or that there is nothing to do. */
  readonly action: string;
}

export const EVENT_CATALOG: Record<EventType, EventText> = {
  'server.started': {
    level: 'info',
    meaning: 'The program has read its configuration and begins to open sockets and files. Nothing is served yet.',
    action: 'None. When you ask for help, give the version and the runtime of this line.',
  },
  'server.ready': {
    level: 'info',
    meaning: 'Everything that can be opened is open. Networks that wait for a cable or an address start later by themselves.',
    action: 'Plug devices in. If the number of networks is lower than you expect, look for `network.waiting`.',
  },
  'server.stopping': {
    level: 'info',
    meaning: 'The server was told to stop. It ends running transfers, takes off the addresses that it put on, and closes the lease store.',
    action: 'None. Leases stay in the store, and devices keep their addresses until the leases run out.',
  },
  'server.privileges-dropped': {
    level: 'info',
    meaning:
      'What needs root is open, and the program now runs as an ordinary user. It keeps only the rights that it needs to reopen an interface.',
    action: 'None. Files that it writes from now on belong to that user.',
  },
  'server.privileges-kept': {
    level: 'info',
    meaning: 'The program goes on with all the rights that it was started with, for example because nobody called it through sudo.',
    action: 'Set `server.user` to an ordinary user, or start it with sudo. In a container that holds nothing else this is fine.',
  },
  'server.limited': {
    level: 'warn',
    meaning: 'Something cannot be done on this machine or with these rights, and this is what is lost by it. Everything else is served.',
    action: 'Nothing, if you do not miss it. Otherwise do what the line says: start it as root, or on Linux.',
  },
  'server.fault': {
    level: 'error',
    meaning:
      'Something failed here and not at the other side: a socket, a file, or the program itself. The packet, transfer or request at hand was given up; the rest goes on.',
    action:
      'If the line names the system (an interface that went away, a port in use, a full disk), put that right. Otherwise it is a bug: please report it with this line. A restart does no harm to leases.',
  },
  'config.warning': {
    level: 'warn',
    meaning:
      'The configuration is valid, but something in it will probably not do what you want, for example a boot file that does not exist.',
    action: 'Follow the hint, then run `bootlace check`.',
  },
  'config.changed': {
    level: 'info',
    meaning: 'The configuration was read again, and this is different from now on. Each difference has a line of its own.',
    action: 'None, if this is what you changed.',
  },
  'config.reloaded': {
    level: 'info',
    meaning:
      'The configuration was read again, on SIGHUP or by `bootlace reload`, and is in force. Leases are kept, and networks that did not change were not interrupted.',
    action: 'None. Devices learn of new options when they renew their leases.',
  },
  'config.refused': {
    level: 'error',
    meaning:
      'The configuration was read again, but something in it is wrong or takes a restart. Nothing of it is used; what was in force before is in force still.',
    action: 'Put right what the line says; `bootlace check` shows all of it with its place. Then reload again.',
  },
  'network.interface-chosen': {
    level: 'info',
    meaning:
      'An interface was chosen for a network, and this is why. `auto` takes a wired interface with a cable that is not the way to the rest of the world.',
    action: 'None if it is the right one. Otherwise name the interface in `networks[].interface`.',
  },
  'network.waiting': {
    level: 'warn',
    meaning:
      'A network cannot be served at the moment: no cable, no such interface, or no address on it. It is looked at again every second.',
    action: 'Do what the line says: plug the cable in, name the interface, or set `assign: true` so that the address is put on for you.',
  },
  'network.address-added': {
    level: 'info',
    meaning: 'The address of a network with `assign: true` was not on the interface and was put there.',
    action: 'None. It is taken off again at the end.',
  },
  'network.address-removed': {
    level: 'info',
    meaning: 'An address that this program had put on an interface was taken off again.',
    action: 'None.',
  },
  'network.up': {
    level: 'info',
    meaning: 'A network is served from now on, on this interface and with this address.',
    action: 'None. If a device stays silent, check that it is on the same switch and VLAN.',
  },
  'network.down': {
    level: 'warn',
    meaning: 'A network is not served any more: the cable was pulled, the interface went away, or its address was changed.',
    action: 'Put the cable or the address back. Serving starts again by itself, and leases are kept.',
  },
  'dhcp.dropped': {
    level: 'debug',
    meaning: 'A datagram on the DHCP port was no DHCP question: too short, damaged, or a message of another server.',
    action: 'None for single ones. Many of them from one device point to a broken client or to a second DHCP server on the wire.',
  },
  'dhcp.silent': {
    level: 'debug',
    meaning:
      'A client asked and was not answered on purpose: it chose another server, it asked for an address of a network that is not ours to judge, or its message makes no sense. When no network at all is configured for where it is, this is a warning.',
    action:
      'None as a rule. When a device gets no address, the reason given here says why: add the network, or a reservation under `hosts`.',
  },
  'dhcp.offered': {
    level: 'info',
    meaning: 'A device looked for a server and was offered an address. The brackets say why this address and this boot file.',
    action:
      'None. Offers that are never followed by `lease.bound` mean that the device prefers another server or does not hear the answer.',
  },
  'boot.offered': {
    level: 'info',
    meaning:
      'A device that boots over the network looked for a server. Another one gives it an address; from here it was told what to boot (proxyDHCP).',
    action:
      'None. When no file is asked for afterwards, the device may not have had an address from the other server, or its firmware takes no such offer: the next one has another form, and the brackets say so.',
  },
  'boot.answered': {
    level: 'info',
    meaning: 'A device that has its address already asked the boot server, port 4011, and was told its boot file.',
    action: 'None. It asks for the file next.',
  },
  'dhcp.informed': {
    level: 'debug',
    meaning: 'A device that has an address already asked only for the options of its network (INFORM), and got them.',
    action: 'None.',
  },
  'lease.bound': {
    level: 'info',
    meaning: 'A device has its address, or has it for longer, and the lease is safely stored.',
    action: 'None.',
  },
  'lease.refused': {
    level: 'info',
    meaning: 'A device asked for an address that it may not have here, and was told so (NAK). It then starts anew and gets another one.',
    action:
      'None when a device was moved from another network. If it happens again and again, two servers with different ranges answer on one wire.',
  },
  'lease.released': {
    level: 'info',
    meaning: 'An address was given back by its device, or taken back with `bootlace leases release`.',
    action: 'None. The same device gets the same address again while it is free.',
  },
  'lease.declined': {
    level: 'warn',
    meaning: 'A device tried its new address and found somebody else using it. The address is not given to anybody for a while.',
    action:
      'Find the device that uses the address without a lease, and take its address out of `networks[].pools` or make it a reservation.',
  },
  'lease.expired': {
    level: 'info',
    meaning: 'A lease ran out without being renewed: the device was switched off or unplugged.',
    action: 'None. The same device gets the same address again while it is free.',
  },
  'lease.conflict': {
    level: 'warn',
    meaning:
      'An address that was about to be offered is used by a device that did not get it from here. It is given to nobody for a while; the client gets another.',
    action: 'Find the device by its MAC and give it an address of its own: a reservation under `hosts`, or one outside of the pools.',
  },
  'pool.exhausted': {
    level: 'warn',
    meaning: 'A device got no address, as every address of the network is leased, offered, reserved or in quarantine.',
    action: 'Make `networks[].pools` larger or `leaseTime` shorter, or release leases that nobody needs (`bootlace leases`).',
  },
  'guard.found': {
    level: 'warn',
    meaning:
      'Another DHCP server gives addresses on this wire; the line names its address, its hardware address and what it offered. Two servers that do not know of each other give devices addresses that do not fit, or one address to two devices. With `guard: refuse` nobody gets a new address from here while it is there; leases given before are still renewed, and files are served. With `guard: proxy` neither, but devices that boot over the network are told what to boot. With `guard: warn` everything goes on.',
    action:
      'Find the device with that hardware address (often a router that came with its own server) and switch its DHCP server off, or use another switch. When it is silent for some minutes, serving starts again by itself. If both are meant to be there, set `guard: warn`.',
  },
  'guard.gone': {
    level: 'info',
    meaning: 'Another DHCP server that was found before has not answered for some minutes.',
    action: 'None.',
  },
  'guard.clear': {
    level: 'info',
    meaning: 'No other DHCP server answers on this wire, and devices get addresses from here. It is looked for again every few minutes.',
    action: 'None.',
  },
  'dhcp.overloaded': {
    level: 'warn',
    meaning:
      'More DHCP messages came in than could be answered, or the disk took too long. Those that had waited longest were thrown away, so that the others are answered in time; their devices ask again.',
    action:
      'None when many devices were switched on at once. If it goes on, find the device that floods the network, or the reason why the disk is slow.',
  },
  'wake.sent': {
    level: 'info',
    meaning:
      'Somebody had this server send the magic packet of Wake-on-LAN for a device, with `bootlace wake`. Nothing answers it: that the device wakes shows when it asks for its lease.',
    action:
      'If it does not wake, see that Wake-on-LAN is switched on in its firmware and in its operating system, and that its network card has power while it sleeps.',
  },
  'store.opened': {
    level: 'info',
    meaning: 'The lease store was opened and its leases were read.',
    action: 'None.',
  },
  'store.failed': {
    level: 'error',
    meaning:
      'The lease store could not write or read, most often because the disk is full or read-only. Clients whose leases wait to be stored get no answer: a lease that is not stored is not promised. When it failed to fold, leases are still stored in the journal, `leases.journal`, and wait there for room in the database, `leases.db`; clients get no answer only when the journal is full.',
    action: 'Make room on the disk or repair it. The store is tried again by itself, and clients ask again by themselves.',
  },
  'store.recovered': {
    level: 'info',
    meaning: 'The lease store works again after a failure.',
    action: 'None. Find out why it failed before it does so again.',
  },
  'store.rebuilt': {
    level: 'error',
    meaning:
      'The lease store was damaged, as by a power failure or a bad disk. It was made anew from every lease that could still be read; what is left of the old one is kept beside it. For some time, a device that the new store does not know may keep the address that it had, if nobody else has it.',
    action:
      'None for the devices. Look whether the disk is well, and delete the file that was set aside when you need it no more. With places that could not be read, watch for `lease.declined`: an address can be given to a second device until the first one renews.',
  },
  'store.rewritten': {
    level: 'error',
    meaning:
      'The file of the lease store was deleted, replaced or damaged while the server was running. All leases are in memory, and were written to a new file at once: nothing is lost.',
    action:
      'Find out who touched the file. To bring back an older state, stop the server first. What stood in its place was set aside, not deleted.',
  },
  'clock.jumped': {
    level: 'warn',
    meaning:
      "The machine's clock was set forward or back, or the machine slept, or its clock was wrong when the server started. Leases do not follow: while the server runs they last as long as was promised, and over a restart the shorter reading of the clock counts.",
    action:
      'None for the leases. The times in the log and in lists jump with the clock; a machine without NTP needs its clock set by hand.',
  },
  ...DEVICE_TEXTS,
  ...FILE_TEXTS,
  ...BACKUP_TEXTS,
  'boot.chosen': {
    level: 'info',
    meaning: 'With `bootlace boot` an entry of its menu was chosen for a device. It goes before `hosts[].boot.entry` of the configuration.',
    action: 'None. The device starts it when it boots next; `bootlace boot NAME --clear` takes it back.',
  },
  'boot.choice-cleared': {
    level: 'info',
    meaning: 'What was chosen for a device with `bootlace boot` was taken back.',
    action: 'None. The device boots what the configuration says.',
  },
  'boot.choice-used': {
    level: 'info',
    meaning: 'What was chosen with `bootlace boot --once` has done its work: the device got a menu that was made with it.',
    action: 'None. If the device failed after that, choose it once more.',
  },
  ...SERVICE_TEXTS,
  ...PROVISIONING_TEXTS,
  'log.suppressed': {
    level: 'warn',
    meaning: 'The same kind of line came too often, or nobody read the log. The lines beyond the limit were counted instead of written.',
    action: 'Look at the first lines of that kind: they say what floods the server.',
  },
};

/** How loud one event is: as loud as its kind, save where only the operator can put right what is behind it, or nobody has to. */
export function levelOf(event: AppEvent): Level {
  // A client of a relay or a segment that no network is configured for will never be served.
  if (event.type === 'dhcp.silent' && event.network === undefined) return 'warn';
  if (event.type === 'provisioning.followed' && event.advice !== undefined) return 'warn';
  if (event.type === 'transfer.missed' && event.expected !== undefined) return 'debug';
  if (event.type === 'syslog.received') return levelOfSyslog(event);
  return EVENT_CATALOG[event.type].level;
}
