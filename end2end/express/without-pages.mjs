// An Express app without pages of its own: visitors sign in on Clerk's account portal, at CLERK_SIGN_IN_URL.
import { clerkMiddleware, getAuth } from '@clerk/express';
import express from 'express';

const app = express();

app.use(clerkMiddleware({ frontendApiProxy: { enabled: true } }));

app.get('/protected', (request, response) => {
  const { userId } = getAuth(request);
  if (userId) return response.send(`You are ${userId}`);
  const back = new URL(request.originalUrl, `http://${request.headers.host}`);
  const signIn = new URL(process.env.CLERK_SIGN_IN_URL);
  signIn.searchParams.set('redirect_url', back.href);
  response.redirect(signIn.href);
});

const server = app.listen(Number(process.env.PORT), '127.0.0.1', () =>
  console.log(`listening on http://localhost:${server.address().port}`),
);
