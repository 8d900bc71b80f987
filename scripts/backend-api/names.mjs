// Names for what the contract calls otherwise, or not at all.

/** Schemas of the contract by their name in Rust: those of @clerk/backend where it has one. Schemas of the same name become one type. */
export const TYPES = {
  BillingDiscountsResponse: 'BillingDiscounts',
  BillingPriceResponse: 'BillingPrice',
  BillingProrationDiscountDetail: 'BillingProrationDiscount',
  CommerceCreditsResponse: 'BillingCredits',
  CommerceDiscountsResponse: 'BillingDiscounts',
  CommerceMoneyResponse: 'BillingMoneyAmount',
  CommercePayerCreditResponse: 'BillingPayerCredit',
  CommercePayerResponse: 'BillingPayer',
  CommercePaymentMethodResponse: 'BillingPaymentMethod',
  CommercePerUnitTotal: 'BillingPerUnitTotal',
  CommercePerUnitTotalTier: 'BillingPerUnitTotalTier',
  CommercePlan: 'BillingPlan',
  CommercePlanUnitPrice: 'BillingPlanUnitPrice',
  CommercePlanUnitPriceTier: 'BillingPlanUnitPriceTier',
  CommerceProrationCreditDetailResponse: 'BillingProrationCredit',
  CommerceProrationDiscountResponse: 'BillingProrationDiscount',
  CommerceSubscription: 'BillingSubscription',
  CommerceSubscriptionCreditResponse: 'BillingSubscriptionItemCredit',
  CommerceSubscriptionItem: 'BillingSubscriptionItem',
  CommerceSubscriptionItemNextPaymentResponse: 'BillingSubscriptionItemNextPayment',
  CommerceSubscriptionItemSeatsResponse: 'BillingSubscriptionItemSeats',
  CommerceSubscriptionNextPayment: 'BillingSubscriptionNextPayment',
  CommerceTotalsResponse: 'BillingTotals',
  ClerkError: 'VerificationError',
  ExternalAccountWithVerification: 'ExternalAccount',
  FeatureResponse: 'Feature',
  JWTTemplate: 'JwtTemplate',
  MachineWithoutScopedMachines: 'Machine',
  OrganizationInvitationPublicOrganizationData: 'PublicOrganizationData',
  OrganizationInvitationPublicUserData: 'PublicUserData',
  OrganizationInvitationWithPublicOrganizationData: 'OrganizationInvitation',
  OrganizationMembershipPublicUserData: 'PublicUserData',
  SAMLAccount: 'SamlAccount',
  SAMLAccountConnection: 'SamlAccountConnection',
  SCIMUserMetadata: 'ScimUserMetadata',
  SessionActivityResponse: 'SessionActivity',
};

/** Later or fuller shapes of a type that is generated from another schema. */
export const VARIANT = /-\d+$|WithLogo$/;

/** The names of enums by their values. Without one, the name is that of the type and the field that come first. */
export const ENUMS = {
  'accepted,pending,revoked': 'TokenStatus',
  'accepted,expired,pending,revoked': 'InvitationStatus',
  'email_address,phone_number,web3_wallet': 'IdentifierType',
  'expired,failed,transferable,unverified,verified': 'VerificationStatus',
  'annual,both,month': 'BillingPeriods',
  'annual,month': 'BillingPlanPeriod',
  'automatic_invitation,automatic_suggestion,enterprise_sso,manual_invitation': 'EnrollmentMode',
  'backup_code,totp': 'TotpCodeType',
  'card,link,payer-credits': 'BillingPaymentType',
  'completed,invited,pending,rejected': 'WaitlistEntryStatus',
  'invitation,waitlist_invitation': 'InvitationTemplate',
  'jwt,opaque': 'M2mTokenFormat',
  'active,ended,free_trial,past_due,upcoming': 'BillingSubscriptionItemFilter',
  'org,user': 'BillingPayerType',
  'reserved,verified': 'IdentificationStatus',
};

/** Fields whose values are those of another field. */
export const SAME_ENUM = {
  'ListSessions.status': 'Session.status',
  'ListInvitations.status': 'Invitation.status',
  'ListOrganizationInvitations.status': 'Invitation.status',
  'ListAllOrganizationInvitations.status': 'Invitation.status',
  'ListUserOrganizationInvitations.status': 'Invitation.status',
  'OrganizationInvitation.status': 'Invitation.status',
};

/** What is generated although no call returns it: webhooks carry it. */
export const WEBHOOK_TYPES = ['OrganizationDomain', 'Permission', 'Role'];

/** Fields that the API always sends, although the contract does not say so. */
export const PRESENT = new Set([
  'AllowlistIdentifier.identifier',
  'BlocklistIdentifier.identifier',
  'MfaDisabled.user_id',
  'SessionToken.jwt',
]);

/** Fields that grant access, or reveal what does: `Debug` does not show them. */
export const SECRETS = new Set([
  'ActorToken.token',
  'ActorToken.url',
  'ApiKey.secret',
  'ApiKeySecret.secret',
  'Invitation.url',
  'M2mToken.token',
  'Machine.secret_key',
  'MachineSecretKey.secret',
  'OAuthAccessToken.id_token',
  'OAuthAccessToken.token',
  'OAuthAccessToken.token_secret',
  'OrganizationInvitation.url',
  'PhoneNumber.backup_codes',
  'SessionToken.jwt',
  'SignInToken.token',
  'SignInToken.url',
  'TestingToken.token',
  // What callers send.
  'backup_codes',
  'code',
  'password',
  'password_digest',
  'secret',
  'signing_key',
  'token',
  'totp_secret',
]);

/** The files that types are generated into, by the beginning of their names; the first match counts. */
export const FILES = [
  ['billing', /^Billing(Plan|Price|Money|Subscription|Payer(?!Credit))|^Feature/],
  ['billing_payments', /^Billing/],
  ['organizations', /^(Organization|Public|Role|Permission|Invitation|Waitlist|Allowlist|Blocklist|IdentifierType)/],
  ['machines', /^(Api|M2m|Machine)/],
  ['tokens', /Token|^JwtTemplate|^Session/],
  ['accounts', /Account|^Scim|^Verification|^OAuth/],
  ['contacts', /^(Email|Phone|Web3|Passkey|Identification)/],
  ['users', /./],
];
