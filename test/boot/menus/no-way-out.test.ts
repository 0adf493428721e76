// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings of iPXE
/** Whatever a title, a command line or a file is called, it stays in its place. Each loader's own way to read a line is written down here. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BootMenu } from '../../../src/boot/boot-menu.ts';
import { grubMenu } from '../../../src/boot/menus/grub.ts';
import { ipxeMenu } from '../../../src/boot/menus/ipxe.ts';
import { pxelinuxMenu } from '../../../src/boot/menus/pxelinux.ts';
import { ip } from '../../support/addresses.ts';

const PLACE = { server: ip('192.168.77.1'), httpPort: 80, path: 'grub/grub.cfg' };

/** No control characters: the configuration takes none. Full of what means something to somebody. */
const text = fc
  .array(fc.constantFrom(...'ab1-=.^%$\'"\\`{}()[];#&|<>~!?*,: \u00a0é', '${', '$(', '||', '&&', ' ; ', ' #', 'LABEL x', "'; reboot; '"), {
    minLength: 1,
    maxLength: 30,
  })
  .map((pieces) => pieces.join(''))
  .filter((said) => said.trim() !== '');

function menuOf(title: string, args: string, file: string): BootMenu {
  return {
    title,
    timeoutSeconds: 5,
    default: 'last',
    isShownByFirmware: false,
    entries: [
      { name: 'x', title, action: { start: 'linux', kernel: file, initrd: [file], args } },
      { name: 'last', title: 'last', action: { start: 'local' } },
    ],
  };
}

const words = (said: string): readonly string[] => said.split(/[ \t\n\v\f\r]+/).filter((word) => word !== '');

describe('No text gets out of its place', () => {
  it('in PXELINUX, which reads lines (com32/menu/readconfig.c)', () => {
    fc.assert(
      fc.property(text, text, text, (title, args, file) => {
        const made = pxelinuxMenu(menuOf(title, args, file), undefined, PLACE);
        const lines =
          made?.text
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== '' && !line.startsWith('#')) ?? [];
        const keywords = lines.map((line) => /^(?:MENU )?[A-Z]+[0-9]*/.exec(line)?.[0]);
        const head = ['UI', 'PROMPT', 'TIMEOUT', 'ONTIMEOUT', 'MENU TITLE'];
        const odd = made?.leftOut.length === 0 ? ['LABEL', 'MENU LABEL', 'LINUX', 'INITRD', 'APPEND'] : [];
        expect(keywords).toEqual([...head, ...odd, 'LABEL', 'MENU LABEL', 'MENU DEFAULT', 'LOCALBOOT']);
        if (odd.length > 0) expect(lines).toContain(`APPEND ${args.replace(/^ +| +$/g, '')}`.trim());
      }),
    );
  });

  it('in GRUB, where a single quote ends what it begins (GRUB manual, Quoting)', () => {
    fc.assert(
      fc.property(text, text, text, (title, args, file) => {
        const made = grubMenu(menuOf(title, args, file), undefined, PLACE);
        const lines = made?.text.split('\n') ?? [];
        const bare = lines
          .filter((line) => line !== '' && !line.startsWith('#'))
          .map((line) =>
            withoutQuoted(line)
              .trim()
              .replaceAll(/(?: Q)+/g, ' Q'),
          );
        const odd = made?.leftOut.length === 0;
        expect(bare.slice(3)).toEqual([
          'set default=Q',
          'set timeout=5',
          ...(odd
            ? [
                'menuentry Q --id Q {',
                'if linux Q; then if initrd Q; then boot; fi; fi',
                'echo Q',
                'sleep --interruptible 10',
                'set failed=yes',
                'export failed',
                'configfile Q',
                '}',
              ]
            : []),
          'menuentry Q --id Q {',
          'exit 1',
          '}',
        ]);
      }),
    );
  });

  it('in iPXE, which splits a line before it fills anything in (src/core/exec.c)', () => {
    fc.assert(
      fc.property(text, text, text, (title, args, file) => {
        const made = ipxeMenu(menuOf(title, args, file), undefined, PLACE);
        const commands =
          made?.text
            .split('\n')
            .filter((line) => line !== '' && !/^[#:]/.test(line))
            .map(commandsIn) ?? [];
        const odd = made?.leftOut.length === 0;
        const names = commands.map((line) => line.map(([name]) => name ?? ''));
        const before = [
          ['set'],
          ['iseq', 'set', ''],
          ['menu'],
          ...(odd ? [['item', '']] : []),
          ['item', ''],
          ['choose', 'goto'],
          ['goto', 'goto'],
        ];
        const started = odd ? [['imgfree'], ['kernel', 'goto'], ['initrd', 'goto'], ['boot', 'goto']] : [];
        expect(names).toEqual([...before, ...started, ['exit'], ['echo'], ['shell'], ['goto'], ['prompt', ''], ['goto']]);
        const kernel = commands.flat().find(([name]) => name === 'kernel');
        if (odd) expect(kernel?.slice(3)).toEqual(words(args));
      }),
    );
  });
});

/** Every quoted text as `Q`, also one that is put together from several and from quotes behind a backslash. */
function withoutQuoted(line: string): string {
  return line.replaceAll(/(?:'[^']*'|\\')+/g, 'Q');
}

/** What is executed, each command with its words. A setting that is not set is nothing; one that we do not set is none of ours. */
function commandsIn(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const word of words(line)) {
    if (word.startsWith('#')) break;
    if (['||', '&&', ';'].includes(word)) commands.push([]);
    else commands.at(-1)?.push(word.replaceAll('${nothing}', ''));
  }
  const expanded =
    commands
      .flat()
      .join(' ')
      .match(/\$\{[^}]*\}/g) ?? [];
  for (const setting of expanded) expect(['${platform}', '${buildarch}', '${picked}']).toContain(setting);
  return commands;
}
