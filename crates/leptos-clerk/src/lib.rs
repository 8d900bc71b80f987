#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod clerk_api_error;
mod clerk_js;
mod clerk_options;
mod components;
mod custom_items;
mod form_url;
mod guard;
mod hooks;
mod initial_state;
mod json;
mod localization;
mod mount;
mod params;
mod props;
mod provider;
mod runtime;
#[cfg(not(feature = "csr"))]
mod scripts;
mod server;
mod session_params;
mod show;
mod store;

pub use clerk_auth;
pub use clerk_auth::{
    AcceptsToken, Auth, AuthCheck, Check, ClientOptions, ProtectedPaths, Reverification, ReverificationLevel,
    TokenCheck, TokenType, User,
};

#[cfg(all(feature = "hydrate", not(feature = "csr")))]
pub use self::clerk_js::mount_without_hydration;
#[cfg(not(feature = "csr"))]
pub use self::scripts::ClerkScripts;
#[cfg(not(feature = "_browser"))]
pub use self::server::{auth, current_user, protect};
pub use self::{
    clerk_api_error::{ClerkApiError, EmailLinkErrorCode},
    clerk_options::{ClerkOptions, SessionTask},
    components::{
        APIKeys, APIKeysProps, AuthenticateWithRedirectCallback, ButtonMode, CheckoutButton, ClerkDegraded,
        ClerkFailed, ClerkLoaded, ClerkLoading, CreateOrganization, CreateOrganizationProps, CtaPosition,
        GoogleOneTap, InitialValues, InviteMembersButton, OAuthFlow, OrganizationList, OrganizationListProps,
        OrganizationProfile, OrganizationProfileProps, OrganizationSwitcher, OrganizationSwitcherProps,
        PlanDetailsButton, PlanPeriod, PricingTable, PricingTableProps, RedirectToCreateOrganization,
        RedirectToOrganizationProfile, RedirectToSignIn, RedirectToSignUp, RedirectToTasks,
        RedirectToUserProfile, Show, SignIn, SignInButton, SignInButtonProps, SignInProps, SignOutButton,
        SignUp, SignUpButton, SignUpButtonProps, SignUpProps, SignedIn, SignedOut, SubscriptionDetailsButton,
        TaskChooseOrganization, TaskChooseOrganizationProps, TaskResetPassword, TaskResetPasswordProps,
        TaskSetupMFA, TaskSetupMFAProps, UserAvatar, UserAvatarProps, UserButton, UserButtonProps,
        UserProfile, UserProfileProps, Waitlist, WaitlistProps, When,
    },
    custom_items::CustomItems,
    guard::ProtectPaths,
    hooks::{
        ApiKey, AuthenticateWithRedirectParams, BillingMoneyAmount, Checkout, CheckoutOptions,
        ClerkPaginatedResponse, CreateApiKeyParams, CreateOrganizationParams, EmailLinkParams,
        EmailLinkResource, EmailLinkVerification, Factor, FactorParams, Feature, Fetched, ForPayer,
        NeedsReverification, Organization, OrganizationCreationAdvisory, OrganizationCreationDefaults,
        OrganizationInvitation, OrganizationMembership, PaymentAttempt, PaymentMethod, Plan, PublicUserData,
        ReverificationError, Session, SignInAttempt, SignInCreateParams, SignUpAttempt, SignUpParams,
        Statement, StatementGroup, Subscription, SubscriptionItem, UseApiKeys, UseCheckout, UseEmailLink,
        UseOrganization, UseOrganizationList, UseSignIn, UseSignUp, UseWaitlist, WaitlistEntry, use_api_keys,
        use_checkout, use_email_link, use_organization, use_organization_creation_defaults,
        use_organization_list, use_payment_attempts, use_payment_methods, use_plans, use_reverification,
        use_session, use_session_list, use_sign_in, use_sign_up, use_statements, use_subscription,
        use_waitlist,
    },
    json::Json,
    localization::Localization,
    provider::ClerkProvider,
    server::{ClerkClient, ClerkServerError},
    session_params::{GetTokenOptions, HandleEmailLinkVerificationParams, SetActiveParams},
    store::{Clerk, LoadStatus, use_auth, use_clerk, use_user},
};
