//! The local Clerk.
