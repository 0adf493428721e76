import { describe, expect, it } from 'vitest';
import { type Case, saidAbout } from './said.ts';

describe('faults of YAML itself', () => {
  it.each<Case>([
    {
      name: 'a key that is given twice',
      yaml: ['log:', '  level: info', '  level: debug'],
      said: ['config.yaml:3:3: error: the key `level` is given twice', '  3 |   level: debug', '    |   ^^^^^', '  keep one of the two'],
    },
    {
      name: 'a tab as indentation',
      yaml: ['log:', '\tlevel: info'],
      said: ['config.yaml:2:1: error: a tab is used for indentation', '  2 |  level: info', '    | ^', '  YAML wants spaces there'],
    },
    {
      name: 'a key that is indented less than its neighbours',
      yaml: ['log:', '    level: info', '  format: json'],
      said: [
        'config.yaml:3:1: error: wrong indentation',
        '  3 |   format: json',
        '    | ^',
        '  the keys of one mapping all start in the same column',
      ],
    },
    {
      name: 'a bracket that is not closed, and a wrong key before it',
      yaml: ['sever: {}', 'networks:', '  - pools: [192.168.77.100', '    nmae: x'],
      said: [
        'config.yaml:1:1: error: unknown key `sever`',
        '  1 | sever: {}',
        '    | ^^^^^',
        '  did you mean `server`?',
        '',
        'config.yaml:4:5: error: a bracket is not closed',
        '  4 |     nmae: x',
        '    |     ^',
        '  every `[` needs its `]` and every `{` its `}`, further right than the key',
      ],
    },
    {
      name: 'a quote that is not closed',
      yaml: ['tftp:', '  root: "./boot-images'],
      said: [
        'config.yaml:2:9: error: a quote is not closed',
        '  2 |   root: "./boot-images',
        '    |         ^',
        '  end the text with the same quote that it starts with',
      ],
    },
    {
      name: 'a second key in one line',
      yaml: ['log: level: info'],
      said: [
        'config.yaml:1:6: error: a second key in one line',
        '  1 | log: level: info',
        '    |      ^',
        '  start a new line for each key; put text that holds `: ` in quotes',
      ],
    },
    {
      name: 'a line without a colon',
      yaml: ['log', 'tftp: {}'],
      said: ['config.yaml:1:1: error: this is neither a key nor a value', '  1 | log', '    | ^^^', '  write `key: value`'],
    },
    {
      name: 'a bracket that is not closed at the end',
      yaml: ['tftp: { root: ./x', 'log: {}'],
      said: [
        'config.yaml:2:1: error: a bracket is not closed',
        '  2 | log: {}',
        '    | ^',
        '  every `[` needs its `]` and every `{` its `}`, further right than the key',
      ],
    },
    {
      name: 'an item whose keys are not in one column',
      yaml: ['networks:', ' - name: bench', '  assign: false'],
      said: [
        'config.yaml:3:1: error: an item without its `- `, or wrong indentation',
        '  3 |   assign: false',
        '    | ^',
        '  the keys of one mapping all start in the same column',
      ],
    },
    {
      name: 'text behind a quote',
      yaml: ['tftp:', '  root: "./boot images" x'],
      said: [
        'config.yaml:2:25: error: there is more than one value here',
        '  2 |   root: "./boot images" x',
        '    |                         ^',
        '  put text that holds quotes or brackets in quotes as a whole',
      ],
    },
    {
      name: 'a list in the line of its key',
      yaml: ['networks: - name: bench'],
      said: [
        'config.yaml:1:11: error: a list begins in the line of its key',
        '  1 | networks: - name: bench',
        '    |           ^',
        '  begin it in the next line',
      ],
    },
    {
      name: 'a second document',
      yaml: ['log: {}', '---', 'log: {}'],
      said: [
        'config.yaml:2:1: error: a second document begins here',
        '  2 | ---',
        '    | ^^^',
        '  a configuration is one document: remove the line `---`',
      ],
    },
    {
      name: 'a value that starts with a reserved character',
      yaml: ['tftp: { root: @boot }'],
      said: [
        'config.yaml:1:15: error: a value cannot begin with @',
        '  1 | tftp: { root: @boot }',
        '    |               ^',
        '  put the value in quotes',
      ],
    },
    {
      name: 'an anchor that is not there',
      yaml: ['hosts: *phones'],
      said: ['config.yaml:1:8: error: there is no anchor &phones above', '  1 | hosts: *phones', '    |        ^^^^^^^'],
    },
    {
      name: 'an anchor that holds itself',
      yaml: ['hosts: &all [*all]'],
      said: ['config.yaml:1:14: error: *all holds itself', '  1 | hosts: &all [*all]', '    |              ^^^^'],
    },
    {
      name: 'a list as a key',
      yaml: ['? [a]', ': 1'],
      said: ['config.yaml:1:3: error: this cannot be a key', '  1 | ? [a]', '    |   ^^^', '  a key is one word followed by `:`'],
    },
    {
      name: 'text in place of keys',
      yaml: ['interface eth0'],
      said: [
        'config.yaml:1:1: error: the file must be a mapping of keys and values, but is "interface eth0"',
        '  1 | interface eth0',
        '    | ^^^^^^^^^^^^^^',
      ],
    },
    {
      name: 'a list in place of keys',
      yaml: ['- name: bench'],
      said: [
        'config.yaml:1:1: error: the file must be a mapping of keys and values, but is a list',
        '  1 | - name: bench',
        '    | ^^^^^^^^^^^^^',
      ],
    },
  ])('$name', ({ yaml, said }) => {
    expect(saidAbout(yaml)).toEqual(said);
  });
});
