use super::declare::clerk_component;

clerk_component! {
    /// The API keys of the active organization or, without one, of the user, to create and to revoke them.
    APIKeys(APIKeysProps) at "api-keys", documented at "api-keys/api-keys";
    /// The number of keys on a page. Default: 10.
    per_page: number("perPage");
    /// Whether a new key may have a description.
    show_description: flag("showDescription");
}
