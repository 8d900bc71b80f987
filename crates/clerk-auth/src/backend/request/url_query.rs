//! Changes to the query of a URL, as by JavaScript's `URL.searchParams`: the whole query is serialized again.

use url::Url;

type Pairs = Vec<(String, String)>;

fn edit(url: &mut Url, change: impl FnOnce(&mut Pairs)) {
    let mut pairs: Pairs = url.query_pairs().into_owned().collect();
    change(&mut pairs);
    url.set_query(None);
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
}

/// Removes every parameter with one of these names.
pub(crate) fn remove(url: &mut Url, names: &[&str]) {
    edit(url, |pairs| {
        pairs.retain(|(name, _)| !names.contains(&name.as_str()))
    });
}

/// Adds a parameter.
pub(crate) fn append(url: &mut Url, name: &str, value: &str) {
    edit(url, |pairs| pairs.push((name.to_owned(), value.to_owned())));
}

/// Replaces the first parameter of this name and removes the others.
pub(crate) fn set(url: &mut Url, name: &str, value: &str) {
    edit(url, |pairs| {
        let first = pairs.iter().position(|(key, _)| key == name);
        let mut at = 0..;
        pairs.retain(|(key, _)| at.next() == first || key != name);
        match first {
            Some(first) => value.clone_into(&mut pairs[first].1),
            None => pairs.push((name.to_owned(), value.to_owned())),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(url: &str, edit: impl FnOnce(&mut Url)) -> String {
        let mut url = Url::parse(url).unwrap();
        edit(&mut url);
        url.into()
    }

    #[test]
    fn the_whole_query_is_serialized_again() {
        assert_eq!(
            edited("http://a.test/?q=a%20b&flag&x=1", |url| remove(url, &["x"])),
            "http://a.test/?q=a+b&flag="
        );
        assert_eq!(
            edited("http://a.test/?", |url| remove(url, &["x"])),
            "http://a.test/"
        );
        assert_eq!(
            edited("http://a.test/?x=1&x=2", |url| remove(url, &["x"])),
            "http://a.test/"
        );
        assert_eq!(
            edited("http://a.test/?q=%2a~", |url| append(url, "x", "é ")),
            "http://a.test/?q=*%7E&x=%C3%A9+"
        );
    }

    #[test]
    fn set_replaces_every_value() {
        assert_eq!(
            edited("http://a.test/?a=1&x=1&b=2&x=2", |url| set(url, "x", "3")),
            "http://a.test/?a=1&x=3&b=2"
        );
        assert_eq!(
            edited("http://a.test/", |url| set(url, "x", "3")),
            "http://a.test/?x=3"
        );
    }
}
