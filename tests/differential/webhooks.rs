//! Random webhooks, some of them corrupted: accepted or rejected as by the official `verifyWebhook`.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clerk_auth::WebhookSecret;
use http::HeaderMap;
use serde_json::{Value, json};

use crate::random::Random;

const MESSAGES: u64 = 3_000;

struct Message {
    secret: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Message {
    fn random(stream: u64, now: i64) -> Self {
        let mut random = Random::new(1, stream);
        let key: Vec<u8> = (0..1 + random.below(64))
            .map(|_| random.below(256) as u8)
            .collect();
        let mut secret = random.mostly(80, "whsec_", &[""]).to_owned() + &STANDARD.encode(&key);
        let mut body =
            json!({ "type": "user.created", "data": { "id": stream, "name": "Zoë \u{1f600}" } }).to_string();
        // Far enough from the limits that both sides need not decide within the same second.
        let age = random.mostly(70, "0", &["200", "-200", "400", "-400", "90000"]);
        let timestamp = now - age.parse::<i64>().unwrap();
        let id = format!("msg_{stream}");
        let signed = format!("{id}.{timestamp}.{body}");
        let signature = STANDARD.encode(hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, &key),
            signed.as_bytes(),
        ));
        let mut signatures = vec![format!("v1,{signature}")];
        for _ in 0..random.below(3) {
            let other = random.pick(&["v1,AAAA", "v1a,x", "v2", "", "v1", ",", "v1,,"]);
            signatures.push(other.to_owned());
        }
        random.shuffle(&mut signatures);
        let mut headers = vec![
            ("svix-id", id),
            ("svix-timestamp", timestamp.to_string()),
            ("svix-signature", signatures.join(" ")),
        ];
        match random.below(18) {
            0 => body.push(' '),
            1 => headers[random.below(3)].1 = String::new(),
            2 => drop(headers.remove(random.below(3))),
            3 => headers[0].1.push('x'),
            4 => headers[1].1 = random.pick(&["now", "-", "1", "99999999999"]).to_owned(),
            5 => {
                headers[2].1 = headers[2]
                    .1
                    .replace("v1,", random.pick(&["v2,", "v1 ,", "V1,", "v1, "]))
            }
            6 => {
                secret = random
                    .pick(&["", "whsec_", "whsec_AAAA", "not base64!"])
                    .to_owned()
            }
            7 => headers[2].1 = headers[2].1.to_lowercase(),
            8 => headers[random.below(3)].0 = "webhook-id",
            _ => {}
        }
        Self {
            secret,
            headers,
            body,
        }
    }

    /// The type of the event, or `None` if the message is rejected.
    fn ours(&self) -> Option<String> {
        let headers: HeaderMap = self
            .headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let secret = WebhookSecret::parse(&self.secret).ok()?;
        let event = secret.verify(&headers, self.body.as_bytes()).ok()?;
        Some(event.event_type)
    }
}

#[test]
fn accepts_webhooks_as_the_official_package() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let messages: Vec<Message> = (0..MESSAGES)
        .map(|stream| Message::random(stream, i64::try_from(now).unwrap()))
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut oracle = Command::new("node")
        .arg(root.join("tests/differential/webhooks.mjs"))
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node is needed for the oracle: {error}"));
    let mut input = oracle.stdin.take().unwrap();
    let lines: String = messages
        .iter()
        .map(|message| json!({ "secret": message.secret, "headers": message.headers, "body": message.body }))
        .map(|line| format!("{line}\n"))
        .collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let mut accepted = 0;
    let mut answers = BufReader::new(oracle.stdout.take().unwrap()).lines();
    for message in &messages {
        let theirs: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        let ours = message.ours();
        assert_eq!(
            ours.as_deref(),
            theirs["type"].as_str(),
            "{theirs} {:?} {} {}",
            message.headers,
            message.secret,
            message.body
        );
        accepted += usize::from(ours.is_some());
    }
    writer.join().unwrap();
    oracle.wait().unwrap();
    // Fewer of either would mean that the messages no longer cover what they should.
    assert!((800..2_200).contains(&accepted), "{accepted} accepted");
}
