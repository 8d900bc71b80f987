//! What it costs to decide a request, and to check what a user may do.
//!
//!     cargo bench -p clerk-auth
//!
//! Nothing here needs the network, so every decision is ready when it is first polled.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failing measurement may panic"
)]

use std::{
    hint::black_box,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clerk_auth::{Auth, AuthCheck, Clerk, Options, PublishableKey, RequestState, Reverification, Status};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::FutureExt;
use http::{Request, header, request::Builder};
use serde_json::json;

const PUBLISHABLE_KEY: &str = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k";
const PUBLIC_KEY: &str = include_str!("../examples/keys/public.pem");
const TOKEN: &str = include_str!("../examples/keys/token.txt");
/// When the token was issued. It is valid for a minute.
const ISSUED: u64 = 1_795_411_469;

/// The size at which servers commonly refuse headers.
const LARGE: usize = 8 * 1024;

criterion_main!(benches);
criterion_group! {
    name = benches;
    // The defaults would take four minutes, and the figures vary little.
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2));
    targets = signed_in, signed_out, handshake, signature, cookies, has
}

/// A request, and the decision that it must get.
struct Case {
    name: &'static str,
    clerk: Clerk,
    request: Request<()>,
    /// In seconds since the token was issued.
    age: i64,
    status: Status,
    reason: Option<&'static str>,
}

impl Case {
    fn signed_in(name: &'static str, clerk: &Clerk, request: Builder) -> Self {
        Self {
            name,
            clerk: clerk.clone(),
            request: request.body(()).unwrap(),
            age: 0,
            status: Status::SignedIn,
            reason: None,
        }
    }

    fn signed_out(name: &'static str, clerk: &Clerk, request: Builder, reason: &'static str) -> Self {
        Self {
            status: Status::SignedOut,
            reason: Some(reason),
            ..Self::signed_in(name, clerk, request)
        }
    }

    fn handshake(name: &'static str, clerk: &Clerk, request: Builder, reason: &'static str) -> Self {
        Self {
            status: Status::Handshake,
            ..Self::signed_out(name, clerk, request, reason)
        }
    }

    fn aged(self, age: i64) -> Self {
        Self { age, ..self }
    }

    fn check(&self) {
        let name = self.name;
        let state = decide(&self.clerk, &self.request, at(self.age));
        assert_eq!(state.status, self.status, "{name}");
        let reason = state.reason.as_ref().map(ToString::to_string);
        assert_eq!(reason.as_deref(), self.reason, "{name}");
        let is_signed_in = self.status == Status::SignedIn;
        assert_eq!(state.auth.is_signed_in(), is_signed_in, "{name}");
        let redirects = state.headers.contains_key(header::LOCATION);
        assert_eq!(redirects, self.status == Status::Handshake, "{name}");
    }
}

fn measure(criterion: &mut Criterion, group: &str, cases: &[Case]) {
    let mut group = criterion.benchmark_group(group);
    for case in cases {
        case.check();
        let now = at(case.age);
        group.bench_function(case.name, |bencher| {
            bencher.iter(|| decide(&case.clerk, black_box(&case.request), now));
        });
    }
    group.finish();
}

fn decide(clerk: &Clerk, request: &Request<()>, now: SystemTime) -> RequestState {
    let decision = clerk.authenticate_at(request, now).now_or_never();
    decision
        .expect("a decision without the network")
        .expect("a well-formed request")
}

fn at(age: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(ISSUED.checked_add_signed(age).unwrap())
}

fn options() -> Options {
    Options {
        jwt_key: Some(PUBLIC_KEY.to_owned()),
        ..Options::new(PUBLISHABLE_KEY, "sk_live_example")
    }
}

fn clerk(options: Options) -> Clerk {
    Clerk::new(options).unwrap()
}

