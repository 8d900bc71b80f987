use leptos::{ev::SubmitEvent, prelude::*};
use leptos_clerk::{
    ApiKey, CheckoutOptions, ClerkApiError, ClerkClient, ClerkServerError, CreateApiKeyParams,
    CreateOrganizationParams, FactorParams, ForPayer, GetTokenOptions, PlanPeriod, ReverificationError,
    SetActiveParams, SignInCreateParams, SignUpParams, use_api_keys, use_auth, use_checkout, use_clerk,
    use_organization, use_organization_list, use_plans, use_reverification, use_session, use_session_list,
    use_sign_in, use_sign_up, use_subscription, use_waitlist,
};

use super::billing::parameter;

type Outcome = Result<(), ClerkApiError>;

pub fn session() -> AnyView {
    let session = use_session();
    let sessions = use_session_list();
    let id = move || session.with(|session| session.as_ref().map(|session| session.id.clone()));
    let name = move || session.get()?.public_user_data.map(|user| user.identifier);
    view! {
        <p id="session">{id}</p>
        <p id="identifier">{name}</p>
        <p id="count">{move || sessions.with(Vec::len)}</p>
    }
    .into_any()
}

pub fn token() -> AnyView {
    let clerk = use_clerk();
    let get = Action::new(move |template: &&'static str| {
        let options = GetTokenOptions::new().skip_cache(true);
        let options = if template.is_empty() { options } else { options.template(*template) };
        async move {
            match clerk.get_token(options).await {
                Ok(Some(token)) => format!("{} parts", token.split('.').count()),
                Ok(None) => "none".to_owned(),
                Err(error) => format!("{}: {error}", error.code),
            }
        }
    });
    view! {
        <button on:click=move |_| { get.dispatch(""); }>"Session token"</button>
        <button on:click=move |_| { get.dispatch("nonsense"); }>"Unknown template"</button>
        <p id="token">{move || get.value().get()}</p>
    }
    .into_any()
}

