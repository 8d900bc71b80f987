//! Organization permissions of version 2 tokens: a bit mask of permissions for each feature.

/// Expands `per` (names of permissions) and `fpm` (a decimal mask for each feature) over the organization's
/// features, in their order. Bit 0 of a mask stands for the first permission.
pub(super) fn expand(features: &[&str], per: &str, fpm: &str) -> Vec<String> {
    if per.is_empty() || fpm.is_empty() {
        return Vec::new();
    }
    let permissions: Vec<&str> = per.split(',').map(str::trim).collect();
    features
        .iter()
        .zip(fpm.split(','))
        .flat_map(|(feature, mask)| {
            let mask = Mask::parse(mask.trim(), permissions.len());
            permissions
                .iter()
                .enumerate()
                .filter(move |(bit, _)| mask.is_set(*bit))
                .map(move |(_, permission)| format!("org:{feature}:{permission}"))
        })
        .collect()
}

/// The low bits of a decimal number of any size.
struct Mask(Vec<u32>);

impl Mask {
    /// Parses the lowest `bits` bits. Text that is not a number has none set.
    fn parse(decimal: &str, bits: usize) -> Self {
        let mut limbs = vec![0_u32; bits.div_ceil(32)];
        if decimal.is_empty() || !decimal.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self(limbs);
        }
        for digit in decimal.bytes() {
            let mut carry = u64::from(digit - b'0');
            for limb in &mut limbs {
                let value = u64::from(*limb) * 10 + carry;
                *limb = (value & u64::from(u32::MAX)) as u32;
                carry = value >> 32;
            }
        }
        Self(limbs)
    }

    fn is_set(&self, bit: usize) -> bool {
        self.0
            .get(bit / 32)
            .is_some_and(|limb| limb >> (bit % 32) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_zero_is_the_first_permission() {
        assert_eq!(
            expand(&["posts", "users"], "read, write,delete", "5,2"),
            ["org:posts:read", "org:posts:delete", "org:users:write"],
        );
    }

    #[test]
    fn masks_beyond_64_bits_keep_every_bit() {
        let names: Vec<String> = (0..70).map(|n| format!("p{n}")).collect();
        // 2^69 + 1
        let granted = expand(&["f"], &names.join(","), "590295810358705651713");
        assert_eq!(granted, ["org:f:p0", "org:f:p69"]);
    }

    #[test]
    fn surplus_and_malformed_masks_are_ignored() {
        assert_eq!(expand(&["a"], "read", "1,1"), ["org:a:read"]);
        assert_eq!(expand(&["a", "b"], "read", "1"), ["org:a:read"]);
        assert_eq!(expand(&["a"], "read", "7"), ["org:a:read"]);
        assert!(expand(&["a"], "read", "-1").is_empty());
        assert!(expand(&["a"], "", "1").is_empty());
        assert!(expand(&["a"], "read", "").is_empty());
    }
}
