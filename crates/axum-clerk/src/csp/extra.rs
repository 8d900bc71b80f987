//! Sources that an application adds to its policy.

use url::Url;

use super::CspSources;

/// Why sources cannot be added to a Content Security Policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CspSourceError {
    /// The directive does not exist, or nothing can be added to it.
    #[error(
        "{0:?} is not one of script-src, style-src, connect-src, img-src, font-src, media-src, worker-src, frame-src, \
         form-action"
    )]
    Directive(String),
    /// The directive has no sources.
    #[error("{0} has no sources")]
    Empty(String),
    /// The source is not a host over TLS, or would allow the scripts of an attacker.
    #[error(
        "{0:?} is not a source such as https://images.example, https://*.example or wss://live.example:8443"
    )]
    Source(String),
}

impl CspSources {
    /// Adds sources, which are written as in a policy: `img-src https://images.example; connect-src wss://live.example`.
    ///
    /// Only hosts over TLS (`https:` and `wss:`) can be added in this way, so that a setting cannot make the policy
    /// useless; what else an application needs, it adds to the fields.
    ///
    /// ```
    /// use axum_clerk::CspSources;
    ///
    /// let mut sources = CspSources::default();
    /// sources.add("img-src https://images.example https://*.cdn.example; font-src https://fonts.example")?;
    /// assert_eq!(sources.img, ["https://images.example", "https://*.cdn.example"]);
    /// assert!(sources.add("script-src 'unsafe-inline'").is_err());
    /// # Ok::<(), axum_clerk::CspSourceError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// An unknown directive, one without sources, or a source of another kind. Those before it have been added.
    pub fn add(&mut self, directives: &str) -> Result<(), CspSourceError> {
        let directives = directives.split(';').map(str::trim);
        for directive in directives.filter(|directive| !directive.is_empty()) {
            let mut words = directive.split_ascii_whitespace();
            let name = words.next().unwrap_or_default();
            let sources = self
                .of_directive(name)
                .ok_or_else(|| CspSourceError::Directive(name.to_owned()))?;
            let mut words = words.peekable();
            if words.peek().is_none() {
                return Err(CspSourceError::Empty(name.to_owned()));
            }
            for source in words {
                if !is_host_over_tls(source) {
                    return Err(CspSourceError::Source(source.to_owned()));
                }
                sources.push(source.to_owned());
            }
        }
        Ok(())
    }

    fn of_directive(&mut self, name: &str) -> Option<&mut Vec<String>> {
        Some(match name {
            "script-src" => &mut self.script,
            "style-src" => &mut self.style,
            "connect-src" => &mut self.connect,
            "img-src" => &mut self.img,
            "font-src" => &mut self.font,
            "media-src" => &mut self.media,
            "worker-src" => &mut self.worker,
            "frame-src" => &mut self.frame,
            "form-action" => &mut self.form_action,
            _ => return None,
        })
    }
}

/// Checks for `https://host[:port][/path]` or the same with `wss`. The host may begin with `*.`, but not be `*` alone.
fn is_host_over_tls(source: &str) -> bool {
    let Some(rest) = source
        .strip_prefix("https://")
        .or_else(|| source.strip_prefix("wss://"))
    else {
        return false;
    };
    let rest = rest.strip_prefix("*.").unwrap_or(rest);
    let is_plain = rest
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_~:/[]%".contains(&byte));
    let url = Url::parse(&format!("https://{rest}"));
    is_plain && url.is_ok_and(|url| url.host_str().is_some_and(|host| host.contains(['.', ':'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_added_to_their_directives() {
        let mut sources = CspSources::default();
        sources
            .add(" img-src https://a.example https://*.b.example/x/ ;; connect-src wss://c.example:8443; ")
            .unwrap();
        assert_eq!(sources.img, ["https://a.example", "https://*.b.example/x/"]);
        assert_eq!(sources.connect, ["wss://c.example:8443"]);
        sources.add("").unwrap();
    }

    #[test]
    fn every_directive_that_can_be_added_to_is_in_the_policy() {
        for name in [
            "script-src",
            "style-src",
            "connect-src",
            "img-src",
            "font-src",
            "media-src",
            "worker-src",
            "frame-src",
            "form-action",
        ] {
            let mut sources = CspSources::default();
            sources.add(&format!("{name} https://added.example")).unwrap();
            let header = sources.policy().unwrap().header(&crate::CspNonce::new());
            let mut directives = header.to_str().unwrap().split("; ");
            let directive = directives.find(|directive| directive.starts_with(&format!("{name} ")));
            assert!(directive.unwrap().ends_with(" https://added.example"), "{name}");
        }
    }

    #[test]
    fn what_would_weaken_the_policy_is_refused() {
        for source in [
            "*",
            "https:",
            "https://",
            "https://*",
            "https://*.",
            "https://*.*",
            "https://com",
            "https://*.com",
            "http://a.example",
            "a.example",
            "data:",
            "blob:",
            "'unsafe-inline'",
            "'unsafe-eval'",
            "'self'",
            "'nonce-x'",
            "https://a.example,",
            "https://a.example?x",
            "https://a.example#x",
            "https://user@a.example",
            "https://a.example:*",
            "https://a.example:99999",
            "https://\u{e4}.example",
            "javascript:alert(1)",
        ] {
            let added = CspSources::default().add(&format!("script-src {source}"));
            assert_eq!(added, Err(CspSourceError::Source(source.to_owned())), "{source}");
        }
        for (directives, name) in [
            ("default-src https://a.example", "default-src"),
            ("frame-ancestors https://a.example", "frame-ancestors"),
            ("base-uri https://a.example", "base-uri"),
            ("script-src-elem https://a.example", "script-src-elem"),
            ("report-uri https://a.example", "report-uri"),
            ("img-src=https://a.example", "img-src=https://a.example"),
        ] {
            let added = CspSources::default().add(directives);
            assert_eq!(
                added,
                Err(CspSourceError::Directive(name.to_owned())),
                "{directives}"
            );
        }
        assert_eq!(
            CspSources::default().add("img-src"),
            Err(CspSourceError::Empty("img-src".to_owned()))
        );
    }
}
