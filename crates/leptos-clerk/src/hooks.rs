//! The hooks of `@clerk/react`. Each subscribes to clerk-js by itself, so that an app that does not use it pays nothing.
//!
//! On the server a hook knows what the session token says; the rest follows once clerk-js has loaded.

mod api_keys;
mod billing;
mod checkout;
mod email_link;
mod fetched;
mod live;
mod organization;
mod organization_creation_defaults;
mod organization_list;
mod payments;
mod read;
mod reverification;
mod session;
mod sign_in;
mod sign_up;
mod verification_params;
mod waitlist;

pub use api_keys::{ApiKey, CreateApiKeyParams, UseApiKeys, use_api_keys};
pub use billing::{
    BillingMoneyAmount, Feature, ForPayer, Plan, Subscription, SubscriptionItem, use_plans, use_subscription,
};
pub use checkout::{Checkout, CheckoutOptions, UseCheckout, use_checkout};
pub use email_link::{
    EmailLinkParams, EmailLinkResource, EmailLinkVerification, UseEmailLink, use_email_link,
};
pub use fetched::{ClerkPaginatedResponse, Fetched};
pub use organization::{
    Organization, OrganizationInvitation, OrganizationMembership, PublicUserData, UseOrganization,
    use_organization,
};
pub use organization_creation_defaults::{
    OrganizationCreationAdvisory, OrganizationCreationDefaults, use_organization_creation_defaults,
};
pub use organization_list::{CreateOrganizationParams, UseOrganizationList, use_organization_list};
pub use payments::{
    PaymentAttempt, PaymentMethod, Statement, StatementGroup, use_payment_attempts, use_payment_methods,
    use_statements,
};
pub use reverification::{NeedsReverification, ReverificationError, use_reverification};
pub use session::{Session, use_session, use_session_list};
pub use sign_in::{SignInAttempt, SignInCreateParams, UseSignIn, use_sign_in};
pub use sign_up::{SignUpAttempt, SignUpParams, UseSignUp, use_sign_up};
pub use verification_params::{AuthenticateWithRedirectParams, Factor, FactorParams};
pub use waitlist::{UseWaitlist, WaitlistEntry, use_waitlist};
