/** UEFI firmware that boots by HTTP (HTTPClient), from power-on to a loader. */
import { expect, it } from 'vitest';
import { LINUX_SAYS } from '../support/boot-images.ts';
import { describePc } from '../support/pc-bench.ts';
import { firmwareFile } from '../support/qemu.ts';

describePc([firmwareFile('uefi')], 'UEFI HTTP boot', (onBench) => {
  it('gets a URL with our address, iPXE by HTTP, its script and a Linux by HTTP', async () => {
    const { appliance } = onBench();
    const mac = '52:54:00:4e:bb:01';
    const script = ['#!ipxe', 'kernel vmlinuz initrd=initrd.gz console=ttyS0 panic=-1', 'initrd initrd.gz', 'boot'];
    appliance.offer('boot.ipxe', `${script.join('\n')}\n`);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the configuration writes it
    const boot = { files: { 'uefi-x64-http': 'http://${server}:${httpPort}/ipxe.efi' }, ipxe: 'boot.ipxe' };
    const pc = await onBench().turnOn({ firmware: 'uefi', mac, by: 'http' }, boot);
    await pc.waitFor(new RegExp(LINUX_SAYS), 100_000);
    await pc.finished();
    await appliance.event('lease.bound', { mac, bootFile: 'http://192.168.77.1:8080/ipxe.efi' });
    const fetched = appliance.events('transfer.done', { mac, protocol: 'http' }).map((event) => event['path']);
    expect(fetched).toEqual(expect.arrayContaining(['ipxe.efi', 'boot.ipxe', 'vmlinuz', 'initrd.gz']));
  });
});
