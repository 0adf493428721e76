// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the configuration and of iPXE
import { describe, expect, it } from 'vitest';
import type { BootMenu, EntryAction, FileOrFiles, MenuEntry } from '../../../src/boot/boot-menu.ts';
import type { MadeMenu, MenuPlace } from '../../../src/boot/menus/entry-start.ts';
import { grubMenu } from '../../../src/boot/menus/grub.ts';
import { ipxeMenu } from '../../../src/boot/menus/ipxe.ts';
import { pxelinuxMenu } from '../../../src/boot/menus/pxelinux.ts';
import { ip } from '../../support/addresses.ts';

const PLACE: MenuPlace = { server: ip('192.168.77.1'), httpPort: 8080, path: 'grub/grub.cfg' };

const entry = (name: string, action: EntryAction, title = name): MenuEntry => ({ name, title, action });
const linux = (kernel: FileOrFiles, initrd: readonly FileOrFiles[] = [], args = ''): EntryAction => ({
  start: 'linux',
  kernel,
  initrd,
  args,
});
const program = (file: FileOrFiles): EntryAction => ({ start: 'program', file });
const menu = (entries: readonly MenuEntry[], more: Partial<BootMenu> = {}): BootMenu => ({
  title: 'Bench',
  timeoutSeconds: 10,
  default: entries[0]?.name ?? '',
  isShownByFirmware: false,
  entries,
  ...more,
});

const DISK = entry('disk', { start: 'local' }, 'The disk');
const DEBIAN = entry(
  'debian',
  linux('debian/linux', ['debian/initrd.gz', 'extra.cpio'], 'console=ttyS0 url=http://${server}:${httpPort}/x'),
  'Debian',
);
const MENU = menu([DISK, DEBIAN], { default: 'debian' });

const textOf = (made: MadeMenu | undefined): readonly string[] => made?.text.split('\n') ?? [];

describe('A menu', () => {
  it('for PXELINUX', () => {
    expect(textOf(pxelinuxMenu(MENU, undefined, PLACE))).toEqual([
      '# For PXELINUX, made from boot.menu of the configuration.',
      'UI menu.c32',
      'PROMPT 0',
      'TIMEOUT 100',
      'ONTIMEOUT debian',
      'MENU TITLE Bench',
      '',
      'LABEL disk',
      '  MENU LABEL The disk',
      '  LOCALBOOT 0',
      '',
      'LABEL debian',
      '  MENU LABEL Debian',
      '  MENU DEFAULT',
      '  LINUX ::debian/linux',
      '  INITRD ::debian/initrd.gz,::extra.cpio',
      '  APPEND console=ttyS0 url=http://192.168.77.1:8080/x',
      '',
    ]);
  });

  it('for PXELINUX, when one entry is chosen: nothing is asked, and the menu comes after a failure', () => {
    expect(textOf(pxelinuxMenu(MENU, DISK, PLACE)).slice(1, 6)).toEqual([
      'DEFAULT disk',
      'ONERROR menu.c32 ~',
      'PROMPT 0',
      'TIMEOUT 100',
      'ONTIMEOUT disk',
    ]);
  });

  it('for GRUB', () => {
    expect(textOf(grubMenu(MENU, undefined, PLACE)).slice(4)).toEqual([
      "set default='entry-debian'",
      'set timeout=10',
      '',
      "menuentry 'The disk' --id 'entry-disk' {",
      '  exit 1',
      '}',
      '',
      "menuentry 'Debian' --id 'entry-debian' {",
      "  if linux '/debian/linux' 'console=ttyS0' 'url=http://192.168.77.1:8080/x'; then if initrd '/debian/initrd.gz' '/extra.cpio'; then boot; fi; fi",
      "  echo 'That did not work; the menu comes again after 10 seconds, or Esc.'",
      '  sleep --interruptible 10',
      '  set failed=yes',
      '  export failed',
      "  configfile '/grub/grub.cfg'",
      '}',
      '',
    ]);
  });

  it('for GRUB, when one entry is chosen: nothing is asked, and the menu comes after a failure', () => {
    expect(textOf(grubMenu(MENU, DISK, PLACE)).slice(4, 7)).toEqual([
      "set default='entry-disk'",
      'set timeout=10',
      'if [ -z "$failed" ]; then set timeout=0; fi',
    ]);
  });

  it('for iPXE', () => {
    expect(textOf(ipxeMenu(MENU, undefined, PLACE))).toEqual([
      '#!ipxe',
      '# For iPXE, made from boot.menu of the configuration.',
      'set machine ${platform}',
      'iseq ${platform} efi && set machine efi-${buildarch} ||',
      '',
      ':menu',
      'menu Bench',
      'item disk The disk ||',
      'item debian Debian ||',
      'choose --default debian --timeout 10000 picked || goto console',
      'goto entry/${picked} || goto failed',
      '',
      ':entry/disk',
      'exit 1',
      '',
      ':entry/debian',
      'imgfree',
      'kernel /debian/linux initrd=initrd0.img initrd=initrd1.img console=ttyS0 url=http://192.168.77.1:8080/x || goto failed',
      'initrd --name initrd0.img /debian/initrd.gz || goto failed',
      'initrd --name initrd1.img /extra.cpio || goto failed',
      'boot || goto failed',
      '',
      ':console',
      "echo Type 'exit' to come back to the menu.",
      'shell',
      'goto menu',
      '',
      ':failed',
      'prompt --timeout 10000 That did not work; the menu comes again after 10 seconds, or a key. ||',
      'goto menu',
      '',
    ]);
  });

  it('for iPXE, when one entry is chosen', () => {
    expect(textOf(ipxeMenu(MENU, DISK, PLACE))[4]).toBe('goto entry/disk || goto failed');
  });

  it('that waits has no timeout anywhere', () => {
    const waits = menu([DISK], { timeoutSeconds: undefined });
    expect(pxelinuxMenu(waits, undefined, PLACE)?.text).toMatch(/\nTIMEOUT 0\nMENU TITLE/);
    expect(grubMenu(waits, undefined, PLACE)?.text).toContain('set timeout=-1\n');
    expect(ipxeMenu(waits, undefined, PLACE)?.text).toContain('choose --default disk picked ||');
  });

  it('waits no longer for PXELINUX than PXELINUX can count (doc/syslinux.txt, TIMEOUT)', () => {
    expect(pxelinuxMenu(menu([DISK], { timeoutSeconds: 86_400 }), undefined, PLACE)?.text).toContain('TIMEOUT 35996\n');
  });
});

