/**
 * A device as if it were behind a relay agent at an address of this machine: DHCP goes to the server by that agent, files come by ordinary sockets. No
 * frame is made, so that it also reaches a server on this machine or beyond routers.
 */
import { request as httpRequest } from 'node:http';
import { type Ipv4, showIpv4 } from '../../base/addresses.ts';
import { SERVER_PORT } from '../../dhcp/packet.ts';
import type { DatagramPort, SocketFactory } from '../../net/ports.ts';
import { targetOf } from '../http-message.ts';
import { type HttpAnswer, MOST_OCTETS, type ProbeEvent, TOO_LARGE } from '../life.ts';
import type { Wire, WireAction } from './live.ts';

/** @param interfaceName where the agent's address is. Rejects where the agent's port cannot be opened: another server, or no rights. */
export async function openRelayWire(sockets: SocketFactory, interfaceName: string, relay: Ipv4, server: Ipv4): Promise<Wire> {
  const agent = await sockets.openUdp({ interface: interfaceName, address: relay, port: SERVER_PORT });
  let listener: (event: ProbeEvent) => void = () => undefined;
  agent.onDatagram((octets, from) => listener({ on: 'datagram', octets, from, toPort: SERVER_PORT }));
  agent.onFault(() => undefined);
  const ports = new Map<number, Promise<DatagramPort>>();
  const portFor = (number: number): Promise<DatagramPort> => {
    const opened = ports.get(number) ?? open(number);
    ports.set(number, opened);
    return opened;
  };
  const open = async (number: number): Promise<DatagramPort> => {
    const port = await sockets.openUdp({ interface: interfaceName, address: relay, port: number, broadcast: true });
    port.onDatagram((octets, from) => listener({ on: 'datagram', octets, from, toPort: number }));
    port.onFault(() => undefined);
    return port;
  };
  const carryOut = (action: WireAction): void => {
    if (action.do === 'dhcp') agent.send(action.octets, { address: server, port: action.to.port });
    // What cannot be sent is lost, as on a wire: the device asks again.
    if (action.do === 'udp')
      portFor(action.fromPort).then(
        (port) => port.send(action.octets, action.to),
        () => ports.delete(action.fromPort),
      );
    if (action.do === 'http')
      askWeb(action, relay).then(
        (answer) => listener({ on: 'http', id: action.id, answer }),
        () => undefined,
      );
  };
  return {
    onEvent(hear) {
      listener = hear;
    },
    carryOut,
    async close() {
      listener = () => undefined;
      await agent.close();
      for (const port of await Promise.allSettled(ports.values())) if (port.status === 'fulfilled') await port.value.close();
    },
  };
}

function askWeb({ request }: Extract<WireAction, { do: 'http' }>, from: Ipv4): Promise<HttpAnswer> {
  const { method, server, path, headers } = request;
  return new Promise((resolve) => {
    const asking = httpRequest({
      host: showIpv4(server.address),
      port: server.port,
      localAddress: showIpv4(from),
      method,
      path: targetOf(path),
      headers,
      agent: false,
    });
    asking.on('error', (fault) => resolve({ fault: fault.message }));
    asking.on('response', (response) => {
      const pieces: Buffer[] = [];
      let octets = 0;
      response.on('data', (piece: Buffer) => {
        octets += piece.length;
        if (octets > MOST_OCTETS) asking.destroy(new Error(TOO_LARGE.fault));
        else pieces.push(piece);
      });
      response.on('error', (fault) => resolve({ fault: fault.message }));
      response.on('end', () => {
        const said = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(said), octets: Buffer.concat(pieces) });
      });
    });
    asking.end();
  });
}
