/** A device on the wire of an interface, by whole frames: the interface needs no address, and the machine takes no part. */
import type { Mac } from '../../base/addresses.ts';
import type { InterfaceFacts, StationSockets } from '../../net/ports.ts';
import type { ProbeEvent } from '../life.ts';
import { Station, type StationEffect } from '../station.ts';
import { monoNow, randomNumber, type Wire, type WireAction } from './live.ts';

/** Opens the wire; throws with what is in the way and what to do about it. */
export function openFrameWire(facts: InterfaceFacts, mac: Mac, sockets: StationSockets): Wire {
  let obstacle = 'whole frames need the kernel calls of Linux, and an interface with Ethernet';
  let isOpening = true;
  const link = sockets.openStationLink(facts, mac, (fault) => {
    // A cable that is pulled later shows by silence, as on a device.
    if (isOpening) obstacle = fault.message;
  });
  isOpening = false;
  if (link === undefined) throw new Error(`cannot simulate a device on ${facts.name}: ${obstacle} (root, or CAP_NET_RAW, is needed)`);
  const station = new Station({ mac, mtu: facts.mtu, random: randomNumber });
  let listener: (event: ProbeEvent) => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  const perform = (effects: readonly StationEffect[]): void => {
    for (const effect of effects) if (effect.do === 'frame') link.send(effect.frame);
    clearTimeout(timer);
    const deadline = station.nextDeadline();
    if (deadline !== undefined && isOpen) timer = setTimeout(() => perform(station.timeout(monoNow())), Math.max(1, deadline - monoNow()));
    for (const effect of effects) if (effect.do === 'event') listener(effect.event);
  };
  link.onFrame((frame) => perform(station.receive(frame, monoNow())));
  return {
    onEvent(hear) {
      listener = hear;
    },
    carryOut: (action) => perform(effectsOf(station, action)),
    async close() {
      isOpen = false;
      clearTimeout(timer);
      link.close();
    },
  };
}

function effectsOf(station: Station, action: WireAction): readonly StationEffect[] {
  switch (action.do) {
    case 'dhcp':
      return station.sendDhcp(action.octets, action.from, action.to, monoNow());
    case 'udp':
      return station.sendUdp(action.octets, action.fromPort, action.to, monoNow());
    case 'http':
      return station.request(action.id, action.request, monoNow());
    case 'address':
      station.takeAddress(action.address, action.mask, action.router);
      return [];
  }
}
