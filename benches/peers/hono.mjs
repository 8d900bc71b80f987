// The peer with Hono and Clerk's SDK for it.
import './environment.mjs';
import { clerkMiddleware, getAuth } from '@clerk/hono';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { page } from './page.mjs';

const app = new Hono();

// Before Clerk's middleware: the least that the framework costs.
app.get('/ok', (context) => context.text('ok'));

// Unlike the other SDKs, this one reads no CLERK_JWT_KEY from the environment.
app.use(clerkMiddleware({ jwtKey: process.env.CLERK_JWT_KEY }));

app.get('/', (context) => context.html(page(getAuth(context))));

app.get('/api/me', (context) => {
  const { userId, sessionId } = getAuth(context);
  return userId ? context.json({ userId, sessionId }) : context.json({ error: 'signed out' }, 401);
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) }, ({ port }) =>
  console.log(`ready on http://127.0.0.1:${port}`),
);
