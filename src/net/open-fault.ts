/** Turns the system's word for why a port could not be opened into a sentence with a remedy. */
import { showIpv4 } from '../base/addresses.ts';
import type { ListenOptions, UdpOptions } from './ports.ts';

/** What the three kernel rights are asked for with, capabilities(7). */
export const capabilityRemedy = `run as root, or once: setcap cap_net_bind_service,cap_net_raw,cap_net_admin+ep ${process.execPath}`;

/** The same fault with a text for the operator; `code` and `cause` are kept. */
export function explainOpening(fault: unknown, options: UdpOptions | ListenOptions, protocol: 'UDP' | 'TCP' = 'UDP'): Error {
  const original = fault instanceof Error ? fault : new Error(String(fault));
  const code = 'code' in original && typeof original.code === 'string' ? original.code : undefined;
  const text = code === undefined ? undefined : meaningOf(code, options, protocol);
  if (code === undefined || text === undefined) return original;
  return Object.assign(new Error(`${code} on port ${options.port}: ${text}`, { cause: original }), { code });
}

function meaningOf(
  code: string,
  { interface: name, address, port }: UdpOptions | ListenOptions,
  protocol: 'UDP' | 'TCP',
): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `another program serves ${protocol} port ${port} on ${name} already; 'ss -${protocol === 'UDP' ? 'u' : 't'}lpn sport = :${port}' names it`;
    case 'EACCES':
      return `ports below 1024 are for privileged programs; ${capabilityRemedy}`;
    case 'EPERM':
      return `the system forbids it; ${capabilityRemedy}`;
    case 'EADDRNOTAVAIL':
      return `${address === undefined ? 'the address' : showIpv4(address)} is not on ${name}`;
    case 'ENODEV':
      return `there is no interface ${name}`;
    default:
      return undefined;
  }
}
