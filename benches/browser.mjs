// browser.mjs APP: measures the home page in Chromium beside a static page with Clerk's scripts. See benches/README.md.

import { createServer, request } from 'node:http';
import { chromium } from '@playwright/test';
import { freePorts, median, startApp, stopAll } from './programs.mjs';

const loads = Number(process.env.BENCH_LOADS || 20);
const USER_BUTTON = '.cl-userButtonTrigger';
/** Only names of this machine resolve, so nothing waits for a network. */
const ARGUMENTS = ['--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'];
if (process.getuid?.() === 0) ARGUMENTS.push('--no-sandbox');

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS });
try {
  await main();
} finally {
  await browser.close();
  stopAll();
}

async function main() {
  const [port, proxyPort] = await freePorts(2);
  const origin = `http://localhost:${proxyPort}`;
  const { LEPTOS_SITE_ROOT, LEPTOS_HASH_FILES, LEPTOS_HASH_FILE_NAME } = process.env;
  await startApp('app', process.argv[2], {
    APP_URL: origin,
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    LEPTOS_SITE_ROOT,
    LEPTOS_HASH_FILES,
    LEPTOS_HASH_FILE_NAME,
  });
  const pages = {};
  const proxy = await startProxy(port, proxyPort, pages);
  const state = await signUp(origin);
  await addStaticPages(pages, origin, state);

  console.log(`Chromium ${browser.version()}; ${loads} loads of each page, alternating; medians\n`);
  console.log('| CPU | user button: bare page | same page, static | app | x bare | x same | layout shift |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  for (const slowdown of [1, 4]) {
    const results = { '/bare': [], '/same': [], '/': [] };
    for (let count = 0; count < loads; count += 1) {
      for (const path in results) results[path].push(await timeToUserButton(origin + path, state, slowdown));
    }
    const [bare, same, app] = Object.values(results).map((runs) => median(runs, 'mounted'));
    const shift = Math.max(...results['/'].map((run) => run.shift));
    const times = [bare, same, app].map((time) => `${Math.round(time)} ms`);
    const cells = [...times, (app / bare).toFixed(2), (app / same).toFixed(2), shift.toFixed(3)];
    console.log(`| ${slowdown}x | ${cells.join(' | ')} |`);
  }

  console.log("\n| CPU | main thread until hydrated, without Clerk's scripts | hydrated after | longest task |");
  console.log('|---|---:|---:|---:|');
  for (const slowdown of [1, 4]) {
    const runs = [];
    for (let count = 0; count < loads; count += 1) runs.push(await hydration(`${origin}/`, state, slowdown));
    const [busy, hydrated, longest] = ['busy', 'hydrated', 'longest'].map((key) => Math.round(median(runs, key)));
    console.log(`| ${slowdown}x | ${busy} ms | ${hydrated} ms | ${longest || '< 50'} ms |`);
  }
  proxy.closeAllConnections();
  proxy.close();
}

/** Serves `pages`, and everything else from the app, so that all pages share an origin and take the same way. */
async function startProxy(port, proxyPort, pages) {
  const server = createServer((incoming, outgoing) => {
    const { url, method, headers } = incoming;
    if (pages[url]) {
      outgoing.setHeader('content-type', 'text/html; charset=utf-8').end(pages[url]);
      return;
    }
    const forwarded = request({ host: '127.0.0.1', port, path: url, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  await new Promise((listening) => server.listen(proxyPort, '127.0.0.1', listening));
  return server;
}

/** Adds a page with nothing but Clerk's scripts and the user button, and the app's own page without its scripts. */
async function addStaticPages(pages, origin, { cookies }) {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const page = await (await fetch(`${origin}/`, { headers: { cookie, accept: 'text/html' } })).text();
  const place = '<div data-clerk-component="user-button"><div>';
  const scripts = page.match(/<script[^>]*data-clerk-(ui|js)-script[^>]*><\/script>/g);
  const userButton = page.includes('data-clerk-component="user-button"');
  if (scripts?.length !== 2 || !userButton) throw new Error(`not the page of a signed-in user: ${page}`);
  const mount = `<script>
addEventListener("load", async () => {
  await Clerk.load({ ui: { ClerkUI: window.__internal_ClerkUICtor }, telemetry: false });
  Clerk.mountUserButton(document.querySelector("[data-clerk-component] > div"));
});
</script>`;
  const ownScripts = /<script(?![^>]*data-clerk)[^>]*>[^]*?<\/script>|<link rel="(module)?preload"[^>]*>/g;
  pages['/same'] = page.replaceAll(ownScripts, '').replace('</head>', `${mount}</head>`);
  pages['/bare'] = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Bare</title>${scripts.join('')}${mount}</head>
<body>${place}</div></div></body>
</html>`;
}

/** Creates an account through clerk-js. Returns the browser's cookies. */
async function signUp(origin) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/sign-up`);
  await page.waitForFunction(() => window.Clerk?.loaded);
  await page.evaluate(async () => {
    const signUp = await window.Clerk.client.signUp.create({
      emailAddress: 'ada@example.com',
      password: 'correct horse 9',
      firstName: 'Ada',
      lastName: 'Lovelace',
    });
    await signUp.prepareEmailAddressVerification({ strategy: 'email_code' });
    const { createdSessionId } = await signUp.attemptEmailAddressVerification({ code: '424242' });
    await window.Clerk.setActive({ session: createdSessionId });
  });
  await page.goto(`${origin}/`);
  await page.waitForSelector(USER_BUTTON);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Opens a page with an empty cache and calls `measure` with the page and its CDP session. */
async function open(url, storageState, slowdown, measure) {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript((selector) => {
    const seen = (window.seen = { shift: 0, longest: 0 });
    new MutationObserver(() => {
      if (document.querySelector(selector)) seen.mounted ??= performance.now();
      if (document.querySelector('[role=alert]')) seen.hydrated ??= performance.now();
    }).observe(document, { subtree: true, childList: true });
    const observe = (type, see) =>
      new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
    observe('layout-shift', ({ value }) => (seen.shift += value));
    observe('longtask', ({ duration }) => (seen.longest = Math.max(seen.longest, duration)));
  }, USER_BUTTON);
  try {
    return await measure(page, cdp, url);
  } finally {
    await context.close();
  }
}

/** Milliseconds from navigation to a mounted user button, and the layout shift of the page. */
function timeToUserButton(url, state, slowdown) {
  return open(url, state, slowdown, async (page) => {
    await page.goto(url);
    await page.waitForFunction(() => window.seen.mounted);
    return page.evaluate(() => window.seen);
  });
}

/**
 * What the app itself does until the page is hydrated. Clerk's scripts are refused, so all work is the app's; that they
 * failed is shown as soon as hydration has finished.
 */
function hydration(url, state, slowdown) {
  return open(url, state, slowdown, async (page, cdp) => {
    await page.route('**/npm/**', (route) => route.abort());
    await cdp.send('Performance.enable');
    await page.goto(url);
    await page.waitForFunction(() => window.seen.hydrated);
    const { metrics } = await cdp.send('Performance.getMetrics');
    const busy = metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
    return { ...(await page.evaluate(() => window.seen)), busy };
  });
}
