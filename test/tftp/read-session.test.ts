import { describe, expect, test } from 'vitest';
import { monoMs } from '../../src/base/clock.ts';
import { pattern, ReadScript } from '../support/tftp-script.ts';

describe('lock-step (RFC 1350 §2)', () => {
  test('a block for each ACK, the last one short', () => {
    const script = new ReadScript(pattern(1000));
    expect(script.start()).toEqual(['DATA 1 (512)']);
    expect(script.until(900)).toEqual([]);
    expect(script.ack(1)).toEqual(['DATA 2 (488)']);
    expect(script.ack(2)).toEqual(['done 1000', 'close']);
    expect(script.session.nextDeadline()).toBeUndefined();
  });

  test.each([
    [0, ['DATA 1 (0)']],
    [512, ['DATA 1 (512)', 'DATA 2 (0)']],
    [513, ['DATA 1 (512)', 'DATA 2 (1)']],
    [1024, ['DATA 1 (512)', 'DATA 2 (512)', 'DATA 3 (0)']],
  ])('%i octets end with a block shorter than the others (RFC 1350 §6)', (size, blocks) => {
    const script = new ReadScript(pattern(size));
    const seen = script.start();
    for (let block = 1; block < blocks.length; block++) seen.push(...script.ack(block));
    expect(seen).toEqual(blocks);
    expect(script.ack(blocks.length)).toEqual([`done ${size}`, 'close']);
  });

  test('an ACK once more, of an older block or of one to come does nothing (RFC 1123 §4.2.3.1)', () => {
    const script = new ReadScript(pattern(5000));
    script.start();
    script.ack(1);
    expect(script.ack(2)).toEqual(['DATA 3 (512)']);
    for (const block of [2, 1, 0, 4, 65535]) expect(script.ack(block)).toEqual([]);
    expect(script.ack(3)).toEqual(['DATA 4 (512)']);
  });

  test('after the end nothing is answered', () => {
    const script = new ReadScript(pattern(1));
    script.start();
    script.ack(1);
    expect(script.ack(1)).toEqual([]);
    expect(script.until(1e6)).toEqual([]);
  });

  test('packets that make no sense here are ignored', () => {
    const script = new ReadScript(pattern(1000));
    script.start();
    expect(script.says({ type: 'data', block: 1, octets: pattern(3) })).toEqual([]);
    expect(script.says({ type: 'oack', options: [] })).toEqual([]);
    expect(script.says({ type: 'rrq', fileName: 'x', mode: 'octet', options: [] })).toEqual([]);
    expect(script.ack(1)).toEqual(['DATA 2 (488)']);
  });

  test('block numbers roll over to 0', () => {
    const script = new ReadScript(pattern(8 * 65540), { blksize: 8 });
    script.start();
    for (let block = 0; block < 65535; block++) script.ack(block);
    expect(script.ack(65535)).toEqual(['DATA 0 (8)']);
    expect(script.ack(65535)).toEqual([]);
    expect(script.ack(0)).toEqual(['DATA 1 (8)']);
  });
});

