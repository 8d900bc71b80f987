import { fileURLToPath } from 'node:url';

// Next.js would take the root of the repository for the root of this project, since both have a lock file.
const root = fileURLToPath(new URL('..', import.meta.url));

export default {
  // As for the other peers, which compress nothing either.
  compress: false,
  outputFileTracingRoot: root,
  turbopack: { root },
};
