//! The browser half of Clerk: the real clerk-js, mounted by Leptos components.
//!
//! [`provide_clerk`] puts a [`Clerk`] store into context on both sides. On the server it holds what
//! the request carried; in the browser it starts from the same values, taken from the page, and
//! follows clerk-js from then on. The functions that touch the browser have a twin on the server
//! with the same names, so that a component's body reads the same on both sides.

#[cfg(feature = "hydrate")]
mod bindings;
#[cfg(feature = "hydrate")]
mod browser;
mod button_mode;
mod components;
#[cfg(feature = "hydrate")]
mod events;
mod initial_state;
#[cfg(feature = "hydrate")]
mod load;
mod mount;
#[cfg(not(feature = "hydrate"))]
mod server;
mod store;

#[cfg(feature = "hydrate")]
use browser as platform;
#[cfg(not(feature = "hydrate"))]
use server as platform;

pub use button_mode::ButtonMode;
pub use components::{
    ClerkFailed, PricingTable, SignIn, SignInButton, SignOutButton, SignUp, SignUpButton, SignedIn,
    SignedOut, UserButton, UserProfile, Waitlist,
};
pub use initial_state::InitialState;
pub use platform::start_clerk;
pub use store::{Clerk, LoadStatus, provide_clerk, use_auth, use_clerk, use_user};
