/** `${server}` in the configuration: our own address on the network where a client is. */
import { type Ipv4, showIpv4 } from '../base/addresses.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration writes it
export const SERVER_VARIABLE = '${server}';

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration writes it
export const HTTP_PORT_VARIABLE = '${httpPort}';

/** `text` with every `${server}` in it replaced, and every `${httpPort}` where files are served by HTTP. */
export function fillServer(text: string, server: Ipv4, httpPort?: number): string {
  const filled = text.replaceAll(SERVER_VARIABLE, showIpv4(server));
  return httpPort === undefined ? filled : filled.replaceAll(HTTP_PORT_VARIABLE, String(httpPort));
}
