// An Express app as in Clerk's guide. It has no knowledge of the local Clerk: its environment says where Clerk is.
import { clerkMiddleware, getAuth } from '@clerk/express';
import express from 'express';

const app = express();

// Proxies the Frontend API: /__clerk is forwarded to CLERK_FAPI_URL.
app.use(clerkMiddleware({ frontendApiProxy: { enabled: true } }));

app.get('/', (_, response) => response.send(page));

app.get('/protected', (request, response) => {
  const { userId } = getAuth(request);
  if (userId) response.send(`You are ${userId}`);
  else response.redirect('/');
});

const page = `<!doctype html>
<title>Express with Clerk</title>
<link rel="icon" href="data:," />
<main></main>
<script
  defer
  crossorigin="anonymous"
  data-clerk-publishable-key="${process.env.CLERK_PUBLISHABLE_KEY}"
  data-clerk-proxy-url="/__clerk"
  src="/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
></script>
<script defer crossorigin="anonymous" src="/__clerk/npm/@clerk/ui@1/dist/ui.browser.js"></script>
<script>
  addEventListener('load', async () => {
    await Clerk.load({ ui: { ClerkUI: window.__internal_ClerkUICtor } });
    const main = document.querySelector('main');
    if (Clerk.user) Clerk.mountUserButton(main);
    else Clerk.mountSignUp(main);
  });
</script>`;

const server = app.listen(Number(process.env.PORT), '127.0.0.1', () =>
  console.log(`listening on http://localhost:${server.address().port}`),
);
