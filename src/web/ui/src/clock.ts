/** The time of the server, as this page knows it: devices, laptops and phones seldom agree on what time it is. */
import { signal } from '@preact/signals';

/** How much the server is ahead of this browser, in milliseconds. */
let aheadMs = 0;

/** Now, by the server; it goes on once a second. */
export const clock = signal(Date.now());

export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) clock.value = Date.now() + aheadMs;
  }, 1_000);
  document.addEventListener('visibilitychange', () => {
    clock.value = Date.now() + aheadMs;
  });
}

/** @param serverNow what the server says that it is, in milliseconds since 1970. */
export function setServerTime(serverNow: number): void {
  aheadMs = serverNow - Date.now();
  clock.value = serverNow;
}
