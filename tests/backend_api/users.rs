//! Users, their addresses and numbers.

use clerk_auth::{
    User as Snapshot,
    api::{
        CountUsers, CreateEmailAddress, CreatePhoneNumber, CreateUser, ListOAuthAccessTokens,
        ListUserOrganizationInvitations, ListUserOrganizationMemberships, ListUsers, Metadata, Nullable,
        ReplaceUserMetadata, UpdateEmailAddress, UpdatePhoneNumber, UpdateUser, UpdateUserMetadata,
        VerificationStatus,
    },
};
use serde_json::{Value, json};

use crate::support::{code, start};

fn metadata(value: Value) -> Metadata {
    serde_json::from_value(value).unwrap()
}

fn ada() -> CreateUser {
    CreateUser {
        email_address: vec!["ada@example.com".to_owned()],
        first_name: Some("Ada".to_owned()),
        last_name: Some("Lovelace".to_owned()),
        username: Some("adalovelace".to_owned()),
        external_id: Some("legacy_1".to_owned()),
        password: Some("correct horse battery staple".into()),
        public_metadata: Some(metadata(json!({ "level": 3 }))),
        private_metadata: Some(metadata(json!({ "salary": 1 }))),
        ..CreateUser::default()
    }
}

#[tokio::test]
async fn users_are_created_found_changed_and_deleted() {
    let (_local, clerk) = start().await;
    let users = clerk.api().users();
    let created = users.create(&ada()).await.unwrap();
    assert_eq!(
        (created.first_name.as_deref(), created.username.as_deref()),
        (Some("Ada"), Some("adalovelace"))
    );
    assert_eq!(
        (
            &created.public_metadata["level"],
            &created.private_metadata["salary"]
        ),
        (&json!(3), &json!(1))
    );
    assert!(created.password_enabled && !created.banned && created.created_at > 1_700_000_000_000);
    let address = created.primary_email_address().unwrap();
    assert_eq!(address.email_address, "ada@example.com");
    assert_eq!(
        address.verification.as_ref().unwrap().status,
        VerificationStatus::Verified
    );

    let found = users.get(&created.id).await.unwrap();
    assert_eq!(found.external_id.as_deref(), Some("legacy_1"));
    let snapshot = clerk.api().get_user(&created.id).await.unwrap();
    assert_eq!(Snapshot::from(found), snapshot);
    assert_eq!(snapshot.email_address.as_deref(), Some("ada@example.com"));

    for number in 0..4 {
        let email_address = vec![format!("guest{number}@example.com")];
        users
            .create(&CreateUser {
                email_address,
                ..CreateUser::default()
            })
            .await
            .unwrap();
    }
    let page = ListUsers {
        query: Some("guest".to_owned()),
        limit: Some(3),
        ..ListUsers::default()
    };
    let page = users.list(&page).await.unwrap();
    assert_eq!((page.data.len(), page.total_count), (3, 4));
    let two = vec!["ada@example.com".to_owned(), "guest1@example.com".to_owned()];
    let both = users
        .list(&ListUsers {
            email_address: two.clone(),
            ..ListUsers::default()
        })
        .await
        .unwrap();
    assert_eq!((both.data.len(), both.total_count), (2, 2));
    let count = users
        .count(&CountUsers {
            email_address: two,
            ..CountUsers::default()
        })
        .await
        .unwrap();
    assert_eq!(count.total_count, 2);

    let change = UpdateUser {
        first_name: "Augusta".into(),
        last_name: Nullable::Null,
        ..UpdateUser::default()
    };
    let changed = users.update(&created.id, &change).await.unwrap();
    assert_eq!(
        (changed.first_name.as_deref(), changed.last_name),
        (Some("Augusta"), None)
    );
    assert_eq!(
        changed.username.as_deref(),
        Some("adalovelace"),
        "what is not sent stays"
    );

    let merge = UpdateUserMetadata {
        public_metadata: Some(metadata(json!({ "theme": "dark", "level": null }))),
        ..UpdateUserMetadata::default()
    };
    let merged = users.update_metadata(&created.id, &merge).await.unwrap();
    assert_eq!(Value::Object(merged.public_metadata), json!({ "theme": "dark" }));
    let replace = ReplaceUserMetadata {
        public_metadata: Some(metadata(json!({ "a": 1 }))),
        ..ReplaceUserMetadata::default()
    };
    let replaced = users.replace_metadata(&created.id, &replace).await.unwrap();
    assert_eq!(Value::Object(replaced.public_metadata), json!({ "a": 1 }));

    let gone = users.delete(&created.id).await.unwrap();
    assert!(gone.deleted && gone.id == created.id);
    assert_eq!(code(users.get(&created.id).await), "resource_not_found");
}

