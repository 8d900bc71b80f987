import { clerkMiddleware } from '@clerk/nextjs/server';

// The keys are known when the server starts, not when it is built, so that the SDK cannot read the publishable key from
// a variable that the build replaces. CLERK_SECRET_KEY it reads itself.
export default clerkMiddleware(() => undefined, () => ({
  publishableKey: process.env.CLERK_PUBLISHABLE_KEY,
  jwtKey: process.env.CLERK_JWT_KEY,
}));

// Not before `/ok`: the least that the framework costs.
export const config = { matcher: ['/', '/api/:path*'] };
