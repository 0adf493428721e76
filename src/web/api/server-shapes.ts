/** The server itself and the visitor's session, as they go over the API. */
import { z } from 'zod';
import { wallTime } from './plain-shapes.ts';

export const servedNetwork = z
  .object({
    name: z.string(),
    interface: z.string().optional(),
    address: z.string().optional().describe('Our own address there, with its prefix length.'),
    mode: z.string().describe('server, proxy or off.'),
    isServed: z.boolean(),
    why: z.string().optional().describe('Why it is not served.'),
    size: z.number().describe('Addresses in its pools.'),
    taken: z.number().describe('Of these, leased or offered.'),
    quarantined: z.number(),
  })
  .meta({ id: 'Network' });

export const serverState = z
  .object({
    version: z.string(),
    host: z.string(),
    now: wallTime,
    startedAt: wallTime,
    config: z.string().describe('The file in force, or `built-in defaults`.'),
    networks: z.array(servedNetwork),
    services: z
      .array(
        z.object({
          name: z.string().describe('DHCP, TFTP, HTTP, syslog, NTP, DNS.'),
          isServed: z.boolean(),
          where: z.string().optional().describe('Address and port.'),
          why: z.string().optional().describe('Why it is not served.'),
        }),
      )
      .describe('What is served where, and what is not and why.'),
    limits: z.array(z.string()).describe('What does not work as it should on this machine, and why.'),
  })
  .meta({ id: 'Server' });

export const session = z.object({ isTokenNeeded: z.boolean(), isSignedIn: z.boolean() }).meta({ id: 'Session' });
export const login = z.object({ token: z.string().max(256) }).meta({ id: 'Login' });

export type ServerStateShape = z.infer<typeof serverState>;
export type ServedNetworkShape = z.infer<typeof servedNetwork>;
export type SessionShape = z.infer<typeof session>;
