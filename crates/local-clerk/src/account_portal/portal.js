'use strict';

const { component, target, hosts } = document.currentScript.dataset;
const place = document.querySelector('main > div');

/** A page of the portal that leads to the same target. */
const page = (name, to = target) => `/${name}?${new URLSearchParams({ redirect_url: new URL(to, location.origin) })}`;

/** The origins that a component may lead to: those of this machine, and of the hosts that are allowed. */
const allowedRedirectOrigins = ['localhost', '[^/:@]+\\.localhost', '127(?:\\.\\d+){3}', '\\[::1\\]']
  .concat(hosts.split(' ').filter(Boolean).map((host) => host.replace(/\W/g, '\\$&')))
  .map((host) => new RegExp(`^https?://${host}(?::\\d+)?$`));

async function show() {
  if (!window.Clerk) {
    place.textContent = 'clerk-js could not be loaded: run `npm install @clerk/clerk-js @clerk/ui`, or set LOCAL_CLERK_NPM_DIR.';
    return;
  }
  await Clerk.load({
    ui: { ClerkUI: window.__internal_ClerkUICtor },
    allowedRedirectOrigins,
    signInUrl: page('sign-in'),
    signUpUrl: page('sign-up'),
    waitlistUrl: page('waitlist'),
    signInFallbackRedirectUrl: target,
    signUpFallbackRedirectUrl: target,
    afterSignOutUrl: page('sign-in'),
    telemetry: false,
  });
  const needsUser = ['UserProfile', 'OrganizationProfile', 'CreateOrganization', 'OAuthConsent'].includes(component);
  if (needsUser && !Clerk.user) {
    location.replace(page('sign-in', location.href));
  } else if (component === 'OrganizationProfile' && !Clerk.organization) {
    location.replace(page('create-organization', location.href));
  } else {
    Clerk[`mount${component}`](place, {
      afterCreateOrganizationUrl: target,
      afterLeaveOrganizationUrl: target,
      afterJoinWaitlistUrl: target,
    });
  }
}

show();
