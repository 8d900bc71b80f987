//! Decides a few requests without the network: the instance's public key is known, and the time is passed in.
//!
//!     cargo run --example offline

use std::{
    error::Error,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clerk_auth::{Clerk, Options, Outcome};
use http::Request;

const PUBLIC_KEY: &str = include_str!("keys/public.pem");
/// A session token signed by the private key that belongs to `PUBLIC_KEY`.
const TOKEN: &str = include_str!("keys/token.txt");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clerk = Clerk::new(Options {
        jwt_key: Some(PUBLIC_KEY.to_owned()),
        ..Options::new("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_live_example")
    })?;
    let issued = UNIX_EPOCH + Duration::from_secs(1_795_411_469);
    let get = || Request::get("https://example.com/").header("accept", "text/html");
    let session = format!("__session={}; __client_uat=1795411469", TOKEN.trim());

    decide(&clerk, "no cookies", &get().body(())?, issued).await?;
    let request = get().header("cookie", &session).body(())?;
    decide(&clerk, "a session cookie", &request, issued).await?;
    let later = issued + Duration::from_secs(3_600);
    decide(&clerk, "the same, an hour later", &request, later).await?;
    let request = get().header("authorization", "Bearer nonsense").body(())?;
    decide(&clerk, "a malformed token", &request, issued).await?;
    Ok(())
}

async fn decide(
    clerk: &Clerk,
    name: &str,
    request: &Request<()>,
    now: SystemTime,
) -> Result<(), Box<dyn Error>> {
    match clerk.authenticate_at(request, now).await?.into_outcome() {
        Outcome::Redirect { headers } => {
            let location = headers["location"].to_str()?;
            println!(
                "{name}: redirect to {}",
                location.split('?').next().unwrap_or(location)
            );
        }
        Outcome::Decided { auth, headers } => match auth.signed_in() {
            Some(user) => println!("{name}: {} is signed in", user.user_id),
            None => println!(
                "{name}: signed out ({})",
                headers["x-clerk-auth-reason"].to_str()?
            ),
        },
    }
    Ok(())
}
