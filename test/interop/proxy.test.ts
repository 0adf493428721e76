/** proxyDHCP: PCs get their address from a plain dnsmasq, and what to boot from the appliance. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, SERVER } from '../support/appliance.ts';
import { LINUX_SAYS, putBootImages, putSmallLinux } from '../support/boot-images.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import type { Program } from '../support/program.ts';
import { firmwareFile, type PcOptions, startPc } from '../support/qemu.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

/** The address server of the office: it knows nothing of booting. */
function startOfficeServer(machine: Namespace): Program {
  const leases = join(scratch('office'), 'leases');
  mkdirSync(join(leases, '..'), { recursive: true });
  return machine.start([
    'dnsmasq',
    ...['--keep-in-foreground', '--log-facility=-', '--conf-file=/dev/null', '--user=root', '--port=0', '--no-ping'],
    ...[`--interface=${LAN}`, '--bind-interfaces', '--log-dhcp', '--dhcp-range=192.168.77.50,192.168.77.90,255.255.255.0,1h'],
    `--dhcp-leasefile=${leases}`,
  ]);
}

const NETWORK = { name: 'office', interface: LAN, address: `${SERVER}/24`, assign: true, mode: 'proxy' };
const MENU = ['DEFAULT linux', 'PROMPT 0', 'LABEL linux', 'KERNEL vmlinuz', 'INITRD initrd.gz', 'APPEND console=ttyS0 panic=-1'];
const GRUB_MENU = ['set timeout=0', 'menuentry "Linux" {', '  linux /vmlinuz console=ttyS0 panic=-1', '  initrd /initrd.gz', '}'];
const SCRIPT = ['#!ipxe', 'kernel vmlinuz initrd=initrd.gz console=ttyS0 panic=-1', 'initrd initrd.gz', 'boot'];
const FILES = { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi' };

describeWith(['dnsmasq', 'qemu-system-x86_64', 'apt-get', 'busybox', firmwareFile('uefi')], 'beside another DHCP server', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let appliance: Appliance;
  let office: Namespace;
  let pc: Program | undefined;
  let other: Program | undefined;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    laptop = plugLaptop(ethernet).laptop;
    office = ethernet.plug('office');
    office.ip('address', 'add', '192.168.77.254/24', 'dev', LAN);
    appliance = new Appliance(laptop, { networks: [NETWORK], boot: { files: FILES } });
    await putBootImages(appliance.tftpRoot);
    await putSmallLinux(appliance.tftpRoot);
    appliance.offer('pxelinux.cfg/default', `${MENU.join('\n')}\n`);
    appliance.offer('grub/grub.cfg', `${GRUB_MENU.join('\n')}\n`);
    appliance.offer('boot.ipxe', `${SCRIPT.join('\n')}\n`);
  });

  afterEach(async () => {
    await pc?.kill();
    await appliance.stop();
    await other?.kill();
    pc = undefined;
    other = undefined;
  });

  afterAll(() => leaveNothing(ethernet));

  const boots = async (options: PcOptions): Promise<void> => {
    pc = startPc(ethernet, options);
    await pc.waitFor(new RegExp(LINUX_SAYS), 110_000);
    await pc.finished();
    expect(appliance.events('dhcp.offered'), 'it gives no address').toEqual([]);
  };

  it('a BIOS PC gets pxelinux.0 from its offer, and a Linux', async () => {
    other = startOfficeServer(office);
    await appliance.start();
    const mac = '52:54:00:b1:05:11';
    await boots({ firmware: 'bios', mac });
    await appliance.event('boot.offered', { mac, bootFile: 'pxelinux.0' });
    expect(other.output, 'the address is the office’s').toMatch(new RegExp(`DHCPACK\\(${LAN}\\) 192\\.168\\.77\\.\\d+ ${mac}`));
  });

  // Not GRUB: it looks for its menu at the server that gave the address, which names itself as the boot server.
  it('a UEFI PC is led to port 4011, and gets iPXE, its script and a Linux', async () => {
    other = startOfficeServer(office);
    appliance.configure({ networks: [NETWORK], boot: 'ipxe' });
    await appliance.start();
    const mac = '52:54:00:0e:f1:11';
    await boots({ firmware: 'uefi', mac });
    await appliance.event('boot.offered', { mac });
    await appliance.event('boot.answered', { mac, bootFile: 'ipxe.efi' });
    await appliance.event('boot.offered', { mac, bootFile: 'http://192.168.77.1:8080/boot.ipxe' });
    expect(other.output).toMatch(new RegExp(`DHCPACK\\(${LAN}\\) 192\\.168\\.77\\.\\d+ ${mac}`));
  });

  it('binds nothing of a server on the same machine, and hears its clients all the same', async () => {
    appliance.configure({ networks: [NETWORK], boot: { files: FILES } });
    laptop.ip('link', 'set', LAN, 'up');
    laptop.ip('address', 'add', `${SERVER}/24`, 'dev', LAN);
    other = startOfficeServer(laptop);
    await other.waitFor(/IP range/);
    await appliance.start();
    await appliance.event('server.limited', {});
    const mac = '52:54:00:0e:f1:12';
    await boots({ firmware: 'uefi', mac });
    await appliance.event('boot.answered', { mac, bootFile: 'grubx64.efi' });
  });

  it('a client that does not boot is not spoken to', async () => {
    other = startOfficeServer(office);
    await appliance.start();
    const from = appliance.mark();
    const client = ethernet.plug('client');
    const udhcpc = new Udhcpc(client);
    udhcpc.start();
    await other.waitFor(/DHCPACK/);
    await udhcpc.vanish();
    const about = appliance.log.slice(from).filter((line) => line['mac'] === client.macOf(LAN));
    expect(about).toEqual([]);
  });
});
