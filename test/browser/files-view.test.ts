/** Files: put in by dropping and by a button, overwritten and deleted only when that is meant. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach } from './support/page-bench.ts';

/** Lets go of a file over the view. */
async function drop(page: Page, name: string): Promise<void> {
  await page.getByRole('grid').waitFor();
  const files = await page.evaluateHandle(`(() => {
    const dropped = new DataTransfer();
    dropped.items.add(new File(['octets'], ${JSON.stringify(name)}));
    return dropped;
  })()`);
  await page.locator('.files').dispatchEvent('drop', { dataTransfer: files });
}

describeWith(['chromium'], 'the files of the page', () => {
  const bench = benchForEach();

  test('folders are opened by the keyboard, and lead back', async () => {
    const page = await bench.visit({ hash: '#/files' });
    await page.getByRole('grid', { name: 'Files' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('grid', { name: 'Files in debian' }).getByText('filesystem.squashfs').waitFor();
    await page.getByRole('link', { name: 'root' }).click();
    await page.getByText('undionly.kpxe').waitFor();
  });

  test('a file that is dropped is in the open folder', async () => {
    const page = await bench.visit({ hash: '#/files/debian' });
    await drop(page, 'preseed <b>.cfg');
    await page.getByRole('grid').getByText('preseed <b>.cfg').waitFor();
    await page.getByRole('region', { name: 'Uploads' }).getByText('debian/preseed <b>.cfg').waitFor();
  });

  test('a file that is there is replaced only when that is meant', async () => {
    const page = await bench.visit({ hash: '#/files', expectsFaults: true });
    await drop(page, 'ipxe.efi');
    const dialog = page.getByRole('dialog', { name: 'Replace ipxe.efi?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('row').filter({ hasText: 'ipxe.efi' }).getByText('1.05 MiB').waitFor();
    await drop(page, 'ipxe.efi');
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await page.getByRole('row').filter({ hasText: 'ipxe.efi' }).getByText('6 B').waitFor();
  });

  test('an upload that is refused says why', async () => {
    const page = await bench.visit({ hash: '#/files', expectsFaults: true });
    await page
      .getByLabel('Files to upload')
      .setInputFiles([{ name: 'setup.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') }]);
    await page.getByText('there is no room for setup.exe: 12 MiB are left on the disk').waitFor();
  });

  test('a file says who would get it and who would not, and is deleted after a question', async () => {
    const page = await bench.visit({ hash: '#/files' });
    await page.getByText('snponly.efi').click();
    const dialog = page.getByRole('dialog', { name: 'snponly.efi' });
    await dialog.getByText('tftp.allow lets only 10.20.4.0/24 read it (config.yaml:41)').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete snponly.efi?' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByText('snponly.efi is deleted').waitFor();
    await expect.poll(() => page.getByRole('row').filter({ hasText: 'snponly.efi' }).count()).toBe(0);
  });
});
