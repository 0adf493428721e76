/** Every file that is made from the source: where it lies and how its text is made. */
import { configJsonSchema } from '../src/config/schema.ts';
import { apiPage } from './api-page.ts';
import { configurationPage } from './configuration-page.ts';
import { devicesPage } from './devices-page.ts';
import { labPage } from './lab-page.ts';
import { messagesPage } from './messages-page.ts';

export interface GeneratedPage {
  /** From the root of the repository. */
  readonly file: string;
  text(): string | Promise<string>;
}

/** `npm run docs` writes them; a test holds that they are up to date. */
export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { file: 'config.schema.json', text: () => `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
  { file: 'docs/configuration.md', text: () => configurationPage(configJsonSchema()) },
  { file: 'docs/messages.md', text: messagesPage },
  { file: 'docs/devices.md', text: devicesPage },
  { file: 'docs/api.md', text: apiPage },
  { file: 'docs/lab.md', text: labPage },
];
