/** The configuration: where each value comes from, and reading its file again. */
import { expect, test } from 'vitest';
import { describeWith } from '../support/tools.ts';
import { benchForEach } from './support/page-bench.ts';

describeWith(['chromium'], 'the configuration of the page', () => {
  const bench = benchForEach();

  test('a key is found by what it is for, with its line or as a default', async () => {
    const page = await bench.visit({ hash: '#/config' });
    await page.getByRole('searchbox').fill('without being renewed');
    await expect
      .poll(() => page.getByRole('row').allTextContents())
      .toEqual([
        expect.stringContaining('Key'),
        expect.stringMatching(/^networks\[0\]\.leaseTime12hconfig\.yaml:13/),
        expect.stringMatching(/^networks\[1\]\.leaseTime1hDefault/),
      ]);
  });

  test('the server says what it does not serve, and why', async () => {
    const page = await bench.visit({ hash: '#/config' });
    await page.getByText('2 things not served').click();
    await page.getByText('not served: port 123 is used by another program (chronyd)').waitFor();
    await page.getByText('not served: the cable of eth2 is not plugged in').waitFor();
    await page.getByText('Other DHCP servers are not looked for').waitFor();
  });

  test('a file with faults is refused with all of them; without them it says what is different', async () => {
    const page = await bench.visit({ hash: '#/config', expectsFaults: true });
    await page.getByText('3 problems in the file as it is now').waitFor();
    await page.getByRole('button', { name: 'Read the file again' }).click();
    await page.getByText('config.yaml has faults, and everything stays as it was').waitFor();
    await page.getByText('12hh is no time; write for example 12h').waitFor();
    await page.getByText('there is no ipxe.efii in ./boot-images; did you mean ipxe.efi?').waitFor();
    bench.stub.config.repair();
    await page.getByRole('button', { name: 'Read the file again' }).click();
    await page.getByText('In force now: 2 changes').waitFor();
    await page.getByText('networks[0].leaseTime: 12h instead of 8h').waitFor();
    expect(await page.getByText('everything stays as it was').count()).toBe(0);
  });
});
