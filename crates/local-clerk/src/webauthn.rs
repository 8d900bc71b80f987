//! Web Authentication (WebAuthn Level 3): the checks of a relying party, sections 7.1 and 7.2.

mod public_key;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use serde::{Deserialize, Serialize};

pub(crate) use public_key::ALGORITHMS;
use public_key::PublicKey;

/// Flags of authenticator data.
const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const HAS_CREDENTIAL: u8 = 1 << 6;

/// Why a credential is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("it cannot be read")]
    Malformed,
    #[error("the algorithm of its key is none of those that were offered")]
    Algorithm,
    #[error("it answers another challenge")]
    Challenge,
    #[error("it is for another kind of operation")]
    Operation,
    #[error("it was made by a page of another origin")]
    Origin,
    #[error("it was made for another host")]
    RelyingParty,
    #[error("the authenticator has not verified the user")]
    UserNotVerified,
    #[error("it belongs to another user")]
    User,
    #[error("its signature is wrong")]
    Signature,
    #[error("its signature counter has not increased, so there may be a copy of it")]
    Counter,
}

/// What a page was asked for.
pub(crate) struct Expected<'a> {
    pub(crate) challenge: &'a str,
    /// The origin of the page.
    pub(crate) origin: &'a str,
    /// The host of the page.
    pub(crate) host: &'a str,
}

/// The public part of a credential.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credential {
    /// In Base64, as in the browser's `PublicKeyCredential`.
    pub(crate) id: String,
    key: PublicKey,
    /// How often it has signed; 0 if the authenticator does not count.
    counter: u32,
}

/// What an authenticator has signed.
pub(crate) struct Assertion {
    credential_id: String,
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_handle: Option<Vec<u8>>,
}

/// The browser's `PublicKeyCredential` in JSON. Binary values are in Base64.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublicKeyCredential<R> {
    raw_id: String,
    response: R,
}

#[derive(Deserialize)]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    attestation_object: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    operation: String,
    challenge: String,
    origin: String,
}

struct AuthenticatorData<'a> {
    rp_id_hash: &'a [u8],
    flags: u8,
    counter: u32,
    rest: &'a [u8],
}

impl Credential {
    /// Reads a new credential. Which authenticator made it is not verified, since attestation is not asked for.
    pub(crate) fn register(json: &str, expected: &Expected<'_>) -> Result<Self, Error> {
        let created: PublicKeyCredential<AttestationResponse> = parse(json.as_bytes())?;
        let client_data = decode(&created.response.client_data)?;
        expected.check_client_data(&client_data, "webauthn.create")?;
        let attestation = decode(&created.response.attestation_object)?;
        let attestation: Cbor = ciborium::from_reader(&attestation[..]).map_err(|_| Error::Malformed)?;
        let entries = attestation.as_map().ok_or(Error::Malformed)?;
        let data = entries
            .iter()
            .find(|(name, _)| name.as_text() == Some("authData"));
        let data = data
            .and_then(|(_, value)| value.as_bytes())
            .ok_or(Error::Malformed)?;
        let data = AuthenticatorData::parse(data).ok_or(Error::Malformed)?;
        expected.check_authenticator_data(&data)?;
        let (id, key) = data.credential().ok_or(Error::Malformed)?;
        if id.is_empty() || id != decode(&created.raw_id)? {
            return Err(Error::Malformed);
        }
        Ok(Self {
            id: URL_SAFE_NO_PAD.encode(id),
            key: PublicKey::from_cose(&key)?,
            counter: data.counter,
        })
    }

    /// Verifies what the authenticator has signed for this user.
    pub(crate) fn verify(
        &mut self,
        assertion: &Assertion,
        user_id: &str,
        expected: &Expected<'_>,
    ) -> Result<(), Error> {
        if assertion
            .user_handle
            .as_deref()
            .is_some_and(|handle| handle != user_id.as_bytes())
        {
            return Err(Error::User);
        }
        expected.check_client_data(&assertion.client_data, "webauthn.get")?;
        let data = AuthenticatorData::parse(&assertion.authenticator_data).ok_or(Error::Malformed)?;
        expected.check_authenticator_data(&data)?;
        let mut message = assertion.authenticator_data.clone();
        message.extend(digest(&SHA256, &assertion.client_data).as_ref());
        if !self.key.verifies(&message, &assertion.signature) {
            return Err(Error::Signature);
        }
        if data.counter <= self.counter && (data.counter, self.counter) != (0, 0) {
            return Err(Error::Counter);
        }
        self.counter = data.counter;
        Ok(())
    }
}

impl Assertion {
    pub(crate) fn parse(json: &str) -> Result<Self, Error> {
        let used: PublicKeyCredential<AssertionResponse> = parse(json.as_bytes())?;
        let response = used.response;
        Ok(Self {
            credential_id: URL_SAFE_NO_PAD.encode(decode(&used.raw_id)?),
            client_data: decode(&response.client_data)?,
            authenticator_data: decode(&response.authenticator_data)?,
            signature: decode(&response.signature)?,
            user_handle: response.user_handle.as_deref().map(decode).transpose()?,
        })
    }

    pub(crate) fn credential_id(&self) -> &str {
        &self.credential_id
    }
}

impl Expected<'_> {
    fn check_client_data(&self, json: &[u8], operation: &str) -> Result<(), Error> {
        let data: ClientData = parse(json)?;
        if data.operation != operation {
            Err(Error::Operation)
        } else if data.challenge != self.challenge {
            Err(Error::Challenge)
        } else if data.origin != self.origin {
            Err(Error::Origin)
        } else {
            Ok(())
        }
    }

    fn check_authenticator_data(&self, data: &AuthenticatorData<'_>) -> Result<(), Error> {
        let required = USER_PRESENT | USER_VERIFIED;
        if data.rp_id_hash != digest(&SHA256, self.host.as_bytes()).as_ref() {
            Err(Error::RelyingParty)
        } else if data.flags & required != required {
            Err(Error::UserNotVerified)
        } else {
            Ok(())
        }
    }
}

impl<'a> AuthenticatorData<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (counter, rest) = rest.split_first_chunk()?;
        Some(Self {
            rp_id_hash,
            flags: *flags,
            counter: u32::from_be_bytes(*counter),
            rest,
        })
    }

    /// Returns the id and the public key of the credential that was created.
    fn credential(&self) -> Option<(&'a [u8], Cbor)> {
        if self.flags & HAS_CREDENTIAL == 0 {
            return None;
        }
        let (_model, rest) = self.rest.split_at_checked(16)?;
        let (length, rest) = rest.split_first_chunk()?;
        let (id, key) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        // Extensions may follow the key.
        Some((id, ciborium::from_reader(key).ok()?))
    }
}

fn parse<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|_| Error::Malformed)
}

/// Decodes the Base64 of URLs, with or without padding.
fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let text = text.trim_end_matches('=');
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Malformed)
}
