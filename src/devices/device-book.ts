/**
 * All devices and their timelines, in memory and within bounds. Fed with events as they happen: that is cheap, as no verdict is made then. Verdicts
 * are made when time goes on (`tick`) and when somebody asks. Reads no clock: the time is handed in.
 */
import { type Ipv4, type Mac, parseIpv4, parseMac, showIpv4 } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import type { DeviceChange, DeviceSummary, Devices, Subscription, Timeline } from './api.ts';
import { ChangeQueue, type WaitingChange } from './change-queue.ts';
import { Device } from './device.ts';
import { placeOf } from './device-events.ts';
import type { Moment, Told } from './moment.ts';
import { entryOf } from './moment-text.ts';
import { storyOf } from './story.ts';
import { DEVICE_STATES, isSettled, verdictOf } from './verdict.ts';

export interface BookParts {
  /** Says what is known of a device: the MAC behind an address, its name. */
  readonly identify: (subject: Subject) => Subject;
  readonly tell: Tell;
  readonly now: () => WallMs;
  readonly limits?: BookLimits;
}

export interface BookLimits {
  readonly devices: number;
  /** Of all devices together. */
  readonly moments: number;
}

const DEFAULT_LIMITS: BookLimits = { devices: 4_096, moments: 65_536 };
/** Devices that get a verdict in one tick; the others get theirs in the next. */
const JUDGED_A_TICK = 250;
/** A device that is stuck in the same way again is told again after so long: it restarts every minute. */
const TOLD_AGAIN_MS = 900_000;
/** Moments that wait to be stored; beyond that the disk is too slow for what happens, and the oldest are not stored. */
const MOST_UNSTORED = 16_384;
/** A device belongs to a link that came up not longer ago. */
const LINK_MS = 120_000;

/** How often it is told how much of a file a device has; transfers themselves tell it more often. */
const PERCENT_MS = 500;

export class DeviceBook implements Devices {
  readonly #parts: BookParts;
  readonly #limits: BookLimits;
  /** The one heard of last is the last. */
  readonly #devices = new Map<string, Device>();
  /** Those whose verdict may still change by time alone. */
  readonly #active = new Set<Device>();
  readonly #queues = new Set<ChangeQueue>();
  readonly #links = new Map<string, { readonly event: Told<'network.up'>; readonly at: WallMs }>();
  readonly #changed = new Set<Moment>();
  #moments = 0;
  #nextId = 1;

  constructor(parts: BookParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? DEFAULT_LIMITS;
  }

