/** Text for the clipboard. Pages by plain HTTP have no `navigator.clipboard`, so that there is an older way beside it. */
import { tellDone, tellFault } from './toast.tsx';

/** @param done what is said then. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    if (navigator.clipboard === undefined) copyBySelection(text);
    else await navigator.clipboard.writeText(text);
    tellDone(done);
  } catch {
    tellFault(new Error('The browser does not let this page copy. Select the text and copy it by the keyboard.'));
  }
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('not copied');
}
