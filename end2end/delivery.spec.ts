import type { Request } from '@playwright/test';
import budgets from './budgets.json';
import { expect, test } from './fixtures';
import { settled } from './page';

test('a first visit transfers no more bytes of the app than its budget', async ({ page, baseURL }) => {
  for (const [path, budget] of Object.entries(budgets)) {
    const own: Request[] = [];
    page.on('requestfinished', (request) => {
      const { origin, pathname } = new URL(request.url());
      // What Clerk loads is Clerk's.
      if (origin === baseURL && !pathname.startsWith('/__clerk')) own.push(request);
    });
    await page.goto(path);
    await settled(page);
    const sizes = await Promise.all(
      own.map(async (request) => [request.resourceType(), (await request.sizes()).responseBodySize] as const),
    );
    // Negative for scripts without a response of their own, such as workers.
    const total = sizes.reduce((sum, [, size]) => sum + Math.max(size, 0), 0);
    const parts = sizes.map(([type, size]) => `${type} ${size}`).join(', ');
    console.log(`${path}: ${total} bytes (${parts})`);
    for (const type of ['document', 'stylesheet', 'script']) expect(sizes.map(([own]) => own)).toContain(type);
    expect(
      total,
      `${path} transfers ${total} bytes (${parts}). Make it smaller, or raise the budget in end2end/budgets.json`,
    ).toBeLessThanOrEqual(budget);
  }
});