  /** What is in memory. */
  get size(): { readonly devices: number; readonly moments: number } {
    return { devices: this.#devices.size, moments: this.#moments };
  }

  /** Takes in something that happened. */
  readonly take = (event: AppEvent): void => {
    const place = placeOf(event);
    if (place === undefined) {
      if (event.type === 'network.up') this.#links.set(event.network, { event, at: this.#parts.now() });
      return;
    }
    const now = this.#parts.now();
    this.#put(event, place, now);
    // Who asked gets another address because of it, and wants to know.
    if (event.type === 'lease.conflict' && event.askedBy !== undefined && event.askedBy !== event.mac)
      this.#put(event, { mac: event.askedBy, address: undefined }, now);
  };

  /** Looks at those who may have fallen silent, and at those to whom something has happened. */
  tick(now: WallMs = this.#parts.now()): void {
    const due: Device[] = [];
    for (const device of this.#active) if (due.push(device) === JUDGED_A_TICK) break;
    for (const device of due) {
      // Behind the others, for the next tick.
      this.#active.delete(device);
      if (!isSettled(device.lastAt, now)) this.#active.add(device);
      this.#judge(device, now);
    }
  }

  list(): readonly DeviceSummary[] {
    const now = this.#parts.now();
    return [...this.#devices.values()]
      .map((device) => this.#summaryOf(device, now))
      .toSorted((a, b) => DEVICE_STATES.indexOf(a.state) - DEVICE_STATES.indexOf(b.state) || b.seenAt - a.seenAt);
  }

  timeline(called: string): Timeline | undefined {
    const device = this.#find(called);
    return device === undefined ? undefined : { device: this.#summaryOf(device, this.#parts.now()), entries: device.moments.map(entryOf) };
  }

  subscribe(onWaiting: () => void): Subscription {
    const queue: ChangeQueue = new ChangeQueue(
      (change) => this.#show(change),
      onWaiting,
      () => this.#queues.delete(queue),
    );
    this.#queues.add(queue);
    return queue;
  }

  /** Takes up what was stored, in order; before anything happens. */
  restore(moments: Iterable<Moment>): void {
    for (const moment of moments) {
      this.#nextId = Math.max(this.#nextId, moment.id + 1);
      const place = placeOf(moment.event);
      const device = this.#deviceOf(moment.device, moment.at);
      device.moments.push(moment);
      device.lastAt = moment.lastAt;
      this.#moments += 1;
      this.#keepWithin(device);
      if (place !== undefined) this.#learn(device, moment.event, place);
    }
    for (const device of this.#devices.values()) {
      device.judge(this.#parts.now());
      // What was stuck before is no news.
      if (device.verdict?.state === 'stuck') device.told = { rule: device.verdict.rule, at: this.#parts.now() };
    }
  }

  /** The moments that are new or have changed, to be stored; `most` at once. */
  takeChanged(most: number): readonly Moment[] {
    const taken: Moment[] = [];
    for (const moment of this.#changed) {
      if (taken.length === most) break;
      this.#changed.delete(moment);
      taken.push(moment);
    }
    return taken;
  }

  #put(event: AppEvent, place: Subject, now: WallMs): void {
    const mac = place.mac ?? this.#parts.identify(place).mac;
    const id = mac ?? (place.address === undefined ? undefined : showIpv4(place.address));
    if (id === undefined) return;
    const known = this.#devices.get(id);
    const device = this.#deviceOf(id, now);
    this.#learn(device, event, { ...place, mac });
    if (known === undefined) this.#addLink(device, event, now);
    this.#active.add(device);
    if (event.type === 'transfer.progressed') {
      device.follow(event, now);
      device.isDirty = true;
      // Each time the whole verdict is found anew, for hundreds of devices in a storm.
      if (now - device.percentToldAt < PERCENT_MS) return;
      device.percentToldAt = now;
      this.#queue(device, undefined);
      return;
    }
    if ('transfer' in event) device.follow(event, now);
    this.#add(device, event, now);
  }

  #add(device: Device, event: AppEvent, now: WallMs): void {
    const { moment, dropped } = device.add(event, now, () => this.#nextId++);
    if (moment.count === 1 && moment.event === moment.first) this.#moments += 1;
    this.#moments -= dropped.length;
    if (this.#changed.size < MOST_UNSTORED) this.#changed.add(moment);
    this.#keepWithin(device);
    this.#queue(device, moment.id);
  }

  /** The cable before the first word. */
  #addLink(device: Device, event: AppEvent, now: WallMs): void {
    const link = 'network' in event && event.network !== undefined ? this.#links.get(event.network) : undefined;
    if (link !== undefined && now - link.at <= LINK_MS) this.#add(device, link.event, link.at);
  }

  #deviceOf(id: string, now: WallMs): Device {
    const device = this.#devices.get(id) ?? new Device(id, now);
    this.#devices.delete(id);
    this.#devices.set(id, device);
    return device;
  }

  #learn(device: Device, event: AppEvent, { mac, address, hostName }: Subject): void {
    device.mac = mac ?? device.mac;
    // The address of a conflict is not the asker's, nor is one that another server gives certain.
    if (address !== undefined && event.type !== 'lease.conflict' && event.type !== 'dhcp.overheard') device.address = address;
    device.hostName = hostName ?? device.hostName;
  }

  /** Those not heard of for longest go first. */
  #keepWithin(last: Device): void {
    while (this.#devices.size > this.#limits.devices || this.#moments > this.#limits.moments) {
      const [oldest] = this.#devices.values();
      if (oldest === undefined || (oldest === last && this.#devices.size === 1)) return;
      this.#devices.delete(oldest.id);
      this.#active.delete(oldest);
      this.#moments -= oldest.moments.length;
    }
  }

  #judge(device: Device, now: WallMs): void {
    if (!device.judge(now)) return;
    this.#queue(device, undefined);
    const { verdict, mac, address, hostName } = device;
    if (verdict?.state !== 'stuck') return;
    const { told } = device;
    if (told?.rule === verdict.rule && now - told.at < TOLD_AGAIN_MS) return;
    device.told = { rule: verdict.rule, at: now };
    this.#parts.tell({ type: 'device.stuck', mac, address, hostName, verdict: verdict.rule, sentence: verdict.sentence });
  }

  #queue(device: Device, moment: number | undefined): void {
    for (const queue of this.#queues) queue.add({ device: device.id, moment });
  }

  #show({ device: id, moment }: WaitingChange): DeviceChange | undefined {
    const device = this.#devices.get(id);
    if (device === undefined) return undefined;
    const found = moment === undefined ? undefined : device.moments.findLast((one) => one.id === moment);
    return { device: this.#summaryOf(device, this.#parts.now()), entry: found && entryOf(found) };
  }

  /** As of now, whatever the last tick said. */
  #summaryOf(device: Device, now: WallMs): DeviceSummary {
    const { id, mac, address, lastAt } = device;
    const verdict = verdictOf(storyOf(device, device.moments, device.running, now));
    const since = device.verdict?.state === verdict.state ? device.since : lastAt;
    return {
      id,
      mac,
      address: address === undefined ? undefined : showIpv4(address),
      name: this.#nameOf(device),
      state: verdict.state,
      percent: verdict.percent,
      verdict: verdict.rule,
      sentence: verdict.sentence,
      since,
      seenAt: lastAt,
    };
  }

  #nameOf({ mac, address, hostName }: Pick<Device, 'mac' | 'address' | 'hostName'>): string | undefined {
    return this.#parts.identify(mac === undefined ? { address } : { mac, hostName }).hostName;
  }

  #find(called: string): Device | undefined {
    const mac: Mac | undefined = parseMac(called);
    if (mac !== undefined) return this.#devices.get(mac);
    // What the list calls it means that one and no other, also where another device has its address by now.
    const listed = this.#devices.get(called);
    if (listed !== undefined) return listed;
    const address: Ipv4 | undefined = parseIpv4(called);
    const wanted = called.toLowerCase();
    // Of several that had the address or the name, the one heard of last.
    return [...this.#devices.values()].findLast((device) =>
      address === undefined ? this.#nameOf(device)?.toLowerCase() === wanted : device.address === address,
    );
  }
}