describe('Files', () => {
  it.each<[file: string, pxelinux: string, grub: string, ipxe: string]>([
    ['a/b', '::a/b', "'/a/b'", '/a/b'],
    ['/a//b', '::a/b', "'/a/b'", '/a/b'],
    ['boot\\x64\\k', '::boot/x64/k', "'/boot/x64/k'", '/boot/x64/k'],
    ["it's#1", "::it's#1", "'/it'\\''s#1'", "/it's%231"],
    ['http://${server}:${httpPort}/a%20b'.replace('%20', ''), '::ab', "'/ab'", '/ab'],
    ['tftp://${server}/k', '::k', "'/k'", '/k'],
    ['http://10.0.0.9/k', 'http://10.0.0.9/k', "'(http,10.0.0.9)/k'", 'http://10.0.0.9/k'],
    ['http://10.0.0.9:81/k', 'http://10.0.0.9:81/k', "'(http,10.0.0.9:81)/k'", 'http://10.0.0.9:81/k'],
    ['tftp://10.0.0.9/a/k', '10.0.0.9::a/k', "'(tftp,10.0.0.9)/a/k'", 'tftp://10.0.0.9/a/k'],
  ])('%s', (file, pxelinux, grub, ipxe) => {
    const only = menu([entry('x', linux(file))]);
    expect(pxelinuxMenu(only, undefined, PLACE)?.text).toContain(`  LINUX ${pxelinux}\n`);
    expect(grubMenu(only, undefined, PLACE)?.text).toContain(`  if linux ${grub}; then boot; fi\n`);
    expect(ipxeMenu(only, undefined, PLACE)?.text).toContain(`kernel ${ipxe} ||`);
  });

  it('of one architecture are shown there alone', () => {
    const only = menu([DISK, entry('x', linux({ 'uefi-x64': 'k64', 'uefi-arm64': 'ka64' }, ['i']))]);
    expect(pxelinuxMenu(only, undefined, PLACE)).toMatchObject({ leftOut: [{ name: 'x', why: 'it has nothing for BIOS' }] });
    const grub = grubMenu(only, undefined, PLACE)?.text;
    expect(grub).toContain(
      `if [ "$grub_cpu-$grub_platform" = 'x86_64-efi' ]; then\nmenuentry 'x' --id 'entry-x' {\n  if linux '/k64'; then`,
    );
    expect(grub).toContain(
      `if [ "$grub_cpu-$grub_platform" = 'arm64-efi' ]; then\nmenuentry 'x' --id 'entry-x' {\n  if linux '/ka64'; then`,
    );
    const ipxe = ipxeMenu(only, undefined, PLACE)?.text;
    expect(ipxe).toContain('iseq ${machine} efi-x86_64 && item x x ||\niseq ${machine} efi-arm64 && item x x ||\n');
    expect(ipxe).toContain(':entry/x\niseq ${machine} efi-x86_64 && goto entry/x/uefi-x64 ||\n');
    expect(ipxe).toContain(':entry/x/uefi-arm64\nimgfree\nkernel /ka64 initrd=initrd0.img || goto failed\n');
  });

  it('count for an architecture only where kernel and initial RAM disk are both there', () => {
    const only = menu([entry('x', linux({ bios: 'k', 'uefi-x64': 'k64' }, [{ 'uefi-x64': 'i64' }]))]);
    expect(pxelinuxMenu(only, undefined, PLACE)).toBeUndefined();
    expect(grubMenu(only, undefined, PLACE)?.text).not.toContain('i386-pc');
  });
});

