/** Sends one raw frame: `send-frame.ts INTERFACE FROM TO HARDWARE-ADDRESS TEXT`. */
import { parseIpv4, parseMac } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';

const [name, fromText = '', toText = '', hardwareText = '', text = ''] = process.argv.slice(2);
const [from, to, hardwareAddress] = [parseIpv4(fromText), parseIpv4(toText), parseMac(hardwareText)];
invariant(from !== undefined && to !== undefined && hardwareAddress !== undefined, 'the arguments are addresses');
const { sockets, interfaces } = await openNetworkHost('linux');
const facts = interfaces.list().find((candidate) => candidate.name === name);
invariant(facts, 'the first argument is an interface');
const link = sockets.openRawLink(facts, (fault) => console.log(`fault ${fault.message}`));
invariant(link, 'raw frames are possible');
const payload = new TextEncoder().encode(text);
link.send({ from: { address: from, port: 67 }, to: { address: to, port: 68 }, hardwareAddress, payload });
link.send({ from: { address: from, port: 67 }, to: { address: to, port: 68 }, hardwareAddress, payload: new Uint8Array(2000) });
link.close();
console.log('sent');
