/** Who an event is about, from what the engine knows. */
import { NO_ADDRESS } from '../base/addresses.ts';
import { textBeforeNuls } from '../base/bytes.ts';
import type { Asking } from '../events/device-events.ts';
import type { Subject } from '../events/events.ts';
import { OPTION } from './codes.ts';
import type { Inquiry } from './inquiry.ts';
import type { Lease } from './lease.ts';
import type { BootPlan, Provisioning } from './reply.ts';
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

/** Longest vendor class that is told, in octets; most have 32. */
const LONGEST_CLASS = 64;

/** What a DISCOVER says beside who sent it. */
export function askingOf({ packet: { seconds, options }, relay }: DhcpRequest, boot: BootPlan | undefined): Asking {
  const vendorClass = options.get(OPTION.vendorClass);
  const machine = options.get(OPTION.clientMachineId);
  return {
    seconds,
    vendorClass: vendorClass === undefined ? undefined : textBeforeNuls(vendorClass.subarray(0, LONGEST_CLASS)),
    loader: boot?.loader,
    architecture: boot?.architecture,
    form: boot?.form,
    nextForm: boot?.nextForm,
    machine: machine === undefined ? undefined : numberOf(machine),
    circuit: relay?.circuitId,
  };
}

/** 32 bits that tell octets apart (FNV-1a). */
function numberOf(octets: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193);
  return hash >>> 0;
}

/** Options that tell a client where its files are: 43, 66, 67, 150, and what phones and PXELINUX have of their own. */
const FILE_OPTIONS: ReadonlySet<number> = new Set([43, 60, 66, 67, 128, 129, 150, 160, 161, 208, 209, 210]);

/** True for one that wants to hear of files, or does not say what it wants. */
export function asksForFile({ parameterList }: DhcpRequest): boolean {
  return parameterList === undefined || parameterList.some((code) => FILE_OPTIONS.has(code));
}
