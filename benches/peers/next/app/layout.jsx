import { ClerkProvider } from '@clerk/nextjs';

// Nothing is rendered by the build, which knows no keys.
export const dynamic = 'force-dynamic';

export const metadata = { title: 'Home · Peer with Clerk', icons: { icon: 'data:,' } };

export const viewport = { colorScheme: 'light dark' };

export default function Layout({ children }) {
  return (
    <ClerkProvider dynamic publishableKey={process.env.CLERK_PUBLISHABLE_KEY}>
      <html lang="en">
        <body>{children}</body>
      </html>
    </ClerkProvider>
  );
}
