import { clerkMiddleware, getAuth } from '@clerk/hono';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { page } from '../page.mjs';

const app = new Hono();

app.use('*', clerkMiddleware({ frontendApiProxy: { enabled: !!process.env.CLERK_FAPI_URL } }));

app.get('/', (context) => {
  const { userId } = getAuth(context);
  return context.html(page({ text: userId ? `Signed in as ${userId}` : 'Signed out' }));
});

app.get('/protected', async (context) => {
  const { userId } = getAuth(context);
  if (!userId) return context.redirect('/sign-in#/?redirect_url=/protected');
  const user = await context.get('clerk').users.getUser(userId);
  return context.html(page({ text: `Hello ${user.primaryEmailAddress.emailAddress}` }));
});

app.get('/api/me', (context) => {
  const { userId } = getAuth(context);
  return userId ? context.json({ userId }) : context.json({ error: 'Not signed in' }, 401);
});

app.get('/sign-in', (context) => context.html(page({ component: 'SignIn' })));
app.get('/sign-up', (context) => context.html(page({ component: 'SignUp' })));

serve({ fetch: app.fetch, port: Number(process.env.PORT) });
