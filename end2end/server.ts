import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The two kinds of Clerk instance that the suite runs against, each with a server of its own. */
export const instances = [
  { name: 'development', port: 5021 },
  { name: 'production', port: 5031 },
] as const;

export type Instance = (typeof instances)[number]['name'];

export const root = resolve(__dirname, '..');
export const binary = resolve(root, process.env.SERVER ?? 'target/release/leptos-with-clerk');
export const origin = (port: number) => `http://localhost:${port}`;

/** Empty counts as not set, and wins over a developer's own .env file. */
const noKeys = Object.fromEntries(
  ['PUBLISHABLE_KEY', 'SECRET_KEY', 'JWT_KEY', 'API_URL', 'FAPI_URL', 'PROXY_URL', 'DOMAIN', 'IS_SATELLITE'].map(
    (name) => [`CLERK_${name}`, ''],
  ),
);

/** What a server is started with. `seed` is the path of a seed file; empty is the default seed. */
export const environment = (instance: Instance, port: number, clerkPort: number, seed = '') => ({
  ...noKeys,
  APP_URL: origin(port),
  LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
  LOCAL_CLERK: 'on',
  LOCAL_CLERK_ADDR: `127.0.0.1:${clerkPort}`,
  LOCAL_CLERK_DATA: 'memory',
  LOCAL_CLERK_INSTANCE: instance,
  LOCAL_CLERK_SEED: seed,
  SESSION_STORE: 'memory',
  RUST_LOG: process.env.RUST_LOG ?? 'warn',
});

export type Server = Awaited<ReturnType<typeof startServer>>;

/** Starts a server that begins with this seed (TOML). */
export async function startServer(instance: Instance, seed: string) {
  const directory = await mkdtemp(join(tmpdir(), 'end2end-'));
  const file = join(directory, 'seed.toml');
  await writeFile(file, seed);
  const [port, clerkPort] = await freePorts(2);
  const server = await start(binary, [], environment(instance, port, clerkPort, file), /^ready/);
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  };
  return { origin: origin(port), clerk: origin(clerkPort), stop };
}

/** Starts a local Clerk alone, and returns what it prints: the environment of an app that uses it. */
export async function startLocalClerk(instance: Instance) {
  const { lines, stop } = await start(binary, ['local-clerk'], environment(instance, 0, 0), /^ready$/);
  const printed = lines.filter((line) => line !== 'ready').map((line) => line.split(/=(.*)/));
  return { environment: Object.fromEntries(printed) as Record<string, string>, stop };
}

/** Starts a program, and returns once it has printed such a line. What it says from then on is passed on. */
export async function start(command: string, args: string[], env: Record<string, string>, ready: RegExp) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(process.stderr);
  const output = createInterface(child.stdout);
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    output.on('close', () => reject(new Error(`${command} ended before it was ready`)));
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

/** Ports that nothing listens on, all different. */
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
