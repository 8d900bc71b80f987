//! Session tokens from valid to hostile. Times keep a wide distance from the clock, since both sides decide a
//! little later than the token was made.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::{
    keys::{KID, OTHER, OWN},
    random::Random,
};

/// When the run began, in Unix seconds.
pub(crate) static NOW: LazyLock<i64> =
    LazyLock::new(|| i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap());

/// Kinds that occur in honest sessions.
const HONEST: [&str; 12] = [
    "valid",
    "valid",
    "valid",
    "expired",
    "expired",
    "early",
    "future",
    "org-a",
    "org-b",
    "org-v2",
    "pending",
    "other-party",
];

const ALL: [&str; 57] = [
    "valid",
    "older",
    "newer",
    "expired",
    "early",
    "future",
    "tampered",
    "other-key",
    "unknown-kid",
    "no-kid",
    "alg-none",
    "hs256",
    "rs512",
    "rs512-signed",
    "no-alg",
    "typ-at",
    "typ-app-at",
    "typ-lower",
    "typ-none",
    "typ-number",
    "cat-session",
    "cat-template",
    "cat-m2m",
    "cat-ignore",
    "cat-other",
    "mch",
    "no-sub",
    "sub-number",
    "no-exp",
    "exp-string",
    "exp-huge",
    "exp-fraction",
    "nbf-string",
    "iat-string",
    "iat-null",
    "iat-digits",
    "exp-null",
    "no-iat",
    "other-party",
    "party-empty",
    "party-none",
    "iss-none",
    "iss-number",
    "iss-slash",
    "iss-http",
    "org-a",
    "org-b",
    "org-v2",
    "org-v2-broken",
    "pending",
    "actor",
    "no-sid",
    "two-parts",
    "garbage",
    "not-json",
    "padded",
    "plus",
];

/// Kinds on which we deliberately deviate.
const DEVIATING: [&str; 5] = [
    "claims-array",
    "claims-null",
    "nested",
    "mch-padded",
    "typ-at-padded",
];

pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) kind: &'static str,
    pub(crate) iat: i64,
}

impl Token {
    pub(crate) fn random(random: &mut Random, issuer: &str) -> Self {
        let kind = match random.below(100) {
            0 => random.pick(&DEVIATING),
            1..60 => random.pick(&HONEST),
            _ => random.pick(&ALL),
        };
        Self::of(kind, issuer)
    }

    /// Tokens are made once for each kind and issuer, since signing is slow.
    pub(crate) fn of(kind: &'static str, issuer: &str) -> Self {
        static MADE: LazyLock<Mutex<HashMap<(&str, String), String>>> = LazyLock::new(Mutex::default);
        let mut made = MADE.lock().unwrap();
        let text = made
            .entry((kind, issuer.to_owned()))
            .or_insert_with(|| make(kind, issuer));
        Self {
            text: text.clone(),
            kind,
            iat: issued_at(kind),
        }
    }
}

fn issued_at(kind: &str) -> i64 {
    match kind {
        "expired" => *NOW - 7_200,
        "early" => *NOW + 7_200,
        "future" => *NOW + 3_600,
        "older" => *NOW - 300,
        "newer" => *NOW - 10,
        _ => *NOW - 60,
    }
}

