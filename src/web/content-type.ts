/** What a file is, by the end of its name: firmware wants to know it of an image, and a browser of a text. */

const UNKNOWN = 'application/octet-stream';

const BY_ENDING: ReadonlyMap<string, string> = new Map([
  // EDK2, HttpBootSupport.c: one of these three, or an ending that it knows, or the file is not booted.
  ['efi', 'application/efi'],
  ['iso', 'application/vnd.efi-iso'],
  ['img', 'application/vnd.efi-img'],
  ['json', 'application/json'],
  ['xml', 'text/xml'],
  ...[
    ['cfg', 'conf', 'cnf', 'ini', 'txt', 'lst', 'list', 'log', 'md'],
    ['ipxe', 'menu', 'ks', 'seed', 'preseed', 'yaml', 'yml', 'toml', 'ign', 'bu'],
    ['sh', 'py', 'tcl', 'scr', 'script', 'asc', 'sha256', 'md5', 'pem', 'crt'],
  ]
    .flat()
    .map((ending): readonly [string, string] => [ending, 'text/plain']),
]);

/** Names without an ending: PXELINUX's and cloud-init's. */
const TEXT_NAMES = /(?:^|\/)(?:pxelinux\.cfg\/[^/]+|user-data|meta-data|vendor-data|network-config|default)$/i;

/** @param path as it is below the root. */
export function contentTypeOf(path: string): string {
  if (TEXT_NAMES.test(path)) return 'text/plain';
  const ending = /\.([^./]+)$/.exec(path)?.[1];
  return (ending === undefined ? undefined : BY_ENDING.get(ending.toLowerCase())) ?? UNKNOWN;
}
