use leptos::prelude::*;
use leptos_clerk::{
    ClerkApiError, ClerkLoaded, EmailLinkParams, EmailLinkResource, HandleEmailLinkVerificationParams,
    SetActiveParams, SignInCreateParams, SignUpParams, use_clerk, use_email_link, use_sign_in, use_sign_up,
};

use super::billing::parameter;

/// A link to the page that verifies it.
fn link() -> EmailLinkParams {
    EmailLinkParams::new().redirect_url(location().origin().unwrap_or_default() + "/verify-email-link")
}

/// Signs up, signs in, and verifies the user's e-mail address with the ID in the query: `?address=idn_…`.
pub fn start() -> AnyView {
    let clerk = use_clerk();
    let (sign_in, sign_up) = (use_sign_in(), use_sign_up());
    let sign_in_link = use_email_link(EmailLinkResource::SignIn);
    let sign_up_link = use_email_link(EmailLinkResource::SignUp);
    let address_link = use_email_link(EmailLinkResource::EmailAddress(parameter("address")));
    let email = RwSignal::new(String::new());
    let activate = move |session: Option<String>| {
        clerk.set_active(SetActiveParams::new().session(session.unwrap_or_default()).redirect_url("/show"))
    };
    let signing_up = Action::new(move |(): &()| {
        let params = SignUpParams::new().email_address(email.get_untracked()).password("analytical-engine");
        let created = sign_up.create(params);
        async move {
            created.await?;
            let verification = sign_up_link.start_email_link_flow(link()).await?;
            activate(verification.created_session_id).await
        }
    });
    let signing_in = Action::new(move |(): &()| {
        let created = sign_in.create(SignInCreateParams::new().identifier(email.get_untracked()));
        async move {
            let mut factors = created.await?.supported_first_factors.into_iter();
            let factor = factors.find(|factor| factor.strategy == "email_link");
            let address = factor.and_then(|factor| factor.email_address_id).unwrap_or_default();
            let verification = sign_in_link.start_email_link_flow(link().email_address_id(address)).await?;
            activate(verification.created_session_id).await
        }
    });
    let verifying = Action::new(move |(): &()| address_link.start_email_link_flow(link()));
    let problem = move || {
        let of = |outcome: Option<Result<(), ClerkApiError>>| outcome.and_then(Result::err);
        let error = of(signing_up.value().get()).or_else(|| of(signing_in.value().get()));
        error.or_else(|| verifying.value().get().and_then(Result::err)).map(|error| error.code)
    };
    view! {
        <label>
            "Email address"
            <input type="email" on:input:target=move |event| email.set(event.target().value()) />
        </label>
        <button on:click=move |_| { signing_up.dispatch(()); }>"Sign up"</button>
        <button on:click=move |_| { signing_in.dispatch(()); }>"Sign in"</button>
        <button on:click=move |_| { verifying.dispatch(()); }>"Verify"</button>
        <button on:click=move |_| address_link.cancel_email_link_flow()>"Cancel"</button>
        <p role="status">{move || verifying.value().get().and_then(Result::ok).map(|verified| verified.status)}</p>
        <p role="alert">{problem}</p>
    }
    .into_any()
}

/// Where the links lead.
pub fn verify() -> AnyView {
    view! { <ClerkLoaded><Verify /></ClerkLoaded> }.into_any()
}

#[component]
fn Verify() -> impl IntoView {
    let clerk = use_clerk();
    let (elsewhere, set_elsewhere) = signal(false);
    let verified = LocalResource::new(move || {
        let params = HandleEmailLinkVerificationParams::new()
            .redirect_url("/sign-in")
            .redirect_url_complete("/show")
            .on_verified_on_other_device(move || set_elsewhere.set(true));
        clerk.handle_email_link_verification(params)
    });
    let problem = move || verified.get()?.err()?.email_link_error_code().map(|code| format!("{code:?}"));
    view! {
        <p role="status">{move || elsewhere.get().then_some("Go on in the other browser.")}</p>
        <p role="alert">{problem}</p>
    }
}
