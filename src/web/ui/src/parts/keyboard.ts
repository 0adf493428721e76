/** What pages share about keys. */

/** The key belongs to what is being filled in, or to a dialog that is open, and is no command. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (document.querySelector('dialog[open]') !== null) return true;
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}
