// main.mjs APP [PART...]: tests what a broken network, a busy day and dying machines do to the app. See docs/reliability.md.

import { stopAll } from '../../benches/programs.mjs';
import { faults } from './faults.mjs';
import { load } from './load.mjs';
import { nodes } from './nodes.mjs';
import { report } from './report.mjs';

const [app, ...chosen] = process.argv.slice(2);
const parts = { faults, nodes, load };

try {
  for (const [name, run] of Object.entries(parts)) {
    if (chosen.length === 0 || chosen.includes(name)) await run(app);
  }
} finally {
  stopAll();
}
process.exitCode = report() ? 0 : 1;
