//! Pages of long lists, which are read without the rest of the list.

use http::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::Local;
use crate::{Instance, store::Data};

/// The times at which users were created, in seconds.
const CREATED_AT: [u32; 7] = [30, 10, 20, 20, 50, 20, 40];

async fn create_users(local: &Local) -> Vec<String> {
    let mut ids = Vec::new();
    for (number, seconds) in CREATED_AT.into_iter().enumerate() {
        let user = json!({
            "email_address": [format!("user-{number}@example.com")],
            "created_at": format!("2026-01-01T00:00:{seconds}Z"),
        });
        let user = local.backend(Method::POST, "/v1/users", &user).await.ok();
        ids.push(user["id"].as_str().unwrap().to_owned());
    }
    ids
}

async fn get(local: &Local, path: &str) -> Value {
    local.backend(Method::GET, path, &Value::Null).await.ok()
}

/// Compares all pages of a list with those of the list that a search selects, which everything matches, and which so is read
/// as a whole.
async fn check_pages_of(local: &Local, list: &str, search: &str, count: usize) {
    for order in ["-created_at", "%2Bcreated_at", "created_at"] {
        for offset in 0..=count + 1 {
            for limit in [1, 2, count, 500] {
                let page = format!("{list}order_by={order}&offset={offset}&limit={limit}");
                let expected = get(local, &format!("{page}&{search}")).await;
                let items = expected.as_array().or(expected["data"].as_array()).unwrap();
                assert_eq!(items.len(), limit.min(count.saturating_sub(offset)), "{page}");
                assert_eq!(get(local, &page).await, expected, "{page}");
            }
        }
    }
}

async fn check_pages(local: &Local, count: usize) {
    assert_eq!(get(local, "/v1/users/count").await["total_count"], count);
    check_pages_of(local, "/v1/users?", "email_address_query=example.com", count).await;
}

#[tokio::test]
async fn pages_of_other_lists_are_those_of_the_whole_list_too() {
    let local = Local::with_seed("").await;
    for (number, seconds) in CREATED_AT.into_iter().take(5).enumerate() {
        let email_address = format!("guest-{number}@example.com");
        let body = json!({ "email_address": email_address });
        local
            .backend(Method::POST, "/v1/waitlist_entries", &body)
            .await
            .ok();
        let invitation = local.backend(Method::POST, "/v1/invitations", &body).await.ok();
        if number == 1 {
            let path = format!("/v1/invitations/{}/revoke", invitation["id"].as_str().unwrap());
            local.backend(Method::POST, &path, &Value::Null).await.ok();
        }
        let organization = json!({
            "name": format!("Organization {number}"),
            "created_at": format!("2026-01-01T00:00:{seconds}Z"),
        });
        local
            .backend(Method::POST, "/v1/organizations", &organization)
            .await
            .ok();
    }
    check_pages_of(&local, "/v1/organizations?", "query=organization", 5).await;
    check_pages_of(&local, "/v1/waitlist_entries?", "query=example.com", 5).await;
    check_pages_of(&local, "/v1/invitations?", "query=example.com", 4).await;
    check_pages_of(&local, "/v1/invitations?paginated=true&", "query=example.com", 4).await;
}

#[tokio::test]
async fn pages_of_users_are_those_of_the_whole_list() {
    let local = Local::with_seed("").await;
    let ids = create_users(&local).await;
    check_pages(&local, 7).await;
    let path = format!("/v1/users/{}", ids[3]);
    local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    check_pages(&local, 6).await;
}

#[tokio::test]
async fn a_data_file_of_an_earlier_version_has_them_too() {
    let directory = std::env::temp_dir().join(format!("local-clerk-lists-{}", std::process::id()));
    let file = directory.join("data.sqlite");
    let local = Local::with_data(Instance::Development, Data::File(file.clone())).await;
    create_users(&local).await;
    drop(local);
    let earlier = "
        DROP TRIGGER document_added;
        DROP TRIGGER document_deleted;
        DROP TABLE counts;
        DROP INDEX user_by_creation;
        DROP TRIGGER links_added;
        DROP TRIGGER links_outdated;
        DROP TRIGGER links_updated;
        DROP TRIGGER links_deleted;
        DROP VIEW document_links;
        DROP TABLE links;
    ";
    Connection::open(&file).unwrap().execute_batch(earlier).unwrap();
    let local = Local::with_data(Instance::Development, Data::File(file)).await;
    // And the demo user of the default seed.
    check_pages(&local, 8).await;
    let found = get(&local, "/v1/users?email_address=user-3@example.com").await;
    assert_eq!(found.as_array().unwrap().len(), 1);
    drop(local);
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn users_are_found_by_parts_of_names_and_addresses_in_any_case() {
    let local = Local::with_seed("").await;
    for (name, email_address, external_id) in [
        ("Ölga", "one@example.com", "Ext-1"),
        ("Helga", "two@example.com", "Ext-2"),
    ] {
        let user = json!({
            "first_name": name,
            "email_address": [email_address],
            "external_id": external_id,
        });
        local.backend(Method::POST, "/v1/users", &user).await.ok();
    }
    for (search, count) in [
        ("query=LGA", 2),
        ("query=HEL", 1),
        ("query=%C3%B6l", 1),
        ("query=user_", 2),
        ("query=TWO@", 1),
        ("query=ext-1", 1),
        ("name_query=two", 0),
        ("name_query=helg", 1),
        ("email_address_query=ONE", 1),
        ("email_address_query=helga", 0),
        ("external_id=Ext-2", 1),
        ("external_id=ext-2", 0),
        ("external_id=-Ext-2", 1),
    ] {
        let found = get(&local, &format!("/v1/users?{search}")).await;
        assert_eq!(found.as_array().unwrap().len(), count, "{search}");
    }
}
