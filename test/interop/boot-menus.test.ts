/** One menu of the configuration, shown and started by PXELINUX, GRUB and iPXE themselves. */
import { expect, it } from 'vitest';
import { LINUX_SAYS } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';
import type { Program } from '../support/program.ts';
import { firmwareFile } from '../support/qemu.ts';

const TITLE = 'Machines of the bench';

/** Texts that mean something to one loader or the other. */
const ODD_WORDS = 'q=^%$x ; # || && {a} (b)';

function menu(byItself: string) {
  const linux = { kernel: 'vmlinuz', initrd: 'initrd.gz' };
  return {
    title: TITLE,
    timeout: '2s',
    default: byItself,
    entries: [
      { name: 'local', title: 'Local "disk"', local: true },
      { name: '12-odd', title: `Odd 'title' ${ODD_WORDS} \\`, ...linux, args: `console=ttyS0 panic=-1 menu=odd ${ODD_WORDS}` },
      { name: 'own', ...linux, args: 'console=ttyS0 panic=-1 menu=own' },
      { name: 'script', file: 'my scripts/hello.ipxe' },
      { name: 'loader', file: { bios: 'undionly.kpxe', 'uefi-x64': 'ipxe.efi' } },
      { name: 'no-kernel', ...linux, kernel: 'not-there', args: 'console=ttyS0' },
      { name: 'no-disk', ...linux, initrd: 'not-there.gz', args: 'console=ttyS0 panic=-1' },
    ],
  };
}

const LOADERS = [
  { loader: 'PXELINUX', firmware: 'bios', boot: { files: { bios: 'pxelinux.0' }, ipxe: 'pxelinux.0' }, file: 'pxelinux.cfg/default' },
  { loader: 'iPXE on BIOS', firmware: 'bios', boot: { files: { bios: 'undionly.kpxe' } }, file: 'boot.ipxe' },
  { loader: 'GRUB', firmware: 'uefi', boot: { files: { 'uefi-x64': 'grubx64.efi' } }, file: '/grub/grub.cfg' },
  { loader: 'iPXE on UEFI', firmware: 'uefi', boot: { files: { 'uefi-x64': 'ipxe.efi' } }, file: 'boot.ipxe' },
] as const;

/** The kernel's command line, as Linux itself says it. */
async function commandLine(pc: Program): Promise<string> {
  const [line] = await pc.waitFor(new RegExp(`${LINUX_SAYS}[^\\n]*\\n`), 110_000);
  return line;
}

describePc(['/usr/lib/ipxe/qemu/pxe-virtio.rom', firmwareFile('uefi')], 'boot.menu', (onBench) => {
  it.each(LOADERS)('$loader shows it and starts its default, with every word of its arguments', async ({ firmware, boot, file }) => {
    const mac = '52:54:00:be:00:01';
    const pc = await onBench().turnOn({ firmware, mac }, { ...boot, menu: menu('12-odd') });
    await pc.waitFor(new RegExp(TITLE), 90_000).catch((fault: unknown) => {
      // GRUB has no place for a title.
      if (file !== '/grub/grub.cfg') throw fault;
    });
    expect(await commandLine(pc)).toContain(`menu=odd ${ODD_WORDS}`);
    await onBench().appliance.event('transfer.done', { mac, path: file, madeFrom: 'boot.menu' });
  });

  it.each(LOADERS)('$loader starts the entry of a host without asking', async ({ firmware, boot }) => {
    const mac = '52:54:00:be:00:02';
    const pc = await onBench().turnOn({ firmware, mac }, { ...boot, menu: menu('local') }, [{ mac, name: 'bench-2', boot: 'own' }]);
    expect(await commandLine(pc)).toContain('menu=own');
    await onBench().appliance.event('transfer.done', { mac, madeFrom: 'boot.menu, entry own' });
  });

  it.each(LOADERS.flatMap((each) => ['no-kernel', 'no-disk'].map((entry) => ({ ...each, entry }))))(
    '$loader comes back to its menu when $entry fails',
    async ({ firmware, boot, entry }) => {
      const mac = '52:54:00:be:00:03';
      const pc = await onBench().turnOn({ firmware, mac }, { ...boot, menu: menu('own') }, [{ mac, boot: entry }]);
      await pc.waitFor(/not-there|did not work|Local "disk"/, 90_000);
      await pc.waitFor(/Local "disk"/, 60_000);
      expect(pc.output).not.toMatch(/Kernel panic|redefine|syntax error/);
    },
  );

  it.each(LOADERS.filter(({ loader }) => loader !== 'GRUB'))('$loader starts a script of iPXE', async ({ firmware, boot }) => {
    const mac = '52:54:00:be:00:05';
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is iPXE's to fill in
    onBench().appliance.offer('my scripts/hello.ipxe', '#!ipxe\necho Hello from ${platform}, script\nsleep 60\n');
    const pc = await onBench().turnOn({ firmware, mac }, { ...boot, menu: menu('local') }, [{ mac, boot: 'script' }]);
    await pc.waitFor(/Hello from (?:efi|pcbios), script/, 90_000);
  });

  it.each(LOADERS.filter(({ loader }) => !loader.startsWith('iPXE')))('$loader starts another loader', async ({ firmware, boot }) => {
    const mac = '52:54:00:be:00:06';
    const pc = await onBench().turnOn({ firmware, mac }, { ...boot, ipxe: 'pxelinux.0', menu: menu('local') }, [{ mac, boot: 'loader' }]);
    await onBench().appliance.event('transfer.done', { mac, madeFrom: 'boot.menu, entry loader' }, 0, 60_000);
    await pc.waitFor(firmware === 'bios' ? /PXE->EB/ : /iPXE initialising devices/, 60_000);
  });

  it('starts what was chosen once one time', async () => {
    const mac = '52:54:00:be:00:04';
    const { appliance } = onBench();
    const pc = await onBench().turnOn({ firmware: 'uefi', mac }, { ...LOADERS[2].boot, menu: menu('12-odd') });
    await pc.kill();
    expect((await appliance.run('boot', mac, 'own', '--once')).output).toContain(`${mac} boots own the next time`);
    expect(await commandLine(await onBench().turnOnAgain({ firmware: 'uefi', mac }))).toContain('menu=own');
    await appliance.event('boot.choice-used', { mac, entry: 'own' });
    expect(await commandLine(await onBench().turnOnAgain({ firmware: 'uefi', mac }))).toContain('menu=odd');
  });
});
