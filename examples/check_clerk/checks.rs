//! The calls, and what became of each.

use std::fmt;

use axum_clerk::{
    Clerk,
    clerk_auth::{
        ApiError,
        api::{
            CountUsers, ListAllowlistIdentifiers, ListApiKeys, ListBillingPlans, ListBillingPrices,
            ListBillingStatements, ListBillingSubscriptionItems, ListInvitations, ListJwtTemplates,
            ListM2mTokens, ListMachines, ListOrganizationInvitations, ListOrganizationMemberships,
            ListOrganizations, ListSessions, ListUserOrganizationMemberships, ListUsers, ListWaitlistEntries,
        },
    },
};

/// One line of the table.
pub(crate) struct Row {
    pub(crate) call: &'static str,
    pub(crate) outcome: Outcome,
}

pub(crate) enum Outcome {
    /// How many there are, where the call counts.
    Ok(Option<i64>),
    /// The instance refuses the call, for example because a feature is turned off.
    Refused(String),
    /// The instance has nothing to make the call with.
    Nothing(&'static str),
    /// The key is wrong, Clerk could not be reached, or its reply could not be read.
    Failed(String),
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:44}", self.call)?;
        match &self.outcome {
            Outcome::Ok(Some(count)) => write!(f, "ok       {count} in all"),
            Outcome::Ok(None) => f.write_str("ok"),
            Outcome::Refused(reason) => write!(f, "refused  {reason}"),
            Outcome::Nothing(what) => write!(f, "-        there is no {what} to ask for"),
            Outcome::Failed(reason) => write!(f, "FAILED   {reason}"),
        }
    }
}

#[derive(Default)]
struct Report(Vec<Row>);

impl Report {
    /// Notes the result of a call, and returns it if there is one.
    fn note<T>(
        &mut self,
        call: &'static str,
        result: Result<T, ApiError>,
        count: impl Fn(&T) -> Option<i64>,
    ) -> Option<T> {
        let outcome = match &result {
            Ok(reply) => Outcome::Ok(count(reply)),
            Err(error) => outcome(error),
        };
        self.0.push(Row { call, outcome });
        result.ok()
    }

    fn nothing(&mut self, calls: &[&'static str], what: &'static str) {
        let row = |call: &&'static str| Row {
            call,
            outcome: Outcome::Nothing(what),
        };
        self.0.extend(calls.iter().map(row));
    }
}

fn outcome(error: &ApiError) -> Outcome {
    let reason = error.to_string();
    match error {
        ApiError::Status { status, .. }
            if status.is_client_error() && !matches!(status.as_u16(), 401 | 429) =>
        {
            Outcome::Refused(reason)
        }
        _ => Outcome::Failed(reason),
    }
}

/// Makes every call that reads. Stops after the first if the key is wrong or Clerk cannot be reached.
pub(crate) async fn check(clerk: &Clerk) -> Vec<Row> {
    let mut report = Report::default();
    let api = clerk.api();
    let one = ListUsers {
        limit: Some(1),
        ..ListUsers::default()
    };
    let users = report.note("users().list()", api.users().list(&one).await, |page| {
        Some(page.total_count)
    });
    if report
        .0
        .iter()
        .any(|row| matches!(row.outcome, Outcome::Failed(_)))
    {
        return report.0;
    }
    report.note(
        "users().count()",
        api.users().count(&CountUsers::default()).await,
        |count| Some(count.total_count),
    );
    match users.and_then(|page| page.data.into_iter().next()) {
        Some(user) => of_user(&mut report, clerk, &user.id).await,
        None => report.nothing(
            &[
                "users().get()",
                "users().organization_memberships()",
                "sessions().list()",
                "api_keys().list()",
                "billing().user_subscription()",
            ],
            "user",
        ),
    }
    let organizations = ListOrganizations {
        limit: Some(1),
        ..ListOrganizations::default()
    };
    let organizations = api.organizations().list(&organizations).await;
    let organizations = report.note("organizations().list()", organizations, |page| {
        Some(page.total_count)
    });
    match organizations.and_then(|page| page.data.into_iter().next()) {
        Some(organization) => of_organization(&mut report, clerk, &organization.id).await,
        None => report.nothing(
            &[
                "organizations().get()",
                "organization_memberships().list()",
                "organization_invitations().list()",
                "billing().organization_subscription()",
            ],
            "organization",
        ),
    }
    of_instance(&mut report, clerk).await;
    report.0
}

