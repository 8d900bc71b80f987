//! The pages, one module each.

mod home;
mod not_found;
mod plans;
mod profile;
mod sign_in;
mod sign_up;
mod waitlist;

pub use home::Home;
pub use not_found::NotFound;
pub use plans::Plans;
pub use profile::Profile;
pub use sign_in::SignIn;
pub use sign_up::SignUp;
pub use waitlist::Waitlist;
