//! What events carry that the Backend API does not return. The contract of the Backend API does not describe it: the
//! fields are those of the types of `@clerk/backend`.

use std::fmt;

use serde::Deserialize;

use crate::backend::api::{
    BillingMoneyAmount, BillingPayer, BillingPaymentAttemptStatus, BillingPlanPeriod,
    BillingSubscriptionItemCredit, BillingSubscriptionItemStatus, BillingSubscriptionStatus, BillingTotals,
    Metadata, OrganizationInvitation, Session, User,
};

/// A session, and its user.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct SessionEvent {
    /// The session.
    #[serde(flatten)]
    pub session: Session,
    /// The user. Not part of every event.
    #[serde(default)]
    pub user: Option<User>,
}

/// An invitation to an organization, and who has accepted it.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct OrganizationInvitationEvent {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: OrganizationInvitation,
    /// The ID of the user who has accepted it.
    #[serde(default)]
    pub user_id: Option<String>,
}

/// An email that Clerk sends, or that the application has to send if `delivered_by_clerk` is not set.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct EmailMessage {
    /// The ID.
    pub id: String,
    /// The name of the template.
    pub slug: Option<String>,
    /// The part of the sender's address before the @.
    pub from_email_name: Option<String>,
    /// The address of the recipient.
    pub to_email_address: Option<String>,
    /// The ID of the email address.
    pub email_address_id: Option<String>,
    /// The ID of the user.
    pub user_id: Option<String>,
    /// The subject. May contain a code that signs the user in.
    pub subject: Option<String>,
    /// The text as HTML.
    pub body: Option<String>,
    /// The text.
    pub body_plain: Option<String>,
    /// The state, such as `queued`.
    pub status: Option<String>,
    /// The values that the template uses, such as `otp_code`.
    pub data: Option<Metadata>,
    /// Whether Clerk sends it.
    pub delivered_by_clerk: bool,
    /// Why it is not sent.
    pub suppression_reason: Option<String>,
}

impl fmt::Debug for EmailMessage {
    /// Omits the text, which may contain a code that signs the user in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailMessage")
            .field("id", &self.id)
            .field("slug", &self.slug)
            .field("user_id", &self.user_id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A text message that Clerk sends, or that the application has to send if `delivered_by_clerk` is not set.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SmsMessage {
    /// The ID.
    pub id: String,
    /// The name of the template.
    pub slug: Option<String>,
    /// The number of the sender.
    pub from_phone_number: Option<String>,
    /// The number of the recipient.
    pub to_phone_number: Option<String>,
    /// The ID of the phone number.
    pub phone_number_id: Option<String>,
    /// The ID of the user.
    pub user_id: Option<String>,
    /// The text.
    pub message: Option<String>,
    /// The state, such as `queued`.
    pub status: Option<String>,
    /// The values that the template uses, such as `otp_code`.
    pub data: Option<Metadata>,
    /// Whether Clerk sends it.
    pub delivered_by_clerk: bool,
}

impl fmt::Debug for SmsMessage {
    /// Omits the text, which may contain a code that signs the user in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsMessage")
            .field("id", &self.id)
            .field("slug", &self.slug)
            .field("user_id", &self.user_id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A subscription that has changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BillingSubscriptionEvent {
    /// The ID.
    pub id: String,
    /// The state.
    pub status: BillingSubscriptionStatus,
    /// When it became active.
    pub active_at: Option<i64>,
    /// When it was canceled.
    pub canceled_at: Option<i64>,
    /// When it was created.
    pub created_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Since when a payment is missing.
    pub past_due_at: Option<i64>,
    /// When it was last changed.
    pub updated_at: Option<i64>,
    /// The ID of the last payment.
    pub latest_payment_id: Option<String>,
    /// The ID of who pays.
    pub payer_id: Option<String>,
    /// Who pays.
    pub payer: Option<BillingPayer>,
    /// The ID of the payment method.
    pub payment_source_id: Option<String>,
    /// The items.
    pub items: Vec<BillingSubscriptionItemEvent>,
}

/// An item of a subscription that has changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BillingSubscriptionItemEvent {
    /// The ID.
    pub id: String,
    /// The state.
    pub status: BillingSubscriptionItemStatus,
    /// The credit for the plan before.
    pub credit: Option<BillingSubscriptionItemCredit>,
    /// When the item replaced another one.
    pub proration_date: Option<String>,
    /// How often it is paid.
    pub plan_period: Option<BillingPlanPeriod>,
    /// When the period began.
    pub period_start: Option<i64>,
    /// When the period ends. `None` for free plans.
    pub period_end: Option<i64>,
    /// When it was canceled.
    pub canceled_at: Option<i64>,
    /// Since when a payment is missing.
    pub past_due_at: Option<i64>,
    /// What was paid for it altogether, in the smallest unit of the currency.
    pub lifetime_paid: Option<i64>,
    /// The next payment, in the smallest unit of the currency.
    pub next_payment_amount: Option<i64>,
    /// When the next payment is due.
    pub next_payment_date: Option<i64>,
    /// The price.
    pub amount: Option<BillingMoneyAmount>,
    /// The plan.
    pub plan: Option<BillingPlanEvent>,
    /// The ID of the plan.
    pub plan_id: Option<String>,
    /// Who pays.
    pub payer: Option<BillingPayer>,
}

/// The plan of an item of a subscription that has changed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BillingPlanEvent {
    /// The ID.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The slug, by which [`AuthCheck::plan`](crate::AuthCheck::plan) asks for it.
    pub slug: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether everybody without another plan has it.
    pub is_default: bool,
    /// Whether the plan is paid again and again.
    pub is_recurring: bool,
    /// The price of a month, in the smallest unit of the currency.
    pub amount: Option<i64>,
    /// The price of a month if a year is paid, in the smallest unit of the currency.
    pub annual_monthly_amount: Option<i64>,
    /// The code of the currency, such as `usd`.
    pub currency: Option<String>,
}

/// A payment that was tried.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct BillingPaymentAttemptEvent {
    /// The ID.
    pub id: String,
    /// The ID of the payment.
    pub payment_id: Option<String>,
    /// The ID of the statement.
    pub statement_id: Option<String>,
    /// The ID at the payment provider.
    pub gateway_external_id: Option<String>,
    /// What became of the payment.
    pub status: BillingPaymentAttemptStatus,
    /// When it was created.
    pub created_at: Option<i64>,
    /// When it was last changed.
    pub updated_at: Option<i64>,
    /// When it was paid.
    pub paid_at: Option<i64>,
    /// When it failed.
    pub failed_at: Option<i64>,
    /// Why it failed: `code` and `decline_code` of the payment provider.
    pub failed_reason: Option<Metadata>,
    /// When it was due.
    pub billing_date: Option<i64>,
    /// Why the payment was made, such as `checkout` or `recurring`.
    pub charge_type: Option<String>,
    /// Who pays.
    pub payer: Option<BillingPayer>,
    /// The parts of the amount.
    pub totals: Option<BillingTotals>,
    /// The items that are paid.
    pub subscription_items: Vec<BillingSubscriptionItemEvent>,
}
