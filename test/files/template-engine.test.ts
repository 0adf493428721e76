import { describe, expect, it } from 'vitest';
import type { Escape, TemplateSource } from '../../src/boot/template-source.ts';
import { showFault, TemplateEngine } from '../../src/files/template-engine.ts';
import { formFault } from '../../src/files/well-formed-text.ts';
import { templateSource } from '../support/template-source.ts';

const GIVEN = {
  device: { mac: '001b54aabbcc', name: 'desk-101' },
  vars: { label: `<Tom & "Jerry's">`, lines: [{ ext: 101 }, { ext: 102 }], on: true, off: false, many: ['a', 'b'], bell: 'a\u0007' },
};

function render(text: string, form: Escape = 'xml', more: readonly TemplateSource[] = []): string {
  const source = templateSource('phone/x.liquid', text);
  const compiled = new TemplateEngine([source, ...more]).compile(source, form);
  const made = compiled.ok ? compiled.value(GIVEN) : compiled;
  return made.ok ? made.value : `! ${showFault(made.error)}`;
}

describe('What {{ }} puts into a file is safe there', () => {
  it.each<[what: string, form: Escape, text: string, made: string]>([
    ['text and attributes', 'xml', '<a b="{{ vars.label }}"/>', '<a b="&lt;Tom &amp; &quot;Jerry&apos;s&quot;&gt;"/>'],
    ['text with a filter', 'xml', '{{ vars.label | upcase }}', '&lt;TOM &amp; &quot;JERRY&apos;S&quot;&gt;'],
    ['text that is to stay', 'xml', '{{ vars.label | raw }}', GIVEN.vars.label],
    ['text by echo', 'xml', '{% echo vars.label %}', '&lt;Tom &amp; &quot;Jerry&apos;s&quot;&gt;'],
    ['what XML does not have', 'xml', '{{ vars.bell }}', '! /t/phone/x.liquid:4: the value holds a character that XML does not allow'],
    ['text in a string', 'json', '{"a": "{{ vars.label }}"}', '{"a": "<Tom & \\"Jerry\'s\\">"}'],
    ['control characters in a string', 'json', '"{{ vars.bell }}"', '"a\\u0007"'],
    ['a list', 'json', '{{ vars.many }}', '["a","b"]'],
    ['true', 'json', '{{ vars.on }}', 'true'],
    ['text in single quotes', 'shell', "x='{{ vars.label }}'", `x='<Tom & "Jerry'\\''s">'`],
    ['plain text', 'plain', '{{ vars.label }}', GIVEN.vars.label],
    ['a list in text', 'plain', '{{ vars.many }}', 'ab'],
    [
      'a mapping in text',
      'plain',
      '{{ vars.lines.first }}',
      '! /t/phone/x.liquid:4: the value is a mapping, which has no text: name one of its keys',
    ],
  ])('%s, %s', (_what, form, text, made) => expect(render(text, form)).toBe(made));
});

describe('What is not known ends the rendering, with its line', () => {
  it.each<[what: string, text: string, fault: string]>([
    ['a variable', 'a\n{{ vars.x }}', '5: the variable vars.x is not known'],
    ['a part of the device', '{{ device.serial }}', '4: the variable device.serial is not known'],
    ['what every object of JavaScript has', '{{ vars.constructor }}', '4: the variable vars.constructor is not known'],
    ['its prototype', '{{ vars.__proto__ }}', '4: the variable vars.__proto__ is not known'],
    ['a list', '{% for x in vars.x %}{% endfor %}', '4: the variable vars.x is not known'],
    ['a filter', '{{ vars.on | shout }}', '4: there is no filter shout'],
    ['a part', '{% render "line" %}', '4: there is no part line in the folders of templates'],
    ['a file elsewhere', '{% render "../../../etc/passwd" %}', '4: there is no part ../../../etc/passwd in the folders of templates'],
    ['a file elsewhere, from its root', '{% include "/etc/passwd" %}', '4: there is no part /etc/passwd in the folders of templates'],
    ['a layout elsewhere', '{% layout "/etc/passwd" %}', '4: there is no part /etc/passwd in the folders of templates'],
    ['a tag', '{% exec "rm" %}', '4: tag "exec" not found'],
    ['an end', 'a\n\n{% if vars.on %}', '6: tag {% if vars.on %} not closed'],
    ['a size', '{% for x in (1..900000000) %}{% endfor %}', '4: memory alloc limit exceeded'],
  ])('%s', (_what, text, fault) => expect(render(text)).toBe(`! /t/phone/x.liquid:${fault}`));

  it.each<[what: string, text: string, made: string]>([
    ['if', '{% if vars.x %}1{% else %}0{% endif %}', '0'],
    ['unless', '{% unless vars.x %}1{% endunless %}', '1'],
    ['a comparison', '{% if vars.x == "a" %}1{% else %}0{% endif %}', '0'],
    ['a default', '{{ vars.x | default: device.name }}', 'desk-101'],
  ])('but it may be asked for by %s', (_what, text, made) => expect(render(text)).toBe(made));
});

describe('Parts', () => {
  const part = templateSource('phone/line.liquid', '<l>{{ n }}{{ vars.off }}</l>', { linesBefore: 0 });
  const top = templateSource('line.liquid', 'for all: {{ device.mac | mac: "-" }}', { linesBefore: 0, profile: '' });
  const other = templateSource('other/line.liquid', 'of others', { linesBefore: 0 });

  it('are looked for beside the template first, then from the top', () => {
    expect(render('{% render "line", n: 1 %}', 'xml', [top, part])).toBe('<l>1false</l>');
    expect(render('{% render "line" %}', 'xml', [other, top])).toBe('for all: 00-1b-54-aa-bb-cc');
    expect(render('{% render "other/line" %}', 'xml', [other])).toBe('of others');
  });

  it('are named where they are at fault', () => {
    expect(render('\n{% render "line" %}', 'xml', [part])).toBe('! /t/phone/line.liquid:1: the variable n is not known');
  });

  it('of the operator go before those of the program', () => {
    const shipped = templateSource('phone/line.liquid', 'shipped', { origin: 'shipped' });
    expect(render('{% render "line", n: 2 %}', 'xml', [part, shipped])).toBe('<l>2false</l>');
  });
});

it.each<[form: Escape, text: string, fault: string | undefined]>([
  ['xml', '<?xml version="1.0"?><a>1</a>\n', undefined],
  ['xml', '<a>1</b>', 'what it makes is not well-formed XML: '],
  ['json', '{"a": 1}', undefined],
  ['json', '{"pin": hunter2}', "what it makes is not well-formed JSON: Unexpected token 'h'"],
  ['plain', '<a>', undefined],
  ['shell', '<a>', undefined],
])('well-formed as %s: %s', (form, text, fault) => {
  const found = formFault(text, form);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found?.startsWith(fault)).toBe(true);
  expect(found ?? '').not.toContain('hunter2');
});
