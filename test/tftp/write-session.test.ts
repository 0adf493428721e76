import { describe, expect, test } from 'vitest';
import { pattern, WriteScript } from '../support/tftp-script.ts';

const BLOCK = pattern(512);

describe('lock-step (RFC 1350 §2)', () => {
  test('ACK 0, an ACK for each block, the last one only when the file is in its place', () => {
    const script = new WriteScript();
    expect(script.start()).toEqual(['ACK 0']);
    expect(script.data(1, BLOCK)).toEqual(['ACK 1']);
    expect(script.data(2, BLOCK.subarray(0, 10))).toEqual(['store 522 at 0', 'finish']);
    expect(script.until(60_000)).toEqual([]);
    expect(script.stored(522)).toEqual([]);
    expect(script.finished()).toEqual(['ACK 2', 'done 522']);
    expect(script.storedFile()).toEqual(Buffer.concat([BLOCK, BLOCK.subarray(0, 10)]));
  });

  test('an exact multiple ends with an empty block (RFC 1350 §6)', () => {
    const script = new WriteScript();
    script.start();
    script.data(1, BLOCK);
    expect(script.data(2, '')).toEqual(['store 512 at 0', 'finish']);
  });

  test('an empty file has nothing to store', () => {
    const script = new WriteScript();
    script.start();
    expect(script.data(1, '')).toEqual(['finish']);
    expect(script.finished()).toEqual(['ACK 1', 'done 0']);
  });

  test('a block once more is acknowledged again and stored once', () => {
    const script = new WriteScript();
    script.start();
    script.data(1, BLOCK);
    expect(script.data(1, BLOCK)).toEqual(['ACK 1']);
    expect(script.data(2, 'end')).toEqual(['store 515 at 0', 'finish']);
  });

  test('a block that is not awaited does nothing', () => {
    const script = new WriteScript();
    script.start();
    expect(script.data(3, BLOCK)).toEqual([]);
    expect(script.ack(1)).toEqual([]);
  });

  test('block numbers roll over to 0', () => {
    const script = new WriteScript({ blksize: 8 });
    script.start();
    for (let block = 1; block < 65536; block++) {
      if (script.data(block, BLOCK.subarray(0, 8)).some((line) => line.startsWith('store'))) script.stored(32_768);
    }
    expect(script.data(0, BLOCK.subarray(0, 8)).at(-1)).toBe('ACK 0');
    expect(script.data(1, 'x').at(-1)).toBe('finish');
  });
});

describe('dally: the last ACK may be lost (RFC 1350 §6)', () => {
  function dallying(): WriteScript {
    const script = new WriteScript();
    script.start();
    script.data(1, 'short');
    script.stored(5);
    script.finished();
    return script;
  }

  test('the last block once more is acknowledged again, for six seconds since the last time', () => {
    const script = dallying();
    script.until(5000);
    expect(script.data(1, 'short')).toEqual(['ACK 1']);
    expect(script.data(7, 'other')).toEqual([]);
    expect(script.until(20_000)).toEqual(['11000 close']);
    expect(script.data(1, 'short')).toEqual([]);
  });

  test('longer where the client set a long interval (RFC 2349 §3)', () => {
    const script = new WriteScript({ timeout: 20 });
    script.start();
    script.data(1, 'short');
    script.finished();
    expect(script.until(60_000)).toEqual(['21000 close']);
  });

  test('not for ever', () => {
    const script = dallying();
    const seen: string[] = [];
    for (let at = 1000; at < 60_000 && seen.at(-1) === undefined; at += 1000) {
      seen.push(...script.until(at));
      script.data(1, 'short');
    }
    expect(seen).toEqual(['11000 close']);
  });

  test('the outcome is told once; an ERROR or a shutdown only closes the port', () => {
    expect(dallying().says({ type: 'error', code: 0, message: '' })).toEqual(['close']);
    expect(dallying().session.fail({ code: 0, message: 'server is going down' })).toEqual([{ do: 'close' }]);
    expect(dallying().session.abandon()).toEqual([{ do: 'close' }]);
  });

  test('while the file is put in its place, the client may repeat itself', () => {
    const script = new WriteScript();
    script.start();
    script.data(1, 'short');
    expect(script.data(1, 'short')).toEqual([]);
    expect(script.says({ type: 'error', code: 0, message: '' })).toEqual([]);
    expect(script.finished()).toEqual(['ACK 1', 'done 5']);
  });
});

