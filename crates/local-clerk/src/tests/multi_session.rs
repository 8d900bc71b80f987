use super::{Local, PASSWORD};
use crate::Instance;

async fn allow(local: &Local) {
    let form = "email_address=required&phone_number=off&username=off&password=required&sign_up_mode=public\
                &second_factors=totp&multi_session=true";
    let answer = local.submit("/settings", form).await;
    assert_eq!(answer.status.as_u16(), 303);
}

#[tokio::test]
async fn browser_is_signed_in_as_several_users() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("joe@example.com").await;
    let mut browser = local.signed_up("jane@example.com").await;
    let joe = [("identifier", "joe@example.com"), ("password", PASSWORD)];
    assert_eq!(
        browser.post("/v1/client/sign_ins", &joe).await.error(),
        (400, "session_exists")
    );
    allow(&local).await;
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(environment["auth_config"]["single_session_mode"], false);

    let both = browser.post("/v1/client/sign_ins", &joe).await.ok()["client"].clone();
    assert_eq!(both["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(both["last_active_session_id"], both["sessions"][1]["id"]);
    let again = browser.post("/v1/client/sign_ins", &joe).await;
    assert_eq!(again.error(), (400, "identifier_already_signed_in"));
    let known = again.body["meta"]["client"]["sessions"].as_array().map(Vec::len);
    assert_eq!(known, Some(2));

    let (jane, joe) = (
        both["sessions"][0]["id"].as_str().unwrap(),
        both["sessions"][1]["id"].as_str().unwrap(),
    );
    let touched = browser
        .post(&format!("/v1/client/sessions/{jane}/touch"), &[])
        .await
        .ok();
    assert_eq!(touched["client"]["last_active_session_id"], jane);
    let me = browser.get(&format!("/v1/me?_clerk_session_id={joe}")).await.ok();
    assert_eq!(
        me["response"]["email_addresses"][0]["email_address"],
        "joe@example.com"
    );
    let left = browser
        .post(&format!("/v1/client/sessions/{jane}/remove"), &[])
        .await
        .ok();
    assert_eq!(left["client"]["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(left["client"]["last_active_session_id"], joe);
}
