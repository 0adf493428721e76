/**
 * Which interface a network is served on. Pure: facts in, a choice or the reason for waiting out, as one plain sentence.
 * The one harm to avoid: serving DHCP to the office because its cable or its Wi-Fi looked like the bench.
 */
import { type Cidr, isInside, showCidr } from '../base/addresses.ts';
import type { InterfaceFacts } from './ports.ts';

/** The interface and why this one; or why there is none, and which ones would only have to be set up to be looked at. */
export type InterfaceChoice =
  | { readonly choice: InterfaceFacts; readonly why: string }
  | { readonly waiting: string; readonly down: readonly InterfaceFacts[] };

/** What to look for. */
export interface InterfaceWish {
  /** A name, or `auto`: the wired interface that nothing else is done with. */
  readonly wanted: string;
  /** The network to be served, when known: an interface that has an address in it is preferred. */
  readonly subnet?: Cidr | undefined;
  /** Names of the interfaces that other networks have. */
  readonly taken: ReadonlySet<string>;
}

/** Chooses among the interfaces as they are now. */
export function pickInterface(wish: InterfaceWish, facts: readonly InterfaceFacts[]): InterfaceChoice {
  return wish.wanted === 'auto' ? pickAutomatically(wish, facts) : pickNamed(wish, facts);
}

/** Why this interface is not one that `auto` may use, or undefined when it is. Its cable is not looked at. */
export function unfitForAuto(
  interfaceFacts: InterfaceFacts,
  facts: readonly InterfaceFacts[],
  taken: ReadonlySet<string>,
): string | undefined {
  const { name, isWireless, isLoopback, hasDefaultRoute, kind, master } = interfaceFacts;
  if (isLoopback) return `${name} is the loopback`;
  if (isWireless) return `${name} is wireless`;
  if (hasDefaultRoute) return `${name} carries the default route (name it in the configuration to serve there)`;
  if (taken.has(name)) return `${name} is for another network`;
  if (master !== undefined) return `${name} belongs to ${facts.find(({ index }) => index === master)?.name ?? 'another interface'}`;
  if (kind !== 'physical' && kind !== 'veth')
    return `${name} is ${kind === 'virtual' || kind === 'other' ? 'no network card' : `a ${kind}`}`;
  return undefined;
}

function pickNamed({ wanted, taken }: InterfaceWish, facts: readonly InterfaceFacts[]): InterfaceChoice {
  const found = facts.find(({ name }) => name === wanted);
  if (found === undefined) {
    const others = facts.filter(({ isLoopback }) => !isLoopback).map(({ name }) => name);
    const there = others.length === 0 ? 'there is none besides the loopback' : `there is ${listOf(others)}`;
    return { waiting: `there is no interface ${wanted} (${there})`, down: [] };
  }
  if (taken.has(wanted)) return { waiting: `${wanted} is for another network`, down: [] };
  const notReady = whyNotReady(found);
  if (notReady !== undefined) return { waiting: notReady, down: found.isUp ? [] : [found] };
  const caution = found.hasDefaultRoute ? ', though it carries the default route' : '';
  return { choice: found, why: `named in the configuration${caution}` };
}

function pickAutomatically({ subnet, taken }: InterfaceWish, facts: readonly InterfaceFacts[]): InterfaceChoice {
  const fit = facts.filter((candidate) => unfitForAuto(candidate, facts, taken) === undefined);
  const ready = fit.filter((candidate) => whyNotReady(candidate) === undefined);
  // Ends of virtual cables are for containers and test beds; beside a real card they are somebody else's.
  const cards = ready.filter(({ kind }) => kind === 'physical');
  const candidates = (cards.length > 0 ? cards : ready).toSorted((a, b) => a.index - b.index);
  const atHome = subnet && candidates.find(({ addresses }) => addresses.some(({ address }) => isInside(subnet, address)));
  const choice = atHome ?? candidates[0];
  if (choice === undefined) {
    const cardsDown = fit.filter(({ isUp, kind }) => !isUp && kind === 'physical');
    return { waiting: whatWasSeen(facts, taken), down: cardsDown.length > 0 ? cardsDown : fit.filter(({ isUp }) => !isUp) };
  }
  const others = candidates.filter((candidate) => candidate !== choice).map(({ name }) => name);
  const also = others.length === 0 ? '' : `; ${listOf(others)} would do as well`;
  if (atHome && subnet) return { choice, why: `it has an address in ${showCidr(subnet)}${also}` };
  return {
    choice,
    why: others.length === 0 ? 'the only free wired interface with a cable' : `the first free wired interface with a cable${also}`,
  };
}

/** Why nothing can be served on this interface at the moment, or undefined when it can. */
export function whyNotReady({ name, isUp, hasCarrier }: InterfaceFacts): string | undefined {
  if (!isUp) return `${name} is down`;
  return hasCarrier ? undefined : `${name} has no cable`;
}

/** Real interfaces one by one; the many virtual ones that container and VPN programs make in one breath. */
function whatWasSeen(facts: readonly InterfaceFacts[], taken: ReadonlySet<string>): string {
  const visible = facts.filter(({ isLoopback }) => !isLoopback);
  if (visible.length === 0) return 'there is no network interface besides the loopback';
  const isOfInterest = (candidate: InterfaceFacts) =>
    candidate.kind === 'physical' ||
    candidate.isWireless ||
    candidate.hasDefaultRoute ||
    unfitForAuto(candidate, facts, taken) === undefined;
  const reasons = visible.filter(isOfInterest).map((candidate) => unfitForAuto(candidate, facts, taken) ?? whyNotReady(candidate) ?? '');
  const virtual = visible.filter((candidate) => !isOfInterest(candidate)).map(({ name }) => name);
  if (virtual.length > 0) reasons.push(`${listOf(virtual)} ${virtual.length === 1 ? 'is' : 'are'} virtual or for something else`);
  return reasons.join('; ');
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
