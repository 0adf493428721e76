/** How a test file that used namespaces ends: nothing of it is left on the machine. */
import { expect } from 'vitest';
import { leftovers } from './netns.ts';
import { removeScratch } from './scratch.ts';
import type { VirtualSwitch } from './virtual-switch.ts';

/** Takes the switch away with all its machines, programs and files; undefined when a test file has failed before it had one. */
export function leaveNothing(ethernet: VirtualSwitch | undefined): void {
  ethernet?.close();
  removeScratch();
  expect(leftovers(), 'namespaces left behind').toEqual([]);
}
