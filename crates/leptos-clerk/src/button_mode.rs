/// What [`SignInButton`](crate::SignInButton) and
/// [`SignUpButton`](crate::SignUpButton) do when clicked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonMode {
    /// Go to the sign-in or sign-up page.
    #[default]
    Redirect,
    /// Open Clerk's form over the current page.
    Modal,
}
