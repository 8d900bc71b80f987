import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';

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

/** Starts a server that begins with this seed (TOML), and returns when it answers. */
export async function startServer(instance: Instance, seed: string) {
  const directory = await mkdtemp(join(tmpdir(), 'end2end-'));
  const file = join(directory, 'seed.toml');
  await writeFile(file, seed);
  const [port, clerkPort] = await freePorts(2);
  const server = spawn(binary, {
    cwd: root,
    env: { ...process.env, ...environment(instance, port, clerkPort, file) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server.stdout.pipe(process.stdout);
  server.stderr.pipe(process.stderr);
  const exit = once(server, 'exit');
  const answers = () =>
    fetch(`${origin(port)}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (server.exitCode !== null) throw new Error(`the server did not start, its seed was:\n${seed}`);
    await setTimeout(50);
  }
  const stop = async () => {
    server.kill();
    await exit;
    await rm(directory, { recursive: true });
  };
  return { origin: origin(port), clerk: origin(clerkPort), stop };
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
