import { clerkClient, clerkPlugin, getAuth } from '@clerk/fastify';
import Fastify from 'fastify';
import { page } from '../page.mjs';

const app = Fastify();

app.register(clerkPlugin, {
  frontendApiProxy: { enabled: !!process.env.CLERK_FAPI_URL },
  // Before Fastify reads the body, which the proxy forwards as it is.
  hookName: 'onRequest',
  // Unlike the other SDKs, this one does not read it from the environment.
  apiUrl: process.env.CLERK_API_URL,
});

const html = (reply, content) => reply.type('text/html').send(page(content));

app.get('/', (request, reply) => {
  const { userId } = getAuth(request);
  return html(reply, { text: userId ? `Signed in as ${userId}` : 'Signed out' });
});

app.get('/protected', async (request, reply) => {
  const { userId } = getAuth(request);
  if (!userId) return reply.redirect('/sign-in#/?redirect_url=/protected');
  const user = await clerkClient.users.getUser(userId);
  return html(reply, { text: `Hello ${user.primaryEmailAddress.emailAddress}` });
});

app.get('/api/me', (request, reply) => {
  const { userId } = getAuth(request);
  return userId ? { userId } : reply.code(401).send({ error: 'Not signed in' });
});

app.get('/sign-in', (_, reply) => html(reply, { component: 'SignIn' }));
app.get('/sign-up', (_, reply) => html(reply, { component: 'SignUp' }));

await app.listen({ port: Number(process.env.PORT) });
