/**
 * A log line for people: `06:42:10 info  192.168.77.101 desk-101 (Cisco)   offered 192.168.77.101 for 1 h`.
 * pino-pretty parses the JSON and brings the colours; the columns are ours.
 */
import { prettyFactory } from 'pino-pretty';

/** The column that says who begins with room for an address, a name and a vendor, and widens for what is longer, up to a bound. */
const WHO_WIDTH = { least: 32, most: 48 };
const LEVEL_WIDTH = 5;
const NAME_WIDTH = 24;

type Colour = 'gray' | 'green' | 'yellow' | 'red' | 'cyan' | 'bold' | 'reset';
type Paint = Record<Colour, (text: string) => string>;

/** Colour of the level's word, and of the text beside it. */
const LEVEL_COLOURS: Readonly<Record<string, readonly [Colour, Colour]>> = {
  debug: ['gray', 'gray'],
  info: ['green', 'reset'],
  warn: ['yellow', 'yellow'],
  error: ['red', 'red'],
};

/** Turns one JSON line of the log into one line of columns, line break included. Times are those of the machine's time zone. */
export function prettyLines(colour: boolean): (json: string) => string {
  let whoWidth = WHO_WIDTH.least;
  return prettyFactory({
    colorize: colour,
    // Without this pino-pretty paints every message cyan.
    customColors: 'message:reset',
    hideObject: true,
    // Else pino-pretty puts these before the message in its own way.
    ignore: 'time,level,name,pid,hostname,caller',
    messageFormat: (log, messageKey, _levelLabel, { colors }) => {
      const who = whoOf(log);
      whoWidth = Math.min(WHO_WIDTH.most, Math.max(whoWidth, who.length));
      return columns(log, who.padEnd(whoWidth), String(log[messageKey]), colors);
    },
  });
}

function columns(log: Readonly<Record<string, unknown>>, who: string, text: string, paint: Paint): string {
  const level = textOf(log['level']) ?? '';
  const [levelColour, textColour] = LEVEL_COLOURS[level] ?? ['reset', 'reset'];
  return [
    paint.gray(timeOf(textOf(log['time']))),
    paint[levelColour](level.padEnd(LEVEL_WIDTH)),
    paint.cyan(who),
    textColour === 'reset' ? text : paint[textColour](text),
  ].join(' ');
}

/** `192.168.77.101 desk-101 (Cisco)`; the MAC stands in for a name that nobody knows; a line of the house names its network. */
function whoOf(log: Readonly<Record<string, unknown>>): string {
  const address = textOf(log['address']);
  const vendor = textOf(log['vendor']);
  // What an interface is given is an address with a prefix, and no device.
  const device = [
    address?.includes('/') ? undefined : address,
    textOf(log['name'])?.slice(0, NAME_WIDTH) ?? textOf(log['mac']),
    vendor === undefined ? undefined : `(${vendor})`,
  ].filter((part) => part !== undefined);
  return device.length > 0 ? device.join(' ') : (textOf(log['network']) ?? textOf(log['interface']) ?? '');
}

function timeOf(instant: string | undefined): string {
  const at = new Date(instant ?? Number.NaN);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
