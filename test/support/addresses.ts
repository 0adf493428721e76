/** Addresses of a test, from text; a slip of the pen in them is an error. */
import { type Cidr, type Ipv4, type Mac, parseCidr, parseIpv4, parseMac } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';

export function ip(text: string): Ipv4 {
  const address = parseIpv4(text);
  invariant(address !== undefined, `${text} is an address`);
  return address;
}

export function mac(text: string): Mac {
  const address = parseMac(text);
  invariant(address !== undefined, `${text} is a hardware address`);
  return address;
}

export function cidr(text: string): Cidr {
  const address = parseCidr(text);
  invariant(address !== undefined, `${text} is an address with a prefix`);
  return address;
}
