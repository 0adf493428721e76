/** The ports that a configuration asks for, and for what. */
import type { Config } from '../config/config.ts';

export interface NeededPort {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
  readonly for: string;
  /** Without it the rest is served all the same. */
  readonly isOptional?: boolean;
}

export function neededPorts({ networks, http, services }: Pick<Config, 'networks' | 'http' | 'services'>): readonly NeededPort[] {
  // A proxy hears what is sent to port 67 by another way, and leaves the port to the DHCP server of this machine.
  const isServer = networks.some(({ mode }) => mode === 'server');
  const speaksDhcp = networks.some(({ mode }) => mode !== 'off');
  const ports: readonly (NeededPort | false)[] = [
    isServer && { protocol: 'udp', port: 67, for: 'DHCP' },
    speaksDhcp && { protocol: 'udp', port: 4011, for: 'PXE boot servers', isOptional: true },
    { protocol: 'udp', port: 69, for: 'TFTP' },
    http.port !== undefined && { protocol: 'tcp', port: http.port, for: 'files by HTTP', isOptional: true },
    services.syslog !== undefined && { protocol: 'udp', port: 514, for: 'syslog' },
    services.ntp && { protocol: 'udp', port: 123, for: 'the time' },
    services.dns !== undefined && { protocol: 'udp', port: 53, for: 'names' },
    services.dns !== undefined && { protocol: 'tcp', port: 53, for: 'names by TCP' },
  ];
  return ports.filter((port) => port !== false);
}
