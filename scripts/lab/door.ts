/** The door to the console: a port on the loopback of this machine leads to the laptop's, so that a browser of this machine shows the page. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Namespace } from '../../test/support/netns.ts';
import type { Program } from '../../test/support/program.ts';

export class Door {
  readonly url: string;
  readonly #server: Server;
  readonly #inside: Program;
  readonly #open: ReadonlySet<Socket>;

  private constructor(url: string, server: Server, inside: Program, open: ReadonlySet<Socket>) {
    this.url = url;
    this.#server = server;
    this.#inside = inside;
    this.#open = open;
  }

  /** @param port on 127.0.0.1 of this machine; 0 is any that is free. Rejects when it is taken. */
  static async open(laptop: Namespace, directory: string, consolePort: number, port: number): Promise<Door> {
    const path = join(directory, 'door');
    const inside = laptop.start([process.execPath, join(import.meta.dirname, 'door-inside.ts'), path, `${consolePort}`]);
    await inside.waitFor(/open/);
    const open = new Set<Socket>();
    const server = createServer((outer) => {
      open.add(outer);
      const inner = connect(path);
      outer.pipe(inner).pipe(outer);
      outer.on('error', () => inner.destroy());
      inner.on('error', () => outer.destroy());
      outer.on('close', () => open.delete(outer));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (fault: NodeJS.ErrnoException) =>
        reject(fault.code === 'EADDRINUSE' ? new Error(`port ${port} of 127.0.0.1 is in use: --port NUMBER takes another`) : fault),
      );
      server.listen({ host: '127.0.0.1', port }, resolve);
    });
    const bound = server.address();
    return new Door(`http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : port}/`, server, inside, open);
  }

  async close(): Promise<void> {
    await this.#inside.stop();
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
