/** The operator's text for what is told of a single device. */
import type { EventText } from './catalog.ts';
import type { DeviceEvent } from './device-events.ts';

export const DEVICE_TEXTS: Readonly<Record<DeviceEvent['type'], EventText>> = {
  'dhcp.overheard': {
    level: 'debug',
    meaning:
      'Another DHCP server answered a device, and the answer reached this machine too. Answers that go to the device alone are not heard through a switch.',
    action: 'None by itself; see `guard.found`. `bootlace devices` shows what the device made of it.',
  },
  'device.stuck': {
    level: 'warn',
    meaning:
      'A device does not go on. The line says why, what shows it, and what to do; its name is one of those in `docs/devices.md`. It is told once, and again when the cause is another one or the device has been well in between.',
    action: 'Do what the line says. `bootlace devices NAME` shows all that the device did, in order.',
  },
};
