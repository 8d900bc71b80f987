// Collects what the robustness tests saw, and prints it as a table in Markdown.

const rows = [];

/** Runs a test and records what it returns, a sentence, or why it failed. */
export async function check(part, name, test) {
  const began = Date.now();
  let row;
  try {
    row = { part, name, seen: await test(), ok: true };
  } catch (error) {
    row = { part, name, seen: String(error.message ?? error).split('\n')[0], ok: false };
  }
  row.seconds = Math.round((Date.now() - began) / 1000);
  rows.push(row);
  console.error(`${row.ok ? 'ok    ' : 'FAILED'} ${part}: ${name} (${row.seconds} s): ${row.seen}`);
}

/** Prints the table, and returns whether everything passed. */
export function report() {
  console.log('\n| | test | seen | s | |\n|---|---|---|---:|---|');
  for (const { part, name, seen, seconds, ok } of rows) {
    console.log(`| ${part} | ${name} | ${seen} | ${seconds} | ${ok ? 'passed' : '**failed**'} |`);
  }
  return rows.length > 0 && rows.every(({ ok }) => ok);
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Repeats `attempt` until it returns something that counts as true. Fails after `seconds`. */
export async function until(what, attempt, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const result = await attempt();
    if (result) return result;
    assert(Date.now() < deadline, `${what}: not within ${seconds} s`);
    await sleep(100);
  }
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
