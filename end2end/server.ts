import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The kinds of Clerk instance that the suite runs against. */
export const instances = ['development', 'production'] as const;

export type Instance = (typeof instances)[number];

export const root = resolve(__dirname, '..');
const app = resolve(root, process.env.SERVER ?? 'target/release/leptos-with-clerk');
const localClerk = resolve(root, process.env.LOCAL_CLERK_BIN ?? 'target/release/local-clerk');

/** Empty counts as not set, and takes precedence over the developer's own .env file. */
const noKeys = Object.fromEntries(
  ['PUBLISHABLE_KEY', 'SECRET_KEY', 'JWT_KEY', 'API_URL', 'FAPI_URL', 'PROXY_URL', 'DOMAIN', 'IS_SATELLITE'].map(
    (name) => [`CLERK_${name}`, ''],
  ),
);

/** The settings of a local Clerk that keeps its data in memory. `seed` is the path of a seed file; empty: the default one. */
const localClerkEnvironment = (instance: Instance, port: number, seed: string) => ({
  ...noKeys,
  LOCAL_CLERK_ADDR: `127.0.0.1:${port}`,
  LOCAL_CLERK_DATA: 'memory',
  LOCAL_CLERK_INSTANCE: instance,
  LOCAL_CLERK_SEED: seed,
  LOCAL_CLERK_TOKEN_LIFETIME: '',
  // Everything that the programs may log, because it is searched for secrets.
  RUST_LOG: process.env.RUST_LOG ?? 'debug',
});

export type Server = Awaited<ReturnType<typeof startServer>>;

/**
 * Starts the app with a local Clerk beside it, on free ports and with data in memory. `seed` is the content of a seed
 * file (TOML); empty: the default seed. `publicUrl` is the URL of a reverse proxy in front of it.
 */
export async function startServer(instance: Instance, seed: string, publicUrl?: string) {
  const directory = await mkdtemp(join(tmpdir(), 'end2end-'));
  const seedFile = seed && join(directory, 'seed.toml');
  if (seedFile) await writeFile(seedFile, seed);
  const [port, clerkPort] = await freePorts(2);
  const origin = `http://localhost:${port}`;
  const sessionSecret = randomBytes(48).toString('hex');
  const env = {
    ...localClerkEnvironment(instance, clerkPort, seedFile),
    APP_URL: publicUrl ?? origin,
    LEPTOS_ENV: '',
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    LOCAL_CLERK: 'on',
    // A variable of these tests, which the app would take for a misspelt one.
    LOCAL_CLERK_BIN: '',
    SESSION_SECRET: sessionSecret,
    SESSION_STORE: 'memory',
  };
  const server = await start(app, [], env, /^ready/);
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  };
  return { origin, clerk: `http://localhost:${clerkPort}`, secrets: new Set([sessionSecret]), log: server.log, stop };
}

/**
 * Starts a local Clerk without the app. Returns the environment it prints: that of an app that uses it. `seed` is the
 * content of a seed file (TOML); empty: the default seed.
 */
export async function startLocalClerk(instance: Instance, seed = '') {
  const directory = await mkdtemp(join(tmpdir(), 'end2end-'));
  const seedFile = seed && join(directory, 'seed.toml');
  if (seedFile) await writeFile(seedFile, seed);
  const clerk = await start(localClerk, ['--json'], localClerkEnvironment(instance, 0, seedFile), /^{/);
  const { environment } = JSON.parse(clerk.lines[0]) as { environment: Record<string, string> };
  const stop = async () => {
    await clerk.stop();
    await rm(directory, { recursive: true });
  };
  return { environment, stop };
}

/** Lines of the log that are passed on: warnings, errors, and what is no line of a log. */
const NOTABLE = /^(?!\S+Z? +(?:INFO|DEBUG|TRACE) )/;

/**
 * Starts a program and waits for a line of output that matches `ready`. Its output is passed on, except for what it logs below
 * a warning; `log` returns all of it.
 */
export async function start(command: string, args: string[], env: Record<string, string>, ready: RegExp) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = createInterface(child.stdout);
  const lines: string[] = [];
  const logged: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    logged.push(line);
    if (NOTABLE.test(line)) console.error(line);
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    output.on('close', () => reject(new Error(`${command} exited before it was ready`)));
    output.on('line', (line) => {
      lines.push(line);
      if (ready.test(line)) resolve();
    });
  });
  output.removeAllListeners('line').on('line', (line) => {
    logged.push(line);
    if (NOTABLE.test(line)) console.log(line);
  });
  const stop = async () => {
    const exit = once(child, 'exit');
    if (child.kill()) await exit;
  };
  return { lines, log: () => logged.join('\n'), stop };
}

/** Distinct ports on which nothing listens. */
export async function freePorts(count: number) {
  const listeners = await Promise.all(
    Array.from({ length: count }, async () => {
      const listener = createServer().listen(0, '127.0.0.1');
      await once(listener, 'listening');
      return listener;
    }),
  );
  const ports = listeners.map((listener) => (listener.address() as AddressInfo).port);
  await Promise.all(listeners.map((listener) => once(listener.close(), 'close')));
  return ports;
}
