//! What is stored. Fields that later versions add have defaults, so that old data files stay readable.

mod api_key;
mod attempt;
mod billing;
mod client;
mod clock_offset;
mod contact;
mod contact_verification;
mod credit;
mod device;
mod domain;
mod email_link;
mod external;
mod fault;
mod image;
mod invitation;
mod jwt_template;
mod m2m_token;
mod machine;
mod message;
mod nonce;
mod oauth_application;
mod oauth_grant;
mod organization;
mod passkey;
mod plan;
mod public_url;
mod redirect_url;
mod restrictions;
mod reverification;
mod role;
mod session;
mod settings;
mod ticket;
mod totp;
mod user;
mod verification;
mod webhook;

pub(crate) use api_key::ApiKey;
pub(crate) use attempt::{SignIn, SignInStatus, SignUp};
pub(crate) use billing::{
    Checkout, Payment, PaymentMethod, Period, Subscription, SubscriptionItem, SubscriptionItemStatus,
};
pub(crate) use client::{Client, DevBrowser};
pub(crate) use clock_offset::ClockOffset;
pub(crate) use contact::{Contact, ContactKind, Identifier};
pub(crate) use contact_verification::ContactVerification;
pub(crate) use credit::{CreditEntry, CreditSource};
pub(crate) use device::{Activity, Device};
pub(crate) use domain::{Domain, EnrollmentMode, Suggestion, SuggestionStatus};
pub(crate) use email_link::{EMAIL_LINK, EmailLink, LinkPurpose};
pub(crate) use external::{Authorization, ExternalAccount, Grant, Identity, OauthFlow, Purpose, account_key};
pub(crate) use fault::{ApiKind, Fault, path_matches};
pub(crate) use image::{Image, Upload};
pub(crate) use invitation::{ApplicationInvitation, Ticket, TicketSource, WaitlistEntry, WaitlistStatus};
pub(crate) use jwt_template::{JwtTemplate, SigningKey, reserved_claim};
pub(crate) use m2m_token::M2mToken;
pub(crate) use machine::Machine;
pub(crate) use message::{Message, MessageKind};
pub(crate) use nonce::{Nonce, RotatingTokenNonce};
pub(crate) use oauth_application::{
    DEFAULT_SCOPES, OauthApplication, REGISTRATION_SCOPES, SCOPES, is_redirect_uri, parse_scopes,
};
pub(crate) use oauth_grant::{OauthConsent, OauthGrant, OauthToken, OauthTokenKind};
pub(crate) use organization::{Invitation, InvitationStatus, Membership, Organization};
pub(crate) use passkey::{PASSKEY, Passkey, passkey_key};
pub(crate) use plan::{Feature, Payer, Plan};
pub(crate) use public_url::{
    AllowedHosts, CLERK_JS, CLERK_UI, LastPublicUrl, MOUNT, PublicUrl, is_web, own_frontend_api,
};
pub(crate) use redirect_url::RedirectUrl;
pub(crate) use restrictions::{List, ListedIdentifier, Restrictions};
pub(crate) use reverification::{Level, Reverification, ReverificationStatus};
pub(crate) use role::{
    CREATOR_PERMISSIONS, DELETE_ORGANIZATION, MANAGE_API_KEYS, MANAGE_BILLING, MANAGE_DOMAINS,
    MANAGE_MEMBERS, MANAGE_ORGANIZATION, Permission, READ_API_KEYS, READ_BILLING, READ_DOMAINS, READ_MEMBERS,
    Role, RoleSet, SYSTEM_PREFIX,
};
pub(crate) use session::{Session, SessionStatus, Task};
pub(crate) use settings::{SecondFactor, Settings, SignUpMode, TOKEN_LIFETIMES, Use};
pub(crate) use ticket::{Agent, SignInToken, TicketKind};
pub(crate) use totp::{BackupCodes, Totp};
pub(crate) use user::User;
pub(crate) use verification::{CODE, Verification, VerificationStatus};
pub(crate) use webhook::{Webhook, event_matches, is_event_pattern};

/// One second in milliseconds, the unit of all times.
pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;
