/// Hydration keeps the cards that the server has rendered. After a navigation in the browser there are none: Clerk's table
/// is about to be there.
pub(super) const fn cards() -> &'static str {
    ""
}
