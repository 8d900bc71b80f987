//! Session tokens.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    model::{Organization, Session, Subscription},
};

/// Seconds a session token lives.
const LIFETIME: i64 = 60;
/// The `cat` header of a session token.
const SESSION_CATEGORY: &str = "cl_B7d4PD111AAA";

impl Call<'_> {
    /// A session token for the page at this origin.
    pub(super) fn session_token(&self, session: &Session, azp: &str) -> Result<String, Error> {
        let now = self.now / 1000;
        let mut claims = json!({
            "azp": azp,
            "exp": now + LIFETIME,
            "fva": session.factor_verification_age(self.now),
            "iat": now,
            "iss": self.keys.issuer(),
            "jti": id::alphanumeric::<20>().to_lowercase(),
            "nbf": now - 10,
            "sid": session.id,
            "sts": if self.tasks(session)?.is_empty() { "active" } else { "pending" },
            "sub": session.user_id,
            "v": 2,
        });
        if let Some(subscription) = self.subscription(&session.user_id)?
            && let Some(plan) = subscription.active_plan(self.now)
        {
            let features: Vec<String> = plan
                .features
                .iter()
                .map(|feature| format!("u:{}", feature.slug))
                .collect();
            claims["pla"] = json!(format!("u:{}", plan.slug));
            claims["fea"] = json!(features.join(","));
        }
        if let Some(organization) = self.active_organization(session)? {
            claims["o"] = organization;
        }
        if let Some(actor) = &session.actor {
            claims["act"] = actor.clone();
        }
        Ok(self
            .keys
            .sign(&json!({ "cat": SESSION_CATEGORY, "oiat": now }), &claims))
    }

    /// The `o` claim. System permissions are not in tokens, and there are no others here.
    fn active_organization(&self, session: &Session) -> Result<Option<Value>, Error> {
        let Some(id) = &session.last_active_organization_id else {
            return Ok(None);
        };
        let organization = self.store.get::<Organization>(id)?;
        Ok(organization.and_then(|organization| {
            let membership = organization.membership(&session.user_id)?;
            let role = membership.role.key().trim_start_matches("org:");
            Some(json!({ "id": organization.id, "rol": role, "slg": organization.slug }))
        }))
    }

    pub(super) fn token_json(&self, session: &Session) -> Result<Value, Error> {
        Ok(json!({ "object": "token", "jwt": self.session_token(session, &self.url.app)? }))
    }

    /// The user's subscription, brought up to date; none where there are no plans.
    pub(super) fn subscription(&self, user_id: &str) -> Result<Option<Subscription>, Error> {
        let mut subscription = self.store.get::<Subscription>(user_id)?;
        if let Some(subscription) = &mut subscription {
            subscription.settle(self.now);
        }
        Ok(subscription)
    }

    pub(super) fn subscription_or_error(&self, user_id: &str) -> Result<Subscription, Error> {
        Ok(self
            .subscription(user_id)?
            .ok_or_else(|| ApiError::not_found("subscription", user_id))?)
    }
}
