//! What is stored. Fields that later versions add have defaults, so that old files stay readable.

mod attempt;
mod billing;
mod client;
mod contact;
mod domain;
mod external;
mod invitation;
mod organization;
mod reverification;
mod session;
mod ticket;
mod totp;
mod user;
mod verification;

pub(super) use attempt::{SignIn, SignInStatus, SignUp};
pub(super) use billing::{Checkout, Payment, PaymentMethod, Period, Subscription, SubscriptionItem};
pub(super) use client::{Client, DevBrowser};
pub(super) use contact::{Contact, ContactKind, Identifier};
pub(super) use domain::{Domain, EnrollmentMode, Suggestion, SuggestionStatus};
pub(super) use external::{ExternalAccount, Grant, Identity, OauthFlow, Purpose, Round, account_key};
pub(super) use invitation::{ApplicationInvitation, Ticket, TicketSource, WaitlistEntry, WaitlistStatus};
pub(super) use organization::{Invitation, InvitationStatus, Membership, Organization, Role};
pub(super) use reverification::{Level, Reverification};
pub(super) use session::{Activity, Nonce, Session};
pub(super) use ticket::SignInToken;
pub(super) use totp::{BackupCodes, Totp};
pub(super) use user::User;
pub(super) use verification::{CODE, Verification};

/// Milliseconds.
pub(super) const SECOND: i64 = 1000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const DAY: i64 = 24 * 60 * MINUTE;
