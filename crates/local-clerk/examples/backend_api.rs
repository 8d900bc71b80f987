//! Starts a local Clerk, signs a user in, and calls the Backend API, as a server would.
//!
//! ```sh
//! cargo run -p local-clerk --example backend_api
//! ```

use local_clerk::LocalClerk;
use reqwest::Client;
use serde_json::{Value, json};

const SEED: &str = r#"
[[users]]
first_name = "Ada"
email_addresses = ["ada@example.com"]
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clerk = LocalClerk::builder().seed_str(SEED).start().await?;
    println!("The Backend API is at {}", clerk.api_url());

    let ada = clerk.session_of("ada@example.com").await?;
    println!(
        "{} is signed in with the session {}",
        ada.user_id(),
        ada.session_id()
    );

    let user = format!("{}/v1/users/{}", clerk.api_url(), ada.user_id());
    let http = Client::new();
    let updated: Value = http
        .patch(&user)
        .bearer_auth(clerk.keys().secret_key())
        .json(&json!({ "last_name": "Lovelace" }))
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    println!(
        "Their name is {} {} now",
        updated["first_name"], updated["last_name"]
    );

    let refused = http.get(&user).send().await?;
    println!("Without the secret key, the status is {}", refused.status());

    clerk.shutdown().await;
    Ok(())
}
