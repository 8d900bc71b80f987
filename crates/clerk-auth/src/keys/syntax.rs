//! What keys are made of, checked when the program is compiled.

/// Whether a key is that of a role.
#[must_use]
pub const fn is_role(key: &str) -> bool {
    let key = key.as_bytes();
    starts_with(key, b"org:") && is_slug(key, 4, key.len())
}

/// Whether a key is that of a permission.
#[must_use]
pub const fn is_permission(key: &str) -> bool {
    let key = key.as_bytes();
    if !starts_with(key, b"org:") {
        return false;
    }
    let mut colon = 4;
    while colon < key.len() && key[colon] != b':' {
        colon += 1;
    }
    colon < key.len() && is_slug(key, 4, colon) && is_slug(key, colon + 1, key.len())
}

/// Whether a key is that of a feature or a plan, which may have its owner as a prefix.
#[must_use]
pub const fn is_feature_or_plan(key: &str) -> bool {
    let key = key.as_bytes();
    let start = if starts_with(key, b"org:") {
        4
    } else if starts_with(key, b"user:") {
        5
    } else {
        0
    };
    is_slug(key, start, key.len())
}

const fn starts_with(text: &[u8], prefix: &[u8]) -> bool {
    let mut at = 0;
    while at < prefix.len() {
        if at >= text.len() || text[at] != prefix[at] {
            return false;
        }
        at += 1;
    }
    true
}

const fn is_slug(text: &[u8], from: usize, to: usize) -> bool {
    let mut at = from;
    while at < to {
        if !(text[at].is_ascii_lowercase() || text[at].is_ascii_digit() || matches!(text[at], b'_' | b'-')) {
            return false;
        }
        at += 1;
    }
    from < to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_keys_that_clerk_makes_are_valid() {
        assert!(is_role("org:admin") && is_role("org:billing_manager-2"));
        for role in [
            "admin",
            "org:",
            "org:Admin",
            "org:a:b",
            "org:a b",
            "user:admin",
            "",
        ] {
            assert!(!is_role(role), "{role}");
        }
        assert!(is_permission("org:posts:read") && is_permission("org:sys_memberships:manage"));
        for permission in ["posts:read", "org:posts", "org::read", "org:posts:", "org:a:b:c"] {
            assert!(!is_permission(permission), "{permission}");
        }
        assert!(
            is_feature_or_plan("pro") && is_feature_or_plan("org:team") && is_feature_or_plan("user:pro")
        );
        for plan in ["", "org:", "team:pro", "Pro", "org:user:pro"] {
            assert!(!is_feature_or_plan(plan), "{plan}");
        }
    }
}
