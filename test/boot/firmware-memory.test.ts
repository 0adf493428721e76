import { describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { FirmwareMemory } from '../../src/boot/firmware-memory.ts';

const SHAPES = 3;

/** Shapes of the offers at these seconds. */
function shapes(memory: FirmwareMemory, seconds: readonly number[]): readonly number[] {
  return seconds.map((second) => memory.onOffer('one', SHAPES, wallMs(second * 1000)).shape);
}

describe('What machines did with our offers', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['the first two offers have the likeliest form, the next the others in turn', [0, 4, 12, 28, 60, 92, 124], [0, 0, 1, 1, 2, 2, 0]],
    ['repeats within a second are one question', [0, 0.1, 0.2, 0.5, 4, 4.3, 8], [0, 0, 0, 0, 0, 0, 1]],
    ['a machine that was switched on anew begins with what it got last', [0, 4, 8, 200, 204, 208], [0, 0, 1, 1, 1, 2]],
  ])('%s', (_name, seconds, expected) => {
    expect(shapes(new FirmwareMemory(), seconds)).toEqual(expected);
  });

  it('what a machine took is kept for it, for a day', () => {
    const memory = new FirmwareMemory();
    shapes(memory, [0, 4, 8]);
    expect(memory.onTaken('one', SHAPES, wallMs(9_000))).toBe(1);
    expect(shapes(memory, [500, 504])).toEqual([1, 1]);
    expect(memory.onTaken('one', SHAPES, wallMs(505_000))).toBe(1);
    expect(shapes(memory, [505 + 86_401])).toEqual([0]);
  });

  it('machines do not disturb each other, and made-up ones are forgotten', () => {
    const memory = new FirmwareMemory();
    shapes(memory, [0, 4, 8]);
    expect(memory.onOffer('two', SHAPES, wallMs(8000)).shape).toBe(0);
    for (let number = 0; number < 8192; number += 1) memory.onOffer(`made up ${number}`, SHAPES, wallMs(9000));
    expect(memory.onTaken('one', SHAPES, wallMs(9000)), 'the oldest').toBe(0);
  });

  it('a machine nobody knows takes the first form', () => {
    expect(new FirmwareMemory().onTaken('one', SHAPES, wallMs(0))).toBe(0);
  });
});
