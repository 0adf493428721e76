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

const SAME_COLUMN = 'the keys of one mapping all start in the same column';
const QUOTE_IT = 'put the value in quotes';

const wrongIndent: Explain = (message) =>
  message.startsWith('Flow')
    ? { message: 'a bracket is not closed', hint: 'every `[` needs its `]` and every `{` its `}`, further right than the key' }
    : { message: 'wrong indentation', hint: SAME_COLUMN };

const missing: Explain = (message) => {
  if (message.includes('quote')) return { message: 'a quote is not closed', hint: 'end the text with the same quote that it starts with' };
  if (message.includes('indicator')) return { message: 'an item without its `- `, or wrong indentation', hint: SAME_COLUMN };
  return { message: `this is not YAML: ${lowerFirst(message)}` };
};

const unexpected: Explain = (message) =>
  message.includes('block-seq-ind')
    ? { message: 'a list begins in the line of its key', hint: 'begin it in the next line' }
    : { message: 'there is more than one value here', hint: 'put text that holds quotes or brackets in quotes as a whole' };

const EXPLAIN: Partial<Record<ErrorCode, Explain>> = {
  DUPLICATE_KEY: (_, written) => ({ message: `the key \`${written}\` is given twice`, hint: 'keep one of the two' }),
  TAB_AS_INDENT: () => ({ message: 'a tab is used for indentation', hint: 'YAML wants spaces there' }),
  BAD_INDENT: wrongIndent,
  MISSING_CHAR: missing,
  UNEXPECTED_TOKEN: unexpected,
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
