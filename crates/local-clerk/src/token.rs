//! Session tokens.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    model::{Organization, Session, Subscription},
};

/// The `cat` header of a session token.
const SESSION_CATEGORY: &str = "cl_B7d4PD111AAA";

impl Call<'_> {
    /// Creates a session token for the page at this origin.
    pub(crate) fn session_token(&self, session: &Session, azp: &str) -> Result<String, Error> {
        let now = self.now / 1000;
        let mut claims = json!({
            "azp": azp,
            "exp": now + i64::from(self.settings()?.token_lifetime),
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
        let (plans, features) = self.entitlements(session)?;
        if !plans.is_empty() {
            claims["pla"] = json!(plans.join(","));
            claims["fea"] = json!(features.join(","));
        }
        if let Some(organization) = self.active_organization(session)? {
            claims["o"] = organization;
        }
        if let Some(actor) = &session.actor {
            claims["act"] = actor.clone();
        }
        for (name, claim) in self.custom_claims(session)? {
            // Clerk's own claims take precedence.
            if claims.get(&name).is_none() {
                claims[name] = claim;
            }
        }
        Ok(self
            .keys
            .sign(&json!({ "cat": SESSION_CATEGORY, "oiat": now }), &claims))
    }

    /// The plans and features of the user (`u`) and of the active organization (`o`).
    fn entitlements(&self, session: &Session) -> Result<(Vec<String>, Vec<String>), Error> {
        let organization = session.last_active_organization_id.as_deref();
        let (mut plans, mut features) = (Vec::new(), Vec::new());
        for (scope, owner) in [("u", Some(session.user_id.as_str())), ("o", organization)] {
            let subscription = owner.map(|owner| self.subscription(owner)).transpose()?.flatten();
            let active = subscription
                .as_ref()
                .and_then(|subscription| subscription.active_plan(self.now));
            if let Some(plan) = active {
                plans.push(format!("{scope}:{}", plan.slug));
                let slugs = plan.features.iter();
                features.extend(slugs.map(|feature| format!("{scope}:{}", feature.slug)));
            }
        }
        Ok((plans, features))
    }

    /// The `o` claim. It has no permissions: Clerk leaves system permissions out, and there are no custom ones here.
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

    pub(crate) fn token_json(&self, session: &Session) -> Result<Value, Error> {
        Ok(json!({ "object": "token", "jwt": self.session_token(session, &self.url.app)? }))
    }

    /// Loads the subscription of a user or an organization and brings it up to date; `None` if there are no plans.
    pub(crate) fn subscription(&self, owner_id: &str) -> Result<Option<Subscription>, Error> {
        let mut subscription = self.store.get::<Subscription>(owner_id)?;
        if let Some(subscription) = &mut subscription {
            subscription.settle(self.now);
        }
        Ok(subscription)
    }

    pub(crate) fn subscription_or_error(&self, owner_id: &str) -> Result<Subscription, Error> {
        Ok(self
            .subscription(owner_id)?
            .ok_or_else(|| ApiError::not_found("subscription", owner_id))?)
    }
}
