import { clerkClient, clerkMiddleware, getAuth } from '@clerk/express';
import express from 'express';
import { page } from '../page.mjs';

const app = express();

app.use(clerkMiddleware({ frontendApiProxy: { enabled: !!process.env.CLERK_FAPI_URL } }));

app.get('/', (request, response) => {
  const { userId } = getAuth(request);
  response.send(page({ text: userId ? `Signed in as ${userId}` : 'Signed out' }));
});

app.get('/protected', async (request, response) => {
  const { userId } = getAuth(request);
  if (!userId) return response.redirect('/sign-in#/?redirect_url=/protected');
  const user = await clerkClient.users.getUser(userId);
  response.send(page({ text: `Hello ${user.primaryEmailAddress.emailAddress}` }));
});

app.get('/api/me', (request, response) => {
  const { userId } = getAuth(request);
  if (userId) response.json({ userId });
  else response.status(401).json({ error: 'Not signed in' });
});

app.get('/sign-in', (_, response) => response.send(page({ component: 'SignIn' })));
app.get('/sign-up', (_, response) => response.send(page({ component: 'SignUp' })));

app.listen(process.env.PORT);
