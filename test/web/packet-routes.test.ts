import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import type { DecodedPacket } from '../../src/devices/api.ts';
import { packetRoutes } from '../../src/web/api/packet-routes.ts';

const PACKET: DecodedPacket = {
  at: wallMs(5),
  direction: 'in',
  protocol: 'tftp',
  from: '192.168.77.20:2000',
  to: '192.168.77.1:69',
  summary: 'RRQ a',
  fields: [
    { name: 'opcode', value: '1 (RRQ, read request)', octets: [0, 2] },
    { name: 'malformed', value: 'no mode' },
  ],
  hex: '00016100',
};

it('gives the packets of a device, and says of one that is not known that it is not', async () => {
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(packetRoutes({ packetsOf: (called) => Promise.resolve(called === 'desk-101' ? [PACKET] : undefined) }));
  const found = await app.inject('/devices/desk-101/packets');
  expect([found.statusCode, found.json()]).toEqual([200, { packets: [PACKET] }]);
  const missing = await app.inject('/devices/desk-102/packets');
  expect([missing.statusCode, missing.json()]).toEqual([404, { error: 'no device is called desk-102' }]);
  await app.close();
});
