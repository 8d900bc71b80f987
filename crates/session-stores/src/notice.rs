//! Short-lived facts that every process learns.

use std::collections::HashMap;

/// A short-lived fact about a subject. Of several about one subject, the largest value counts, so their order does not
/// matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about, such as the id of a user.
    pub subject: String,
    /// What there is to know. At most 2⁵³, which is as far as Redis can compare numbers.
    pub value: i64,
    /// When it can be forgotten: a Unix time in seconds.
    pub expires: i64,
}

impl Notice {
    /// Reads the value, the time of expiry and the subject of a message. `None` if it is no notice.
    pub(crate) fn parse(message: &str) -> Option<Self> {
        let (value, rest) = message.split_once(' ')?;
        let (expires, subject) = rest.split_once(' ')?;
        Some(Self {
            subject: subject.to_owned(),
            value: value.parse().ok()?,
            expires: expires.parse().ok()?,
        })
    }
}

/// Passes each notice on once, however often it is read.
pub(crate) struct Receiver<F> {
    receive: F,
    seen: HashMap<String, Notice>,
}

impl<F: FnMut(&Notice)> Receiver<F> {
    pub(crate) fn new(receive: F) -> Self {
        Self {
            receive,
            seen: HashMap::new(),
        }
    }

    pub(crate) fn accept(&mut self, notice: Notice) {
        if self.seen.get(&notice.subject) != Some(&notice) {
            (self.receive)(&notice);
            self.seen.insert(notice.subject.clone(), notice);
        }
    }

    /// Accepts everything that the store knows, and forgets the rest.
    pub(crate) fn accept_all(&mut self, notices: Vec<Notice>, now: i64) {
        self.seen.retain(|_, notice| notice.expires > now);
        for notice in notices {
            self.accept(notice);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_notice_or_nothing() {
        let notice = Notice {
            subject: "user 1".to_owned(),
            value: 1 << 53,
            expires: 2,
        };
        assert_eq!(Notice::parse("9007199254740992 2 user 1"), Some(notice));
        for malformed in ["", "1", "1 2", "a 2 user", "1 b user"] {
            assert_eq!(Notice::parse(malformed), None, "{malformed}");
        }
    }

    #[test]
    fn a_notice_is_received_again_only_if_it_has_changed() {
        let notice = |value| Notice {
            subject: "user_1".to_owned(),
            value,
            expires: 10,
        };
        let mut received = Vec::new();
        let mut receiver = Receiver::new(|notice: &Notice| received.push(notice.value));
        receiver.accept(notice(1));
        receiver.accept_all(vec![notice(1)], 5);
        receiver.accept_all(vec![notice(2)], 5);
        receiver.accept_all(vec![], 10);
        receiver.accept(notice(2));
        assert_eq!(received, [1, 2, 2]);
    }
}
