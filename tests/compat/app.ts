import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, root } from '../../end2end/server';

/** What the tests read of `apps.json`; the rest is for the table. */
export type App = {
  /** The command that starts it, in its directory. `$PORT` and the variables of the local Clerk are replaced. */
  start: string[];
  /** What it is told besides the environment that the local Clerk prints, with the same replacements. */
  environment: Record<string, string>;
  /** Whether it has `/api/me`, which answers 401 to a stranger. */
  api?: boolean;
  /** Whether the SDK leaves it to clerk-js to replace a session token that expired. */
  noHandshakes?: boolean;
  /** Whether the browser decides who is signed in, since there is no server. */
  browserOnly?: boolean;
  /** Whether it is no app but a program that makes its calls and ends: without error if they did what it expects. */
  program?: boolean;
};

/** Runs the program in the directory `id`, and waits until it has ended. */
export async function runProgram(id: string, app: App, clerk: Record<string, string>) {
  const { child, output } = launch(id, app, clerk);
  const [code] = await once(child, 'close');
  return { code, output: output() };
}

/** Starts the app in the directory `id`, and waits until it answers. */
export async function startApp(id: string, app: App, clerk: Record<string, string>) {
  const [port] = await freePorts(1);
  const { child, output } = launch(id, app, { ...clerk, PORT: String(port) });
  const origin = `http://localhost:${port}`;
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${app.start.join(' ')} exited with ${code}:\n${output()}`)));
  });
  failed.catch(() => {});
  await Promise.race([failed, answers(origin)]);

  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid!);
    await exited;
  };
  return { origin, output, stop };
}

function launch(id: string, { start, environment }: App, variables: Record<string, string>) {
  const directory = join(__dirname, id);
  const fill = (text: string) => text.replace(/\$(\w+)/g, (_, name) => variables[name]);
  const ownPrograms = [join(directory, 'node_modules/.bin'), join(root, '.tools/compat', id, 'bin'), join(root, 'target/compat/debug')];
  const [command, ...args] = start.map(fill);
  const child = spawn(command, args, {
    cwd: directory,
    env: {
      ...process.env,
      ...variables,
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)])),
      PATH: [...ownPrograms, process.env.PATH].join(delimiter),
    },
    // A group of its own, since development servers start further processes.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  return { child, output: () => output };
}

async function answers(origin: string) {
  for (;;) {
    try {
      await fetch(origin, { redirect: 'manual' });
      return;
    } catch {
      await sleep(100);
    }
  }
}