describe('Boot programs', () => {
  const NONE = undefined;
  it.each<[file: string, pxelinux: string | undefined, onPc: string | undefined, onUefi: string | undefined, ipxe: string]>([
    ['wds/pxeboot.n12', 'COM32 pxechn.c32\n  APPEND ::wds/pxeboot.n12', "pxechainloader '/wds/pxeboot.n12'", NONE, '/wds/pxeboot.n12'],
    ['undionly.kpxe', 'COM32 pxechn.c32\n  APPEND ::undionly.kpxe', "pxechainloader '/undionly.kpxe'", NONE, '/undionly.kpxe'],
    ['memtest.bin', 'LINUX ::memtest.bin', "linux16 '/memtest.bin'", NONE, '/memtest.bin'],
    ['hdt.c32', 'COM32 ::hdt.c32', NONE, NONE, '/hdt.c32'],
    ['shell.efi', NONE, NONE, "chainloader '/shell.efi'", '/shell.efi'],
    ['thing', 'LINUX ::thing', "linux16 '/thing'", "chainloader '/thing'", '/thing'],
    [
      'my scripts/a.ipxe',
      'LINUX ::ipxe.lkrn\n  APPEND dhcp && chain tftp://${next-server}/my%20scripts/a.ipxe',
      "linux16 '/ipxe.lkrn' 'dhcp' '&&' 'chain' 'tftp://${next-server}/my%20scripts/a.ipxe'",
      NONE,
      '/my%20scripts/a.ipxe',
    ],
  ])('%s', (file, pxelinux, onPc, onUefi, ipxe) => {
    const only = menu([DISK, entry('x', program(file))]);
    const [inPxelinux, inGrub] = [pxelinuxMenu(only, NONE, PLACE), grubMenu(only, NONE, PLACE)];
    if (pxelinux === undefined) expect(inPxelinux?.leftOut).toHaveLength(1);
    else expect(inPxelinux?.text).toContain(`  ${pxelinux}\n`);
    expect(inGrub?.leftOut).toHaveLength(onPc === undefined && onUefi === undefined ? 1 : 0);
    for (const command of [onPc, onUefi]) if (command !== undefined) expect(inGrub?.text).toContain(`  if ${command}; then boot; fi\n`);
    expect(inGrub?.text.match(/grub_platform" = pc/g) ?? []).toHaveLength(
      onPc !== undefined && (onUefi !== undefined || file.endsWith('.ipxe')) ? 1 : 0,
    );
    expect(ipxeMenu(only, NONE, PLACE)?.text).toContain(`chain --autofree ${ipxe} || goto failed`);
  });
});

describe('An entry that a loader cannot say is left out, and the file says why', () => {
  it.each<[what: string, loader: typeof grubMenu, action: EntryAction, why: RegExp]>([
    ['a space', pxelinuxMenu, linux('a b'), /PXELINUX cannot say a name with a space/],
    ['a comma', pxelinuxMenu, linux('k', ['a,b']), /PXELINUX cannot say a name with a comma/],
    ['a long name', pxelinuxMenu, linux('k'.repeat(126)), /no names of more than 127 octets/],
    ['a long line', pxelinuxMenu, linux('k', [], `${'x '.repeat(2100)}LABEL y`), /reads no line as long/],
    ['a lone hyphen', pxelinuxMenu, linux('k', [], '-'), /a hyphen alone/],
    ['a backslash', grubMenu, linux('k', [], 'a=\\b'), /GRUB would put backslashes/],
    ['a quote inside a word', grubMenu, linux('k', [], 'a=b"c d"'), /GRUB would put backslashes/],
    ['HTTPS', grubMenu, linux('https://10.0.0.9/k'), /GRUB speaks TFTP and HTTP only/],
    ['a setting of iPXE', ipxeMenu, linux('k', [], 'mac=${net0/mac}'), /iPXE would read/],
    ['no HTTP', ipxeMenu, linux('k', [], 'u=${httpPort}'), /nothing is served by HTTP/],
  ])('%s', (what, loader, action, why) => {
    const made = loader(
      menu([DISK, entry('x', action)], { default: 'x' }),
      undefined,
      what === 'no HTTP' ? { ...PLACE, httpPort: undefined } : PLACE,
    );
    expect(made?.leftOut).toMatchObject([{ name: 'x' }]);
    expect(made?.leftOut[0]?.why).toMatch(why);
    expect(made?.text).toMatch(/# Without the entry x: /);
    expect(made?.text).toContain('disk');
  });

  it('and the first that it can say is its default', () => {
    expect(pxelinuxMenu(menu([DISK, entry('x', linux('a b'))], { default: 'x' }), undefined, PLACE)?.text).toContain('ONTIMEOUT disk\n');
  });

  it('and where none is left there is no menu', () => {
    for (const loader of [pxelinuxMenu, grubMenu, ipxeMenu])
      expect(loader(menu([entry('x', linux('${server}'))]), undefined, { ...PLACE, server: undefined })).toBeUndefined();
  });
});

describe('Words of a kernel’s command line for GRUB, which quotes them by itself (GRUB lib/cmdline.c)', () => {
  it.each([
    ['a="b c"', "'a=b c'"],
    ['"a b"', "'a b'"],
    ['a  b', "'a' 'b'"],
    ['$x ; # { }', "'$x' ';' '#' '{' '}'"],
  ])('%s', (args, words) => {
    expect(grubMenu(menu([entry('x', linux('k', [], args))]), undefined, PLACE)?.text).toContain(`linux '/k' ${words}; then`);
  });
});

describe('Titles', () => {
  it.each<[title: string, pxelinux: string, grub: string, ipxe: string]>([
    ['Größe “x” – é', 'Grosse "x" - e', `'Grosse "x" - e'`, 'Grosse "x" - e'],
    ["it's", "it's", "'it'\\''s'", "it's"],
    ['^A $b %c \\', 'A $b %c \\', "'^A $b %c \\'", '^A $b %c \\${nothing}'],
    ['-x ${y}', '-x ${y}', "' -x ${y}'", '${nothing}-x {y}'],
    ['a || b # c', 'a || b # c', "'a || b # c'", 'a ${nothing}|| b ${nothing}# c'],
    ['^', 'x', "'^'", '^'],
    ['日本', '??', "'??'", '??'],
  ])('%s', (title, pxelinux, grub, ipxe) => {
    const only = menu([entry('x', { start: 'local' }, title)]);
    expect(pxelinuxMenu(only, undefined, PLACE)?.text).toContain(`  MENU LABEL ${pxelinux}\n`);
    expect(grubMenu(only, undefined, PLACE)?.text).toContain(`menuentry ${grub} --id`);
    expect(ipxeMenu(only, undefined, PLACE)?.text).toContain(`item x ${ipxe} ||\n`);
  });
});