/// A document as browsers request it.
fn page(path: &str) -> Builder {
    Request::get(format!("https://example.com{path}"))
        .header(header::ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
        .header("sec-fetch-dest", "document")
}

fn home(cookies: &str) -> Builder {
    page("/").header(header::COOKIE, cookies)
}

/// A call of an API.
fn bearer(token: &str) -> Builder {
    Request::get("https://example.com/api").header(header::AUTHORIZATION, format!("Bearer {token}"))
}

fn session() -> String {
    format!("__session={}; __client_uat={ISSUED}", TOKEN.trim())
}

/// The token with another signature of the same length.
fn forged() -> String {
    let (signed, signature) = TOKEN.trim().rsplit_once('.').unwrap();
    format!("{signed}.{}", "A".repeat(signature.len()))
}

/// Cookies of other programs, `size` bytes in all, followed by `rest`.
fn padded(size: usize, value: &str, rest: &str) -> String {
    let mut header = String::new();
    for index in 0.. {
        let cookie = format!("_ga_{index:06}={value}; ");
        if header.len() + cookie.len() + rest.len() > size {
            break;
        }
        header += &cookie;
    }
    let fill = size.saturating_sub(header.len() + rest.len() + "p=; ".len());
    format!("{header}p={}; {rest}", "x".repeat(fill))
}

fn signed_in(criterion: &mut Criterion) {
    let clerk = clerk(options());
    let suffix = PublishableKey::parse(PUBLISHABLE_KEY).unwrap().cookie_suffix();
    let token = TOKEN.trim();
    let both = format!(
        "{}; __session_{suffix}={token}; __client_uat_{suffix}={ISSUED}",
        session()
    );
    let large = padded(LARGE, "GS1.1.1795411469.1.1.1795411469", &session());
    assert_eq!(large.len(), LARGE);
    let cases = [
        Case::signed_in("session cookie", &clerk, home(&session())),
        // What Clerk's frontend really sets.
        Case::signed_in("session cookie with and without suffix", &clerk, home(&both)),
        Case::signed_in("session cookie among 8 KB", &clerk, home(&large)),
        Case::signed_in("header token", &clerk, bearer(token)),
    ];
    measure(criterion, "signed in", &cases);
}

fn signed_out(criterion: &mut Criterion) {
    let clerk = clerk(options());
    let (missing, invalid) = ("session-token-and-uat-missing", "token-invalid");
    let forged_reason = "token-invalid-signature";
    let no_refresh = "session-token-expired-refresh-non-eligible-no-refresh-cookie";
    let not_get = "session-token-expired-refresh-non-eligible-non-get";
    let post = Request::post("https://example.com/api").header(header::COOKIE, session());
    let forged_cookie = format!("__session={}; __client_uat={ISSUED}", forged());
    let cases = [
        Case::signed_out("no cookies", &clerk, page("/"), missing),
        Case::signed_out("malformed header token", &clerk, bearer("nonsense"), invalid),
        // Only valid signatures are remembered: every forged one costs a verification.
        Case::signed_out("forged header token", &clerk, bearer(&forged()), forged_reason),
        Case::signed_out(
            "forged session cookie",
            &clerk,
            home(&forged_cookie),
            forged_reason,
        ),
        Case::signed_out("expired header token", &clerk, bearer(TOKEN.trim()), no_refresh).aged(3_600),
        Case::signed_out("expired session cookie of a POST", &clerk, post, not_get).aged(3_600),
    ];
    measure(criterion, "signed out", &cases);
}

fn handshake(criterion: &mut Criterion) {
    let live = clerk(options());
    let development = clerk(Options {
        jwt_key: Some(PUBLIC_KEY.to_owned()),
        ..Options::new("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_test_example")
    });
    let satellite = clerk(Options {
        is_satellite: true,
        satellite_auto_sync: true,
        domain: Some("satellite.example".to_owned()),
        ..options()
    });
    let organizations = clerk(Options {
        organization_patterns: vec!["/orgs/:slug".to_owned(), "/orgs/:slug/(.*)".to_owned()],
        ..options()
    });
    let (token, session) = (TOKEN.trim(), session());
    let expired = "session-token-expired-refresh-non-eligible-no-refresh-cookie";
    let only_token = home(&format!("__session={token}"));
    let only_uat = home(&format!("__client_uat={ISSUED}"));
    let newer_uat = home(&format!("__session={token}; __client_uat={}", ISSUED + 1));
    let foreign = home(&session).header(header::REFERER, "https://satellite.example/");
    let other = page("/orgs/other/posts").header(header::COOKIE, &session);
    let cases = [
        Case::handshake("expired session cookie", &live, home(&session), expired).aged(3_600),
        Case::handshake(
            "session cookie from the future",
            &live,
            home(&session),
            "session-token-nbf",
        )
        .aged(-60),
        Case::handshake(
            "only a session cookie",
            &live,
            only_token,
            "session-token-but-no-client-uat",
        ),
        Case::handshake(
            "only a client cookie",
            &live,
            only_uat,
            "client-uat-but-no-session-token",
        ),
        Case::handshake(
            "newer client cookie",
            &live,
            newer_uat,
            "session-token-iat-before-client-uat",
        ),
        Case::handshake(
            "from another site",
            &live,
            foreign,
            "primary-domain-cross-origin-sync",
        ),
        Case::handshake(
            "development browser",
            &development,
            page("/"),
            "dev-browser-missing",
        ),
        Case::handshake("satellite", &satellite, page("/"), "satellite-needs-syncing"),
        Case::handshake(
            "other organization",
            &organizations,
            other,
            "active-organization-mismatch",
        ),
    ];
    measure(criterion, "handshake", &cases);
}

/// A signature that the instance has verified before, beside one that it has not. Both get a new instance each time, so
/// that they find the processor's caches in the same state.
fn signature(criterion: &mut Criterion) {
    let now = at(0);
    let request = bearer(TOKEN.trim()).body(()).unwrap();
    let forged = bearer(&forged()).body(()).unwrap();
    // The first verification by a key also prepares the key, which a server does once and not for each token.
    let fresh = || {
        let clerk = clerk(options());
        assert!(!decide(&clerk, &forged, now).auth.is_signed_in());
        clerk
    };
    let remembering = || {
        let clerk = fresh();
        assert!(decide(&clerk, &request, now).auth.is_signed_in());
        clerk
    };
    for clerk in [fresh(), remembering()] {
        assert_eq!(decide(&clerk, &request, now).status, Status::SignedIn);
    }

    let mut group = criterion.benchmark_group("signature");
    // An instance is large, since it has an HTTP client: batches would take much memory.
    let size = BatchSize::PerIteration;
    group.bench_function("fresh", |bencher| {
        bencher.iter_batched_ref(fresh, |clerk| decide(clerk, black_box(&request), now), size);
    });
    group.bench_function("remembered", |bencher| {
        bencher.iter_batched_ref(remembering, |clerk| decide(clerk, black_box(&request), now), size);
    });
    group.finish();
}

/// Cookies are read by every decision. The cheapest decision, without Clerk's cookies, shows best what they cost.
fn cookies(criterion: &mut Criterion) {
    let clerk = clerk(options());
    let now = at(0);
    let plain = "GS1.1.1795411469.1.1.1795411469";
    let headers = [
        ("one", "theme=dark".to_owned()),
        ("1 KB", padded(1024, plain, "theme=dark")),
        ("8 KB", padded(LARGE, plain, "theme=dark")),
        // Each value is decoded, and copied.
        (
            "8 KB, percent-encoded",
            padded(LARGE, "%7B%22id%22%3A%22caf%C3%A9%22%7D", "theme=dark"),
        ),
    ];
    let mut group = criterion.benchmark_group("cookies");
    for (name, cookies) in headers {
        let request = home(&cookies).body(()).unwrap();
        let state = decide(&clerk, &request, now);
        let reason = state.reason.map(|reason| reason.to_string());
        assert_eq!(reason.as_deref(), Some("session-token-and-uat-missing"), "{name}");
        group.throughput(Throughput::Bytes(cookies.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| decide(&clerk, black_box(&request), now));
        });
    }
    group.finish();
}

fn has(criterion: &mut Criterion) {
    let auth = Auth::from_claims(json!({
        "sub": "user_1", "sid": "sess_1", "sts": "active", "v": 2, "fva": [3, -1],
        "fea": "o:posts,o:members,o:billing,u:beta", "pla": "o:team,u:pro",
        "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,write,manage", "fpm": "3,7,5"},
    }))
    .unwrap();
    let combined = AuthCheck::role("org:admin")
        .and_permission("org:billing:manage")
        .and_feature("user:beta")
        .and_plan("org:team")
        .within(Reverification::strict());
    let checks = [
        ("role", AuthCheck::role("org:admin"), true),
        ("permission", AuthCheck::permission("org:billing:manage"), true),
        ("feature", AuthCheck::feature("user:beta"), true),
        ("plan", AuthCheck::plan("org:team"), true),
        ("combined", combined.clone(), true),
        (
            "combined, without the plan",
            combined.and_plan("org:enterprise"),
            false,
        ),
    ];
    let mut group = criterion.benchmark_group("has");
    for (name, check, expected) in checks {
        assert_eq!(auth.has(&check), expected, "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&auth).has(black_box(&check)));
        });
    }
    group.finish();
}
