use super::declare::clerk_component;

clerk_component! {
    /// Clerk's form to join the waitlist, for instances whose sign-up mode is the waitlist.
    Waitlist(WaitlistProps) at "waitlist", documented at "authentication/waitlist";
    /// Where to go after joining.
    after_join_waitlist_url: text("afterJoinWaitlistUrl");
    /// The page of the link "Sign in". Default: that of the options.
    sign_in_url: text("signInUrl");
}
