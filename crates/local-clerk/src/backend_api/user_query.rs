//! The query parameters that filter and order users.

use crate::{
    domain::{Context, identifiers},
    error::{ApiError, Error},
    http::{Params, Request},
    model::{Contact, ContactKind, Organization, User},
    store::links::{self, Link},
};

/// The parameters that are filters by a list of values.
const FILTERS: [&str; 6] = [
    "user_id",
    "external_id",
    "username",
    "email_address",
    "phone_number",
    "organization_id",
];

/// The parameters that search for a text.
const SEARCHES: [&str; 5] = [
    "query",
    "email_address_query",
    "phone_number_query",
    "username_query",
    "name_query",
];

/// A filter by a list of values: a user needs one of those without a leading minus, if there are any, and
/// none of those with one.
struct Filter {
    normalize: fn(&str) -> String,
    included: Vec<String>,
    excluded: Vec<String>,
}

impl Filter {
    fn read(query: &Params, name: &str) -> Option<Self> {
        let normalize = if name.ends_with("_id") {
            str::to_owned
        } else {
            identifiers::normalize
        };
        let (mut included, mut excluded) = (Vec::new(), Vec::new());
        for value in query.list(name) {
            match value.strip_prefix('-') {
                Some(value) => excluded.push(normalize(value)),
                // The plus belongs to the phone number.
                None if name == "phone_number" => included.push(normalize(&value)),
                None => included.push(normalize(value.trim_start_matches('+'))),
            }
        }
        let asks = !included.is_empty() || !excluded.is_empty();
        asks.then_some(Self {
            normalize,
            included,
            excluded,
        })
    }

    fn admits<'v>(&self, values: impl IntoIterator<Item = &'v str>) -> bool {
        let values: Vec<String> = values.into_iter().map(self.normalize).collect();
        let any = |list: &[String]| values.iter().any(|value| list.contains(value));
        (self.included.is_empty() || any(&self.included)) && !any(&self.excluded)
    }

    /// Returns the values that occur in the filter.
    fn values(&self) -> Vec<&str> {
        let values = self.included.iter().chain(&self.excluded);
        values.map(String::as_str).collect()
    }
}

/// Returns the users that match the query, in its order.
pub(super) fn matching(cx: &Context<'_>, request: &Request) -> Result<Vec<User>, Error> {
    let mut users = candidates(cx, &request.query)?;
    retain(cx, request, &mut users)?;
    let order = request.query.first("order_by").unwrap_or("-created_at");
    sort(&mut users, order)?;
    if let Some(id) = request.query.filled("starting_after") {
        if order.trim_start_matches(['+', '-', ' ']) != "created_at" {
            let message = "starting_after requires the order created_at.";
            return Err(ApiError::value_invalid("order_by", message).into());
        }
        if request.query.number("offset").is_some_and(|offset| offset != 0) {
            let message = "starting_after cannot be combined with an offset.";
            return Err(ApiError::value_invalid("offset", message).into());
        }
        let last = users.iter().position(|user| user.id == id);
        users.drain(..=last.ok_or_else(|| ApiError::not_found("user", id))?);
    }
    Ok(users)
}

/// Returns at least the users that match the query: those that its first filter includes, or else all.
fn candidates(cx: &Context<'_>, query: &Params) -> Result<Vec<User>, Error> {
    let store = &cx.store;
    for name in FILTERS {
        let Some(filter) = Filter::read(query, name).filter(|filter| !filter.included.is_empty()) else {
            continue;
        };
        let values = &filter.included;
        return Ok(match name {
            "user_id" => store.with_ids(values)?,
            "external_id" => store.linked(&links::EXTERNAL_ID, values)?,
            "username" => store.linked(&links::USERNAME, values)?,
            "email_address" => store.linked(&links::EMAIL_ADDRESS, values)?,
            "phone_number" => store.linked(&links::PHONE_NUMBER, values)?,
            _ => {
                let organizations = store.with_ids::<Organization>(values)?;
                let memberships = organizations.iter().flat_map(|one| &one.memberships);
                let ids: Vec<&str> = memberships.map(|membership| &*membership.user_id).collect();
                store.with_ids(&ids)?
            }
        });
    }
    for name in SEARCHES {
        if let Some(text) = query.filled(name).map(str::to_lowercase)
            && text.is_ascii()
        {
            return Ok(store.containing(&searched_links(name), name == "query", &text)?);
        }
    }
    Ok(store.all()?)
}

/// Tells whether a user matches the query.
pub(super) fn admits(cx: &Context<'_>, request: &Request, user: &User) -> Result<bool, Error> {
    let mut users = vec![user.clone()];
    retain(cx, request, &mut users)?;
    Ok(!users.is_empty())
}

