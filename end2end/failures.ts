import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Prints one line for each failed test after everything else, where the end of a log that was cut off still has it. */
export default class Failures implements Reporter {
  private readonly lines = new Map<string, string>();

  onTestEnd(test: TestCase, result: TestResult) {
    if (result.status === test.expectedStatus) return;
    const messages = result.errors.map(({ message = '', location }) => {
      const [text] = message.replace(/\x1b\[[\d;]*m/g, '').split('\n');
      return location ? `${text} (line ${location.line})` : text;
    });
    const step = result.steps.findLast(({ error, category }) => error && category === 'test.step');
    const titles = [...test.titlePath().filter(Boolean), ...(step ? [step.title] : [])];
    this.lines.set(test.id, `${titles.join(' > ')}: ${messages.join('; ')}`);
  }

  onEnd(_: FullResult) {
    for (const line of this.lines.values()) console.log(`\nFAILED ${line}`);
  }

  printsToStdio() {
    return false;
  }
}
