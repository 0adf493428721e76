/**
 * Who a switch says that it is, in the headers of its requests. Anybody can write there what he likes: it stands in the log beside the file and
 * decides nothing.
 */
import { plainText } from '../events/plain-text.ts';

/** Headers of one family, in small letters. */
interface ClaimHeaders {
  readonly family: string;
  readonly model: string;
  readonly serial: string;
  readonly mac: string;
}

/** Sources: onie discover-installer, SONiC doc/ztp/ztp.md, Cumulus Linux user guide, Arista EOS manual. */
const FAMILIES: readonly ClaimHeaders[] = [
  { family: 'ONIE', model: 'onie-machine', serial: 'onie-serial-number', mac: 'onie-eth-addr' },
  { family: 'Cumulus Linux', model: 'cumulus-productname', serial: 'cumulus-serial', mac: 'cumulus-base-mac' },
  { family: 'Arista EOS', model: 'x-arista-modelname', serial: 'x-arista-serial', mac: 'x-arista-systemmac' },
  { family: 'SONiC', model: 'product-name', serial: 'serial-number', mac: 'base-mac-address' },
];

const LONGEST = 64;

/**
 * `ONIE, model s5200_c3538, serial number TW0ABC, MAC f8:8e:a1:00:01:00`, of that what it says; undefined for one that names neither a serial
 * number nor a MAC.
 */
export function deviceClaims(headers: Readonly<Record<string, string | readonly string[] | undefined>>): string | undefined {
  for (const { family, model, serial, mac } of FAMILIES) {
    const said = (name: string, title: string): readonly string[] => {
      const value = headers[name];
      return typeof value === 'string' && value.trim() !== '' ? [`${title} ${plainText(value.trim(), LONGEST)}`] : [];
    };
    const identity = [...said(serial, 'serial number'), ...said(mac, 'MAC')];
    if (identity.length > 0) return [family, ...said(model, 'model'), ...identity].join(', ');
  }
  return undefined;
}
