/** A serving thread's end of its link to the main thread: orders are obeyed and answered. */
import { parentPort } from 'node:worker_threads';
import { invariant } from '../base/result.ts';
import { type Numbered, type ThreadNews, UNANSWERED } from './thread-link.ts';

/** Says something to the main thread. */
export function sayToMain(news: ThreadNews | { readonly say: string }): void {
  invariant(parentPort !== null, 'a serving thread was started as a program');
  parentPort.postMessage(news);
}

/**
 * Obeys orders from now on, each by itself, and says when the thread is ready.
 * @param obey resolves with what `order` of the link gives; rejects with the reason.
 * @param ready now where absent; must not reject.
 */
export function obeyOrders<Order extends { readonly do: string }>(
  obey: (order: Order) => Promise<boolean | undefined>,
  ready: Promise<void> = Promise.resolve(),
): void {
  const main = parentPort;
  invariant(main !== null, 'a serving thread was started as a program');
  main.on('message', (order: Numbered<Order>) => {
    const answer = (done: { readonly fault?: string; readonly found?: boolean }): void => {
      if (order.id !== UNANSWERED) sayToMain({ say: 'done', id: order.id, ...done });
    };
    obey(order)
      .then(
        (found) => answer(found === undefined ? {} : { found }),
        (fault: unknown) => answer({ fault: fault instanceof Error ? fault.message : String(fault) }),
      )
      .finally(() => {
        // With the port closed nothing keeps this thread.
        if (order.do === 'close') main.close();
      });
  });
  void ready.then(() => sayToMain({ say: 'ready' }));
}
