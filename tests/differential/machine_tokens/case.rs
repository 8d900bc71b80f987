//! The random instances and requests.

use clerk_auth::{AcceptsToken, Options, TokenType};
use http::{Request, header};
use serde_json::{Map, Value, json};

use crate::{
    backend_api,
    keys::{KID, OTHER, OWN},
    random::Random,
    tokens::{NOW, Token},
};

const SEED: u64 = 11;
const ISSUER: &str = "clerk.example.com";
const KEY: &str = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k";
const AUDIENCE: &str = "https://api.example.com";
/// The kinds of session tokens on which the other tests find that both sides differ.
const DEVIATING: [&str; 6] = [
    "claims-array",
    "claims-null",
    "nested",
    "mch-padded",
    "typ-at-padded",
    "org-v2-broken",
];
const TYPES: [TokenType; 4] = [
    TokenType::SessionToken,
    TokenType::ApiKey,
    TokenType::M2mToken,
    TokenType::OAuthToken,
];

/// An instance, as options of both sides.
pub(super) struct Instance {
    pub(super) options: Options,
    theirs: Map<String, Value>,
}

impl Instance {
    pub(super) fn random(index: usize, api_url: &str) -> Self {
        let random = &mut Random::new(SEED, u64::MAX - index as u64);
        // Each instance has its own secret key, and thus its own cache in the official package.
        let secret_key = format!("sk_live_machine_{index}");
        let api_url = format!("{api_url}/good");
        let mut options = Options::new(KEY, secret_key.clone());
        options.api_url = api_url.parse().unwrap();
        options.machine_tokens_per_second = std::num::NonZeroU32::new(1_000_000).unwrap();
        let mut theirs = Map::new();
        let mut set = |name: &str, value: Value| theirs.insert(name.to_owned(), value);
        set("publishableKey", json!(KEY));
        set("secretKey", json!(secret_key));
        set("apiUrl", json!(api_url));
        if random.percent(50) {
            options.machine_secret_key = Some("ak_machine".into());
            set("machineSecretKey", json!("ak_machine"));
        }
        if random.percent(50) {
            options.jwt_key = Some(OWN.pem());
            set("jwtKey", json!(OWN.pem()));
        }
        if random.percent(40) {
            options.audiences = vec![AUDIENCE.to_owned(), "other".to_owned()];
            set("audience", json!(options.audiences));
        }
        if random.percent(40) {
            options.authorized_parties = vec!["https://app.example.com".to_owned()];
            set("authorizedParties", json!(options.authorized_parties));
        }
        Self { options, theirs }
    }
}

#[derive(Debug)]
pub(super) struct Case {
    pub(super) instance: usize,
    pub(super) accepts: AcceptsToken,
    headers: Vec<(&'static str, String)>,
    /// Whether the Backend API calls the token revoked or expired.
    pub(super) is_ended: bool,
    /// What the official package says about an unknown token of this kind.
    pub(super) unknown: &'static str,
}

impl Case {
    pub(super) fn random(id: usize, instances: &[Instance]) -> Self {
        let random = &mut Random::new(SEED, id as u64);
        let mut case = Self {
            instance: random.below(instances.len()),
            accepts: accepts(random),
            headers: vec![("host", "app.example.com".to_owned())],
            is_ended: false,
            unknown: "",
        };
        let token = match random.below(20) {
            0 | 1 => None,
            2..=4 => Some(Token::random(random, ISSUER))
                .filter(|token| !DEVIATING.contains(&token.kind))
                .map(|token| token.text),
            5 => Some(malformed(random)),
            6..=9 => Some(m2m(random)),
            10..=13 => Some(oauth(random)),
            _ => Some(case.opaque(random)),
        };
        if let Some(token) = token {
            case.headers.push(("authorization", format!("Bearer {token}")));
        }
        if random.percent(30) {
            let session = Token::of("valid", ISSUER);
            let cookies = format!("__session={}; __client_uat={}", session.text, session.iat - 10);
            case.headers.push(("cookie", cookies));
        }
        case
    }

    /// A token that the Backend API has to verify. It tells the stub what to answer.
    fn opaque(&mut self, random: &mut Random) -> String {
        let (prefix, object, unknown) = [
            ("ak_", "api_key", "API key not found"),
            ("mt_", "machine_to_machine_token", "Machine token not found"),
            ("oat_", "clerk_idp_oauth_access_token", "OAuth token not found"),
        ][random.below(3)];
        self.unknown = unknown;
        let status = [200, 200, 200, 200, 200, 200, 401, 404, 400, 429, 503][random.below(11)];
        if status != 200 {
            let errors = [json!([]), json!([{"code": "a", "message": "b"}])];
            let body = json!({ "errors": errors[random.below(2)] });
            return format!("{prefix}{}", backend_api::write(status, &body.to_string()));
        }
        let scopes: [&[&str]; 3] = [&[], &["a"], &["a", "b"]];
        let scopes = scopes[random.below(3)];
        let subject = random.pick(&["user_1", "org_1", "mch_1", "x"]);
        let mut body = json!({ "object": object, "id": "id_1", "scopes": scopes, "subject": subject });
        let mut set = |name: &str, value: Value| body[name] = value;
        match prefix {
            "oat_" => {
                set("client_id", json!("client_1"));
                if let Some(aud) = audience(random) {
                    set("aud", aud);
                }
            }
            "mt_" => set("claims", json!("authorization")),
            _ => {
                set("name", json!("key"));
                set("claims", [json!(null), json!({"a": 1})][random.below(2)].clone());
            }
        }
        match random.below(12) {
            0 => {
                set("revoked", json!(true));
                self.is_ended = true;
            }
            1 => {
                set("expired", json!(true));
                self.is_ended = true;
            }
            2 => {
                set("expiration", json!((*NOW - 100) * 1_000));
                self.is_ended = true;
            }
            3 => set("expiration", json!((*NOW + 100_000) * 1_000)),
            _ => {}
        }
        format!("{prefix}{}", backend_api::write(200, &body.to_string()))
    }

