/** `/leases` and `/reservations`: who has which address, taking one back, and keeping one for a device. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Ipv4, type Mac, parseIpv4, parseMac } from '../../base/addresses.ts';
import type { Result } from '../../base/result.ts';
import type { Subscribe } from './feed.ts';
import { type LeaseShape, leaseList, reservation, reserved } from './lease-shapes.ts';
import { type ApiFault, apiFault } from './plain-shapes.ts';
import type { StreamMessage } from './stream-shapes.ts';

export interface WantedReservation {
  readonly mac: Mac;
  readonly address: Ipv4;
  readonly name: string | undefined;
}

export interface LeaseSource {
  /** By address. `all`: the ended ones, too. */
  list(all: boolean): LeaseShape[];
  /** False when nobody has the address. */
  release(address: Ipv4): Promise<boolean>;
  /** Writes it into the inventory, or says why nothing was changed. */
  reserve(wanted: WantedReservation): Promise<Result<z.output<typeof reserved>, ApiFault>>;
  readonly subscribe: Subscribe<StreamMessage<'leases'>>;
}

const listing = z.object({ all: z.enum(['true', 'false']).optional().describe('`true`: the ended ones, too.') });
const one = z.object({ address: z.string().max(15) });

export function leaseRoutes(leases: LeaseSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/leases',
      { schema: { summary: 'Who has which address', querystring: listing, response: { 200: leaseList } } },
      ({ query }) => ({ leases: leases.list(query.all === 'true') }),
    );
    app.post(
      '/leases/:address/release',
      {
        schema: {
          summary: 'Take an address back, so that another device can get it',
          params: one,
          response: { 204: z.null(), 400: apiFault, 404: apiFault },
        },
      },
      async ({ params }, reply) => {
        const address = parseIpv4(params.address);
        if (address === undefined) return reply.code(400).send({ error: `${params.address} is no IPv4 address` });
        if (!(await leases.release(address))) return reply.code(404).send({ error: `nobody has ${params.address}` });
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/reservations',
      {
        schema: {
          summary: 'Keep an address for a device, in the inventory',
          body: reservation,
          response: { 201: reserved, 400: apiFault, 409: apiFault },
        },
      },
      async ({ body }, reply) => {
        const mac = parseMac(body.mac);
        const address = parseIpv4(body.address);
        const wrong = [
          ...(mac === undefined ? [`${body.mac} is no MAC address`] : []),
          ...(address === undefined ? [`${body.address} is no IPv4 address`] : []),
        ];
        if (mac === undefined || address === undefined) return reply.code(400).send({ error: wrong.join('; '), details: wrong });
        const outcome = await leases.reserve({ mac, address, name: body.name });
        return outcome.ok ? reply.code(201).send(outcome.value) : reply.code(409).send(outcome.error);
      },
    );
  };
}
