import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OverloadReport } from '../../src/server/overload-report.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function reporting(): { report: OverloadReport; told: number[] } {
  const told: number[] = [];
  return { told, report: new OverloadReport(10_000, (shed) => told.push(shed)) };
}

it('tells the beginning of an overload at once, and then how it goes on once an interval', () => {
  const { report, told } = reporting();
  report.add(5);
  report.add(7);
  report.add(8);
  expect(told).toEqual([5]);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([5, 15]);
  report.add(1);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([5, 15, 1]);
});

it('says nothing of nothing', () => {
  const { report, told } = reporting();
  report.add(0);
  vi.advanceTimersByTime(60_000);
  report.close();
  expect(told).toEqual([]);
});

it('tells the next overload at once again', () => {
  const { report, told } = reporting();
  report.add(5);
  vi.advanceTimersByTime(60_000);
  report.add(3);
  expect(told).toEqual([5, 3]);
});

it('tells the rest when it is closed, once', () => {
  const { report, told } = reporting();
  report.add(5);
  report.add(7);
  report.close();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([5, 7]);
});