fn make(kind: &str, issuer: &str) -> String {
    let iat = issued_at(kind);
    let mut header = json!({"alg": "RS256", "kid": KID, "typ": "JWT"});
    let mut claims = json!({
        "iss": format!("https://{issuer}"), "sub": "user_1", "sid": "sess_1", "azp": "https://app.example.com",
        "iat": iat, "nbf": iat - 10, "exp": iat + 3_600,
    });
    let mut remove = |claim: &str| claims.as_object_mut().unwrap().remove(claim);
    match kind {
        "future" => drop(remove("nbf")),
        "no-sub" => drop(remove("sub")),
        "no-exp" => drop(remove("exp")),
        "no-iat" => drop(remove("iat")),
        "no-sid" => drop(remove("sid")),
        "party-none" => drop(remove("azp")),
        "iss-none" => drop(remove("iss")),
        _ => {}
    }
    for (name, claim, value) in changed_claims(iat, issuer) {
        if name == kind {
            claims[claim] = value;
        }
    }
    for (name, parameter, value) in changed_headers() {
        if name == kind {
            header[parameter] = value;
        }
    }
    if let Some(missing) = [("no-kid", "kid"), ("no-alg", "alg"), ("typ-none", "typ")]
        .iter()
        .find(|(name, _)| *name == kind)
    {
        header.as_object_mut().unwrap().remove(missing.1);
    }
    let text = claims.to_string();
    match kind {
        "two-parts" => "a.b".to_owned(),
        "garbage" => "garbage".to_owned(),
        "not-json" => OWN.sign(&header, "{not json"),
        "claims-array" => OWN.sign(&header, "[]"),
        "claims-null" => OWN.sign(&header, "null"),
        "nested" => {
            let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
            OWN.sign(&header, &text.replacen('{', &format!("{{\"x\":{nested},"), 1))
        }
        "padded" | "mch-padded" | "typ-at-padded" => OWN.sign(&header, &text) + "==",
        "plus" => OWN.sign(&header, &text).replace(['-', '_'], "+"),
        "other-key" => OTHER.sign(&header, &text),
        "alg-none" => {
            let signed = OWN.sign(&header, &text);
            signed[..=signed.rfind('.').unwrap()].to_owned()
        }
        "hs256" => OWN.sign_hs256(&header, &text),
        "tampered" => {
            let signed = OWN.sign(&header, &text);
            let (start, signature) = signed.rsplit_once('.').unwrap();
            format!(
                "{start}.{}{}",
                if signature.starts_with('A') { 'B' } else { 'A' },
                &signature[1..]
            )
        }
        _ => OWN.sign(&header, &text),
    }
}

fn changed_claims(iat: i64, issuer: &str) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("mch", "sub", json!("mch_1")),
        ("mch-padded", "sub", json!("mch_1")),
        ("sub-number", "sub", json!(7)),
        ("exp-string", "exp", json!("tomorrow")),
        ("exp-huge", "exp", json!(1e300)),
        ("exp-fraction", "exp", json!(iat as f64 + 3_600.5)),
        ("nbf-string", "nbf", json!("yesterday")),
        ("iat-string", "iat", json!("yesterday")),
        ("iat-null", "iat", json!(null)),
        ("iat-digits", "iat", json!("17")),
        ("exp-null", "exp", json!(null)),
        ("other-party", "azp", json!("https://other.example.com")),
        ("party-empty", "azp", json!("")),
        ("iss-number", "iss", json!(7)),
        ("iss-slash", "iss", json!(format!("https://{issuer}/"))),
        ("iss-http", "iss", json!(format!("HTTP://{issuer}"))),
        ("org-a", "org_id", json!("org_a")),
        ("org-a", "sts", json!("active")),
        ("org-a", "org_slug", json!("acme")),
        ("org-a", "org_role", json!("org:admin")),
        ("org-a", "org_permissions", json!(["org:posts:read"])),
        ("org-b", "org_id", json!("org_b")),
        ("org-b", "org_slug", json!("bcorp")),
        ("org-v2", "v", json!(2)),
        ("org-v2", "fea", json!("o:posts,u:themes,uo:search")),
        (
            "org-v2",
            "o",
            json!({"id": "org_a", "slg": "acme", "rol": "admin", "per": "read,write", "fpm": "3,2"}),
        ),
        ("org-v2-broken", "v", json!(2)),
        ("org-v2-broken", "fea", json!("posts")),
        ("org-v2-broken", "o", json!({"id": "org_a"})),
        ("pending", "sts", json!("pending")),
        ("actor", "act", json!({"sub": "user_2"})),
        ("actor", "fva", json!([5, -1])),
    ]
}

fn changed_headers() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("unknown-kid", "kid", json!("ins_unknown")),
        ("alg-none", "alg", json!("none")),
        ("hs256", "alg", json!("HS256")),
        ("rs512", "alg", json!("RS384")),
        ("rs512-signed", "alg", json!("RS512")),
        ("typ-at", "typ", json!("at+jwt")),
        ("typ-at-padded", "typ", json!("at+jwt")),
        ("typ-app-at", "typ", json!("application/at+jwt")),
        ("typ-lower", "typ", json!("jwt")),
        ("typ-number", "typ", json!(7)),
        ("cat-session", "cat", json!("cl_B7d4PD111AAA")),
        ("cat-template", "cat", json!("cl_B7d4PD222AAA")),
        ("cat-m2m", "cat", json!("cl_B7d4PD333AAA")),
        ("cat-ignore", "cat", json!("cl_I7d4PD111III")),
        ("cat-other", "cat", json!("cl_else")),
    ]
}
