/** The list of a folder as a page: for people who look what is there. Nothing in it is fetched from elsewhere, and nothing runs. */

import { plainText } from '../events/plain-text.ts';
import { showSize } from '../events/quantities.ts';
import type { FolderList, ListedName } from '../files/catalog.ts';
import { showName } from '../files/safe-path.ts';
import { linkTo } from './request-name.ts';

/** Nothing is loaded and no script runs, whatever stands in a name. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = 'body{font-family:sans-serif;margin:2em}td,th{padding:.1em 1.5em .1em 0;text-align:left}td.n{text-align:right}';

/** The whole page. Links are absolute, so that they work whether the folder was asked for with a `/` at its end or without. */
export function listingPage({ path, names, omitted }: FolderList): string {
  const title = `Files in /${path === undefined ? '' : `${shown(path)}/`}`;
  const rows = [...(path === undefined ? [] : [parentRow(path)]), ...names.map((name) => row(path, name))];
  const rest = omitted === 0 ? '' : `<p>${omitted} more are not listed.</p>\n`;
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body>
<h1>${title}</h1>
<table>
<thead><tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">Changed (UTC)</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
${rest}</body>
</html>
`;
}

function parentRow(path: string): string {
  const slash = path.lastIndexOf('/');
  return `<tr><td><a href="${slash < 0 ? '/' : linkTo(path.slice(0, slash + 1))}">../</a></td><td></td><td></td></tr>`;
}

function row(path: string | undefined, { name, isFolder, size, modifiedAt }: ListedName): string {
  const end = isFolder ? '/' : '';
  const link = linkTo(`${path === undefined ? '' : `${path}/`}${name}${end}`);
  const changed = Number.isFinite(modifiedAt) ? new Date(modifiedAt).toISOString().slice(0, 16).replace('T', ' ') : '';
  return `<tr><td><a href="${link}">${shown(name)}${end}</a></td><td class="n">${isFolder ? '' : showSize(size)}</td><td>${changed}</td></tr>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function shown(name: string): string {
  return plainText(showName(name)).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
