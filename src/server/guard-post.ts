/** The guards of all interfaces that are served: one each, as the configuration wants it. */
import type { NetworkConfig } from '../config/config.ts';
import type { DhcpService } from '../dhcp/subnet.ts';
import type { GuardMode } from './guard-rules.ts';
import { ServerGuard, type ServerGuardParts } from './server-guard.ts';
import type { ServedNetwork } from './site.ts';

interface Posted {
  readonly mode: GuardMode;
  readonly guard: ServerGuard;
}

export class GuardPost {
  readonly #parts: Pick<ServerGuardParts, 'sockets' | 'interfaces' | 'clock' | 'tell'>;
  readonly #onChange: () => void;
  readonly #posted = new Map<string, Posted>();

  /** @param onChange is called when `serviceOf` a network has become another. */
  constructor(parts: Pick<ServerGuardParts, 'sockets' | 'interfaces' | 'clock' | 'tell'>, onChange: () => void) {
    this.#parts = parts;
    this.#onChange = onChange;
  }

  /** Sets a guard on a network's interface, or takes it away, as `config` says now. */
  post({ network, facts }: ServedNetwork, config: Pick<NetworkConfig, 'guard' | 'mode'>): void {
    // A proxy has nothing to do with other servers but to be beside them.
    const mode = config.mode !== 'server' || config.guard === 'off' ? undefined : config.guard;
    if (this.#posted.get(network)?.mode === mode) return;
    this.withdraw(network);
    if (mode === undefined) return;
    const guard = new ServerGuard({ ...this.#parts, mode, network, facts, onService: this.#onChange });
    this.#posted.set(network, { mode, guard });
    guard.start();
  }

  /** Takes the guard of a network away: its interface is not served any more. */
  withdraw(network: string): void {
    this.#posted.get(network)?.guard.close();
    this.#posted.delete(network);
  }

  /** What DHCP may do on a network at this moment. */
  serviceOf(network: string): DhcpService {
    return this.#posted.get(network)?.guard.service ?? 'full';
  }
}
