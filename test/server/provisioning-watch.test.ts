import { describe, expect, it } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import { EventBus } from '../../src/events/bus.ts';
import { levelOf } from '../../src/events/catalog.ts';
import { describe as textOf } from '../../src/events/describe.ts';
import type { AppEvent, Subject } from '../../src/events/events.ts';
import { FileCatalog, type FileRoute } from '../../src/files/catalog.ts';
import { MemoryFile } from '../../src/files/memory-file.ts';
import { ProvisioningWatch } from '../../src/server/provisioning-watch.ts';
import { ip, mac } from '../support/addresses.ts';

const DESK: Subject = { mac: mac('00:1b:54:aa:bb:cc'), address: ip('192.168.77.101'), hostName: 'SEP001B54AABBCC' };

function made(contents: Readonly<Record<string, string>> = {}, who: Subject = DESK) {
  const time = { now: 0 };
  const told: AppEvent[] = [];
  const bus = new EventBus(() => {});
  const route: FileRoute = {
    name: 'memory',
    open: ({ path }) => {
      const content = contents[path];
      return content === undefined
        ? 'not-mine'
        : { ok: true, value: { file: new MemoryFile(Buffer.from(content)), path, tolerated: undefined } };
    },
    placeOf: ({ path }) => path,
  };
  const clock = { wall: () => wallMs(time.now), mono: () => monoMs(time.now) };
  const watch = new ProvisioningWatch({ bus, clock, catalog: () => new FileCatalog([route]), serverFor: () => undefined });
  bus.listen((event) => {
    if (event.type.startsWith('provisioning.')) told.push(event);
  });
  /** What the file servers tell when a device asks for these, of which it gets those that are there. */
  const asks = (...names: string[]): void => {
    for (const path of names) {
      const isThere = Object.hasOwn(contents, path);
      if (isThere)
        bus.tell({
          ...who,
          type: 'transfer.done',
          transfer: 1,
          protocol: 'tftp',
          direction: 'read',
          path,
          octets: 1,
          millis: 1,
          confirmed: true,
        });
      else bus.tell({ ...who, type: 'transfer.missed', protocol: 'tftp', path, lookedFor: path });
    }
  };
  const lines = (): readonly string[] => told.map((event) => `${levelOf(event)}: ${textOf(event)}`);
  return { asks, lines, time, watch };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const CISCO = 'Cisco IP phone (SCCP) or Cisco IP phone (SIP)';
const PUT = 'put the firmware into the TFTP root, all files of its archive';

describe('A Cisco phone', () => {
  it('is followed from its trust lists to the firmware that is not there', async () => {
    const { asks, lines } = made({
      'SEP001B54AABBCC.cnf.xml': '<device><loadInformation>SIP42.9-4-2SR3-1S</loadInformation></device>',
    });
    asks('CTLSEP001B54AABBCC.tlv', 'ITLSEP001B54AABBCC.tlv', 'ITLFile.tlv', 'SEP001B54AABBCC.cnf.xml');
    await nextTurn();
    asks('SIP42.9-4-2SR3-1S.loads');
    const begin = `${CISCO}: CTL, ITL, ITL of all not there (normal) → configuration sent`;
    expect(lines()).toEqual([
      `info: ${begin}`,
      'warn: the configuration that it got, SEP001B54AABBCC.cnf.xml, names what is not there: firmware SIP42.9-4-2SR3-1S.loads',
      `warn: ${begin} → firmware SIP42.9-4-2SR3-1S.loads not there: ${PUT}`,
    ]);
  });

  it.each([
    ['names firmware that is there', '<loadInformation>SIP42</loadInformation>'],
    ['keeps its firmware', '<loadInformation></loadInformation>'],
    ['says nothing of it', '<device/>'],
  ])('whose configuration %s: nothing is missing', async (_what, content) => {
    const { asks, lines } = made({ 'SEP001B54AABBCC.cnf.xml': content, 'SIP42.loads': 'x' });
    asks('SEP001B54AABBCC.cnf.xml');
    await nextTurn();
    expect(lines()).toEqual([`info: ${CISCO}: configuration sent`]);
  });

  it('of before 2003 loads one image of the name', async () => {
    const { asks, lines } = made({ 'SEP001B54AABBCC.cnf.xml': '<loadInformation model="IP Phone 7960">P0S3-8-12-00</loadInformation>' });
    asks('SEP001B54AABBCC.cnf.xml');
    await nextTurn();
    expect(lines()[1]).toContain('firmware P0S3-8-12-00.bin');
  });

  it('without any configuration is told what to do, once', () => {
    const { asks, lines } = made();
    asks('SEP001B54AABBCC.cnf.xml', 'XMLDefault.cnf.xml', 'SEP001B54AABBCC.cnf.xml', 'XMLDefault.cnf.xml');
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toMatch(/^warn: .*configuration SEP001B54AABBCC.cnf.xml not there: put it into the TFTP root/);
  });
});

describe('A walk', () => {
  it('begins anew after a silence', () => {
    const { asks, lines, time } = made({ 'SEP001B54AABBCC.cnf.xml': '' });
    asks('CTLSEP001B54AABBCC.tlv', 'SEP001B54AABBCC.cnf.xml');
    time.now += 300_001;
    asks('SEP001B54AABBCC.cnf.xml');
    expect(lines().at(-1)).toBe(`info: ${CISCO}: configuration sent`);
  });

  it('ends with the watch', () => {
    const { asks, lines, watch } = made();
    watch.close();
    asks('SEP001B54AABBCC.cnf.xml');
    expect(lines()).toEqual([]);
  });

  it('of a device whose family is known is that family’s', () => {
    const names = ['001565112233.boot', 'y000000000000.boot', 'y000000000065.cfg', '001565112233.cfg'];
    const { asks, lines } = made({ '001565112233.cfg': '#!version:1.0.0.1' }, { ...DESK, profile: 'yealink' });
    asks(...names);
    expect(lines()).toEqual([
      'info: Yealink phone: boot file, boot file of all, configuration of its model not there (normal) → configuration sent',
    ]);
  });

  it('is not made up of a name that means different things to different families', () => {
    const { asks, lines } = made({ '001565112233.cfg': '' });
    asks('001565112233.cfg', 'pxelinux.0', 'readme.txt');
    expect(lines()).toEqual([]);
  });

  it('does not grow without end', () => {
    const { asks, lines } = made();
    for (let number = 0; number < 100; number += 1) asks(`load-${number}.loads`);
    expect(lines()).toHaveLength(24);
  });
});
