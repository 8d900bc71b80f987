//! Parsing of the `Cookie` header, as by the `cookie` package that the official SDK uses.

use std::{borrow::Cow, collections::HashMap};

use crate::backend::javascript::{decode_uri_component, truthy};

/// The cookies of a request, with percent-decoded values.
#[derive(Default)]
pub(crate) struct Cookies<'a>(HashMap<&'a str, Cow<'a, str>>);

impl<'a> Cookies<'a> {
    /// Parses a header. Of several cookies with the same name the first is used. Values are decoded after
    /// splitting, so that an encoded `;` or `=` cannot forge another cookie.
    pub(crate) fn parse(header: &'a str) -> Self {
        let mut cookies = HashMap::new();
        for (name, value) in header.split(';').filter_map(|pair| pair.split_once('=')) {
            cookies.entry(trim(name)).or_insert_with(|| decode(trim(value)));
        }
        Self(cookies)
    }

    /// Every value of the cookies with this name that is not empty.
    pub(crate) fn all<'n>(
        header: &'a str,
        name: &'n str,
    ) -> impl Iterator<Item = Cow<'a, str>> + use<'a, 'n> {
        header
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .filter(move |(key, _)| trim(key) == name)
            .map(|(_, value)| decode(trim(value)))
            .filter(|value| !value.is_empty())
    }

    /// The value of a cookie. An empty value counts as no cookie.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(AsRef::as_ref).and_then(truthy)
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Decodes a value. A value that cannot be decoded is left unchanged.
fn decode(value: &str) -> Cow<'_, str> {
    decode_uri_component(value).unwrap_or(Cow::Borrowed(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses_pairs() {
        let cookies = Cookies::parse("a=1; b = 2 ;c;d=x=y;\te=\t\"q\"; =empty");
        assert_eq!(cookies.get("a"), Some("1"));
        assert_eq!(cookies.get("b"), Some("2"));
        assert_eq!(cookies.get("c"), None);
        assert_eq!(cookies.get("d"), Some("x=y"));
        assert_eq!(cookies.get("e"), Some("\"q\""));
    }

    #[test]
    fn the_first_cookie_of_a_name_is_used_even_if_it_is_empty() {
        let cookies = Cookies::parse("a=1; a=2; b=; b=2");
        assert_eq!(cookies.get("a"), Some("1"));
        assert_eq!(cookies.get("b"), None);
    }

    #[test]
    fn every_value_of_a_name_can_be_read() {
        let header = "a=1; b=2; a=; a=%32; aa=3";
        assert!(Cookies::all(header, "a").eq(["1", "2"]));
    }

    #[test]
    fn encoded_delimiters_do_not_forge_cookies() {
        let cookies = Cookies::parse("a=1%3B%20__session%3Dx; b=%C3%A9");
        assert_eq!(cookies.get("a"), Some("1; __session=x"));
        assert_eq!(cookies.get("__session"), None);
        assert_eq!(cookies.get("b"), Some("é"));
    }

    #[test]
    fn values_that_cannot_be_decoded_are_left_unchanged() {
        let cookies = Cookies::parse("a=%; b=%zz; c=%ff; d=100%25");
        assert_eq!(cookies.get("a"), Some("%"));
        assert_eq!(cookies.get("b"), Some("%zz"));
        assert_eq!(cookies.get("c"), Some("%ff"));
        assert_eq!(cookies.get("d"), Some("100%"));
    }

    proptest! {
        #[test]
        fn plain_values_round_trip(pairs in proptest::collection::hash_map("[a-z_]{1,8}", "[!#-:<-~&&[^%]]{1,12}", 0..8)) {
            let header: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let header = header.join("; ");
            let cookies = Cookies::parse(&header);
            for (name, value) in &pairs {
                prop_assert_eq!(cookies.get(name), Some(value.as_str()));
            }
        }

        #[test]
        fn no_header_panics(header in "\\PC*") {
            let _ = Cookies::parse(&header).get("a");
        }
    }
}
