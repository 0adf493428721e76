/** The API as an OpenAPI document. The routes are gone through once more for it, when somebody asks: no request pays for what only readers need. */
import swagger from '@fastify/swagger';
import fastify from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { monoMs, wallMs } from '../../base/clock.ts';
import { addGate } from '../gate.ts';
import { VisitorCheck } from '../visitor.ts';
import { addApi } from './api.ts';
import type { ApiSources } from './sources.ts';

/** Nobody asks them: the routes are looked at, not called. */
const NO_SOURCES = new Proxy({}, { get: () => ({}) }) as ApiSources;
const NO_CLOCK = { wall: () => wallMs(0), mono: () => monoMs(0) };

/** @param version the program's own. */
export async function openApiDocument(version: string): Promise<ReturnType<ReturnType<typeof fastify>['swagger']>> {
  const app = fastify({ logger: false });
  const gate = { clock: NO_CLOCK, tell: () => undefined, visitors: new VisitorCheck({ token: undefined, names: [] }) };
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Bootlace', version, description: 'What the server tells of itself, and what can be ordered of it.' },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'Needed everywhere but on the loopback.' },
        },
      },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await addGate(app, gate);
  await addApi(app, { ...gate, version, api: NO_SOURCES });
  await app.ready();
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}
