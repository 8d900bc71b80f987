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

/// Compares all pages with those of a list that is selected by a search that every user matches, and so is read as a whole.
async fn check_pages(local: &Local, count: usize) {
    assert_eq!(get(local, "/v1/users/count").await["total_count"], count);
    for order in ["-created_at", "%2Bcreated_at", "created_at"] {
        for offset in 0..=count + 1 {
            for limit in [1, 2, count, 500] {
                let page = format!("/v1/users?order_by={order}&offset={offset}&limit={limit}");
                let expected = get(local, &format!("{page}&email_address_query=example.com")).await;
                let expected_count = limit.min(count.saturating_sub(offset));
                assert_eq!(expected.as_array().unwrap().len(), expected_count, "{page}");
                assert_eq!(get(local, &page).await, expected, "{page}");
            }
        }
    }
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
    let earlier = "DROP TRIGGER document_added; DROP TRIGGER document_deleted; DROP TABLE counts; DROP INDEX users_by_creation;";
    Connection::open(&file).unwrap().execute_batch(earlier).unwrap();
    let local = Local::with_data(Instance::Development, Data::File(file)).await;
    // And the demo user of the default seed.
    check_pages(&local, 8).await;
    drop(local);
    std::fs::remove_dir_all(directory).unwrap();
}