describe('silence', () => {
  test('sent again after 1, 2, 4, 8 and 8 s, then given up', () => {
    const script = new ReadScript(pattern(5000));
    script.start();
    const again = (at: number) => `${at} DATA 1 (512)`;
    const before = [1000, 3000].map(again);
    const after = [7000, 15_000, 23_000].map(again);
    expect(script.until(60_000)).toEqual([...before, '7000 stalled', ...after, '31000 failed', '31000 close']);
    expect(script.effects.at(-2)).toMatchObject({ outcome: { acknowledged: 0, windowsLost: 0 } });
  });

  test('an answer starts the first interval again', () => {
    const script = new ReadScript(pattern(5000));
    script.start();
    expect(script.until(3500)).toEqual(['1000 DATA 1 (512)', '3000 DATA 1 (512)']);
    expect(script.session.mayBeginAnew).toBe(true);
    script.ack(1);
    expect(script.session.mayBeginAnew).toBe(false);
    expect(script.until(4500)).toEqual(['4500 DATA 2 (512)']);
  });

  test('the timeout that was agreed is the interval, always (RFC 2349 §3)', () => {
    const script = new ReadScript(pattern(5000), { timeout: 3 });
    script.start();
    script.ack(0);
    expect(script.until(9000)).toEqual(['3000 DATA 1 (512)', '6000 DATA 1 (512)', '9000 stalled', '9000 DATA 1 (512)']);
  });

  test('after an answer is no stall, and an OACK that is not answered is none', () => {
    const answered = new ReadScript(pattern(5000), { blksize: 1024 });
    answered.start();
    answered.ack(0);
    answered.ack(1);
    const silent = new ReadScript(pattern(5000), { blksize: 1024 });
    silent.start();
    for (const script of [answered, silent]) {
      expect(script.until(60_000).join('\n')).not.toContain('stalled');
      expect(script.effects.at(-2)).toMatchObject({ outcome: { kind: 'failed', windowsLost: 0 } });
    }
  });

  test('that ends, and windows that arrive in part, count as windows lost', () => {
    const script = new ReadScript(pattern(5000), { windowsize: 4, timeout: 1 });
    script.start();
    script.ack(0);
    script.until(1000);
    for (const block of [2, 6, 8]) script.ack(block);
    script.until(2000);
    script.ack(10);
    expect(script.effects.at(-2)).toMatchObject({ outcome: { kind: 'done', acknowledged: 10, windowsLost: 4 } });
  });

  test('a missing last ACK is no failure: some clients never send it', () => {
    const script = new ReadScript(pattern(600));
    script.start();
    script.ack(1);
    expect(script.until(60_000).slice(-2)).toEqual(['31000 done 600', '31000 close']);
    expect(script.effects.at(-2)).toMatchObject({ outcome: { confirmed: false, resent: 5 } });
  });

  test.each([
    ['a quick one is asked again after a second', 5, 1000],
    ['one that takes its time gets it', 900, 2700],
  ])('%s: the interval is what round trips have shown (RFC 6298), and a second at least', (_name, tripMs, interval) => {
    const script = new ReadScript(pattern(5000));
    script.start();
    script.until(tripMs);
    script.ack(1);
    expect(script.until(tripMs + 6000)[0]).toBe(`${tripMs + interval} DATA 2 (512)`);
  });

  test('the answer to what was sent twice measures nothing (Karn)', () => {
    const script = new ReadScript(pattern(5000));
    script.start();
    script.until(1005);
    script.ack(1);
    expect(script.until(3000)).toEqual(['2005 DATA 2 (512)']);
  });

  test('called too early, timeout does nothing', () => {
    const script = new ReadScript(pattern(600));
    script.start();
    expect(script.session.timeout(monoMs(999))).toEqual([]);
  });
});

describe('options (RFC 2347 §3)', () => {
  test('the OACK waits for ACK 0', () => {
    const script = new ReadScript(pattern(3000), { blksize: 1024 });
    expect(script.start()).toEqual(['OACK blksize=1024']);
    expect(script.ack(1)).toEqual([]);
    expect(script.ack(0)).toEqual(['DATA 1 (1024)']);
    expect(script.ack(0)).toEqual([]);
  });

  test('a lost OACK is sent again, alone', () => {
    const script = new ReadScript(pattern(3000), { windowsize: 4 });
    script.start();
    expect(script.until(3000)).toEqual(['1000 OACK windowsize=4', '3000 OACK windowsize=4']);
    expect(script.ack(0)).toHaveLength(4);
  });

  test.each([
    [8, 'User aborted the transfer'],
    [0, 'TFTP Aborted'],
  ])('ERROR %i in answer to the OACK is a size probe, not a failure', (code, message) => {
    const script = new ReadScript(pattern(3000), { tsize: 0 });
    script.start();
    expect(script.says({ type: 'error', code, message })).toEqual(['declined', 'close']);
    expect(script.effects.at(-2)).toMatchObject({ outcome: { reason: `the client ended it: error ${code} "${message}"` } });
  });

  test('ERROR later on ends it without an answer (RFC 1350 §7)', () => {
    const script = new ReadScript(pattern(3000));
    script.start();
    expect(script.says({ type: 'error', code: 3, message: '' })).toEqual(['failed', 'close']);
  });
});

