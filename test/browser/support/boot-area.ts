/** A menu of four entries, and machines that have one of their own. */
import type { BootStateShape } from '../../../src/web/api/boot-shapes.ts';
import { fault, type StubArea } from './stub-area.ts';

const BOOT: BootStateShape = {
  entries: [
    { name: 'local', title: 'Local disk', isDefault: true },
    { name: 'debian-12', title: 'Debian 12 installer', isDefault: false },
    { name: 'rescue', title: 'Rescue system', isDefault: false },
    { name: 'memtest', title: 'Memory test', isDefault: false },
  ],
  choices: [
    { mac: 'd4:be:d9:00:02:4a', name: 'pc-102', entry: 'debian-12', isOnce: true, by: 'operator' },
    { mac: '52:54:00:12:34:56', name: 'desk-7', entry: 'rescue', isOnce: false, by: 'configuration' },
  ],
};

export function bootArea(): StubArea {
  let { choices } = BOOT;
  return ({ method, path, body }) => {
    if (method === 'GET' && path === '/boot') return { status: 200, body: { ...BOOT, choices } };
    const wake = /^\/wake\/(.+)$/.exec(path)?.[1];
    if (method === 'POST' && wake !== undefined)
      return wake === '52:54:00:12:34:56' ? fault(409, 'no network is served that it could be woken in') : { status: 204 };
    const mac = /^\/boot\/(.+)$/.exec(path)?.[1];
    if (mac === undefined) return undefined;
    const before = choices.find((choice) => choice.mac === mac);
    const others = choices.filter((choice) => choice.mac !== mac);
    if (method === 'PUT') {
      const { entry, isOnce } = body as { entry: string; isOnce: boolean };
      if (!BOOT.entries.some(({ name }) => name === entry))
        return fault(400, `no menu has an entry ${entry}; there are local, debian-12, rescue, memtest`);
      choices = [{ mac, ...(before?.name === undefined ? {} : { name: before.name }), entry, isOnce, by: 'operator' }, ...others];
      return { status: 204 };
    }
    if (method !== 'DELETE') return undefined;
    if (before === undefined) return fault(404, `nothing was chosen for ${mac}`);
    choices = others;
    return { status: 204 };
  };
}
