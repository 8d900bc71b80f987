//! Clerk's components and their companions.

mod buttons;
mod clerk_failed;
mod pricing_table;
mod routing;
mod sign_in;
mod sign_up;
mod signed_in;
mod user_button;
mod user_profile;
mod waitlist;

pub use buttons::{ButtonMode, SignInButton, SignOutButton, SignUpButton};
pub use clerk_failed::ClerkFailed;
pub use pricing_table::PricingTable;
pub use sign_in::SignIn;
pub use sign_up::SignUp;
pub use signed_in::{SignedIn, SignedOut};
pub use user_button::UserButton;
pub use user_profile::UserProfile;
pub use waitlist::Waitlist;
