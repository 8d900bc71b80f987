//! API keys, machines and their tokens.

use clerk_auth::api::{
    CreateApiKey, CreateM2mToken, CreateMachine, ExposeSecret, ListApiKeys, ListM2mTokens, ListMachines,
    M2mTokenFormat, RevokeApiKey, RevokeM2mToken, UpdateApiKey, UpdateMachine,
};

use crate::support::{code, start};

#[tokio::test]
async fn api_keys_are_created_verified_and_revoked() {
    let (local, clerk) = start().await;
    let keys = clerk.api().api_keys();
    let subject = local
        .session_of("paula@example.com")
        .await
        .unwrap()
        .user_id()
        .to_owned();
    let params = CreateApiKey {
        scopes: vec!["read".to_owned()],
        ..CreateApiKey::new("CI", &*subject)
    };
    let key = keys.create(&params).await.unwrap();
    let secret = key.secret.clone().unwrap();
    assert!(secret.expose_secret().starts_with("ak_"));
    assert!(!format!("{key:?}").contains(secret.expose_secret()));
    assert_eq!(
        (key.subject.as_str(), &*key.scopes),
        (subject.as_str(), &["read".to_owned()][..])
    );
    assert!(keys.get(&key.id).await.unwrap().secret.is_none());
    assert_eq!(
        keys.secret(&key.id).await.unwrap().secret.expose_secret(),
        secret.expose_secret()
    );
    assert_eq!(keys.verify(&secret).await.unwrap().id, key.id);
    let change = UpdateApiKey {
        subject: Some(subject.clone()),
        description: "builds".into(),
        ..UpdateApiKey::default()
    };
    assert_eq!(
        keys.update(&key.id, &change)
            .await
            .unwrap()
            .description
            .as_deref(),
        Some("builds")
    );
    let of_paula = ListApiKeys {
        subject: Some(subject),
        ..ListApiKeys::default()
    };
    assert_eq!(keys.list(&of_paula).await.unwrap().total_count, 1);
    let why = RevokeApiKey {
        revocation_reason: Some("leaked".to_owned()),
    };
    assert!(keys.revoke(&key.id, &why).await.unwrap().revoked);
    assert_eq!(code(keys.verify(&secret).await), "api_key_revoked");
    assert_eq!(keys.list(&of_paula).await.unwrap().total_count, 0);
    let all = ListApiKeys {
        include_invalid: Some(true),
        ..of_paula
    };
    assert_eq!(keys.list(&all).await.unwrap().total_count, 1);
    assert!(keys.delete(&key.id).await.unwrap().deleted);
}

#[tokio::test]
async fn machines_create_tokens_by_their_own_key() {
    let (_local, clerk) = start().await;
    let api = clerk.api();
    let machines = api.machines();
    let receiver = machines.create(&CreateMachine::new("Receiver")).await.unwrap();
    let params = CreateMachine {
        scoped_machines: vec![receiver.id.clone()],
        ..CreateMachine::new("Sender")
    };
    let sender = machines.create(&params).await.unwrap();
    assert_eq!(sender.scoped_machines[0].id, receiver.id);
    let secret_key = sender.secret_key.clone().unwrap();
    assert_eq!(
        machines
            .secret_key(&sender.id)
            .await
            .unwrap()
            .secret
            .expose_secret(),
        secret_key.expose_secret()
    );

    let as_sender = api.with_secret_key(secret_key.clone());
    let token = as_sender
        .m2m_tokens()
        .create(&CreateM2mToken::default())
        .await
        .unwrap();
    let opaque = token.token.clone().unwrap();
    assert_eq!(
        (token.subject.as_str(), token.scopes[0].as_str()),
        (sender.id.as_str(), receiver.id.as_str())
    );
    assert!(!format!("{token:?}").contains(opaque.expose_secret()));
    let as_receiver = api.with_secret_key(receiver.secret_key.unwrap());
    assert_eq!(
        as_receiver.m2m_tokens().verify(&opaque).await.unwrap().subject,
        sender.id
    );
    let jwt = CreateM2mToken {
        token_format: Some(M2mTokenFormat::Jwt),
        ..CreateM2mToken::default()
    };
    let jwt = as_sender.m2m_tokens().create(&jwt).await.unwrap().token.unwrap();
    assert_eq!(jwt.expose_secret().split('.').count(), 3);
    let of_sender = ListM2mTokens {
        subject: Some(sender.id.clone()),
        ..ListM2mTokens::default()
    };
    assert_eq!(api.m2m_tokens().list(&of_sender).await.unwrap().total_count, 1);
    assert!(
        api.m2m_tokens()
            .revoke(&token.id, &RevokeM2mToken::default())
            .await
            .unwrap()
            .revoked
    );
    assert_eq!(
        code(as_receiver.m2m_tokens().verify(&opaque).await),
        "m2m_token_revoked"
    );

    let renamed = UpdateMachine {
        name: Some("Else".to_owned()),
        ..UpdateMachine::default()
    };
    assert_eq!(
        machines.update(&receiver.id, &renamed).await.unwrap().name,
        "Else"
    );
    assert_eq!(machines.get(&receiver.id).await.unwrap().name, "Else");
    let found = machines
        .list(&ListMachines {
            query: Some("else".to_owned()),
            ..ListMachines::default()
        })
        .await
        .unwrap();
    assert_eq!(found.data[0].id, receiver.id);
    assert_eq!(
        machines
            .create_scope(&receiver.id, &sender.id)
            .await
            .unwrap()
            .to_machine_id,
        sender.id
    );
    assert!(
        machines
            .delete_scope(&receiver.id, &sender.id)
            .await
            .unwrap()
            .deleted
    );
    let rotated = machines.rotate_secret_key(&sender.id, 0).await.unwrap();
    assert_eq!(
        code(as_sender.m2m_tokens().create(&CreateM2mToken::default()).await),
        "clerk_key_invalid"
    );
    api.with_secret_key(rotated.secret)
        .m2m_tokens()
        .create(&CreateM2mToken::default())
        .await
        .unwrap();
    assert!(machines.delete(&receiver.id).await.unwrap().deleted);
}
