import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Ipv4, ipv4 } from '../../src/base/addresses.ts';
import { EventBus } from '../../src/events/bus.ts';
import type { AppEvent, EventType, Subject } from '../../src/events/events.ts';
import { TftpLink } from '../../src/server/tftp-link.ts';
import type { TftpNews, TftpOrder, TftpThreadStart } from '../../src/server/tftp-messages.ts';
import type { ThreadListeners } from '../../src/server/thread-link.ts';
import { SAMPLES } from '../events/samples.ts';
import { ip } from '../support/addresses.ts';

/** The thread's side, without a thread. */
const thread: { readonly orders: unknown[]; listeners: ThreadListeners<TftpNews> | undefined } = { orders: [], listeners: undefined };

const startThread = (_start: unknown, listeners: ThreadListeners<TftpNews>) => {
  thread.listeners = listeners;
  const order = (given: unknown): Promise<boolean> => {
    thread.orders.push(given);
    return Promise.resolve(true);
  };
  return {
    order,
    tell: (told: unknown): void => void thread.orders.push(told),
    close: async (given: unknown): Promise<void> => void (await order(given)),
    ready: Promise.resolve(),
  };
};

const [DESK, PHONE, OTHER] = [ip('192.168.77.101'), ip('192.168.77.102'), ip('192.168.77.103')];
const START = {} as TftpThreadStart;

let bus: EventBus;
let told: AppEvent[];
let rehearsed: AppEvent[];
let settled: () => Promise<void>;
let names: Map<Ipv4, string>;
let link: TftpLink;

const say = (news: TftpNews): void => thread.listeners?.onNews(news);
/** The thread asks who has them. */
const ask = async (...addresses: readonly Ipv4[]): Promise<void> => {
  for (const address of addresses) say({ say: 'who', address });
  await nextTurn();
};
const orders = (): TftpOrder[] => thread.orders.splice(0) as TftpOrder[];
const learn = (address: Ipv4, hostName?: string) => ({ do: 'learn', address, holder: { address, hostName } });

beforeEach(() => {
  thread.orders.length = 0;
  thread.listeners = undefined;
  told = [];
  rehearsed = [];
  settled = async () => {};
  names = new Map();
  bus = new EventBus((fault) => {
    throw fault;
  });
  bus.listen((event) => told.push(event));
  const whoHas = (address: Ipv4): Subject => ({ address, hostName: names.get(address) });
  link = new TftpLink(
    START,
    { bus, whoHas, settled: () => settled(), onRehearsed: (events) => rehearsed.push(...events), onDeath: () => {} },
    startThread,
  );
});

describe('the thread is not there before', () => {
  test('it is asked for', async () => {
    expect(thread.listeners).toBeUndefined();
    await link.start();
    expect(thread.listeners).toBeDefined();
  });

  test('its first order', async () => {
    await link.listen({ interface: 'eth1', addresses: [], mtu: 1500 });
    expect(thread.listeners).toBeDefined();
  });
});

/** An event about an address. */
const about = (type: EventType, address: Ipv4): AppEvent => ({ ...SAMPLES[type][0]?.[0], address }) as AppEvent;

test('what it tells in its rehearsal is not told to others', async () => {
  await link.start();
  const event = about('transfer.done', DESK);
  say({ say: 'rehearsed', events: [event] });
  expect(rehearsed).toEqual([event]);
  expect(told).toEqual([]);
});

describe('who has an address', () => {
  beforeEach(() => link.start());

  test('is answered when it is known what DHCP had done when it was asked, together for all who ask meanwhile', async () => {
    const looks: PromiseWithResolvers<void>[] = [];
    settled = () => {
      const look = Promise.withResolvers<void>();
      looks.push(look);
      return look.promise;
    };
    await ask(DESK);
    // DHCP has answered the first look when these ask: what it does for them from here on is not in it.
    await ask(PHONE, OTHER);
    expect(orders()).toEqual([]);
    names.set(DESK, 'desk-101');
    looks[0]?.resolve();
    await nextTurn();
    expect(orders()).toEqual([learn(DESK, 'desk-101')]);
    names.set(PHONE, 'phone-1');
    looks[1]?.resolve();
    await nextTurn();
    expect(orders()).toEqual([learn(PHONE, 'phone-1'), learn(OTHER)]);
    expect(looks).toHaveLength(2);
  });

  test('is answered also where DHCP has ended', async () => {
    settled = () => Promise.reject(new Error('DHCP has ended'));
    await ask(DESK);
    expect(orders()).toEqual([learn(DESK)]);
  });

  test('is answered', async () => {
    names.set(DESK, 'desk-101');
    await ask(DESK, PHONE);
    expect(orders()).toEqual([learn(DESK, 'desk-101'), learn(PHONE)]);
  });

  test.each<EventType>(['dhcp.offered', 'dhcp.informed', 'lease.bound', 'lease.released', 'lease.expired', 'lease.declined'])(
    'is told anew after %s, to a thread that has asked, and of nobody else',
    async (type) => {
      await ask(DESK);
      orders();
      names.set(DESK, 'desk-102');
      bus.tell(about(type, DESK));
      bus.tell(about(type, PHONE));
      expect(orders()).toEqual([learn(DESK, 'desk-102')]);
    },
  );

  test('is not told anew after what changes no holder', async () => {
    await ask(DESK);
    orders();
    bus.tell(about('transfer.done', DESK));
    expect(orders()).toEqual([]);
  });

  test('is told anew of all after another configuration, which may name them otherwise, and not before it holds', async () => {
    await ask(DESK, PHONE);
    orders();
    names.set(PHONE, 'phone-1');
    const config = {} as Parameters<TftpLink['configure']>[0];
    await link.configure(config);
    expect(orders()).toEqual([{ do: 'configure', config }, learn(DESK), learn(PHONE, 'phone-1')]);
  });

  test('is remembered for 65536 that were asked about, and for whoever was first no longer', async () => {
    await ask(...Array.from({ length: 65_537 }, (_, n) => ipv4(n)));
    expect(orders()).toHaveLength(65_537);
    bus.tell(about('lease.bound', ipv4(0)));
    expect(orders()).toEqual([]);
    bus.tell(about('lease.bound', ipv4(1)));
    bus.tell(about('lease.bound', ipv4(65_536)));
    expect(orders()).toEqual([learn(ipv4(1)), learn(ipv4(65_536))]);
  });

  test('is told to nobody after the end', async () => {
    await ask(DESK);
    await link.close();
    orders();
    bus.tell(about('lease.bound', DESK));
    expect(orders()).toEqual([]);
  });
});

test('events of the thread are told here, in order', async () => {
  await link.start();
  const events = [about('transfer.started', DESK), about('transfer.done', DESK)];
  say({ say: 'events', events });
  expect(told).toEqual(events);
});

test('an interface is served and left by order', async () => {
  const network = { interface: 'lan0', addresses: [ip('192.168.77.1')], mtu: 1500 };
  await link.listen(network);
  await link.unlisten('lan0');
  await link.close();
  expect(orders()).toEqual([{ do: 'listen', network }, { do: 'unlisten', interface: 'lan0' }, { do: 'close' }]);
});
