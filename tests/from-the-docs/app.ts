import { clerkClient, clerkMiddleware, getAuth } from '@clerk/express';
import { verifyWebhook } from '@clerk/express/webhooks';
import { isClerkAPIResponseError } from '@clerk/shared/error';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';

const components = {
  '/': '',
  '/sign-in': 'SignIn',
  '/sign-up': 'SignUp',
  '/waitlist': 'Waitlist',
  '/switcher': 'OrganizationSwitcher',
  '/organization-profile': 'OrganizationProfile',
  '/pricing': 'PricingTable',
};

const ui = '<script defer crossorigin="anonymous" src="/__clerk/npm/@clerk/ui@1/dist/ui.browser.js"></script>';

const page = (component: string) => `<!doctype html>
<title>Team</title>
<p id="status">Loading…</p>
<div id="component"></div>
<script defer crossorigin="anonymous" data-clerk-publishable-key="${process.env.CLERK_PUBLISHABLE_KEY}"
  data-clerk-proxy-url="/__clerk" src="/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js"></script>
${component && ui}
<script type="module">
  const status = document.querySelector('#status');
  if (!window.Clerk) {
    status.textContent = 'You cannot sign in at the moment.';
    throw new Error('clerk-js is missing');
  }
  const ui = window.__internal_ClerkUICtor && { ClerkUI: window.__internal_ClerkUICtor };
  await Clerk.load({ ui, signInUrl: '/sign-in', signUpUrl: '/sign-up', waitlistUrl: '/waitlist' });
  Clerk.addListener(({ user }) => {
    status.textContent = user ? 'Signed in as ' + user.primaryEmailAddress : 'Signed out';
  });
  ${component && `Clerk.mount${component}(document.querySelector('#component'));`}
</script>`;

export type Row = { email?: string; updatedAt: number };

/** The app, which knows Clerk by its environment only, and its table of users. */
export function createApp() {
  const app = express();
  const users = new Map<string, Row>();

  app.post('/webhooks', express.raw({ type: () => true }), async (req, res) => {
    const event = await verifyWebhook(req).catch(() => undefined);
    if (!event) return void res.sendStatus(400);
    if (event.type === 'user.created' || event.type === 'user.updated') {
      const { id, email_addresses, updated_at } = event.data;
      // Events arrive in any order: the newest one counts, and nothing comes after a deletion.
      if (updated_at >= (users.get(id)?.updatedAt ?? 0)) {
        users.set(id, { email: email_addresses[0]?.email_address, updatedAt: updated_at });
      }
    } else if (event.type === 'user.deleted') {
      users.set(event.data.id!, { updatedAt: Infinity });
    }
    res.sendStatus(204);
  });

  const authorizedParties = [process.env.APP_URL!];
  app.use(clerkMiddleware({ frontendApiProxy: { enabled: true }, authorizedParties }));

  for (const [path, component] of Object.entries(components)) {
    app.get(path, (_req, res) => void res.send(page(component)));
  }

  app.get('/protected', (req, res) => {
    const auth = getAuth(req);
    // Without routes of their own, the components of clerk-js read their parameters from the fragment.
    const signIn = process.env.CLERK_SIGN_IN_URL || '/sign-in#/';
    const here = encodeURIComponent(`${process.env.APP_URL}/protected`);
    if (!auth.userId) return res.redirect(`${signIn}?redirect_url=${here}`);
    res.send(`<title>Team</title><p>Hello ${auth.userId}, ${auth.has({ plan: 'u:pro' }) ? 'pro' : 'free'} plan</p>`);
  });

  const admin: RequestHandler = (req, res, next) => {
    const auth = getAuth(req);
    if (!auth.userId) return void res.sendStatus(401);
    if (!auth.has({ role: 'org:admin' })) return void res.sendStatus(403);
    next();
  };

  app.get('/api/members', admin, async (req, res) => {
    const organizationId = getAuth(req).orgId!;
    const { data } = await clerkClient.organizations.getOrganizationMembershipList({ organizationId });
    res.json(data.map(({ role, publicUserData }) => ({ role, user: publicUserData?.userId })));
  });

  app.post('/api/invitations', admin, express.json(), async (req, res) => {
    const { userId, orgId } = getAuth(req);
    const organizationId = orgId!;
    const invitation = {
      organizationId,
      inviterUserId: userId!,
      emailAddress: req.body.email,
      role: 'org:member',
      redirectUrl: `${process.env.APP_URL}/sign-up`,
    };
    await clerkClient.organizations.createOrganizationInvitation(invitation).catch(async error => {
      // The invitation may have been sent although its reply was lost.
      const pending = { organizationId, status: ['pending' as const] };
      const { data } = await clerkClient.organizations.getOrganizationInvitationList(pending);
      if (!data.some(({ emailAddress }) => emailAddress === invitation.emailAddress)) throw error;
    });
    res.sendStatus(201);
  });

  const failed: ErrorRequestHandler = (error, _req, res, _next) => {
    if (!isClerkAPIResponseError(error)) return void res.sendStatus(500);
    if (error.retryAfter) res.set('Retry-After', String(error.retryAfter));
    res.status(error.status >= 500 ? 503 : 422).json(error.errors);
  };
  app.use(failed);

  return { app, users };
}