async fn of_user(report: &mut Report, clerk: &Clerk, id: &str) {
    let api = clerk.api();
    report.note("users().get()", api.users().get(id).await, |_| None);
    let memberships = api
        .users()
        .organization_memberships(id, &ListUserOrganizationMemberships::default())
        .await;
    report.note("users().organization_memberships()", memberships, |page| {
        Some(page.total_count)
    });
    let sessions = ListSessions {
        user_id: Some(id.to_owned()),
        ..ListSessions::default()
    };
    report.note(
        "sessions().list()",
        api.sessions().list(&sessions).await,
        |page| Some(page.total_count),
    );
    let keys = ListApiKeys {
        subject: Some(id.to_owned()),
        ..ListApiKeys::default()
    };
    report.note("api_keys().list()", api.api_keys().list(&keys).await, |page| {
        Some(page.total_count)
    });
    report.note(
        "billing().user_subscription()",
        api.billing().user_subscription(id).await,
        |_| None,
    );
}

async fn of_organization(report: &mut Report, clerk: &Clerk, id: &str) {
    let api = clerk.api();
    report.note("organizations().get()", api.organizations().get(id).await, |_| {
        None
    });
    let members = api
        .organization_memberships()
        .list(id, &ListOrganizationMemberships::default())
        .await;
    report.note("organization_memberships().list()", members, |page| {
        Some(page.total_count)
    });
    let invitations = api
        .organization_invitations()
        .list(id, &ListOrganizationInvitations::default())
        .await;
    report.note("organization_invitations().list()", invitations, |page| {
        Some(page.total_count)
    });
    report.note(
        "billing().organization_subscription()",
        api.billing().organization_subscription(id).await,
        |_| None,
    );
}

async fn of_instance(report: &mut Report, clerk: &Clerk) {
    let (api, billing) = (clerk.api(), clerk.api().billing());
    report.note(
        "invitations().list()",
        api.invitations().list(&ListInvitations::default()).await,
        |page| Some(page.total_count),
    );
    let entries = api.waitlist_entries().list(&ListWaitlistEntries::default()).await;
    report.note("waitlist_entries().list()", entries, |page| {
        Some(page.total_count)
    });
    let allowed = api
        .allowlist_identifiers()
        .list(&ListAllowlistIdentifiers::default())
        .await;
    report.note("allowlist_identifiers().list()", allowed, |page| {
        Some(page.total_count)
    });
    report.note(
        "blocklist_identifiers().list()",
        api.blocklist_identifiers().list().await,
        |page| Some(page.total_count),
    );
    report.note(
        "jwt_templates().list()",
        api.jwt_templates().list(&ListJwtTemplates::default()).await,
        |page| Some(page.total_count),
    );
    let machines = report.note(
        "machines().list()",
        api.machines().list(&ListMachines::default()).await,
        |page| Some(page.total_count),
    );
    match machines.and_then(|page| page.data.into_iter().next()) {
        Some(machine) => {
            let tokens = ListM2mTokens {
                subject: Some(machine.id),
                ..ListM2mTokens::default()
            };
            report.note(
                "m2m_tokens().list()",
                api.m2m_tokens().list(&tokens).await,
                |page| Some(page.total_count),
            );
        }
        None => report.nothing(&["m2m_tokens().list()"], "machine"),
    }
    report.note(
        "billing().plans()",
        billing.plans(&ListBillingPlans::default()).await,
        |page| Some(page.total_count),
    );
    report.note(
        "billing().prices()",
        billing.prices(&ListBillingPrices::default()).await,
        |page| Some(page.total_count),
    );
    let items = billing
        .subscription_items(&ListBillingSubscriptionItems::default())
        .await;
    report.note("billing().subscription_items()", items, |page| {
        Some(page.total_count)
    });
    let statements = billing.statements(&ListBillingStatements::default()).await;
    report.note("billing().statements()", statements, |page| {
        Some(page.total_count)
    });
}
