/** The operator's text for devices that fetch their configuration by themselves, and its lines. */
import type { EventText } from './catalog.ts';
import type { ProvisioningEvent } from './provisioning-events.ts';

export const PROVISIONING_TEXTS: Readonly<Record<ProvisioningEvent['type'], EventText>> = {
  'provisioning.followed': {
    level: 'info',
    meaning:
      'A phone or another device that fetches its configuration by itself went a step further through the files that its family asks for; the line has all its steps so far. A step that it cannot go on from is a warning and says what to do.',
    action: 'None, until a line says what to put where. `docs/phones` tells for each family which files it asks for.',
  },
  'provisioning.incomplete': {
    level: 'warn',
    meaning:
      'A device got a file, most often its configuration, that names others, such as its firmware, and those are not in the TFTP root. It will ask for them next.',
    action:
      'Put the files that the line names into the TFTP root, or take their names out of the configuration: most phones then keep what they have.',
  },
};

/** One line of text. */
export function describeProvisioning(event: ProvisioningEvent): string {
  if (event.type === 'provisioning.incomplete')
    return `the ${event.what} that it got, ${event.path}, names what is not there: ${event.missing.join(', ')}`;
  return `${event.family}: ${event.steps.join(' → ')}${event.advice === undefined ? '' : `: ${event.advice}`}`;
}
