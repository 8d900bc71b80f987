//! Parsing of the `fea` and `pla` claims: comma-separated lists of `scope:value`.

/// Claims that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimsError {
    /// An element of `fea` or `pla` is not of the form `scope:value`.
    #[error("an element of the features or plans claim has no scope")]
    MissingScope,
}

/// The values of one claim, by owner.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scoped<'a> {
    pub(super) org: Vec<&'a str>,
    pub(super) user: Vec<&'a str>,
}

impl<'a> Scoped<'a> {
    /// Parses a claim. Scopes are `o` (organization), `u` (user), `ou` or `uo` (both); others are ignored.
    ///
    /// # Errors
    ///
    /// An element has no colon.
    pub(super) fn parse(claim: &'a str) -> Result<Self, ClaimsError> {
        let mut scoped = Self::default();
        if claim.is_empty() {
            return Ok(scoped);
        }
        for element in claim.split(',').map(str::trim) {
            let (scope, value) = element.split_once(':').ok_or(ClaimsError::MissingScope)?;
            if matches!(scope, "o" | "ou" | "uo") {
                scoped.org.push(value);
            }
            if matches!(scope, "u" | "ou" | "uo") {
                scoped.user.push(value);
            }
        }
        Ok(scoped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_by_scope_and_keeps_colons_in_values() {
        let scoped = Scoped::parse("o:a, u:b,ou:c,uo:d:e,x:f").unwrap();
        assert_eq!(
            scoped,
            Scoped {
                org: vec!["a", "c", "d:e"],
                user: vec!["b", "c", "d:e"]
            }
        );
    }

    #[test]
    fn an_element_without_a_scope_is_an_error() {
        assert!(Scoped::parse("o:a,b").is_err());
        assert!(Scoped::parse("o:a,").is_err());
        assert_eq!(Scoped::parse("").unwrap(), Scoped::default());
    }
}