    pub(super) fn request(&self) -> Request<()> {
        let mut request = Request::get("/api");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request
            .header(header::ACCEPT, "application/json")
            .body(())
            .unwrap()
    }

    /// The question to the official package.
    pub(super) fn line(&self, instances: &[Instance]) -> Value {
        let mut options = instances[self.instance].theirs.clone();
        let accepts = match &self.accepts {
            AcceptsToken::Any => json!("any"),
            AcceptsToken::Only(token_type) => json!(token_type),
            AcceptsToken::OneOf(types) => json!(types),
        };
        options.insert("acceptsToken".to_owned(), accepts);
        let mut headers = self.headers.clone();
        headers.push(("accept", "application/json".to_owned()));
        json!({ "url": "http://app.example.com/api", "headers": headers, "options": options })
    }
}

fn accepts(random: &mut Random) -> AcceptsToken {
    match random.below(3) {
        0 => AcceptsToken::Any,
        1 => AcceptsToken::Only(TYPES[random.below(4)]),
        _ => {
            let mut types = TYPES.to_vec();
            random.shuffle(&mut types);
            types.truncate(1 + random.below(3));
            AcceptsToken::OneOf(types)
        }
    }
}

fn malformed(random: &mut Random) -> String {
    let token = random.pick(&[
        "ak_",
        "mt_",
        "oat_",
        "ak_a.b.c",
        "mt_a.b.c",
        "oat_a.b.c",
        "ak_a.b",
        "mt_unknown",
        "oat_!",
        "AK_x",
        "ak-x",
        "a.b.c",
        "garbage",
    ]);
    token.to_owned()
}

/// The audience of a token, if it has one.
fn audience(random: &mut Random) -> Option<Value> {
    let audiences = [
        json!(AUDIENCE),
        json!([AUDIENCE, "x"]),
        json!("elsewhere"),
        json!(["elsewhere"]),
        json!([]),
        json!(""),
        json!([""]),
        json!([7]),
        json!(null),
    ];
    random.percent(70).then(|| audiences[random.below(9)].clone())
}

fn claims(random: &mut Random) -> Value {
    let iat = *NOW - 60;
    let mut claims =
        json!({"jti": "id_1", "iat": iat, "nbf": iat - 10, "exp": iat + 7_200, "azp": "elsewhere"});
    let (name, value) = match random.below(16) {
        0 => ("exp", json!(iat - 100)),
        1 => ("nbf", json!(iat + 7_200)),
        2 => ("iat", json!(iat + 7_200)),
        3 => ("exp", json!("tomorrow")),
        4 => ("iss", json!("https://elsewhere.example")),
        5 => {
            claims.as_object_mut().unwrap().remove("jti");
            return claims;
        }
        _ => return claims,
    };
    claims[name] = value;
    claims
}

fn m2m(random: &mut Random) -> String {
    let mut claims = claims(random);
    claims["sub"] = json!(random.mostly(90, "mch_1", &["mch_", "user_1"]));
    // The official package takes an audience of machine-to-machine tokens for scopes, and throws at some.
    match random.below(4) {
        0 => claims["scopes"] = json!(random.pick(&["a", "a b", ""])),
        1 => claims["aud"] = [json!(AUDIENCE), json!(["elsewhere", "x"])][random.below(2)].clone(),
        2 => claims["x"] = json!({"y": [1]}),
        _ => {}
    }
    let header = json!({"alg": "RS256", "typ": random.mostly(90, "JWT", &["at+jwt", "jwt"])});
    let category = random.mostly(
        60,
        "cl_B7d4PD333AAA",
        &["", "cl_B7d4PD111AAA", "cl_B7d4PD222AAA", "cl_I7d4PD111III"],
    );
    signed(random, header, category, &claims)
}

fn oauth(random: &mut Random) -> String {
    let mut claims = claims(random);
    claims["sub"] = json!(random.mostly(90, "user_1", &["", "mch_1"]));
    if random.percent(90) {
        claims["client_id"] = json!("client_1");
    }
    if let Some(aud) = audience(random) {
        claims["aud"] = aud;
    }
    match random.below(4) {
        0 => claims["scp"] = json!(["a", "b"]),
        1 => claims["scp"] = json!(null),
        _ => {}
    }
    if random.percent(50) {
        claims["scope"] = json!("email profile");
    }
    let header = json!({"alg": "RS256", "typ": random.pick(&["at+jwt", "application/at+jwt"])});
    let category = random.mostly(90, "", &["cl_B7d4PD333AAA", "cl_B7d4PD111AAA"]);
    signed(random, header, category, &claims)
}

fn signed(random: &mut Random, mut header: Value, category: &str, claims: &Value) -> String {
    header["kid"] = json!(random.mostly(95, KID, &["ins_unknown"]));
    if !category.is_empty() {
        header["cat"] = json!(category);
    }
    let claims = claims.to_string();
    match random.below(20) {
        0 => OTHER.sign(&header, &claims),
        1 => {
            header["alg"] = json!("HS256");
            OWN.sign_hs256(&header, &claims)
        }
        2 => OWN.sign(&header, "{not json"),
        _ => OWN.sign(&header, &claims),
    }
}
