use crate::seed::Seed;

#[test]
fn mistakes_are_reported_with_line_and_field() {
    let user = "[[users]]\nemail_addresses = [\"a@b.example\"]\n";
    let plan = "[[plans]]\nslug = \"free\"\nname = \"Free\"\n";
    let cases = [
        (
            "[settings]\nmulti_sesion = true\n".to_owned(),
            2,
            "unknown field `multi_sesion`",
        ),
        (
            "\n[settings]\npassword = \"maybe\"\n".to_owned(),
            3,
            "settings.password",
        ),
        (
            "[settings]\nemail_address = \"off\"\nsocial = []\n".to_owned(),
            1,
            "settings: nobody could sign in",
        ),
        (
            "[settings]\nsecond_factors = [\"phone_code\"]\n".to_owned(),
            1,
            "phone_number",
        ),
        ("[setings]\n".to_owned(), 1, "unknown field `setings`"),
        ("[settings\n".to_owned(), 1, "expected"),
        ("[[users]]\nname = \"x\"\n".to_owned(), 2, "unknown field `name`"),
        (
            "\n[[users]]\nfirst_name = \"x\"\n".to_owned(),
            2,
            "a user needs an e-mail address",
        ),
        (
            format!("{user}{user}"),
            4,
            "users.email_addresses: \"a@b.example\" occurs twice",
        ),
        (
            "[[users]]\nemail_addresses = [\"a@b.example\",\n\"ab\"]\n".to_owned(),
            3,
            "must be a valid email address",
        ),
        (
            "[[users]]\nusername = \"jane\"\n".to_owned(),
            2,
            "users.username: this is disabled in [settings]",
        ),
        (
            format!("{user}password = \"short\"\n"),
            3,
            "users.password: Passwords must be 8 characters or more",
        ),
        (format!("{user}password = 12345678\n"), 3, "users.password"),
        (
            format!("{user}plan = \"gold\"\n"),
            3,
            "users.plan: there is no plan \"gold\"",
        ),
        (format!("{plan}{plan}"), 5, "plans.slug: \"free\" occurs twice"),
        (
            format!("{plan}features = [\"x\"]\n"),
            4,
            "plans.features: \"x\" is not in [features]",
        ),
        (format!("{plan}monthly = 100\n"), 2, "needs a plan that is free"),
        (format!("{plan}monthly = -1\n"), 4, "plans.monthly"),
        (
            format!(
                "{user}[[organizations]]\nname = \"A\"\nslug = \"a\"\nmembers = [\n{{ user = \"x@y.example\", role = \"org:admin\" }}]\n"
            ),
            7,
            "organizations.members.user: \"x@y.example\" is not an address",
        ),
        (
            format!(
                "{user}[[organizations]]\nname = \"A\"\nslug = \"a\"\nmembers = [{{ user = \"A@b.example\", role = \"org:member\" }}]\n"
            ),
            4,
            "needs an org:admin",
        ),
        (
            format!(
                "{user}[[organizations]]\nname = \"A\"\nslug = \"a\"\nmembers = [{{ user = \"A@b.example\", role = \"boss\" }}]\n"
            ),
            6,
            "organizations.members.role: there is no role \"boss\"",
        ),
        (
            "[[roles]]\nkey = \"editor\"\nname = \"E\"\n".to_owned(),
            2,
            "roles.key: key must be org:",
        ),
        (
            "[[roles]]\nkey = \"org:a\"\nname = \"A\"\n[[roles]]\nkey = \"org:a\"\nname = \"B\"\n".to_owned(),
            5,
            "roles.key: \"org:a\" occurs twice",
        ),
        (
            "[[roles]]\nkey = \"org:a\"\nname = \"A\"\npermissions = [\"org:sys_x:y\"]\n".to_owned(),
            4,
            "roles.permissions: \"org:sys_x:y\" is not in [[permissions]]",
        ),
        (
            "[[roles]]\nkey = \"org:admin\"\nname = \"A\"\n".to_owned(),
            2,
            "roles.permissions: creators of organizations get this role",
        ),
        (
            "[[permissions]]\nkey = \"org:sys_x:y\"\nname = \"A\"\n".to_owned(),
            2,
            "permissions.key: key must not begin with org:sys_",
        ),
        (
            format!("{user}[[organizations]]\nname = \"A\"\nslug = \"A b\"\nmembers = []\n"),
            5,
            "organizations.slug",
        ),
        (
            format!(
                "[settings]\norganizations = false\n{user}[[organizations]]\nname = \"A\"\nslug = \"a\"\nmembers = []\n"
            ),
            6,
            "organizations: they are disabled in [settings]",
        ),
    ];
    for (text, line, message) in cases {
        let mistake = Seed::parse(&text).unwrap_err().to_string();
        assert!(
            mistake.starts_with(&format!("line {line}: ")) && mistake.contains(message),
            "{text}\n{mistake}"
        );
        assert!(!mistake.contains('\n'), "{mistake}");
    }
}
