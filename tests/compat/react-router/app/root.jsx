import { ClerkProvider, Show, SignInButton, UserButton } from '@clerk/react-router';
import { clerkMiddleware, rootAuthLoader } from '@clerk/react-router/server';
import { Links, Meta, Outlet, Scripts } from 'react-router';

export const middleware = [clerkMiddleware()];

export const loader = (args) => rootAuthLoader(args);

export function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <title>React Router with Clerk</title>
        <link rel="icon" href="data:," />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  );
}

export default function App({ loaderData }) {
  return (
    <ClerkProvider loaderData={loaderData}>
      <header>
        <Show when="signed-out">
          <SignInButton />
        </Show>
        <Show when="signed-in">
          <UserButton />
        </Show>
      </header>
      <main>
        <Outlet />
      </main>
    </ClerkProvider>
  );
}