describe('silence', () => {
  test('the last ACK again after 1, 2, 4, 8 and 8 s, then given up', () => {
    const script = new WriteScript();
    script.start();
    expect(script.until(60_000)).toEqual(
      [1000, 3000, 7000, 15_000, 23_000].map((at) => `${at} ACK 0`).concat('31000 failed', '31000 close'),
    );
  });

  test('a lost OACK again (RFC 2347 §3)', () => {
    const script = new WriteScript({ blksize: 1024, timeout: 2 });
    expect(script.start()).toEqual(['OACK blksize=1024 timeout=2']);
    expect(script.until(4000)).toEqual(['2000 OACK blksize=1024 timeout=2', '4000 OACK blksize=1024 timeout=2']);
    expect(script.data(1, pattern(1024))).toEqual(['ACK 1']);
  });
});

describe('refusals', () => {
  test('growing past the limit: ERROR 3 (RFC 1350 appendix)', () => {
    const script = new WriteScript({}, 'octet', 600);
    script.start();
    script.data(1, BLOCK);
    expect(script.data(2, BLOCK)).toEqual(['ERROR 3', 'store 1024 at 0', 'failed', 'close']);
  });

  test('exactly the limit is allowed', () => {
    const script = new WriteScript({}, 'octet', 515);
    script.start();
    script.data(1, BLOCK);
    expect(script.data(2, 'end').at(-1)).toBe('finish');
  });

  test('a full disk: ERROR 3, and later blocks are nothing', () => {
    const script = new WriteScript();
    script.start();
    script.data(1, BLOCK);
    expect(script.session.fail({ code: 3, message: 'Disk full' })).toHaveLength(4);
    expect(script.data(2, BLOCK)).toEqual([]);
    expect(script.stored(512)).toEqual([]);
    expect(script.finished()).toEqual([]);
  });

  test('a block larger than agreed: ERROR 4', () => {
    const script = new WriteScript();
    script.start();
    expect(script.data(1, pattern(513))).toEqual(['ERROR 4', 'failed', 'close']);
  });

  test('ERROR in answer to the OACK declines, later on it fails; neither is answered (RFC 1350 §7)', () => {
    const probing = new WriteScript({ tsize: 5 });
    probing.start();
    expect(probing.says({ type: 'error', code: 8, message: '' })).toEqual(['declined', 'close']);
    const running = new WriteScript();
    running.start();
    expect(running.says({ type: 'error', code: 0, message: '' })).toEqual(['failed', 'close']);
  });
});

describe('windows (RFC 7440 §4)', () => {
  function running(): WriteScript {
    const script = new WriteScript({ windowsize: 4 });
    script.start();
    for (const block of [1, 2, 3]) expect(script.data(block, BLOCK)).toEqual([]);
    expect(script.data(4, BLOCK)).toEqual(['ACK 4']);
    return script;
  }

  test('a gap is told at once and once, and filled in order', () => {
    const script = running();
    expect(script.data(5, BLOCK)).toEqual([]);
    expect(script.data(7, BLOCK)).toEqual(['ACK 5']);
    expect(script.data(8, BLOCK)).toEqual([]);
    for (const block of [6, 7, 8]) expect(script.data(block, BLOCK)).toEqual([]);
    expect(script.data(9, BLOCK)).toEqual(['ACK 9']);
  });

  test('a lost ACK: the window once more is answered at its last block only', () => {
    const script = running();
    for (const block of [1, 2, 3]) expect(script.data(block, BLOCK)).toEqual([]);
    expect(script.data(4, BLOCK)).toEqual(['ACK 4']);
  });

  test('a short last window is not waited for', () => {
    const script = running();
    script.data(5, BLOCK);
    expect(script.data(6, 'end').at(-1)).toBe('finish');
    expect(script.finished()).toEqual(['ACK 6', `done ${5 * 512 + 3}`]);
  });
});

describe('a slow disk', () => {
  test('holds ACKs back when 128 KiB wait, and gives them when there is room', () => {
    const script = new WriteScript({ blksize: 32_768 });
    script.start();
    const piece = pattern(32_768);
    for (const block of [1, 2, 3, 4]) expect(script.data(block, piece).at(-1)).toBe(`ACK ${block}`);
    expect(script.data(5, piece)).toEqual(['store 32768 at 131072']);
    expect(script.data(5, piece)).toEqual([]);
    expect(script.until(60_000)).toEqual([]);
    expect(script.stored(32_768)).toEqual(['ACK 5']);
    expect(script.until(61_000)).toEqual(['61000 ACK 5']);
  });
});

describe('netascii (RFC 1350 §1)', () => {
  test('pairs straddle blocks; the size is that of the file', () => {
    const script = new WriteScript({ blksize: 8 }, 'netascii');
    script.start();
    script.data(1, 'one\r\ntw\r');
    expect(script.data(2, '\nx\r\0y\r')).toEqual(['store 11 at 0', 'finish']);
    expect(script.storedFile().toString('latin1')).toBe('one\ntw\nx\ry\r');
  });
});
