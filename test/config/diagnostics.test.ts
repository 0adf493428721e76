import { describe, expect, it } from 'vitest';
import { type Diagnostic, showDiagnostics, showPath } from '../../src/config/diagnostics.ts';

const diagnostic: Diagnostic = {
  severity: 'error',
  file: 'config.yaml',
  path: 'log.level',
  message: 'no such level',
  position: { line: 12, column: 8, length: 4, text: 'level: warm # cold' },
};

describe('diagnostics for a terminal', () => {
  it('puts the caret under the place and an empty line between two', () => {
    const warning: Diagnostic = { ...diagnostic, severity: 'warning', hint: 'try another', position: undefined };
    expect(showDiagnostics([diagnostic, warning], { colour: false }).split('\n')).toEqual([
      'config.yaml:12:8: error: no such level',
      '  12 | level: warm # cold',
      '     |        ^^^^',
      '',
      'config.yaml: warning: log.level: no such level',
      '  try another',
    ]);
  });

  it('colours nothing but what it adds itself', () => {
    const shown = showDiagnostics([diagnostic], { colour: true });
    expect(shown).toContain('\u001b[31merror\u001b[0m');
    expect(shown).toContain('level: warm # cold');
    expect(showDiagnostics([diagnostic], { colour: false })).not.toContain('\u001b');
  });

  it('lets no control character through to the terminal', () => {
    const text = 'a:\u001b[2J\u202e\tx';
    const shown = showDiagnostics([{ ...diagnostic, message: text, position: { line: 1, column: 3, length: 1, text } }], { colour: false });
    expect(shown.split('\n')).toEqual(['config.yaml:1:3: error: a:·[2J· x', '  1 | a:·[2J· x', '    |   ^']);
  });

  it('cuts a long line around the caret', () => {
    const text = `${'x'.repeat(200)}HERE${'y'.repeat(200)}`;
    const [, line = '', carets = ''] = showDiagnostics([{ ...diagnostic, position: { line: 1, column: 201, length: 4, text } }], {
      colour: false,
    }).split('\n');
    expect(line).toMatch(/^ {2}1 \| …x+HEREy+…$/);
    expect(line.length).toBeLessThan(130);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
  });
});

it.each([
  [[], ''],
  [['networks', 0, 'pools', 1], 'networks[0].pools[1]'],
  [['boot', 'files', 'uefi-x64'], 'boot.files.uefi-x64'],
  [['networks', 0, 'options', 'a b'], 'networks[0].options."a b"'],
])('the path %j is shown as %s', (path, shown) => {
  expect(showPath(path)).toBe(shown);
});
