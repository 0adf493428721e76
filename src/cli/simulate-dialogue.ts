/** The dialogue of a simulated device on the screen, or as lines of JSON. */
import type { Mac } from '../base/addresses.ts';
import { plainText } from '../events/plain-text.ts';
import type { Device, Verdict } from '../probe/device.ts';
import type { Line } from '../probe/life.ts';
import { type Output, paint } from './output.ts';

const ARROWS = { says: '→', hears: '←', thinks: '·' } as const;
const WIDEST_VALUE = 200;
const INDENT = ' '.repeat(13);

export class Dialogue {
  readonly #output: Output;
  readonly #asJson: boolean;
  #device = '';
  #mac = '';

  constructor(output: Output, asJson: boolean) {
    this.#output = output;
    this.#asJson = asJson;
  }

  begin({ name, title }: Device, mac: Mac): void {
    this.#device = name;
    this.#mac = mac;
    if (!this.#asJson) this.#output.line(`${title} with the hardware address ${mac}`);
  }

  add({ atMs, way, text, options = [] }: Line): void {
    if (this.#asJson) {
      this.#output.line(JSON.stringify({ atMs, way, text, ...(options.length > 0 && { options }) }));
      return;
    }
    const colours = this.#output.colour.line;
    const said = `${`${(atMs / 1000).toFixed(3)} s`.padStart(10)} ${ARROWS[way]} ${plainText(text)}`;
    this.#output.line(way === 'thinks' ? paint('cyan', said, colours) : said);
    for (const { code, name, value } of options)
      this.#output.line(paint('dim', `${INDENT}${String(code).padStart(3)} ${name}: ${shortened(plainText(value))}`, colours));
  }

  /** What the server of a rehearsal has to say. */
  serverThinks(text: string): void {
    if (this.#asJson) this.#output.line(JSON.stringify({ way: 'server', text }));
    else this.#output.line(paint('cyan', `${INDENT}the server: ${plainText(text)}`, this.#output.colour.line));
  }

  end({ ok, text }: Verdict): void {
    if (this.#asJson) {
      this.#output.line(JSON.stringify({ verdict: { ok, text }, device: this.#device, mac: this.#mac }));
      return;
    }
    this.#output.line('');
    this.#output.line(paint(ok ? 'green' : 'red', `${this.#device} ${plainText(text)}`, this.#output.colour.line));
  }
}

function shortened(text: string): string {
  return text.length > WIDEST_VALUE ? `${text.slice(0, WIDEST_VALUE - 1)}…` : text;
}
