/** Why exports of Clerk's packages have no counterpart here. */
const reactContext = "a context of React around Stripe's React components; `CheckoutButton` and `PricingTable` have a whole checkout";
const oauthProvider = 'for an instance that is an OAuth provider: Clerk leads to this page of the Account Portal by itself';
const oauthDevice = 'for devices that sign in by a code, of which the local Clerk has no endpoint to try it against';
const pagesRouter = "for the Pages Router of Next.js; axum's extractors do this";
const throwsOnly = 'removed by Clerk: what is exported only throws an error';
const web3 = 'needs the extension of a crypto wallet, which the local Clerk cannot stand in for';

export const reasons = {
  CheckoutProvider: reactContext,
  HandleSSOCallback: 'a variant of `AuthenticateWithRedirectCallback`, which leaves the steps to clerk-js',
  OAuthConsent: oauthProvider,
  OAuthDeviceVerification: oauthDevice,
  PaymentElement: reactContext,
  PaymentElementProvider: reactContext,
  Protect: `${throwsOnly}; use \`Show\` or \`ProtectPaths\``,
  SignInWithMetamaskButton: web3,
  UNSAFE_PortalProvider: "for dialogs of React's component libraries",
  useOAuthConsent: oauthProvider,
  useOAuthDeviceVerification: oauthDevice,
  usePaymentElement: reactContext,
  __experimental_CheckoutProvider: reactContext,
  __experimental_PaymentElement: reactContext,
  __experimental_PaymentElementProvider: reactContext,
  __experimental_usePaymentElement: reactContext,
  buildClerkProps: pagesRouter,
  getAuth: pagesRouter,
  isMetamaskError: web3,
};

/** Exports whose counterpart has another name: the crate, and the path in it. */
export const renamed = {
  EmailLinkErrorCodeStatus: ['leptos-clerk', 'EmailLinkErrorCode'],
  ClerkAPIResponseError: ['leptos-clerk', 'ClerkApiError'],
  ClerkOfflineError: ['leptos-clerk', 'ClerkApiError'],
  ClerkRuntimeError: ['leptos-clerk', 'ClerkApiError'],
  __experimental_useCheckout: ['leptos-clerk', 'use_checkout'],
  clerkClient: ['clerk-auth', 'Clerk', 'api'],
  clerkFrontendApiProxy: ['axum-clerk', 'frontend_api_proxy'],
  clerkMiddleware: ['axum-clerk', 'ClerkLayer'],
  createClerkClient: ['clerk-auth', 'Clerk'],
  createFrontendApiProxyHandlers: ['axum-clerk', 'frontend_api_proxy'],
  createRouteMatcher: ['axum-clerk', 'ProtectedPaths'],
  isClerkAPIResponseError: ['leptos-clerk', 'ClerkApiError'],
  isClerkRuntimeError: ['leptos-clerk', 'ClerkApiError'],
  isEmailLinkError: ['leptos-clerk', 'ClerkApiError', 'email_link_error_code'],
  isKnownError: ['leptos-clerk', 'ClerkApiError'],
  isReverificationCancelledError: ['leptos-clerk', 'ReverificationError', 'Cancelled'],
  reverificationError: ['leptos-clerk', 'ClerkServerError', 'Reverification'],
  reverificationErrorResponse: ['leptos-clerk', 'ClerkServerError', 'Reverification'],
  getToken: ['leptos-clerk', 'Clerk', 'get_token'],
  verifyToken: ['clerk-auth', 'Clerk', 'authenticate'],
  verifyWebhook: ['clerk-auth', 'WebhookSecret'],
};

/** What differs in the exports that have a counterpart. */
export const notes = {
  ClerkOfflineError: 'its code is `clerk_offline`',
  CheckoutButton: 'experimental at Clerk',
  PlanDetailsButton: 'experimental at Clerk; takes the ID of a plan',
  RedirectToCreateOrganization: 'deprecated at Clerk',
  RedirectToOrganizationProfile: 'deprecated at Clerk',
  RedirectToUserProfile: 'deprecated at Clerk',
  Show: '`when` is `When`, an `AuthCheck`, or a function of `Auth`',
  SignedIn: `${throwsOnly}; here it is short for \`Show\``,
  SignedOut: `${throwsOnly}; here it is short for \`Show\``,
  SubscriptionDetailsButton: 'experimental at Clerk',
  clerkClient: 'in handlers and server functions: the `Clerk` of the app',
};
