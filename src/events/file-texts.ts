/** The operator's text for files: their transfers, and the servers that they go by. */
import type { EventText } from './catalog.ts';
import type { HttpEvent, WebEvent } from './events.ts';
import type { TransferEvent } from './transfer-events.ts';

export const FILE_TEXTS: Readonly<Record<(TransferEvent | HttpEvent | WebEvent)['type'], EventText>> = {
  'transfer.started': {
    level: 'debug',
    meaning: 'A file is on its way; by TFTP with the block size and window that client and server agreed on.',
    action: 'None.',
  },
  'transfer.progressed': {
    level: 'debug',
    meaning: 'A file that takes its time is on its way, and so much of it has arrived. Told twice a second at most.',
    action: 'None.',
  },
  'transfer.done': {
    level: 'info',
    meaning:
      'A file was transferred as a whole, or by HTTP the part that was asked for: a client that goes on with a broken-off download says from which octet. An upload is on the disk when this line is written.',
    action: 'None. Many blocks sent again point to a bad cable, a duplex mismatch or an overloaded device.',
  },
  'transfer.failed': {
    level: 'warn',
    meaning:
      'A transfer began and did not end well: the device fell silent, sent an error or closed its connection, or the file could not be read or written, or changed meanwhile. What came of an upload is kept for a while (`tftp.uploads.keepPartial`), where the line says.',
    action:
      'See the reason. A device that falls silent was often restarted or unplugged, or a firewall drops the packets of the transfer. Let it send its file again; when it cannot, the part that is kept may be all there is.',
  },
  'transfer.declined': {
    level: 'debug',
    meaning: 'A client asked for a file and gave up right after it had learnt the size. PXE firmware does so on purpose and asks again.',
    action: 'None.',
  },
  'transfer.missed': {
    level: 'info',
    meaning:
      'A device asked for a file that is not there. Misses that are known to be normal, as loaders and phones try one name after another, say so and are written at debug only.',
    action:
      'If the device does not boot, put the file where the line says that it was looked for; the line names a file that may have been meant.',
  },
  'transfer.searched': {
    level: 'warn',
    meaning:
      'A device that walks through a list of names, such as ONIE or Cisco’s AutoInstall, has asked for all of them and none is there. It is said once for the whole list, and again only after ten minutes; each name is written at debug.',
    action: 'Put the file that the line names into `tftp.root`, or name another with `boot.file` of the device or its class.',
  },
  'transfer.refused': {
    level: 'warn',
    meaning:
      'A device asked for something that it may not have: a path outside the root, an upload that the policy forbids, a file for which there is no room (its size limit, a quota, the disk), a file that is for another device, one whose template names a variable that is not known, or a transfer more than the server does at one time.',
    action:
      'See the reason. If the device is right, change `tftp.uploads` or `tftp.maxTransfers`, or move the file under `tftp.root`; a variable belongs into the inventory, and `tftp.secure.except` opens the files of single devices to networks.',
  },
  'tftp.learned': {
    level: 'info',
    meaning:
      'A device took the size of blocks or windows that it had asked for, and then nothing of that size arrived: blocks of more than 1468 octets travel in fragments, which many firmwares and firewalls drop; smaller ones get lost where the MTU on the way is smaller than the device believes; long windows overrun slow network cards. Its next try gets the smaller size, for a day or until a larger one has gone well.',
    action:
      'None, if the next try goes well. When the same device comes again and again, look at its cable and switch port (errors, duplex), at the MTU on the way (VLANs, tunnels), and for newer firmware; or lower `tftp.maxBlockSize` or `tftp.maxWindow` for all.',
  },
  'tftp.dropped': {
    level: 'debug',
    meaning: 'A datagram on the TFTP port began no transfer: it was damaged, or belongs to a transfer that is over.',
    action: 'None for single ones.',
  },
  'http.ready': {
    level: 'info',
    meaning: 'The files under `tftp.root` are served by HTTP at this address, too. A browser shows what is there.',
    action: 'None.',
  },
  'web.ready': {
    level: 'info',
    meaning:
      'What the server tells of itself can be asked for there: a page for browsers, its API (`docs/api.md`), and `/metrics` for Prometheus. Where it is not on the loopback, the token is needed that stands in the file of this line: the page asks for it, programs send `Authorization: Bearer TOKEN`.',
    action: 'None. To have another token, delete the file and start again.',
  },
  'web.unavailable': {
    level: 'warn',
    meaning: 'The port of `web.listen` could not be opened. Everything else is served.',
    action: 'Stop the program that has the port, or choose another with `web.listen`, or `off`. After a reload it is tried anew.',
  },
  'web.refused': {
    level: 'warn',
    meaning:
      'Somebody asked what this server tells of itself and may not: without the right token or with a session that has ended, under a name that is not this machine’s, or from a page of another site in somebody’s browser.',
    action: 'None, if it was you: give the token. Otherwise let `web.listen` be an address that only those who may ask can reach.',
  },
  'file.placed': {
    level: 'info',
    meaning: 'Somebody has put a file into `tftp.root` by the console, or replaced one there. It is on the disk, and served from now on.',
    action: 'None, if it was you. Otherwise see who works at the address of this line, and who knows the token.',
  },
  'file.removed': {
    level: 'info',
    meaning: 'Somebody has taken a file out of `tftp.root` by the console. It is deleted.',
    action: 'None, if it was you. Otherwise see who works at the address of this line, and who knows the token.',
  },
  'backup.restored': {
    level: 'info',
    meaning: 'Somebody has made an old version of a backup the newest again by the console. Its device gets it when it reads the file.',
    action: 'Let the device read it. All versions are still there, and another can be restored in the same way.',
  },
  'webhook.failed': {
    level: 'warn',
    meaning:
      'A URL of `web.webhooks` did not take an event: it cannot be reached, answered too late, or with another status than 2xx. What comes meanwhile waits and is sent again, up to a thousand events; then the oldest are lost. Nothing else waits for it. Said again at most every ten minutes.',
    action: 'Look whether the program behind the URL runs, and what it says. A status of 4xx means that it refuses what it gets.',
  },
  'webhook.recovered': {
    level: 'info',
    meaning: 'A URL of `web.webhooks` takes events again.',
    action: 'None. Where the line says that events were lost, the log has them.',
  },
  'http.answered': {
    level: 'debug',
    meaning:
      'A request by HTTP has its answer: 200 the file or the list of a folder, 206 a part of a file, 304 the client has it already, 404 there is none. What the client says of itself (its program, and the serial number, model and the like that switches send) stands here for you to look up. It proves nothing and changes nothing.',
    action: 'None.',
  },
  'http.dropped': {
    level: 'debug',
    meaning: 'A connection to the HTTP port was closed: what came was no request, came too slowly, or there were too many connections.',
    action: 'None for single ones. Browsers open connections that they do not use.',
  },
  'http.unavailable': {
    level: 'warn',
    meaning: 'The HTTP port could not be opened at one of the server’s addresses. DHCP and TFTP are served there all the same.',
    action:
      'Stop the program that has the port (the line says how to find it), or choose another with `http.port`, or `off`. After a reload, or when the cable is plugged in again, it is tried anew.',
  },
};
