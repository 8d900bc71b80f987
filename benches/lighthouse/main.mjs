// main.mjs APP: Lighthouse's scores of the public pages for signed-out visitors, as on a phone. See benches/README.md.

import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { freePorts, median, startApp, stopAll } from '../programs.mjs';

const rounds = Number(process.env.BENCH_LOADS || 5);
const PAGES = ['/', '/plans'];
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const METRICS = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];

const [port] = await freePorts(1);
/** Only names of this machine resolve, so nothing waits for a network. */
const args = [
  `--remote-debugging-port=${port}`,
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
];
if (process.getuid?.() === 0) args.push('--no-sandbox');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
try {
  await main();
} finally {
  await browser.close();
  stopAll();
}

async function main() {
  const { LEPTOS_SITE_ROOT, LEPTOS_HASH_FILES, LEPTOS_HASH_FILE_NAME } = process.env;
  const app = await startApp('app', process.argv[2], { LEPTOS_SITE_ROOT, LEPTOS_HASH_FILES, LEPTOS_HASH_FILE_NAME });
  const results = Object.fromEntries(PAGES.map((page) => [page, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const page of PAGES) results[page].push(await audit(app.url + page));
  }
  console.log(`Lighthouse, Chromium ${browser.version()}, phone; medians of ${rounds} loads\n`);
  console.log(`| signed out | ${[...CATEGORIES, ...METRICS].map((name) => name.replaceAll('-', ' ')).join(' | ')} |`);
  console.log(`|---|${'---:|'.repeat(CATEGORIES.length + METRICS.length)}`);
  const misses = new Map();
  for (const [page, runs] of Object.entries(results)) {
    const scores = CATEGORIES.map((name) => Math.round(100 * median(runs, name)));
    const metrics = METRICS.map((name) => Number(median(runs, name).toFixed(name === 'cumulative-layout-shift' ? 3 : 0)));
    console.log(`| \`${page}\` | ${[...scores, ...metrics].join(' | ')} |`);
    for (const miss of runs.flatMap((run) => run.misses)) misses.set(`${page}: ${miss}`, true);
  }
  console.log(`\nWhat costs points, besides the performance:\n\n${[...misses.keys()].map((miss) => `- ${miss}`).join('\n') || '- nothing'}`);
}

/** The scores of one load with an empty cache, its metrics in milliseconds, and the audits that failed. */
async function audit(url) {
  const { lhr } = await lighthouse(url, { port, output: 'json', logLevel: 'error', onlyCategories: CATEGORIES });
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  const run = { misses: [] };
  for (const name of CATEGORIES) {
    const { score, auditRefs } = lhr.categories[name];
    run[name] = score;
    if (name === 'performance') continue;
    const failed = auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1);
    run.misses.push(...failed.map(({ id }) => `${name}: ${lhr.audits[id].title} (${id})`));
  }
  for (const name of METRICS) run[name] = lhr.audits[name].numericValue;
  return run;
}
