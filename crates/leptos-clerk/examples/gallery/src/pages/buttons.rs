use leptos::prelude::*;
use leptos_clerk::{
    ButtonMode, InitialValues, SignInButton, SignOutButton, SignUpButton, SignedIn, SignedOut,
};

pub fn all() -> AnyView {
    let ada = || InitialValues::default().email_address("ada@example.com");
    view! {
        <SignedOut>
            <ul>
                <li><SignInButton>"Sign in"</SignInButton></li>
                <li><SignUpButton>"Sign up"</SignUpButton></li>
                <li>
                    <SignInButton force_redirect_url="/show" initial_values=ada()>
                        "Sign in, then show"
                    </SignInButton>
                </li>
                <li>
                    <SignInButton mode=ButtonMode::Modal force_redirect_url="/show" initial_values=ada()>
                        "Sign in here"
                    </SignInButton>
                </li>
                <li>
                    <SignUpButton mode=ButtonMode::Modal fallback_redirect_url="/show">
                        "Sign up here"
                    </SignUpButton>
                </li>
                <li><a href="/buttons?tab=2">"The second tab"</a></li>
            </ul>
        </SignedOut>
        <SignedIn>
            <SignOutButton>"Sign out"</SignOutButton>
            <SignOutButton redirect_url="/show">"Sign out, then show"</SignOutButton>
        </SignedIn>
        <p><a href="/protected?tab=2#part">"Protected"</a></p>
    }
    .into_any()
}
