/** `${server}` in the configuration: our own address on the network where a client is. */
import { type Ipv4, showIpv4 } from '../base/addresses.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration writes it
export const SERVER_VARIABLE = '${server}';

/** `text` with every `${server}` in it replaced. */
export function fillServer(text: string, server: Ipv4): string {
  return text.replaceAll(SERVER_VARIABLE, showIpv4(server));
}
