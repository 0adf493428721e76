/** Environment variables in text: `${NAME}`, and `$${NAME}` for text that looks like one. */

/** What environment variables are taken from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Names that are not environment variables: they are filled in when an interface is up, or a client asks. */
export const KEPT_NAMES: ReadonlySet<string> = new Set(['server', 'httpPort', 'mac', 'ip', 'name']);

/** A text with its variables filled in, unless some are not set. */
export interface FilledText {
  readonly text: string;
  readonly isFilled: boolean;
  readonly missing: readonly string[];
}

/** For text that is no YAML, where a variable is just text. */
export function fillText(written: string, env: Environment): FilledText {
  let isFilled = false;
  const missing: string[] = [];
  const text = written.replace(/(\$?)\$\{([A-Za-z_]\w*)\}/g, (_, kept: string, name: string) => {
    if (kept !== '' || KEPT_NAMES.has(name)) return `\${${name}}`;
    const value = env[name];
    if (value === undefined) missing.push(name);
    else isFilled = true;
    return value ?? '';
  });
  return { text, isFilled, missing };
}
