//! JWT templates: tokens for others, with claims of the app's own choice.

mod shortcodes;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    model::{Organization, Session, User},
    store::Document,
};
use shortcodes::fill;

/// The `cat` header of a token made by a JWT template.
const CATEGORY: &str = "cl_B7d4PD222AAA";
/// Claims that Clerk itself sets.
const RESERVED: [&str; 7] = ["azp", "exp", "iat", "iss", "jti", "nbf", "sub"];

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct JwtTemplate {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) claims: Map<String, Value>,
    /// Seconds.
    pub(super) lifetime: i64,
    pub(super) allowed_clock_skew: i64,
    /// Signs in place of the instance's key.
    pub(super) signing_key: Option<SigningKey>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SigningKey {
    algorithm: Algorithm,
    /// A shared secret, or a private key as PEM.
    key: String,
}

impl Document for JwtTemplate {
    const KIND: &'static str = "jwt_template";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.name)
    }
}

/// A claim among these that is not a template's to make.
pub(super) fn reserved_claim(claims: &Map<String, Value>) -> Option<&'static str> {
    RESERVED.into_iter().find(|name| claims.contains_key(*name))
}

impl JwtTemplate {
    pub(super) fn new(name: &str, claims: Map<String, Value>, now: i64) -> Self {
        Self {
            id: id::new("jtmp"),
            name: name.to_owned(),
            claims,
            lifetime: 60,
            allowed_clock_skew: 5,
            signing_key: None,
            created_at: now,
            updated_at: now,
        }
    }

    pub(super) fn json(&self) -> Value {
        let algorithm = self.signing_key.as_ref().map(|key| key.algorithm);
        json!({
            "object": "jwt_template",
            "id": self.id,
            "name": self.name,
            "claims": self.claims,
            "lifetime": self.lifetime,
            "allowed_clock_skew": self.allowed_clock_skew,
            "custom_signing_key": self.signing_key.is_some(),
            "signing_algorithm": algorithm.unwrap_or(Algorithm::RS256),
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }
}

impl SigningKey {
    /// A key that signs by this algorithm.
    pub(super) fn new(algorithm: &str, key: &str) -> Result<Self, ApiError> {
        let algorithm = algorithm.parse().map_err(|_| {
            ApiError::value_invalid(
                "signing_algorithm",
                format!("{algorithm} is not a signing algorithm."),
            )
        })?;
        let made = Self {
            algorithm,
            key: key.to_owned(),
        };
        match made.sign(&json!({})) {
            Some(_) => Ok(made),
            None => Err(ApiError::value_invalid(
                "signing_key",
                "The signing key does not fit the signing algorithm.",
            )),
        }
    }

    fn sign(&self, claims: &Value) -> Option<String> {
        let pem = self.key.as_bytes();
        let key = match self.algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => Ok(EncodingKey::from_secret(pem)),
            Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(pem),
            Algorithm::EdDSA => EncodingKey::from_ed_pem(pem),
            _ => EncodingKey::from_rsa_pem(pem),
        };
        let mut header = Header::new(self.algorithm);
        header.extras.insert("cat".to_owned(), CATEGORY.to_owned());
        jsonwebtoken::encode(&header, claims, &key.ok()?).ok()
    }
}

impl Call<'_> {
    /// A token by the template of this name.
    pub(super) fn template_token(
        &self,
        session: &Session,
        user: &User,
        name: &str,
        lifetime: Option<i64>,
    ) -> Result<Value, Error> {
        let template = self.store.of::<JwtTemplate>(name)?.pop();
        let template = template.ok_or_else(|| ApiError::not_found("JWT template", name))?;
        let now = self.now / 1000;
        let values = self.shortcodes(session, user)?;
        let mut claims = fill(&Value::Object(template.claims), &values);
        claims["azp"] = json!(self.url.app);
        claims["exp"] = json!(now + lifetime.unwrap_or(template.lifetime));
        claims["iat"] = json!(now);
        claims["iss"] = json!(self.keys.issuer());
        claims["jti"] = json!(id::alphanumeric::<20>().to_lowercase());
        claims["nbf"] = json!(now - template.allowed_clock_skew);
        claims["sub"] = json!(user.id);
        let jwt = match &template.signing_key {
            Some(key) => key.sign(&claims).ok_or_else(ApiError::internal)?,
            None => self.keys.sign(&json!({ "cat": CATEGORY }), &claims),
        };
        Ok(json!({ "object": "token", "jwt": jwt }))
    }

    /// What the settings add to session tokens.
    pub(super) fn custom_claims(&self, session: &Session) -> Result<Map<String, Value>, Error> {
        let template = self.settings()?.session_token;
        if template.is_empty() {
            return Ok(template);
        }
        let user = self.store.get::<User>(&session.user_id)?;
        let user = user.ok_or_else(ApiError::authentication_invalid)?;
        let values = self.shortcodes(session, &user)?;
        let filled = template
            .iter()
            .map(|(name, claim)| (name.clone(), fill(claim, &values)));
        Ok(filled.collect())
    }

    /// What a template's shortcodes stand for.
    fn shortcodes(&self, session: &Session, user: &User) -> Result<Value, Error> {
        let email_address = user.primary_email_address();
        let mut json = self.user_json(user)?;
        let names = [user.first_name.as_deref(), user.last_name.as_deref()];
        let full_name: Vec<&str> = names.into_iter().flatten().collect();
        json["full_name"] = if full_name.is_empty() {
            Value::Null
        } else {
            json!(full_name.join(" "))
        };
        json["primary_email_address"] = json!(email_address.map(|address| &address.value));
        json["email_verified"] = json!(email_address.is_some_and(|address| address.is_verified()));
        let mut organizations = Map::new();
        for organization in self.store.all::<Organization>()? {
            if let Some(membership) = organization.membership(&user.id) {
                organizations.insert(organization.id.clone(), json!(membership.role));
            }
        }
        json["organizations"] = Value::Object(organizations);
        let mut values = json!({
            "user": json,
            "session": { "id": session.id, "actor": session.actor },
            "org": null,
            "org_membership": null,
        });
        if let Some(id) = &session.last_active_organization_id
            && let Some(organization) = self.store.get::<Organization>(id)?
            && let Some(membership) = organization.membership(&user.id)
        {
            values["org"] = self.organization_json(&organization);
            values["org"]["role"] = json!(membership.role);
            values["org_membership"] = json!({ "public_metadata": membership.public_metadata });
        }
        Ok(values)
    }
}
