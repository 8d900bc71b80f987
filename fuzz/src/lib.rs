//! Shared by the fuzz targets: instances with a known signing key, and their decisions.

use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use clerk_auth::{Clerk, Options, RequestState, RequestView};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use url::Url;

/// The keys of the host `clerk.clerk.dev`.
const KEYS: [(&str, &str); 2] =
    [("pk_test_Y2xlcmsuY2xlcmsuZGV2JA", "sk_test_fuzz"), ("pk_live_Y2xlcmsuY2xlcmsuZGV2JA", "sk_live_fuzz")];

static KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

static INSTANCES: LazyLock<Vec<Clerk>> = LazyLock::new(|| KEYS.map(|keys| instance(keys)).to_vec());

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());

fn instance((publishable_key, secret_key): (&str, &str)) -> Clerk {
    let public: PublicKeyX509Der<'_> = KEY.public_key().as_der().unwrap();
    // Nothing listens at this address, so that looking up a nonce fails.
    let api_url = Url::parse("http://127.0.0.1:9").unwrap();
    let fapi_url = Some(Url::parse("https://clerk.clerk.dev").unwrap());
    Clerk::new(Options {
        fapi_url,
        jwt_key: Some(STANDARD.encode(public.as_ref())),
        api_url,
        organization_patterns: vec!["/orgs/:id".to_owned()],
        ..Options::new(publishable_key, secret_key)
    })
    .unwrap()
}

/// A development and a production instance.
pub fn instances() -> &'static [Clerk] {
    &INSTANCES
}

/// A session token that the instances accept for a day.
pub fn session_token() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let issuer = "https://clerk.clerk.dev";
    sign(&json!({"exp": now + 86_400, "iat": now, "iss": issuer, "nbf": now, "sid": "sess_1", "sub": "user_1", "v": 2}))
}

/// A token signed with the key of the instances.
pub fn sign(claims: &Value) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The decisions of both instances on a document request with these headers. Headers that HTTP does not allow
/// are left out.
pub fn decide(pairs: &[(&'static str, &[u8])]) -> Vec<RequestState> {
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("app.test"));
    headers.insert("sec-fetch-dest", HeaderValue::from_static("document"));
    for (name, value) in pairs {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    let uri = Uri::from_static("/orgs/org_a");
    let view = RequestView { method: &Method::GET, uri: &uri, headers: &headers };
    INSTANCES.iter().filter_map(|clerk| RUNTIME.block_on(clerk.authenticate(view)).ok()).collect()
}
