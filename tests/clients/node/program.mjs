// Starts the program `local-clerk` (LOCAL_CLERK_BIN) and a server that receives its webhooks.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Resolves once the program is ready, with the environment it printed, the webhooks received so far, and a way to stop it. */
export const start = async () => {
  const messages = [];
  const receiver = createServer(async (request, response) => {
    const body = await text(request);
    messages.push({ headers: request.headers, body });
    response.writeHead(messages.length === 1 ? 503 : 204).end();
  });
  await new Promise(resolve => receiver.listen(0, '127.0.0.1', resolve));
  const program = spawn(process.env.LOCAL_CLERK_BIN, [], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      ...(process.env.LOCAL_CLERK_RECORD && { LOCAL_CLERK_RECORD: process.env.LOCAL_CLERK_RECORD }),
      LOCAL_CLERK_ADDR: '127.0.0.1:0',
      LOCAL_CLERK_DATA: 'memory',
      LOCAL_CLERK_SEED: fileURLToPath(new URL('../seed.toml', import.meta.url)),
      LOCAL_CLERK_WEBHOOK_URL: `http://127.0.0.1:${receiver.address().port}/webhooks`,
      RUST_LOG: 'warn',
    },
  });
  const stop = () => {
    program.kill();
    receiver.close();
  };
  process.on('exit', stop);
  const env = {};
  for await (const line of createInterface({ input: program.stdout })) {
    if (line === 'ready') return { env, messages, stop };
    const [, name, value] = line.match(/^(\w+)=(.*)$/);
    env[name] = value;
  }
  throw new Error('the local Clerk exited before it was ready');
};
