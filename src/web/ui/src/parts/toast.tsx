/** Short messages on what was done or went wrong; they go by themselves, faults stay longer. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { problemOf } from '../api.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icons.tsx';

interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'fault';
  readonly text: string;
  readonly details: readonly string[];
}

const DONE_MS = 4_000;
const FAULT_MS = 12_000;
const MOST_TOASTS = 4;

const toasts = signal<readonly Toast[]>([]);
let nextId = 1;

/** Says that something was done. */
export function tellDone(text: string): void {
  add('done', text, [], DONE_MS);
}

/** Says what went wrong, in the words of the server. */
export function tellFault(thrown: unknown): void {
  const problem = problemOf(thrown);
  add('fault', problem.message, problem.details, FAULT_MS);
}

function add(kind: Toast['kind'], text: string, details: readonly string[], forMs: number): void {
  const id = nextId++;
  toasts.value = [...toasts.peek(), { id, kind, text, details }].slice(-MOST_TOASTS);
  setTimeout(() => remove(id), forMs);
}

function remove(id: number): void {
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast toast-${toast.kind}`}>
          <Icon name={toast.kind === 'done' ? 'check' : 'alert'} />
          <div class="toast-text">
            <p>{toast.text}</p>
            {toast.details.map((detail) => (
              <p key={detail} class="toast-detail">
                {detail}
              </p>
            ))}
          </div>
          <IconButton label="Dismiss" icon="close" onClick={() => remove(toast.id)} />
        </div>
      ))}
    </div>
  );
}
