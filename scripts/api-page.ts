/** `docs/api.md`: the console's API, from the OpenAPI document that it gives of itself. */
import { version } from '../src/cli/version.ts';
import { type OpenApi, type Operation, openApiDocument, type Shape } from '../src/web/api/openapi.ts';
import type { streamMessages } from '../src/web/api/stream-shapes.ts';

const HEAD = `# The console's API

*Made from the shapes in \`src/web/api/\` by \`npm run docs\`; change those, not this page.*

At \`web.listen\` (\`http://127.0.0.1:8067/\` unless the configuration says otherwise) the server tells of itself: a page for people, \`/metrics\`
for Prometheus, and below \`/api/v1\` what the page is made of, for programs too. \`/api/v1/openapi.json\` is the same as an OpenAPI 3.1 document.

## Who may ask

On the loopback whoever works on this machine may ask. At every other address the token is needed, which stands in \`web-token\` under
\`server.dataDir\`, for its owner to read:

\`\`\`sh
curl -H "Authorization: Bearer $(cat data/web-token)" http://192.168.77.1:8067/api/v1/devices
\`\`\`

A browser shows the token once (\`POST /api/v1/session\`), and has a cookie from then on. The cookie holds a number of a session, not the token; no
script reads it, no page of another site has it sent, and it ends after twelve hours, with the server, or with \`DELETE /api/v1/session\`. Ten wrong
tokens from one address, and none of its tokens is looked at for a minute.

Requests by a name that is not this machine's are refused (421: DNS rebinding), and those of pages of other sites, by their \`Origin\` or
\`Sec-Fetch-Site\` (403). A change that is asked for with the cookie has to have one of the two. Bodies are JSON (415 otherwise) of at most 64 KiB, where
a route says nothing else. [ADR 22](adr/0022-the-consoles-api.md) has the reasons.

## Faults

Every answer with a status of 400 and above is \`{"error": "…", "details": ["…"]}\`: a sentence for people and, where several things are wrong, each of
them. What is asked wrongly is told all at once (400). Secrets are in no answer.

## What happens, as it happens

\`GET /api/v1/events?topics=devices,log\` is a stream of server-sent events (\`curl -N\`, \`EventSource\`). The name of each is its topic, its data JSON.
News is gathered for 100 ms, of \`server\` for half a second and of \`leases\` for a second; a comment every 15 seconds keeps the connection. Who reads too slowly loses the
oldest, and \`missed\` says how many. At most 32 streams are open at one time. Nothing is made while nobody listens.

| topic | data |
|---|---|
`;

const ABOUT: Readonly<Record<keyof typeof streamMessages, string>> = {
  devices: '`{changes: DeviceChange[], missed}`',
  transfers: '`{transfers: Transfer[]}`: those that have changed',
  log: '`{lines: LogLine[], missed}`, the debug level included',
  leases: '`{}`: they have changed, ask for them again',
  server: '`Server`, at the beginning and whenever it is otherwise',
};

/** The whole page as Markdown, with a line break at the end. */
export async function apiPage(): Promise<string> {
  const document = await openApiDocument(version);
  const topics = Object.entries(ABOUT).map(([topic, about]) => `| \`${topic}\` | ${about} |`);
  const shapes = Object.entries(document.components.schemas).filter(
    ([name]) => !name.endsWith('Input') || !(baseOf(name) in document.components.schemas),
  );
  return `${[
    HEAD + topics.join('\n'),
    '## Routes\n\nBelow `/api/v1`. Parameters in brackets may be left out.',
    routeTable(document),
    '## Shapes\n\nWhat has a question mark may be absent.',
    ...shapes.map(([name, shape]) => shapeSection(baseOf(name), shape)),
  ].join('\n\n')}\n`;
}

function routeTable({ paths }: OpenApi): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const place = path.replace('/api/v1', '');
      return `| ${method.toUpperCase()} | \`${place}\`${queryOf(operation)} | ${operation.summary ?? ''} | ${bodyOf(operation)} | ${answersOf(operation)} |`;
    }),
  );
  return ['| | path | | body | answer |', '|---|---|---|---|---|', ...rows].join('\n');
}

function queryOf({ parameters = [] }: Operation): string {
  const asked = parameters
    .filter((one) => one.in === 'query')
    .map(({ name, description }) => `<br>[\`${name}\`]${description === undefined ? '' : ` ${cell(description)}`}`);
  return asked.join('');
}

function bodyOf({ requestBody }: Operation): string {
  const [[type, body] = []] = Object.entries(requestBody?.content ?? {});
  if (type === undefined || body === undefined) return '';
  return type === 'application/json' ? `\`${typeText(body.schema)}\`` : type;
}

function answersOf({ responses }: Operation): string {
  return Object.entries(responses)
    .map(([status, { content = {} }]) => {
      if (status >= '400') return status;
      const [[type, answer] = []] = Object.entries(content);
      if (type === undefined || answer === undefined || answer.schema.type === 'null') return status;
      return type === 'application/json' ? `${status} \`${typeText(answer.schema)}\`` : `${status} ${type}`;
    })
    .join(', ');
}

function shapeSection(name: string, { properties = {}, required = [] }: Shape): string {
  const rows = Object.entries(properties).map(
    ([key, shape]) => `| \`${key}${required.includes(key) ? '' : '?'}\` | \`${typeText(shape)}\` | ${cell(shape.description ?? '')} |`,
  );
  return [`### ${name}\n`, '| field | | |', '|---|---|---|', ...rows].join('\n');
}

function typeText(shape: Shape): string {
  const { $ref, type = 'any', items, properties, required = [] } = shape;
  if ($ref !== undefined) return baseOf($ref.split('/').at(-1) ?? '');
  if (shape.enum !== undefined) return shape.enum.join(' \\| ');
  if (items !== undefined) return `${typeText(items)}[]`;
  if (properties === undefined) return type;
  const fields = Object.entries(properties).map(([key, inner]) => `${key}${required.includes(key) ? '' : '?'}: ${typeText(inner)}`);
  return `{${fields.join(', ')}}`;
}

function baseOf(name: string): string {
  return name.replace(/Input$/, '');
}

/** As it can stand in a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
