use super::declare::clerk_component;

clerk_component! {
    /// Clerk's sign-up form.
    ///
    /// Its steps are paths below the page that it stands on, whose route has to match them: `path!("/sign-up/:step?")`.
    SignUp(SignUpProps) at "sign-up", documented at "authentication/sign-up", default path sign_up_url;
    /// The path of the page that it stands on. Default: the sign-up URL of the options; where that is on another
    /// origin, the steps are in the fragment of the URL instead.
    path: path;
    /// Where to go after signing up, whatever the URL asks for.
    force_redirect_url: text("forceRedirectUrl");
    /// Where to go after signing up unless the URL has a `redirect_url`.
    fallback_redirect_url: text("fallbackRedirectUrl");
    /// Where to go after signing in, whatever the URL asks for.
    sign_in_force_redirect_url: text("signInForceRedirectUrl");
    /// Where to go after signing in unless the URL has a `redirect_url`.
    sign_in_fallback_redirect_url: text("signInFallbackRedirectUrl");
    /// The page of the link "Sign in". Default: that of the options.
    sign_in_url: text("signInUrl");
    /// The page of the link "Join waitlist".
    waitlist_url: text("waitlistUrl");
    /// Where signing out leads. Default: that of the provider.
    after_sign_out_url: text("afterSignOutUrl");
    /// The OpenID Connect parameter `prompt` for social and enterprise connections.
    oidc_prompt: text("oidcPrompt");
    /// Metadata of the new user.
    unsafe_metadata: json("unsafeMetadata");
    /// Whether social connections leave the page or open a window. Default: Clerk decides.
    oauth_flow: word("oauthFlow", OAuthFlow);
    /// What the form is filled in with.
    initial_values: initial_values;
}
