//! Links and buttons that lead to Clerk's forms, or out.

mod drawers;
mod form;
mod sign_in;
mod sign_out;
mod sign_up;

pub use drawers::{CheckoutButton, InviteMembersButton, PlanDetailsButton, SubscriptionDetailsButton};
pub use sign_in::{SignInButton, SignInButtonProps};
pub use sign_out::SignOutButton;
pub use sign_up::{SignUpButton, SignUpButtonProps};

/// What [`SignInButton`] and [`SignUpButton`] do when clicked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonMode {
    /// Go to the sign-in or sign-up page.
    #[default]
    Redirect,
    /// Open Clerk's form in a dialog over the current page.
    Modal,
}
