//! Cookies, the tokens in them, and the results of handshakes and refreshes.

use serde_json::json;

use super::{
    Headers, Maker,
    handshakes::{NONCE, TOKEN},
};
use crate::{
    backend_api,
    deviations::Deviation,
    tokens::{NOW, Token},
};

impl Maker<'_> {
    pub(super) fn cookies(&mut self, headers: &mut Headers) {
        let mut cookies = Vec::new();
        let suffix = &self.instance.suffix.clone();
        let mut iat = *NOW - 60;
        for (name, chance) in [("__session".to_owned(), 65), (format!("__session_{suffix}"), 45)] {
            if self.random.percent(chance) {
                let token = self.token();
                iat = token.iat;
                cookies.push(format!("{name}={}", token.text));
            }
        }
        for (name, chance) in [
            ("__client_uat".to_owned(), 75),
            (format!("__client_uat_{suffix}"), 50),
        ] {
            if self.random.percent(chance) {
                let odd = ["0", "0", "", "abc", "1abc", "-5", "1", "99999999999"];
                let uat = match self.random.below(10) {
                    0..6 => iat.to_string(),
                    6 => (iat + 10).to_string(),
                    7 => (iat - 10).to_string(),
                    _ => self.random.pick(&odd).to_owned(),
                };
                cookies.push(format!("{name}={uat}"));
            }
        }
        for name in ["__clerk_db_jwt".to_owned(), format!("__clerk_db_jwt_{suffix}")] {
            if self.random.percent(60) {
                cookies.push(format!(
                    "{name}={}",
                    self.random.mostly(90, "browser", &["", "a%3Bb%20c", "\"q\""])
                ));
            }
        }
        if self.random.percent(30) {
            cookies.push(format!("__refresh_{suffix}={}", self.refresh_token()));
        }
        if self.random.percent(8) {
            let count = self
                .random
                .pick(&["1", "2", "3", "3", "3.0", "x", "", "4", "-1", "0.5"]);
            let cookie = format!("__clerk_redirect_count={count}");
            let deviation = match count {
                "4" => Some(Deviation::FourRedirectsAreALoop),
                "-1" | "x" => Some(Deviation::OddCountIsALoop),
                _ => None,
            };
            cookies.push(match deviation {
                Some(deviation) => self.deviating(deviation, &cookie, "__clerk_redirect_count=3"),
                None => cookie,
            });
        }
        // One of them at most, in production none beside one in the URL, and none where the official package throws before
        // it reads them: there is one twin only, in which the cookie has another name.
        let is_free = (self.instance.is_development || self.results_in_query.is_empty())
            && !self.deviations.contains(&Deviation::ClaimsMustBeAnObject);
        let (token, nonce) = (self.chance(4, 10), self.chance(4, 6));
        if is_free && self.random.percent(token) {
            let token = self.handshake_token();
            cookies.push(self.result_in_cookie(TOKEN, &token));
        } else if is_free && self.random.percent(nonce) {
            let nonce = self.nonce();
            cookies.push(self.result_in_cookie(NONCE, &nonce));
        }
        let noise = [
            "a=b",
            "__refresh=unsuffixed",
            "novalue",
            "=empty",
            "__session_other=x",
            "c=%",
            "d=__session=x",
            "__client_uat=7",
        ];
        for _ in 0..self.random.below(3) {
            cookies.push(self.random.pick(&noise).to_owned());
        }
        self.random.shuffle(&mut cookies);
        match cookies.len() {
            0 => {}
            n if n > 2 && self.random.percent(5) => {
                let (one, two) = cookies.split_at(n / 2);
                headers.push(("cookie", one.join("; ")));
                headers.push(("cookie", two.join(";")));
            }
            _ => headers.push((
                "cookie",
                cookies.join(self.random.mostly(90, "; ", &[";", " ;\t"])),
            )),
        }
    }

    pub(super) fn token(&mut self) -> Token {
        let issuer = match self.random.below(20) {
            0 => "clerk.other.example.com",
            1 => self.instance.key_host,
            _ => &self.instance.issuer,
        };
        let mut token = Token::random(self.random, issuer);
        self.tokens.push(token.kind);
        if let Some((deviation, substitute)) = Deviation::of_token(token.kind) {
            let substitute = Token::of(substitute, issuer);
            assert_eq!(token.iat, substitute.iat);
            token.text = self.deviating(deviation, &token.text, &substitute.text);
        }
        token
    }

    /// `Set-Cookie` values of a handshake or refresh.
    pub(super) fn set_cookies(&mut self) -> Vec<String> {
        let mut set_cookies = vec!["foo=bar; Path=/; Domain=example.com; HttpOnly".to_owned()];
        for name in ["__session", "__session_x"] {
            if self.random.percent(55) {
                let token = match self.random.below(10) {
                    0..6 => Token::of("valid", &self.instance.issuer).text,
                    6 => String::new(),
                    _ => self.token().text,
                };
                set_cookies.push(format!("{name}={token}; Path=/"));
            }
        }
        if self.random.percent(30) {
            set_cookies.push(format!("__client_uat={}; Path=/", *NOW - 60));
        }
        set_cookies
    }

    fn refresh_token(&mut self) -> String {
        let cookies = self.set_cookies();
        let kind = self.random.below(12);
        self.has_failing_refresh = matches!(kind, 2 | 5);
        match kind {
            0 => "unknown".to_owned(),
            1 => backend_api::write(
                404,
                r#"{"errors":[{"code":"resource_not_found","message":"gone"}]}"#,
            ),
            2 => backend_api::write(500, r#"{"errors":[]}"#),
            3 => backend_api::write(422, r#"{"errors":[{"code":"unexpected_error","message":"x"}]}"#),
            4 => backend_api::write(200, r#"{"object":"cookies","cookies":[]}"#),
            5 => backend_api::write(200, "{not json"),
            _ => backend_api::write(200, &json!({"object": "cookies", "cookies": cookies}).to_string()),
        }
    }
}
