import { spawn } from 'node:child_process';
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
  RUST_LOG: process.env.RUST_LOG ?? 'warn',
});

export type Server = Awaited<ReturnType<typeof startServer>>;

/**
 * Starts the app with a local Clerk beside it, on free ports and with data in memory. `seed` is the content of a seed
 * file (TOML); empty: the default seed.
 */
export async function startServer(instance: Instance, seed: string) {
  const directory = await mkdtemp(join(tmpdir(), 'end2end-'));
  const seedFile = seed && join(directory, 'seed.toml');
  if (seedFile) await writeFile(seedFile, seed);
  const [port, clerkPort] = await freePorts(2);
  const origin = `http://localhost:${port}`;
  const env = {
    ...localClerkEnvironment(instance, clerkPort, seedFile),
    APP_URL: origin,
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    LOCAL_CLERK: 'on',
    SESSION_STORE: 'memory',
  };
  const server = await start(app, [], env, /^ready/);
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  };
  return { origin, clerk: `http://localhost:${clerkPort}`, stop };
}

/** Starts a local Clerk without the app. Returns the environment it prints: that of an app that uses it. */
export async function startLocalClerk(instance: Instance) {
  const { lines, stop } = await start(localClerk, [], localClerkEnvironment(instance, 0, ''), /^ready$/);
  const variables = lines.filter((line) => line !== 'ready').map((line) => line.split(/=(.*)/));
  return { environment: Object.fromEntries(variables) as Record<string, string>, stop };
}

/** Starts a program and waits for a line of output that matches `ready`. Later output is passed on. */
export async function start(command: string, args: string[], env: Record<string, string>, ready: RegExp) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(process.stderr);
  const output = createInterface(child.stdout);
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    output.on('close', () => reject(new Error(`${command} exited before it was ready`)));
    output.on('line', (line) => {
      lines.push(line);
      if (ready.test(line)) resolve();
    });
  });
  output.removeAllListeners('line').on('line', (line) => console.log(line));
  const stop = async () => {
    const exit = once(child, 'exit');
    if (child.kill()) await exit;
  };
  return { lines, stop };
}

/** Distinct ports on which nothing listens. */
async function freePorts(count: number) {
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
