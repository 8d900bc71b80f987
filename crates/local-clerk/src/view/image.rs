//! Where images are found: uploaded ones, and drawn initials for users without one.

/// Returns the path of an image, relative to the Frontend API.
pub(crate) fn image_path(image_id: &str) -> String {
    format!("/images/{image_id}")
}

/// Returns the path of a drawn avatar, relative to the Frontend API. The path determines the drawing.
pub(crate) fn avatar_path(names: [Option<&str>; 2], identifier: &str, user_id: &str) -> String {
    let first_letter = |name: &str| {
        name.chars()
            .find(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_uppercase())
    };
    let mut initials: String = names.into_iter().flatten().filter_map(first_letter).collect();
    if initials.is_empty() {
        initials.extend(first_letter(identifier));
    }
    let hue = user_id
        .bytes()
        .fold(0u32, |hue, byte| (hue * 31 + u32::from(byte)) % 360);
    format!("/avatars/{hue}/{initials}.svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn avatars_show_initials() {
        let ends = |names, initials: &str| {
            let path = avatar_path(names, "jane@example.com", "user_1");
            assert!(path.ends_with(&format!("/{initials}.svg")), "{path}");
        };
        ends([Some("Jane"), Some("doe")], "JD");
        ends([None, None], "J");
        ends([Some("\"><script>"), None], "S");
    }
}
