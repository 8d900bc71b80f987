// The peer with Next.js and Clerk's SDK for it. A server of its own, so that it can print when it is ready, and serves
// from the process that was started, whose processor time is measured. It serves what `next build` made.
import '../environment.mjs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import next from 'next';

const port = Number(process.env.PORT);
// Clerk's middleware rewrites each request to its own URL, in which Next.js writes 127.0.0.1 as localhost. With another
// name here, Next.js would take that for another server, and forward the request to itself.
const app = next({ dev: false, dir: fileURLToPath(new URL('.', import.meta.url)), hostname: 'localhost', port });
await app.prepare();
const server = createServer(app.getRequestHandler());
server.listen(port, '127.0.0.1', () => console.log(`ready on http://127.0.0.1:${server.address().port}`));
