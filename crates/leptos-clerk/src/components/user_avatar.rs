use super::declare::clerk_component;

clerk_component! {
    /// The signed-in user's picture.
    UserAvatar(UserAvatarProps) at "user-avatar", documented at "user/user-avatar";
    /// Whether the picture is a circle. Default: it is.
    rounded: flag("rounded");
}
