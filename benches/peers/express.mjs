// The peer with Express and Clerk's SDK for it, which reads the keys from the environment.
import './environment.mjs';
import { clerkMiddleware, getAuth } from '@clerk/express';
import express from 'express';
import { page } from './page.mjs';

const app = express();

// Before Clerk's middleware: the least that the framework costs.
app.get('/ok', (_, response) => response.type('text').send('ok'));

app.use(clerkMiddleware());

app.get('/', (request, response) => response.send(page(getAuth(request))));

app.get('/api/me', (request, response) => {
  const { userId, sessionId } = getAuth(request);
  if (userId) response.json({ userId, sessionId });
  else response.status(401).json({ error: 'signed out' });
});

const server = app.listen(Number(process.env.PORT), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`ready on http://127.0.0.1:${server.address().port}`);
});
