/** Text in which `…` stands for what one types or reads in a file. */
import type { JSX } from 'preact';

export function Words({ text }: { readonly text: string }): JSX.Element {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={`${index}:${part}`}>{part}</code> : part))}</>;
}
