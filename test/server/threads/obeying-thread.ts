/** A serving thread that serves nothing: it obeys the orders of a test, and says what it heard. */
import { workerData } from 'node:worker_threads';
import { obeyOrders, sayToMain } from '../../../src/server/thread-orders.ts';

export type TestOrder =
  | { readonly do: 'answer'; readonly found?: boolean; readonly afterMs?: number }
  | { readonly do: 'refuse'; readonly why: string }
  | { readonly do: 'break'; readonly why: string }
  | { readonly do: 'end'; readonly code: number }
  | { readonly do: 'never' }
  | { readonly do: 'close'; readonly fault?: string };

export interface TestNews {
  readonly say: 'heard';
  readonly order: string;
}

export interface TestStart {
  readonly faultAtStart?: string;
  readonly codeAtStart?: number;
}

const { faultAtStart, codeAtStart } = workerData as TestStart;
if (faultAtStart !== undefined) throw new Error(faultAtStart);
if (codeAtStart !== undefined) process.exit(codeAtStart);
const say: (news: TestNews) => void = sayToMain;
obeyOrders<TestOrder>(obey);

async function obey(order: TestOrder): Promise<boolean | undefined> {
  say({ say: 'heard', order: order.do });
  switch (order.do) {
    case 'answer':
      await new Promise((resolve) => setTimeout(resolve, order.afterMs ?? 0));
      return order.found;
    case 'refuse':
      throw new Error(order.why);
    case 'break':
      setImmediate(() => {
        throw new Error(order.why);
      });
      return await new Promise(() => {});
    case 'end':
      return process.exit(order.code);
    case 'never':
      return await new Promise(() => {});
    case 'close':
      if (order.fault !== undefined) throw new Error(order.fault);
      return undefined;
  }
}