fn retain(cx: &Context<'_>, request: &Request, users: &mut Vec<User>) -> Result<(), Error> {
    let query = &request.query;
    for name in FILTERS {
        let Some(filter) = Filter::read(query, name) else {
            continue;
        };
        let organizations = if name == "organization_id" {
            cx.store.with_ids::<Organization>(&filter.values())?
        } else {
            Vec::new()
        };
        users.retain(|user| match name {
            "user_id" => filter.admits([user.id.as_str()]),
            "external_id" => filter.admits(user.external_id.as_deref()),
            "username" => filter.admits(user.username.as_deref()),
            "email_address" => filter.admits(values(user.contacts(ContactKind::EmailAddress))),
            "phone_number" => filter.admits(values(user.contacts(ContactKind::PhoneNumber))),
            _ => {
                let of_user = organizations
                    .iter()
                    .filter(|organization| organization.membership(&user.id).is_some());
                filter.admits(of_user.map(|organization| organization.id.as_str()))
            }
        });
    }
    for name in SEARCHES {
        if let Some(text) = query.filled(name).map(str::to_lowercase) {
            users.retain(|user| {
                let mut fields = searched(user, name).into_iter();
                fields.any(|field| field.to_lowercase().contains(&text))
            });
        }
    }
    let (provider, ids) = (query.filled("provider"), query.list("provider_user_id"));
    if let Some(provider) = provider.map(|provider| provider.trim_start_matches("oauth_")) {
        users.retain(|user| {
            user.external_accounts.iter().any(|account| {
                let identity = account.identity.as_ref();
                account.provider() == provider
                    && identity.is_some_and(|one| ids.is_empty() || ids.contains(&one.provider_user_id))
            })
        });
    } else if !ids.is_empty() {
        return Err(ApiError::missing("provider").into());
    }
    if let Some(banned) = query.flag("banned") {
        users.retain(|user| user.banned == banned);
    }
    for (field, at) in TIMES {
        let bound = |suffix: &str| query.number(&format!("{field}_{suffix}"));
        let (before, after, since) = (bound("before"), bound("after"), bound("since"));
        users.retain(|user| {
            let at = at(user);
            before.is_none_or(|before| at.is_some_and(|at| at < before))
                && after.is_none_or(|after| at.is_some_and(|at| at > after))
                && since.is_none_or(|since| at.is_some_and(|at| at >= since))
        });
    }
    Ok(())
}

type Time = fn(&User) -> Option<i64>;

/// The times that can be filtered by.
const TIMES: [(&str, Time); 3] = [
    ("created_at", |user| Some(user.created_at)),
    ("last_active_at", |user| user.last_active_at),
    ("last_sign_in_at", |user| user.last_sign_in_at),
];

fn values(contacts: &[Contact]) -> impl Iterator<Item = &str> {
    contacts.iter().map(|contact| contact.value.as_str())
}

/// Returns where the store has the fields that a kind of search covers, except for the id.
fn searched_links(name: &str) -> Vec<Link> {
    let mut fields = Vec::new();
    let searches = |kind| name == "query" || name == kind;
    if searches("email_address_query") {
        fields.push(links::EMAIL_ADDRESS);
    }
    if searches("phone_number_query") {
        fields.push(links::PHONE_NUMBER);
    }
    if searches("username_query") {
        fields.push(links::USERNAME);
    }
    if searches("name_query") {
        fields.extend([links::FIRST_NAME, links::LAST_NAME]);
    }
    if name == "query" {
        fields.push(links::EXTERNAL_ID);
    }
    fields
}

/// Returns the fields that a kind of search covers.
fn searched<'u>(user: &'u User, name: &str) -> Vec<&'u str> {
    let mut fields = Vec::new();
    let searches = |kind| name == "query" || name == kind;
    if searches("email_address_query") {
        fields.extend(values(user.contacts(ContactKind::EmailAddress)));
    }
    if searches("phone_number_query") {
        fields.extend(values(user.contacts(ContactKind::PhoneNumber)));
    }
    if searches("username_query") {
        fields.extend(user.username.as_deref());
    }
    if searches("name_query") {
        fields.extend(user.first_name.as_deref());
        fields.extend(user.last_name.as_deref());
    }
    if name == "query" {
        fields.push(&user.id);
        fields.extend(user.external_id.as_deref());
    }
    fields
}

fn sort(users: &mut [User], order: &str) -> Result<(), ApiError> {
    let field = order.trim_start_matches(['+', '-', ' ']);
    let first = |kind: ContactKind| move |user: &User| values(user.contacts(kind)).next().map(str::to_owned);
    match field {
        "created_at" => users.sort_by_key(|user| user.created_at),
        "updated_at" => users.sort_by_key(|user| user.updated_at),
        "last_sign_in_at" => users.sort_by_key(|user| user.last_sign_in_at),
        "last_active_at" => users.sort_by_key(|user| user.last_active_at),
        "first_name" => users.sort_by_key(|user| user.first_name.clone()),
        "last_name" => users.sort_by_key(|user| user.last_name.clone()),
        "username" => users.sort_by_key(|user| user.username.clone()),
        "email_address" => users.sort_by_key(first(ContactKind::EmailAddress)),
        "phone_number" => users.sort_by_key(first(ContactKind::PhoneNumber)),
        _ => {
            let message = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", message));
        }
    }
    if order.starts_with('-') {
        users.reverse();
    }
    Ok(())
}
