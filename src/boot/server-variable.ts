/** `${server}` and `${httpPort}` in the configuration: our own address on the network where a client is, and the port of HTTP. */
import { type Ipv4, showIpv4 } from '../base/addresses.ts';

/** What the variables stand for. */
export interface OwnPlace {
  /** The server's own address on the network. */
  readonly server: Ipv4;
  /** Undefined: nothing is served by HTTP, and no text that was checked asks for the port. */
  readonly httpPort?: number | undefined;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration writes it
export const SERVER_VARIABLE = '${server}';

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the configuration writes it
export const HTTP_PORT_VARIABLE = '${httpPort}';

/** `text` with every variable in it replaced. */
export function fillVariables(text: string, { server, httpPort }: OwnPlace): string {
  const withServer = text.replaceAll(SERVER_VARIABLE, showIpv4(server));
  return httpPort === undefined ? withServer : withServer.replaceAll(HTTP_PORT_VARIABLE, String(httpPort));
}
