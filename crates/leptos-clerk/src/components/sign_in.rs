use super::declare::clerk_component;

clerk_component! {
    /// Clerk's sign-in form.
    ///
    /// Its steps are paths below the page that it stands on, whose route has to match them: `path!("/sign-in/:step?")`.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use leptos_clerk::{InitialValues, OAuthFlow, SignIn};
    ///
    /// #[component]
    /// fn SignInPage() -> impl IntoView {
    ///     view! {
    ///         <SignIn
    ///             path="/sign-in"
    ///             fallback_redirect_url="/dashboard"
    ///             with_sign_up=true
    ///             oauth_flow=OAuthFlow::Popup
    ///             initial_values=InitialValues::default().email_address("ada@example.com")
    ///             fallback=|| "Loading…"
    ///         />
    ///     }
    /// }
    /// ```
    SignIn(SignInProps) at "sign-in", documented at "authentication/sign-in", default path sign_in_url;
    /// The path of the page that it stands on. Default: the sign-in URL of the options; where that is on another
    /// origin, the steps are in the fragment of the URL instead.
    path: path;
    /// Where to go after signing in, whatever the URL asks for.
    force_redirect_url: text("forceRedirectUrl");
    /// Where to go after signing in unless the URL has a `redirect_url`.
    fallback_redirect_url: text("fallbackRedirectUrl");
    /// Where to go after signing up, whatever the URL asks for.
    sign_up_force_redirect_url: text("signUpForceRedirectUrl");
    /// Where to go after signing up unless the URL has a `redirect_url`.
    sign_up_fallback_redirect_url: text("signUpFallbackRedirectUrl");
    /// The page of the link "Sign up". Default: that of the options.
    sign_up_url: text("signUpUrl");
    /// The page of the link "Join waitlist".
    waitlist_url: text("waitlistUrl");
    /// Where signing out leads. Default: that of the provider.
    after_sign_out_url: text("afterSignOutUrl");
    /// Whether the form signs up those who have no account yet.
    with_sign_up: flag("withSignUp");
    /// Whether a social connection without an account becomes a sign-up. Default: it does.
    transferable: flag("transferable");
    /// The OpenID Connect parameter `prompt` for social and enterprise connections.
    oidc_prompt: text("oidcPrompt");
    /// Metadata of a user who signs up.
    unsafe_metadata: json("unsafeMetadata");
    /// Whether social connections leave the page or open a window. Default: Clerk decides.
    oauth_flow: word("oauthFlow", OAuthFlow);
    /// What the form is filled in with.
    initial_values: initial_values;
}
