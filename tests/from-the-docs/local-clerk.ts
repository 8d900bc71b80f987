import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const program = process.env.LOCAL_CLERK_BIN ?? 'local-clerk';
export const seedFile = fileURLToPath(new URL('seed.toml', import.meta.url));

/** Starts the one local Clerk that starts an instance for each worker. */
export default async function globalSetup() {
  const options = ['--addr', '127.0.0.1:0', '--data', 'memory', '--seed', seedFile, '--json'];
  const env = { RUST_LOG: 'warn', ...process.env };
  const server = spawn(program, options, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(server, 'exit');
  const failure = exit.then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`)));
  failure.catch(() => {}); // it is also told at the regular end
  const [line] = await Promise.race([once(createInterface(server.stdout), 'line'), failure]);
  process.env.CLERK_EMULATOR_URL = JSON.parse(line).environment.CLERK_API_URL;
  return async () => {
    server.kill();
    await exit;
  };
}
