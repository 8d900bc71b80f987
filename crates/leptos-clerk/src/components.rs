//! Clerk's components and their companions.

mod api_keys;
mod buttons;
mod create_organization;
mod declare;
mod google_one_tap;
mod load_status;
mod options;
mod organization_list;
mod organization_profile;
mod organization_switcher;
mod pricing_table;
mod redirects;
mod show;
mod sign_in;
mod sign_up;
mod signed_in;
mod task_choose_organization;
mod task_reset_password;
mod task_setup_mfa;
mod user_avatar;
mod user_button;
mod user_profile;
mod waitlist;

pub use api_keys::{APIKeys, APIKeysProps};
pub use buttons::{
    ButtonMode, CheckoutButton, InviteMembersButton, PlanDetailsButton, SignInButton, SignInButtonProps,
    SignOutButton, SignUpButton, SignUpButtonProps, SubscriptionDetailsButton,
};
pub use create_organization::{CreateOrganization, CreateOrganizationProps};
pub use google_one_tap::GoogleOneTap;
pub use load_status::{ClerkDegraded, ClerkFailed, ClerkLoaded, ClerkLoading};
pub use options::{CtaPosition, InitialValues, OAuthFlow, PlanPeriod};
pub use organization_list::{OrganizationList, OrganizationListProps};
pub use organization_profile::{OrganizationProfile, OrganizationProfileProps};
pub use organization_switcher::{OrganizationSwitcher, OrganizationSwitcherProps};
pub use pricing_table::{PricingTable, PricingTableProps};
pub use redirects::{
    AuthenticateWithRedirectCallback, RedirectToCreateOrganization, RedirectToOrganizationProfile,
    RedirectToSignIn, RedirectToSignUp, RedirectToTasks, RedirectToUserProfile,
};
pub use show::{Show, When};
pub use sign_in::{SignIn, SignInProps};
pub use sign_up::{SignUp, SignUpProps};
pub use signed_in::{SignedIn, SignedOut};
pub use task_choose_organization::{TaskChooseOrganization, TaskChooseOrganizationProps};
pub use task_reset_password::{TaskResetPassword, TaskResetPasswordProps};
pub use task_setup_mfa::{TaskSetupMFA, TaskSetupMFAProps};
pub use user_avatar::{UserAvatar, UserAvatarProps};
pub use user_button::{UserButton, UserButtonProps};
pub use user_profile::{UserProfile, UserProfileProps};
pub use waitlist::{Waitlist, WaitlistProps};
