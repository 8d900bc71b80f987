//! Organizations, their members and invitations.

use clerk_auth::Clerk;
use clerk_auth::api::{
    CreateOrganization, CreateOrganizationInvitation, CreateOrganizationMembership, CreateUser,
    GetOrganization, InvitationStatus, ListAllOrganizationInvitations, ListAllOrganizationMemberships,
    ListOrganizationInvitations, ListOrganizationMemberships, ListOrganizations, Metadata,
    ReplaceOrganizationMetadata, RevokeOrganizationInvitation, UpdateOrganization,
    UpdateOrganizationMembershipMetadata, UpdateOrganizationMetadata,
};
use serde_json::{Value, json};

use crate::support::{code, start};

fn metadata(value: Value) -> Option<Metadata> {
    Some(serde_json::from_value(value).unwrap())
}

async fn user(clerk: &Clerk, email_address: &str) -> String {
    let email_address = vec![email_address.to_owned()];
    let params = CreateUser {
        email_address,
        ..CreateUser::default()
    };
    clerk.api().users().create(&params).await.unwrap().id
}

#[tokio::test]
async fn organizations_are_created_found_changed_and_deleted() {
    let (_local, clerk) = start().await;
    let organizations = clerk.api().organizations();
    let ada = user(&clerk, "ada@example.com").await;
    let params = CreateOrganization {
        created_by: Some(ada),
        slug: Some("acme".to_owned()),
        public_metadata: metadata(json!({ "tier": 1 })),
        ..CreateOrganization::new("Acme")
    };
    let acme = organizations.create(&params).await.unwrap();
    assert_eq!((acme.name.as_str(), acme.slug.as_str()), ("Acme", "acme"));
    assert_eq!(organizations.get("acme").await.unwrap().id, acme.id);
    let with = GetOrganization {
        include_members_count: Some(true),
        ..GetOrganization::default()
    };
    assert_eq!(
        organizations
            .get_with(&acme.id, &with)
            .await
            .unwrap()
            .members_count,
        Some(1)
    );
    let page = organizations
        .list(&ListOrganizations {
            query: Some("acme".to_owned()),
            ..ListOrganizations::default()
        })
        .await
        .unwrap();
    assert_eq!(
        (page.total_count, page.data[0].id.as_str()),
        (1, acme.id.as_str())
    );

    let change = UpdateOrganization {
        name: Some("Acme Inc.".to_owned()),
        max_allowed_memberships: Some(7),
        ..UpdateOrganization::default()
    };
    let changed = organizations.update(&acme.id, &change).await.unwrap();
    assert_eq!(
        (changed.name.as_str(), changed.max_allowed_memberships),
        ("Acme Inc.", 7)
    );
    let merge = UpdateOrganizationMetadata {
        public_metadata: metadata(json!({ "seats": 5 })),
        ..UpdateOrganizationMetadata::default()
    };
    let merged = organizations.update_metadata(&acme.id, &merge).await.unwrap();
    assert_eq!(
        Value::Object(merged.public_metadata),
        json!({ "tier": 1, "seats": 5 })
    );
    let replace = ReplaceOrganizationMetadata {
        public_metadata: metadata(json!({})),
        ..ReplaceOrganizationMetadata::default()
    };
    assert!(
        organizations
            .replace_metadata(&acme.id, &replace)
            .await
            .unwrap()
            .public_metadata
            .is_empty()
    );
    assert!(!organizations.delete_logo(&acme.id).await.unwrap().has_image);
    assert!(organizations.delete(&acme.id).await.unwrap().deleted);
    assert_eq!(code(organizations.get(&acme.id).await), "resource_not_found");
}

#[tokio::test]
async fn members_are_added_changed_and_removed() {
    let (_local, clerk) = start().await;
    let api = clerk.api();
    let (ada, bob) = (
        user(&clerk, "ada@example.com").await,
        user(&clerk, "bob@example.com").await,
    );
    let params = CreateOrganization {
        created_by: Some(ada.clone()),
        ..CreateOrganization::new("Acme")
    };
    let acme = api.organizations().create(&params).await.unwrap().id;
    let memberships = api.organization_memberships();
    let member = memberships
        .create(&acme, &CreateOrganizationMembership::new(&*bob, "org:member"))
        .await
        .unwrap();
    assert_eq!(
        (member.role.as_str(), member.organization.id.as_str()),
        ("org:member", acme.as_str())
    );
    assert_eq!(member.public_user_data.unwrap().user_id.as_str(), bob);
    let promoted = memberships.update(&acme, &bob, "org:admin").await.unwrap();
    assert!(promoted.role == "org:admin" && !promoted.permissions.is_empty());
    let note = UpdateOrganizationMembershipMetadata {
        public_metadata: metadata(json!({ "desk": 4 })),
        ..Default::default()
    };
    let noted = memberships.update_metadata(&acme, &bob, &note).await.unwrap();
    assert_eq!(noted.public_metadata["desk"], 4);
    let admins = ListOrganizationMemberships {
        role: vec!["org:admin".to_owned()],
        ..Default::default()
    };
    assert_eq!(memberships.list(&acme, &admins).await.unwrap().total_count, 2);
    let all = memberships
        .list_all(&ListAllOrganizationMemberships::default())
        .await
        .unwrap();
    assert_eq!(all.total_count, 3, "and one of the seed");
    memberships.delete(&acme, &bob).await.unwrap();
    assert_eq!(
        memberships
            .list(&acme, &ListOrganizationMemberships::default())
            .await
            .unwrap()
            .total_count,
        1
    );
}

#[tokio::test]
async fn people_are_invited_to_organizations() {
    let (_local, clerk) = start().await;
    let ada = user(&clerk, "ada@example.com").await;
    let params = CreateOrganization {
        created_by: Some(ada.clone()),
        ..CreateOrganization::new("Acme")
    };
    let acme = clerk.api().organizations().create(&params).await.unwrap().id;
    let invitations = clerk.api().organization_invitations();
    let params = CreateOrganizationInvitation {
        inviter_user_id: Some(ada.clone()),
        ..CreateOrganizationInvitation::new("bob@example.com", "org:member")
    };
    let invitation = invitations.create(&acme, &params).await.unwrap();
    assert_eq!(
        (invitation.email_address.as_str(), &invitation.status),
        ("bob@example.com", &Some(InvitationStatus::Pending))
    );
    assert_eq!(
        invitations.get(&acme, &invitation.id).await.unwrap().role,
        "org:member"
    );
    let two = ["c@example.com", "d@example.com"]
        .map(|address| CreateOrganizationInvitation::new(address, "org:member"));
    assert_eq!(invitations.create_bulk(&acme, &two).await.unwrap().data.len(), 2);
    let pending = ListOrganizationInvitations {
        status: Some(InvitationStatus::Pending),
        limit: Some(1),
        ..Default::default()
    };
    let page = invitations.list(&acme, &pending).await.unwrap();
    assert_eq!((page.data.len(), page.total_count), (1, 3));
    let all = invitations
        .list_all(&ListAllOrganizationInvitations::default())
        .await
        .unwrap();
    assert_eq!(
        all.data[0].public_organization_data.as_ref().unwrap().name,
        "Acme"
    );
    let by = RevokeOrganizationInvitation {
        requesting_user_id: Some(ada),
    };
    let revoked = invitations.revoke(&acme, &invitation.id, &by).await.unwrap();
    assert_eq!(revoked.status, Some(InvitationStatus::Revoked));
}