pub fn organization() -> AnyView {
    let clerk = use_clerk();
    let auth = use_auth();
    let active = use_organization();
    let list = use_organization_list();
    let members = active.memberships(r#"{"pageSize":10}"#);
    let switch = Action::new(move |id: &Option<String>| {
        let params = SetActiveParams::new();
        clerk.set_active(match id {
            Some(id) => params.organization(id),
            None => params.personal_account(),
        })
    });
    let create = Action::new(move |(): &()| {
        let created = list.create_organization(CreateOrganizationParams::new().name("Engines"));
        async move {
            let organization = created.await?;
            clerk.set_active(SetActiveParams::new().organization(organization.id)).await
        }
    });
    let invite = Action::new(move |email: &&'static str| active.invite_member(email, "org:member"));
    let choices = move || {
        let memberships = list.user_memberships().into_iter();
        memberships
            .map(|membership| {
                let id = membership.organization.id;
                let choose = move |_| {
                    switch.dispatch(Some(id.clone()));
                };
                view! { <button on:click=choose>{membership.organization.name}</button> }
            })
            .collect_view()
    };
    let name = move |member: leptos_clerk::OrganizationMembership| {
        view! { <li>{member.public_user_data.map(|user| user.identifier)}</li> }
    };
    let invited = move || match invite.value().get()? {
        Ok(invitation) => Some(format!("{} is {}", invitation.email_address, invitation.status)),
        Err(error) => Some(format!("{}: {error}", error.code)),
    };
    view! {
        <p id="slug">{move || auth.with(|auth| auth.org().and_then(|org| org.slug.clone()))}</p>
        <p id="name">{move || active.organization().and_then(|organization| organization.name)}</p>
        <p id="role">{move || active.membership().map(|membership| membership.role)}</p>
        <ul>{move || members.data().map(|page| page.data.into_iter().map(name).collect_view())}</ul>
        {choices}
        <button on:click=move |_| { switch.dispatch(None); }>"Personal account"</button>
        <button on:click=move |_| { create.dispatch(()); }>"Create Engines"</button>
        <button on:click=move |_| { invite.dispatch("charles@example.com"); }>"Invite Charles"</button>
        <button on:click=move |_| { invite.dispatch("nonsense"); }>"Invite nobody"</button>
        <p id="invited">{invited}</p>
    }
    .into_any()
}

/// A text field with its value.
fn field(name: &'static str, kind: &'static str, value: RwSignal<String>) -> impl IntoView {
    view! {
        <label>{name} <input type=kind on:input:target=move |event| value.set(event.target().value()) /></label>
    }
}

pub fn sign_in() -> AnyView {
    let clerk = use_clerk();
    let sign_in = use_sign_in();
    let (identifier, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = Action::new(move |(): &()| {
        let params = SignInCreateParams::new().identifier(identifier.get_untracked());
        let factor = FactorParams::new().strategy("password").password(password.get_untracked());
        let created = sign_in.create(params);
        async move {
            created.await?;
            let attempt = sign_in.attempt_first_factor(factor).await?;
            if let Some(session) = attempt.created_session_id {
                clerk.set_active(SetActiveParams::new().session(session).redirect_url("/show")).await?;
            }
            Outcome::Ok(())
        }
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        submit.dispatch(());
    };
    let factors = move || {
        let attempt = sign_in.attempt()?;
        let factors = attempt.supported_first_factors.into_iter();
        Some(factors.map(|factor| factor.strategy).collect::<Vec<_>>().join(" "))
    };
    let problem = move || {
        let error = submit.value().get()?.err()?;
        Some(format!("{} ({}): {error}", error.code, error.parameter.as_deref().unwrap_or_default()))
    };
    view! {
        <form on:submit=send>
            {field("Identifier", "text", identifier)} {field("Password", "password", password)}
            <button>"Continue"</button>
        </form>
        <p id="factors">{factors}</p>
        <p role="alert">{problem}</p>
    }
    .into_any()
}

pub fn sign_up() -> AnyView {
    let clerk = use_clerk();
    let sign_up = use_sign_up();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let code = RwSignal::new(String::new());
    let start = Action::new(move |(): &()| {
        let params = SignUpParams::new().email_address(email.get_untracked()).password(password.get_untracked());
        let created = sign_up.create(params);
        async move {
            created.await?;
            sign_up.prepare_verification(FactorParams::new().strategy("email_code")).await.map(drop)
        }
    });
    let verify = Action::new(move |(): &()| {
        let params = FactorParams::new().strategy("email_code").code(code.get_untracked());
        let attempted = sign_up.attempt_verification(params);
        async move {
            if let Some(session) = attempted.await?.created_session_id {
                clerk.set_active(SetActiveParams::new().session(session).redirect_url("/show")).await?;
            }
            Outcome::Ok(())
        }
    });
    let problem = move || {
        let outcome = verify.value().get().or_else(|| start.value().get())?;
        Some(outcome.err()?.code)
    };
    view! {
        {field("Email address", "email", email)} {field("Password", "password", password)}
        <button on:click=move |_| { start.dispatch(()); }>"Send a code"</button>
        {field("Code", "text", code)}
        <button on:click=move |_| { verify.dispatch(()); }>"Verify"</button>
        <div id="clerk-captcha"></div>
        <p id="unverified">{move || sign_up.attempt().map(|attempt| attempt.unverified_fields.join(" "))}</p>
        <p role="alert">{problem}</p>
    }
    .into_any()
}

pub fn waitlist() -> AnyView {
    let waitlist = use_waitlist();
    let email = RwSignal::new(String::new());
    let join = Action::new(move |(): &()| waitlist.join(&email.get_untracked()));
    let outcome = move || match join.value().get()? {
        Ok(entry) => Some(format!("joined as {}", entry.id)),
        Err(error) => Some(format!("{}: {error}", error.code)),
    };
    view! {
        {field("Email address", "email", email)}
        <button on:click=move |_| { join.dispatch(()); }>"Join"</button>
        <p role="status">{outcome}</p>
    }
    .into_any()
}

pub fn plans() -> AnyView {
    let plans = use_plans(ForPayer::User);
    let subscription = use_subscription(ForPayer::User);
    let row = |plan: leptos_clerk::Plan| {
        let fee = plan.fee.map(|fee| fee.currency_symbol + &fee.amount_formatted);
        view! { <li>{plan.name} " " {fee}</li> }
    };
    view! {
        <ul aria-busy=move || plans.is_loading().to_string()>
            {move || plans.data().map(|page| page.data.into_iter().map(row).collect_view())}
        </ul>
        <p id="subscribed">
            {move || Some(subscription.data()??.items.into_iter().next()?.plan.name)}
        </p>
    }
    .into_any()
}

/// The checkout of the plan with the ID in the query: `?plan=cplan_…`.
pub fn checkout() -> AnyView {
    let checkout = use_checkout(CheckoutOptions::new(parameter("plan"), PlanPeriod::Month));
    let start = Action::new(move |(): &()| checkout.start());
    let pay = Action::new(move |(): &()| async move {
        checkout.confirm(r#"{"gateway":"stripe","useTestCard":true}"#).await?;
        checkout.finalize().await
    });
    let problem = move || {
        let outcome = pay.value().get().or_else(|| start.value().get())?;
        outcome.err().map(|error| format!("{}: {error}", error.code))
    };
    view! {
        <button on:click=move |_| { start.dispatch(()); }>"Start"</button>
        <button on:click=move |_| { pay.dispatch(()); }>"Pay"</button>
        <p id="status">{move || checkout.checkout().map(|checkout| checkout.status)}</p>
        <p id="plan">{move || Some(checkout.checkout()?.plan?.name)}</p>
        <p role="alert">{problem}</p>
    }
    .into_any()
}

pub fn api_keys() -> AnyView {
    let api_keys = use_api_keys("{}");
    let create =
        Action::new(move |name: &&'static str| api_keys.create(CreateApiKeyParams::new().name(*name)));
    let revoke = Action::new(move |id: &String| api_keys.revoke(id));
    let row = move |key: ApiKey| {
        let revoke = move |_| {
            revoke.dispatch(key.id.clone());
        };
        view! { <li>{key.name} <button on:click=revoke>"Revoke"</button></li> }
    };
    view! {
        <ul>{move || api_keys.keys.data().map(|page| page.data.into_iter().map(row).collect_view())}</ul>
        <button on:click=move |_| { create.dispatch("Deployment"); }>"Create"</button>
        <output>{move || create.value().get()?.ok()?.secret}</output>
    }
    .into_any()
}

/// Needs a first factor that was verified within the last minute.
#[server(client = ClerkClient)]
async fn sensitive(input: String) -> Result<String, ClerkServerError> {
    use leptos_clerk::{AuthCheck, Reverification, ReverificationLevel, protect};

    let recent = Reverification::new(ReverificationLevel::FirstFactor, 1);
    let who = protect(AuthCheck::signed_in().within(recent)).await?;
    Ok(format!("{input} by {}", who.user_id))
}

pub fn reverification() -> AnyView {
    let run = use_reverification(sensitive);
    let run = Action::new(move |input: &&'static str| run((*input).to_owned()));
    let outcome = move || match run.value().get()? {
        Ok(text) => Some(text),
        Err(ReverificationError::Cancelled) => Some("cancelled".to_owned()),
        Err(ReverificationError::Action(error)) => Some(format!("failed: {error}")),
    };
    view! {
        <button on:click=move |_| { run.dispatch("Deleted"); }>"Delete"</button>
        <p role="status">{outcome}</p>
    }
    .into_any()
}

/// For signed-in visitors.
#[server(client = ClerkClient)]
async fn greet(greeting: String) -> Result<String, ClerkServerError> {
    use leptos_clerk::{AuthCheck, protect};

    let who = protect(AuthCheck::signed_in()).await?;
    Ok(format!("{greeting}, {}", who.user_id))
}

pub fn clerk_client() -> AnyView {
    let greet = Action::new(|greeting: &&'static str| greet((*greeting).to_owned()));
    let answer = move || greet.value().get().map(|answer| answer.unwrap_or_else(|error| format!("failed: {error}")));
    view! {
        <button on:click=move |_| { greet.dispatch("Hello"); }>"Greet"</button>
        <p role="status">{answer}</p>
    }
    .into_any()
}
