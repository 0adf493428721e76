import { describe, expect, it } from 'vitest';
import { type AdoptedDevice, withDevice } from '../../src/config/adopted-device.ts';

const DEVICE = { mac: '00:1b:54:aa:bb:cc', name: 'desk-101' };

describe('A device goes to the end of the table, and nothing else changes', () => {
  it.each<[what: string, before: string | undefined, device: AdoptedDevice, after: string]>([
    [
      'a table that is not there',
      undefined,
      { ...DEVICE, ext: '101' },
      'mac,name,profile,model,address,ext\n00:1b:54:aa:bb:cc,desk-101,,,,101\n',
    ],
    ['an empty one', '', DEVICE, 'mac,name,profile,model,address\n00:1b:54:aa:bb:cc,desk-101,,,\n'],
    ['its own order of columns', 'name,mac\na,1\n', DEVICE, 'name,mac\na,1\ndesk-101,00:1b:54:aa:bb:cc\n'],
    ['no end of the last line', 'mac,name\n1,a', DEVICE, 'mac,name\n1,a\n00:1b:54:aa:bb:cc,desk-101\n'],
    ['quotes and remarks', '# x\nmac,"name"\n1,"a"\n', DEVICE, '# x\nmac,"name"\n1,"a"\n00:1b:54:aa:bb:cc,desk-101\n'],
    ['a spreadsheet', '\uFEFFMAC;Name\r\n1;a\r\n', DEVICE, '\uFEFFMAC;Name\r\n1;a\r\n00:1b:54:aa:bb:cc;desk-101\r\n'],
    ['new columns', 'mac,name\n1,a\n', { ...DEVICE, 'a,b': 'x', ext: '1' }, 'mac,name,"a,b",ext\n1,a\n00:1b:54:aa:bb:cc,desk-101,x,1\n'],
    ['values that need quotes', 'mac,label\n', { mac: '1', label: 'Tom, "Jerry"' }, 'mac,label\n1,"Tom, ""Jerry"""\n'],
  ])('%s', (_what, before, device, after) => expect(withDevice(before, device)).toEqual({ ok: true, value: after }));

  it('a table that cannot be read is not touched', () => {
    expect(withDevice('name\na\n', DEVICE)).toEqual({ ok: false, error: 'there is no column mac or serial' });
  });
});
