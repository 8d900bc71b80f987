//! Invitations, the waitlist, restrictions and billing.

use clerk_auth::api::{
    BillingPayerType, BillingSubscriptionItemStatus, CancelBillingSubscriptionItem,
    CreateAllowlistIdentifier, CreateInvitation, CreateWaitlistEntry, InvitationStatus, InviteWaitlistEntry,
    ListAllowlistIdentifiers, ListBillingPlans, ListBillingPrices, ListBillingStatements,
    ListBillingSubscriptionItems, ListInvitations, ListWaitlistEntries, WaitlistEntryStatus,
};
use http::Method;
use serde_json::{Value, json};

use crate::support::{code, start};

#[tokio::test]
async fn people_are_invited() {
    let (_local, clerk) = start().await;
    let invitations = clerk.api().invitations();
    let params = CreateInvitation {
        redirect_url: Some("http://localhost:3000/sign-up".to_owned()),
        ..CreateInvitation::new("guest@example.com")
    };
    let invitation = invitations.create(&params).await.unwrap();
    assert_eq!(invitation.status, InvitationStatus::Pending);
    assert!(!format!("{invitation:?}").contains("ticket"));
    assert_eq!(code(invitations.create(&params).await), "duplicate_record");
    let two = [
        CreateInvitation::new("a@guest.example"),
        CreateInvitation::new("b@guest.example"),
    ];
    assert_eq!(
        invitations.create_bulk(&two).await.unwrap()[1].email_address,
        "b@guest.example"
    );
    let pending = ListInvitations {
        status: Some(InvitationStatus::Pending),
        limit: Some(2),
        ..ListInvitations::default()
    };
    let page = invitations.list(&pending).await.unwrap();
    assert_eq!((page.data.len(), page.total_count), (2, 3));
    let revoked = invitations.revoke(&invitation.id).await.unwrap();
    assert!(revoked.revoked && revoked.status == InvitationStatus::Revoked);
}

#[tokio::test]
async fn people_wait_and_are_let_in() {
    let (_local, clerk) = start().await;
    let waitlist = clerk.api().waitlist_entries();
    let entry = waitlist
        .create(&CreateWaitlistEntry::new("eager@example.com"))
        .await
        .unwrap();
    assert_eq!(entry.status, WaitlistEntryStatus::Pending);
    let two = [
        CreateWaitlistEntry::new("c@guest.example"),
        CreateWaitlistEntry::new("d@guest.example"),
    ];
    let others = waitlist.create_bulk(&two).await.unwrap();
    let pending = ListWaitlistEntries {
        status: Some(WaitlistEntryStatus::Pending),
        ..ListWaitlistEntries::default()
    };
    assert_eq!(waitlist.list(&pending).await.unwrap().total_count, 3);
    let invited = waitlist
        .invite(&entry.id, &InviteWaitlistEntry::default())
        .await
        .unwrap();
    assert_eq!(invited.status, WaitlistEntryStatus::Invited);
    assert_eq!(
        waitlist.reject(&others[0].id).await.unwrap().status,
        WaitlistEntryStatus::Rejected
    );
    assert!(waitlist.delete(&others[1].id).await.unwrap().deleted);
}

#[tokio::test]
async fn identifiers_are_allowed_and_blocked() {
    let (_local, clerk) = start().await;
    let allowlist = clerk.api().allowlist_identifiers();
    let params = CreateAllowlistIdentifier {
        notify: Some(false),
        ..CreateAllowlistIdentifier::new("*@good.example")
    };
    let allowed = allowlist.create(&params).await.unwrap();
    let page = allowlist
        .list(&ListAllowlistIdentifiers::default())
        .await
        .unwrap();
    assert_eq!(
        (page.total_count, page.data[0].identifier.as_str()),
        (1, "*@good.example")
    );
    assert!(allowlist.delete(&allowed.id).await.unwrap().deleted);

    let blocklist = clerk.api().blocklist_identifiers();
    let blocked = blocklist.create("bad@good.example").await.unwrap();
    assert_eq!(blocklist.list().await.unwrap().data[0].id, blocked.id);
    assert_eq!(
        code(blocklist.create("bad@good.example").await),
        "duplicate_record"
    );
    assert!(blocklist.delete(&blocked.id).await.unwrap().deleted);
}

#[tokio::test]
async fn plans_and_subscriptions_are_read_and_canceled() {
    let (local, clerk) = start().await;
    let billing = clerk.api().billing();
    let of_users = ListBillingPlans {
        payer_type: Some(BillingPayerType::User),
        ..ListBillingPlans::default()
    };
    let plans = billing.plans(&of_users).await.unwrap();
    let slugs: Vec<_> = plans.data.iter().map(|plan| plan.slug.as_str()).collect();
    assert_eq!(slugs, ["free_user", "pro"]);
    let fee = plans.data[1].fee.as_ref().unwrap();
    assert_eq!(
        (
            fee.amount,
            fee.currency.as_str(),
            plans.data[1].features[0].slug.as_str()
        ),
        (1200, "usd", "projects")
    );

    let prices = billing.prices(&ListBillingPrices::default()).await.unwrap();
    assert_eq!(prices.total_count, 4);
    let statements = billing
        .statements(&ListBillingStatements::default())
        .await
        .unwrap();
    assert_eq!(statements.total_count, 0);
    assert_eq!(
        code(billing.statement("cstmt_unknown").await),
        "resource_not_found"
    );

    let paula = local.session_of("paula@example.com").await.unwrap();
    let subscription = billing.user_subscription(paula.user_id()).await.unwrap();
    let active = subscription
        .subscription_items
        .iter()
        .find(|item| item.status == BillingSubscriptionItemStatus::Active)
        .unwrap();
    assert_eq!(active.plan.as_ref().unwrap().slug, "pro");
    let initech = clerk.api().organizations().get("initech").await.unwrap();
    let of_initech = billing.organization_subscription(&initech.id).await.unwrap();
    assert_eq!(
        of_initech.subscription_items[0].plan.as_ref().unwrap().slug,
        "business"
    );
    assert!(
        billing
            .subscription_items(&ListBillingSubscriptionItems::default())
            .await
            .unwrap()
            .total_count
            >= 2
    );

    let canceled = billing
        .cancel_subscription_item(&active.id, &CancelBillingSubscriptionItem::default())
        .await
        .unwrap();
    assert!(canceled.canceled_at.is_some());
    let now = CancelBillingSubscriptionItem { end_now: Some(true) };
    billing.cancel_subscription_item(&active.id, &now).await.unwrap();
    let after = billing.user_subscription(paula.user_id()).await.unwrap();
    assert_eq!(
        after.subscription_items[0].plan.as_ref().unwrap().slug,
        "free_user"
    );
}

#[tokio::test]
async fn what_has_no_method_is_called_by_its_path() {
    let (_local, clerk) = start().await;
    let roles: Value = clerk
        .api()
        .request(Method::GET, &["organization_roles"])
        .query(&[("limit", 1)])
        .send()
        .await
        .unwrap();
    assert_eq!(
        (&roles["total_count"], &roles["data"][0]["key"]),
        (&json!(2), &json!("org:admin"))
    );
    let update = clerk
        .api()
        .request(Method::PATCH, &["instance"])
        .json(&json!({ "test_mode": true }));
    update.send::<Value>().await.unwrap();
    let rules = json!({ "allowlist": true });
    let rules: Value = clerk
        .api()
        .request(Method::PATCH, &["instance", "restrictions"])
        .json(&rules)
        .send()
        .await
        .unwrap();
    assert_eq!(rules["allowlist"], true);
}
