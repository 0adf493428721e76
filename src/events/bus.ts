/** Carries events from those who say them to those who listen, in order, within one thread. */
import type { AppEvent } from './events.ts';

export type EventListener = (event: AppEvent) => void;

/** Says an event. What engines' shells are handed, so that they cannot listen. */
export type Tell = (event: AppEvent) => void;

/** A synchronous bus that isolates listeners: one that throws harms neither the teller nor the others. */
export class EventBus {
  readonly #listeners = new Set<EventListener>();
  readonly #onListenerFault: (fault: unknown, event: AppEvent) => void;

  /** @param onListenerFault is told of a listener that threw; it must not throw itself. */
  constructor(onListenerFault: (fault: unknown, event: AppEvent) => void) {
    this.#onListenerFault = onListenerFault;
  }

  /** Adds a listener; call what is returned to remove it. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly tell: Tell = (event) => {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (fault) {
        this.#onListenerFault(fault, event);
      }
    }
  };
}