describe('windows (RFC 7440 §4)', () => {
  function running(): ReadScript {
    const script = new ReadScript(pattern(20_000), { windowsize: 4 });
    script.start();
    expect(script.ack(0)).toEqual(['DATA 1 (512)', 'DATA 2 (512)', 'DATA 3 (512)', 'DATA 4 (512)']);
    expect(script.ack(4)).toEqual(['DATA 5 (512)', 'DATA 6 (512)', 'DATA 7 (512)', 'DATA 8 (512)']);
    return script;
  }
  const blocks = (first: number) => [0, 1, 2, 3].map((n) => `DATA ${first + n} (512)`);

  test.each([[5], [6], [7]])('an ACK inside the window: on from block %i + 1', (block) => {
    expect(running().ack(block)).toEqual(blocks(block + 1));
  });

  test('the ACK before the window once more: its first block was lost, so the window goes out again, once', () => {
    const script = running();
    expect(script.ack(4)).toEqual(blocks(5));
    expect(script.ack(4)).toEqual([]);
  });

  test('the doubled blocks do not breed: repeated ACKs of the next window are not believed', () => {
    const script = running();
    script.ack(4);
    expect(script.ack(8)).toEqual(blocks(9));
    expect(script.ack(8)).toEqual([]);
    expect(script.ack(12)).toEqual(blocks(13));
    expect(script.ack(12)).toEqual(blocks(13));
  });

  test('a repeated ACK after a pause is believed at once: the client waits', () => {
    const script = running();
    script.ack(4);
    script.until(150);
    expect(script.ack(4)).toEqual(blocks(5));
  });

  test('a client that only repeats itself is given up', () => {
    const script = running();
    const seen: string[] = [];
    for (let at = 200; at < 60_000 && seen.at(-1) !== 'close'; at += 200) {
      seen.push(...script.until(at), ...script.ack(4));
    }
    expect(seen.at(-1)).toBe('close');
    expect(seen.filter((line) => line.endsWith('DATA 5 (512)'))).toHaveLength(5);
  });

  test('a lost ACK: the whole window again after the interval', () => {
    expect(running().until(1500)).toEqual(blocks(5).map((line) => `1000 ${line}`));
  });

  test('the last window is as short as the file', () => {
    const script = new ReadScript(pattern(1000), { windowsize: 8 });
    script.start();
    expect(script.ack(0)).toEqual(['DATA 1 (512)', 'DATA 2 (488)']);
    expect(script.ack(1)).toEqual(['DATA 2 (488)']);
    expect(script.ack(2)).toEqual(['done 1000', 'close']);
  });

  test('across the roll-over', () => {
    const script = new ReadScript(pattern(8 * 65545), { blksize: 8, windowsize: 5 });
    script.start();
    for (let block = 0; block < 65535; block += 5) script.ack(block);
    expect(script.ack(65535)).toEqual([0, 1, 2, 3, 4].map((block) => `DATA ${block} (8)`));
    expect(script.ack(1)).toEqual([2, 3, 4, 5, 6].map((block) => `DATA ${block} (8)`));
  });
});

describe('netascii (RFC 1350 §1)', () => {
  test('pairs straddle blocks, and what is sent again is the same', () => {
    const text = `${'a'.repeat(511)}\nb${'\n'.repeat(300)}\rz`;
    const script = new ReadScript(Uint8Array.from(Buffer.from(text, 'latin1')), { windowsize: 2 }, 'netascii');
    script.start();
    script.ack(0);
    script.until(1000);
    script.ack(1);
    script.ack(3);
    expect(script.sentFile()).toBe(text.replaceAll(/[\r\n]/g, (end) => (end === '\n' ? '\r\n' : '\r\0')));
  });
});

describe('a file that cannot be read on', () => {
  test('ends it with ERROR 0, once: the client was promised its size', () => {
    const script = new ReadScript(pattern(1000));
    script.start();
    expect(script.session.fail({ code: 0, message: 'the file could not be read' })).toMatchObject([
      { do: 'send' },
      { do: 'conclude', outcome: { kind: 'failed' } },
      { do: 'close' },
    ]);
    expect(script.session.fail({ code: 0, message: 'again' })).toEqual([]);
  });
});

describe('a client that begins anew from its port', () => {
  test('is right to when it has all but for its last ACK, which may come by another socket and so later', () => {
    const script = new ReadScript(pattern(1000));
    script.start();
    expect(script.session.mayBeginAnew).toBe(false);
    script.ack(1);
    expect(script.session.mayBeginAnew).toBe(true);
  });

  test('is not when nothing was heard of it: its request came twice', () => {
    const script = new ReadScript(pattern(100));
    script.start();
    expect(script.session.mayBeginAnew).toBe(false);
  });

  test('ends the transfer without a word', () => {
    const script = new ReadScript(pattern(1000));
    script.start();
    expect(script.session.abandon()).toMatchObject([{ do: 'conclude', outcome: { kind: 'failed' } }, { do: 'close' }]);
    expect(script.session.abandon()).toEqual([]);
  });

  test('had the whole file when only the last ACK is missing', () => {
    const script = new ReadScript(pattern(1000));
    script.start();
    script.ack(1);
    expect(script.session.abandon()).toMatchObject([{ outcome: { kind: 'done', confirmed: false } }, { do: 'close' }]);
  });
});
