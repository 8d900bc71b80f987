//! Tickets that a backend issues: sign-in tokens, actor tokens that impersonate a user, and agent tasks.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{error::ApiError, id, store::Document};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignInToken {
    pub(crate) id: String,
    /// The ticket itself.
    pub(crate) token: String,
    pub(crate) user_id: String,
    /// The impersonator, if this is an actor token.
    #[serde(default)]
    pub(crate) actor: Option<Value>,
    /// The agent, if this is an agent task.
    #[serde(default)]
    pub(crate) agent: Option<Agent>,
    /// How long the session lasts, in milliseconds, unless as long as any other.
    #[serde(default)]
    pub(crate) session_lifetime: Option<i64>,
    /// The organization that is active in the session.
    #[serde(default)]
    pub(crate) organization_id: Option<String>,
    pub(crate) status: SignInTokenStatus,
    pub(crate) expire_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// An agent that acts for a user.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Agent {
    pub(crate) id: String,
    /// Where the browser goes once it is signed in.
    pub(crate) redirect_url: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SignInTokenStatus {
    Pending,
    Accepted,
    Revoked,
}

/// What a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TicketKind {
    SignIn,
    Actor,
    AgentTask,
}

impl TicketKind {
    /// What errors call it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::SignIn => "sign in token",
            Self::Actor => "actor token",
            Self::AgentTask => "agent task",
        }
    }

    /// The start of its ids.
    fn prefix(self) -> &'static str {
        match self {
            Self::SignIn => "sit",
            Self::Actor => "act",
            Self::AgentTask => "agtask",
        }
    }
}

impl SignInToken {
    pub(crate) fn new(kind: TicketKind, user_id: String, expire_at: i64, now: i64) -> Self {
        Self {
            id: id::new(kind.prefix(), now),
            token: id::secret(),
            user_id,
            actor: None,
            agent: None,
            session_lifetime: None,
            organization_id: None,
            status: SignInTokenStatus::Pending,
            expire_at,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn kind(&self) -> TicketKind {
        if self.actor.is_some() {
            TicketKind::Actor
        } else if self.agent.is_some() {
            TicketKind::AgentTask
        } else {
            TicketKind::SignIn
        }
    }

    /// Fails unless the ticket can still be used.
    pub(crate) fn check_usable(&self, now: i64) -> Result<(), ApiError> {
        let label = self.kind().label();
        match self.status {
            SignInTokenStatus::Pending if self.expire_at > now => Ok(()),
            SignInTokenStatus::Pending => Err(ApiError::ticket_expired()),
            SignInTokenStatus::Accepted => {
                let code = match self.kind() {
                    TicketKind::SignIn => "sign_in_token_already_used_code",
                    TicketKind::Actor => "actor_token_already_used_code",
                    TicketKind::AgentTask => "agent_task_already_used",
                };
                let message = format!("This {label} has already been used. Each one can only be used once.");
                Err(ApiError::bad_request(code, message))
            }
            SignInTokenStatus::Revoked => {
                let code = match self.kind() {
                    TicketKind::SignIn => "sign_in_token_revoked_code",
                    TicketKind::Actor => "actor_token_revoked_code",
                    TicketKind::AgentTask => "agent_task_revoked",
                };
                let message = format!("This {label} has been revoked and cannot be used anymore.");
                Err(ApiError::bad_request(code, message))
            }
        }
    }

    /// The ticket is used for something else than to sign in.
    pub(crate) fn not_in_sign_in(&self) -> ApiError {
        let code = match self.kind() {
            TicketKind::SignIn => "sign_in_token_not_in_sign_in_code",
            TicketKind::Actor => "actor_token_not_in_sign_in_code",
            TicketKind::AgentTask => "agent_task_not_in_sign_in",
        };
        let message = format!("This {} can only be used during sign in.", self.kind().label());
        ApiError::bad_request(code, message)
    }

    /// Uses the ticket up.
    pub(crate) fn accept(&mut self, now: i64) {
        self.status = SignInTokenStatus::Accepted;
        self.updated_at = now;
    }

    /// Revokes the ticket, if it can still be used.
    pub(crate) fn revoke(&mut self, now: i64) -> Result<(), ApiError> {
        if self.status != SignInTokenStatus::Pending {
            let code = match self.kind() {
                TicketKind::SignIn => "sign_in_token_cannot_be_revoked_code",
                TicketKind::Actor => "actor_token_cannot_be_revoked_code",
                TicketKind::AgentTask => "agent_task_cannot_be_revoked",
            };
            let message = format!("Only a pending {} can be revoked.", self.kind().label());
            return Err(ApiError::bad_request(code, message));
        }
        self.status = SignInTokenStatus::Revoked;
        self.updated_at = now;
        Ok(())
    }

    /// Returns the URL in the app that redeems the token.
    pub(crate) fn url(&self, app: &str) -> String {
        format!("{app}/sign-in?__clerk_ticket={}", self.token)
    }
}

impl Document for SignInToken {
    const KIND: &'static str = "sign_in_token";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.token)
    }
}
