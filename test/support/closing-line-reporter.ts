/** Ends a run with one plain line, `tests: N passed, N failed, N skipped`, and names what was skipped and why. */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
    const brokenModules = modules.filter((module) => module.state() === 'failed' && [...module.children.allTests()].length === 0);
    const skipped = inState('skipped');
    for (const test of skipped) console.log(`SKIPPED ${test.fullName}${noteOf(test)}`);
    console.log(
      `tests: ${inState('passed').length} passed, ${inState('failed').length + brokenModules.length} failed, ${skipped.length} skipped`,
    );
  }
}

function noteOf(test: TestCase): string {
  const result = test.result();
  return result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
}
