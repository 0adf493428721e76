/** Faults of YAML's syntax in words for somebody who does not know YAML's grammar. */
import type { ErrorCode, YAMLParseError } from 'yaml';

interface Explanation {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What a syntax fault means. `written` is the piece of text that it names. */
export function explainYamlFault(error: Pick<YAMLParseError, 'code' | 'message'>, written: string): Explanation {
  const known = EXPLAIN[error.code]?.(error.message, written);
  return known ?? { message: `this is not YAML: ${lowerFirst(error.message)}` };
}

/** False for a fault that leaves no doubt about what the rest of the text means. */
export function isStructural(error: Pick<YAMLParseError, 'code'>): boolean {
  return error.code !== 'DUPLICATE_KEY';
}

type Explain = (message: string, written: string) => Explanation;

const QUOTE_IT = 'put the value in quotes';

const wrongIndent: Explain = (message) =>
  message.startsWith('Flow')
    ? { message: 'a bracket is not closed', hint: 'every `[` needs its `]` and every `{` its `}`, further right than the key' }
    : { message: 'wrong indentation', hint: 'the keys of one mapping all start in the same column' };

const missing: Explain = (message) =>
  message.includes('quote')
    ? { message: 'a quote is not closed', hint: 'end the text with the same quote that it starts with' }
    : { message: lowerFirst(message) };

const EXPLAIN: Partial<Record<ErrorCode, Explain>> = {
  DUPLICATE_KEY: (_, written) => ({ message: `the key \`${written}\` is given twice`, hint: 'keep one of the two' }),
  TAB_AS_INDENT: () => ({ message: 'a tab is used for indentation', hint: 'YAML wants spaces there' }),
  BAD_INDENT: wrongIndent,
  MISSING_CHAR: missing,
  BLOCK_AS_IMPLICIT_KEY: () => ({
    message: 'a second key in one line',
    hint: 'start a new line for each key; put text that holds `: ` in quotes',
  }),
  MULTILINE_IMPLICIT_KEY: () => ({ message: 'this is neither a key nor a value', hint: 'write `key: value`' }),
  MULTIPLE_DOCS: () => ({ message: 'a second document begins here', hint: 'a configuration is one document: remove the line `---`' }),
  BAD_SCALAR_START: (_, written) => ({ message: `a value cannot begin with ${written}`, hint: QUOTE_IT }),
};

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
