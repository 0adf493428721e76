/** Who an event is about, from what the engine knows. */
import { NO_ADDRESS } from '../base/addresses.ts';
import type { Subject } from '../events/events.ts';
import type { Inquiry } from './inquiry.ts';
import type { Lease } from './lease.ts';
import type { Provisioning } from './reply.ts';
import type { DhcpRequest } from './request.ts';
import type { Host } from './subnet.ts';

/** The holder of a lease; the configuration's name goes before the client's own. */
export function subjectOfLease(lease: Lease, host?: Host): Subject {
  return { mac: lease.mac, address: lease.address, hostName: host?.name ?? lease.hostName };
}

/** The classes that fit it, and what it says that it is, for an event about its address. */
export function classesOf({ classes, told }: Inquiry): Pick<Subject, 'classes' | 'profile' | 'model' | 'serial'> {
  return classes.length === 0 ? { ...told } : { ...told, classes: classes.map(({ name }) => name) };
}

/** The family that it was told its server as a member of. */
export function familyOf(provisioning: Provisioning | undefined): Pick<Subject, 'profile' | 'model' | 'serial'> {
  if (provisioning === undefined) return {};
  const { profile, model, serial } = provisioning;
  return { profile, model, serial };
}

/** The sender of a request, by the address that it uses already, if any. */
export function subjectOfRequest(request: DhcpRequest, host?: Host): Subject {
  const { clientAddress } = request.packet;
  return { mac: request.mac, address: clientAddress === NO_ADDRESS ? undefined : clientAddress, hostName: host?.name ?? request.hostName };
}
