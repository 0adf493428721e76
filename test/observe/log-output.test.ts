import { expect, test } from 'vitest';
import { type OutputSystem, PatientOutput } from '../../src/observe/log-output.ts';

/** A descriptor whose reader takes only so much, or fails with an errno. */
class Reader implements OutputSystem {
  taken = '';
  room = Number.POSITIVE_INFINITY;
  fault: string | undefined;
  writes = 0;
  slept = 0;
  onSleep: () => void = () => undefined;
  readonly #reminders: (() => void)[] = [];

  write(octets: Uint8Array): number {
    this.writes += 1;
    if (this.fault !== undefined) throw Object.assign(new Error(this.fault), { code: this.fault });
    if (this.room === 0) throw Object.assign(new Error('EAGAIN'), { code: 'EAGAIN' });
    const count = Math.min(this.room, octets.length);
    this.room -= count;
    this.taken += new TextDecoder().decode(octets.subarray(0, count));
    return count;
  }

  later(_millis: number, then: () => void): void {
    this.#reminders.push(then);
  }

  sleep(millis: number): void {
    this.slept += millis;
    this.onSleep();
  }

  get isWaitedFor(): boolean {
    return this.#reminders.length > 0;
  }

  pass(): void {
    for (const then of this.#reminders.splice(0)) then();
  }
}

test('a line is written at once', () => {
  const reader = new Reader();
  new PatientOutput(reader).write('one\n');
  expect(reader.taken).toBe('one\n');
  expect(reader.isWaitedFor).toBe(false);
});

test('a reader that is slow gets everything in order, without a line cut', () => {
  const reader = new Reader();
  const output = new PatientOutput(reader);
  reader.room = 5;
  for (const line of ['one\n', 'two\n', 'three\n']) output.write(line);
  expect(reader.taken).toBe('one\nt');
  reader.room = 4;
  reader.pass();
  expect(reader.taken).toBe('one\ntwo\nt');
  reader.room = 100;
  reader.pass();
  expect(reader.taken).toBe('one\ntwo\nthree\n');
  expect(reader.isWaitedFor).toBe(false);
});

test.each(['EAGAIN', 'ENOSPC', 'EIO', 'EDQUOT'])('%s passes: lines are kept and written later', (errno) => {
  const reader = new Reader();
  const output = new PatientOutput(reader);
  reader.fault = errno;
  output.write('one\n');
  output.write('two\n');
  expect(reader.writes).toBe(1);
  reader.fault = undefined;
  reader.pass();
  expect(reader.taken).toBe('one\ntwo\n');
});

test.each(['EPIPE', 'EBADF'])('%s does not pass: nothing is written or kept any more', (errno) => {
  const reader = new Reader();
  const output = new PatientOutput(reader);
  reader.fault = errno;
  output.write('one\n');
  reader.fault = undefined;
  output.write('two\n');
  output.flush();
  expect(reader.taken).toBe('');
  expect(reader.isWaitedFor).toBe(false);
  expect(reader.slept).toBe(0);
});

test('a reader that never reads costs a bounded memory, and what was given up is counted', () => {
  const reader = new Reader();
  const output = new PatientOutput(reader);
  const line = `${'x'.repeat(1023)}\n`;
  reader.room = 0;
  for (let i = 0; i < 1500; i++) output.write(line);
  expect(output.takeLost()).toBe(0);
  reader.room = Number.POSITIVE_INFINITY;
  reader.pass();
  expect(reader.taken.length).toBe(1024 * 1024);
  expect(output.takeLost()).toBe(1500 - 1024);
  expect(output.takeLost()).toBe(0);
});

test('at the end it is tried for a while and no longer', () => {
  const reader = new Reader();
  const output = new PatientOutput(reader);
  reader.room = 0;
  output.write('one\n');
  output.flush(500);
  expect(reader.taken).toBe('');
  expect(reader.slept).toBeLessThanOrEqual(510);
  reader.onSleep = () => {
    reader.room = 100;
  };
  output.flush(500);
  expect(reader.taken).toBe('one\n');
});