#[tokio::test]
async fn users_are_banned_locked_and_checked() {
    let (_local, clerk) = start().await;
    let users = clerk.api().users();
    let id = users.create(&ada()).await.unwrap().id;
    assert!(users.ban(&id).await.unwrap().banned);
    assert!(!users.unban(&id).await.unwrap().banned);
    assert!(users.lock(&id).await.unwrap().locked);
    assert!(!users.unlock(&id).await.unwrap().locked);
    assert!(
        users
            .verify_password(&id, &"correct horse battery staple".into())
            .await
            .unwrap()
            .verified
    );
    assert_eq!(
        code(users.verify_password(&id, &"wrong".into()).await),
        "incorrect_password"
    );
    assert_eq!(
        code(users.verify_totp(&id, &"123456".into()).await),
        "totp_not_enabled"
    );
    assert_eq!(code(users.delete_totp(&id).await), "resource_not_found");
    assert_eq!(code(users.delete_backup_codes(&id).await), "resource_not_found");
    assert_eq!(users.disable_mfa(&id).await.unwrap().user_id, id);
    assert_eq!(users.delete_profile_image(&id).await.unwrap().id, id);
    assert_eq!(
        code(users.delete_external_account(&id, "eac_unknown").await),
        "resource_not_found"
    );
    let tokens = users
        .oauth_access_tokens(&id, "oauth_custom_local", &ListOAuthAccessTokens::default())
        .await;
    assert!(tokens.is_err() || tokens.unwrap().data.is_empty());
    let memberships = users
        .organization_memberships(&id, &ListUserOrganizationMemberships::default())
        .await
        .unwrap();
    let invitations = users
        .organization_invitations(&id, &ListUserOrganizationInvitations::default())
        .await
        .unwrap();
    assert_eq!((memberships.total_count, invitations.total_count), (0, 0));
}

#[tokio::test]
async fn errors_of_the_api_name_the_parameter() {
    let (_local, clerk) = start().await;
    clerk.api().users().create(&ada()).await.unwrap();
    let error = clerk.api().users().create(&ada()).await.unwrap_err();
    assert!(error.to_string().contains("form_identifier_exists"), "{error}");
    let unknown = clerk
        .api()
        .with_secret_key("sk_test_other")
        .users()
        .get("user_1")
        .await
        .unwrap_err();
    assert!(
        unknown
            .to_string()
            .contains("is CLERK_SECRET_KEY a key of this instance?"),
        "{unknown}"
    );
}

#[tokio::test]
async fn addresses_and_numbers_are_added_changed_and_removed() {
    let (_local, clerk) = start().await;
    let id = clerk.api().users().create(&ada()).await.unwrap().id;

    let addresses = clerk.api().email_addresses();
    let params = CreateEmailAddress {
        verified: Some(true),
        ..CreateEmailAddress::new(&*id, "second@example.com")
    };
    let second = addresses.create(&params).await.unwrap();
    assert_eq!(
        addresses.get(&second.id).await.unwrap().email_address,
        "second@example.com"
    );
    let primary = UpdateEmailAddress {
        primary: Some(true),
        ..UpdateEmailAddress::default()
    };
    addresses.update(&second.id, &primary).await.unwrap();
    let user = clerk.api().users().get(&id).await.unwrap();
    assert_eq!(user.primary_email_address().unwrap().id, second.id);
    assert!(addresses.delete(&second.id).await.unwrap().deleted);

    let numbers = clerk.api().phone_numbers();
    let params = CreatePhoneNumber {
        verified: Some(false),
        ..CreatePhoneNumber::new(&*id, "+15555550100")
    };
    let number = numbers.create(&params).await.unwrap();
    let found = numbers.get(&number.id).await.unwrap();
    assert_eq!(found.phone_number, "+15555550100");
    assert_ne!(
        found.verification.map(|one| one.status),
        Some(VerificationStatus::Verified)
    );
    let primary = UpdatePhoneNumber {
        verified: Some(true),
        primary: Some(true),
        ..UpdatePhoneNumber::default()
    };
    let verified = numbers.update(&number.id, &primary).await.unwrap();
    assert_eq!(
        verified.verification.unwrap().status,
        VerificationStatus::Verified
    );
    let user = clerk.api().users().get(&id).await.unwrap();
    assert_eq!(user.primary_phone_number().unwrap().id, number.id);
    assert!(numbers.delete(&number.id).await.unwrap().deleted);
}
