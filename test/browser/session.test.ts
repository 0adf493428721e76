/** Who may look: the token by hand, by the address of the QR code, and the way out. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForAll } from './support/page-bench.ts';

describeWith(['chromium'], 'the session of the page', () => {
  const bench = benchForAll({ token: 'right-token' });

  test('a wrong token is told, the right one opens', async () => {
    const page = await bench.visit({ expectsFaults: true });
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the token of this server.').waitFor();
    await page.getByLabel('Token').fill('right-token');
    await page.keyboard.press('Enter');
    await page.locator('.row').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.reload();
    await page.getByLabel('Token').waitFor();
  });

  test('a token in the address is used once and leaves no trace there', async () => {
    const page = await bench.visit({ hash: '#token=right-token' });
    await page.locator('.row').first().waitFor();
    expect(page.url()).not.toContain('token');
    expect(await page.evaluate('history.length')).toBeLessThanOrEqual(2);
    await page.reload();
    await page.locator('.row').first().waitFor();
  });

  test('a wrong token in the address leads to the login', async () => {
    const page = await bench.visit({ hash: '#token=old', expectsFaults: true });
    await page.getByLabel('Token').waitFor();
    await page.getByText('Its token is wrong.').waitFor();
  });
});
