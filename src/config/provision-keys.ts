// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the configuration names what is the server's own
/** Keys that tell devices where their configuration is, on every level: for the site, a network, a class, a host. */
import { z } from 'zod';
import { NO_PROVISION, type ProvisionSettings } from '../boot/provision-settings.ts';
import { bootFileValue } from './values.ts';

const SERVER = '${server}';

const serverValue = bootFileValue(SERVER);

const settingsSchema = z.strictObject({
  server: serverValue
    .optional()
    .describe(
      'An address, a host name or a URL; `${server}` in it is the server’s own address, `${httpPort}` the port of `http`; `off`: none.',
    ),
  vlan: z.int().min(1).max(4094).optional().describe('The VLAN of voice, for phones that take it from DHCP.'),
  http: z
    .boolean()
    .optional()
    .describe(
      '`true`: by HTTP, to all families that take a URL; `false`: by TFTP. Without it: as the vendor prefers it, where `http` is on.',
    ),
});

/** A server alone, or with more about it. */
export const provisionSchema = z
  .union([settingsSchema, serverValue.transform((server) => ({ server }))], { error: 'must be a server, or a mapping' })
  .optional()
  .meta({ title: 'server, or { server, vlan, http }' })
  .describe(
    'Where phones, switches and the like fetch their configuration, said to each family in the options of its vendor; what `options` says goes before it. `${server}` is this server. Without it on any level nobody is told anything.',
  );

export type WrittenProvision = z.output<typeof provisionSchema>;

/** What is said on one level. */
export function resolveProvision(written: WrittenProvision): ProvisionSettings {
  if (written === undefined) return NO_PROVISION;
  const { server, vlan, http }: Partial<ProvisionSettings> = written;
  return { server: server === 'off' ? false : server, vlan, http };
}
