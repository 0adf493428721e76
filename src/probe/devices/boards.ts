/** Single-board computers, and a PC that only wants an address. Sources: Raspberry Pi's documentation, U-Boot, ISC dhclient. */

import { showIpv4 } from '../../base/addresses.ts';
import { latin1Text } from '../../base/bytes.ts';
import { type Device, failed, type Verdict, well } from '../device.ts';
import { allOf, fetchFile, firstOf, octetsText } from '../fetching.ts';
import type { Course } from '../life.ts';
import { locate, nowhere } from '../locate.ts';
import { besides, inFolder, placeAt } from '../place.ts';
import { started, ubootSearch } from './loaders.ts';
import { asksFor, hostName, largestMessage, octets, vendorClass } from './option-bytes.ts';

const PI_SERIAL = '9ffefdef';
/** What its firmware is configured to look for; it can be set to something else (PXE_OPTION43). */
const PI_WORD = 'Raspberry Pi Boot';

export const PI4: Device = {
  name: 'pi4',
  title: 'Raspberry Pi 4',
  mac: 'dc:a6:32:01:36:c2',
  dhcp: {
    options: () => [
      asksFor(1, 3, 43, 60, 66, 67, 128, 129, 130, 131, 132, 133, 134, 135),
      [93, Uint8Array.of(0, 0)],
      [94, octets('010201')],
      // `RPi4`, the board, four octets of the hardware address, the serial number.
      [97, octets(`00525069341131c000320136c2${PI_SERIAL}`)],
      vendorClass('PXEClient:Arch:00000:UNDI:002001'),
    ],
    refuses: (offer) =>
      latin1Text(offer.octets(43) ?? new Uint8Array()).includes(PI_WORD) ? undefined : `option 43 does not say "${PI_WORD}"`,
  },
  tftp: {
    options: () => [
      { name: 'tsize', value: '0' },
      { name: 'blksize', value: '1024' },
    ],
  },
  *boot(life, lease) {
    const root = locate(life, lease, [66, 'siaddr']);
    if (root === undefined) return nowhere([66, 'siaddr'], 'set boot for it');
    const own = inFolder(root, `${PI_SERIAL}/`);
    const start = (yield* firstOf(life, own, ['start4.elf'])) ?? (yield* firstOf(life, root, ['start4.elf']));
    if (start === undefined)
      return failed(`finds no start4.elf, neither in ${PI_SERIAL}/ nor in the root: copy the boot partition of Raspberry Pi OS there`);
    const folder = start.place.path.startsWith(PI_SERIAL) ? own : root;
    yield* allOf(life, folder, ['config.txt', 'fixup4.dat', 'bcm2711-rpi-4-b.dtb', 'overlays/overlay_map.dtb', 'cmdline.txt']);
    const kernel = yield* firstOf(life, folder, ['kernel8.img', 'kernel7l.img']);
    if (kernel === undefined) return failed('got its firmware, and no kernel (kernel8.img, kernel7l.img)');
    return well(`got its firmware and ${kernel.place.path} (${octetsText(kernel.octets)}) and would start it`);
  },
};

export const UBOOT: Device = {
  name: 'uboot',
  title: 'Board with U-Boot, 64-bit ARM',
  mac: '02:00:5e:10:20:30',
  dhcp: {
    options: () => [
      largestMessage(576),
      [93, Uint8Array.of(0, 22)],
      [94, octets('010000')],
      vendorClass('U-Boot.armv8'),
      asksFor(1, 3, 6, 12, 17, 209),
    ],
  },
  tftp: {
    options: () => [
      { name: 'timeout', value: '5' },
      { name: 'tsize', value: '0' },
      { name: 'blksize', value: '1468' },
    ],
  },
  *boot(life, { ack }): Course<Verdict> {
    const server = placeAt(ack.nextServer ?? ack.server);
    const menu = ack.text(209);
    if (menu !== undefined) {
      const file = yield* firstOf(life, server, [menu]);
      return file === undefined
        ? failed(`got no menu ${menu} (option 209)`)
        : well(`U-Boot got its menu ${menu} (${octetsText(file.octets)})`);
    }
    const name = ack.bootFile;
    if (name === undefined) return yield* ubootSearch(life, server);
    const place = besides(server, name);
    if (!place.ok) return failed(`it cannot go to ${name}: ${place.error}`);
    const file = yield* fetchFile(life, place.value);
    return file.got === 'file' ? yield* started(life, file) : failed(`got no ${name}: ${file.why}`);
  },
};

export const DEBIAN_PC: Device = {
  name: 'debian-pc',
  title: 'PC with Debian, plain',
  mac: '52:54:00:71:00:01',
  dhcp: {
    // It remembers an address of another network.
    options: () => [[50, octets('c000025a')], hostName('debian12'), asksFor(1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42)],
  },
  // biome-ignore lint/correctness/useYield: it wants no file
  *boot(life, { ack, address }): Course<Verdict> {
    const router = ack.address(3);
    life.thinks(
      router === undefined ? 'knows no router: it reaches its own network only' : `reaches the rest of the world by ${showIpv4(router)}`,
    );
    return well(`has the address ${showIpv4(address)}`);
  },
};
