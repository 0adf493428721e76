/** `/devices/:id/packets`: what a device said and was told, octet by octet and in words. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { DecodedPacket } from '../../devices/api.ts';
import { type DecodedPacketShape, devicePackets } from './device-shapes.ts';
import { apiFault } from './plain-shapes.ts';

export interface PacketSource {
  /** The last packets of a device, oldest first; undefined where none is called so. */
  packetsOf(called: string): Promise<readonly DecodedPacket[] | undefined>;
}

const called = z.object({ id: z.string().max(255).describe('A MAC, an address or a name.') });

export function packetRoutes(source: PacketSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/devices/:id/packets',
      {
        schema: {
          summary: 'The last packets of a device that are still in memory, in words',
          description: 'DHCP as a whole; of TFTP requests, what was granted, and errors.',
          params: called,
          response: { 200: devicePackets, 404: apiFault },
        },
      },
      async ({ params }, reply) => {
        const packets = await source.packetsOf(params.id);
        if (packets === undefined) return reply.code(404).send({ error: `no device is called ${params.id}` });
        return { packets: packets.map(shapeOf) };
      },
    );
  };
}

function shapeOf(packet: DecodedPacket): DecodedPacketShape {
  const fields = packet.fields.map(({ name, value, octets }) => ({
    name,
    value,
    ...(octets !== undefined && { octets: [octets[0], octets[1]] as [number, number] }),
  }));
  return { ...packet, fields };
}
