/** The API as an OpenAPI document. The routes are gone through once more for it, when somebody asks: no request pays for what only readers need. */
import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { monoMs, wallMs } from '../../base/clock.ts';
import { openGate } from '../gate.ts';
import { VisitorCheck } from '../visitor.ts';
import { addApi } from './api.ts';
import type { ApiSources } from './sources.ts';

/** What is used here of a JSON Schema. */
export interface Shape {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Shape }>>;
}

export interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string; readonly schema: Shape }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** What is used here of an OpenAPI document. */
export interface OpenApi {
  /** By path and method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Shape>> };
}

/** Nobody asks them: the routes are looked at, not called. */
const NO_SOURCES = new Proxy({}, { get: () => ({}) }) as ApiSources;
const NO_CLOCK = { wall: () => wallMs(0), mono: () => monoMs(0) };

/** @param version the program's own. */
export async function openApiDocument(version: string): Promise<OpenApi> {
  const gate = { clock: NO_CLOCK, tell: () => undefined, visitors: new VisitorCheck({ token: undefined, names: [] }) };
  const app = await openGate(gate);
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
  await addApi(app, { ...gate, version, api: NO_SOURCES });
  await app.ready();
  try {
    return withoutUnused(app.swagger() as unknown as OpenApi);
  } finally {
    await app.close();
  }
}

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

/** Every shape is given in two forms, for what is asked and for what is answered: those that nothing refers to say nothing. */
function withoutUnused(document: OpenApi): OpenApi {
  const { schemas } = document.components;
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(REFERENCE)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? {});
    }
  };
  follow(document.paths);
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) } };
}
