//! The table of states: which act leads where, by whom.

use crate::lifecycle::kind::{Kind, Role};
use crate::lifecycle::state::State;

/// Standing of a request: all of its history on which the next state depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// State of the request.
    pub state: State,
    /// Set while a habilitation is active.
    pub is_habilitated: bool,
    /// Set once the request was submitted, for ever.
    pub was_submitted: bool,
}

impl Standing {
    /// Standing of a request that is begun.
    pub const BEGUN: Self = Self { state: State::Draft, is_habilitated: false, was_submitted: false };

    /// Returns whether the request is changed while its habilitation stays in force.
    #[must_use]
    pub fn is_modification(&self) -> bool {
        self.is_habilitated && self.state != State::Accepted
    }
}

/// Reason for which an act is refused, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A reader of the team only looks.
    #[error("a reader does not act")]
    ReadOnly,
    /// The role never does this, in no state.
    #[error("not an act of this role")]
    NotAllowed,
    /// The request is in another state.
    #[error("not possible in this state")]
    WrongState,
    /// The applicant acted or wrote after the examiner looked.
    #[error("the applicant acted since")]
    Unseen,
    /// Another examiner has the request than the assignment says.
    #[error("assigned to somebody else")]
    AssignedElsewhere,
}

/// Returns the state to which an act leads.
///
/// Conditions of time are the caller's: the table knows no day.
///
/// # Errors
/// When the role does not do that, or not in this state. The other reasons of [`Refusal`] need the history.
#[expect(clippy::match_same_arms, reason = "each arm is one row of the table")]
pub fn next(standing: &Standing, kind: Kind, role: Role) -> Result<State, Refusal> {
    use Role::{Applicant, Clock, Examiner, Reader};
    use State::{Accepted, Archived, ChangesRequested, Draft, Refused, Revoked, Submitted, Withdrawn};

    let Standing { state, is_habilitated, was_submitted } = *standing;
    let rests_at = |state| if is_habilitated { Accepted } else { state };
    let is_shared = was_submitted && state != Archived;

    Ok(match (kind, role, state) {
        (_, Reader, _) => return Err(Refusal::ReadOnly),

        (Kind::Submitted, Applicant, Draft | ChangesRequested) => Submitted,
        (Kind::ChangesRequested, Examiner, Submitted) => ChangesRequested,
        (Kind::Resumed, Examiner, ChangesRequested | Refused) => Submitted,
        (Kind::Resumed, Clock, ChangesRequested) => Submitted,
        (Kind::Accepted, Examiner, Submitted) => Accepted,
        (Kind::Refused, Examiner, Submitted) => rests_at(Refused),
        (Kind::Withdrawn, Applicant, Submitted | ChangesRequested) => rests_at(Withdrawn),
        (Kind::Withdrawn, Applicant | Clock, Draft) if was_submitted => rests_at(Withdrawn),
        (Kind::Reopened, Applicant, Accepted | Refused | Withdrawn | Revoked) => Draft,
        (Kind::Revoked, Examiner, _) if is_habilitated => Revoked,
        (Kind::Archived, Applicant | Clock, Refused | Withdrawn | Revoked) => Archived,

        (Kind::Message, Applicant | Examiner, _) if is_shared => state,
        (Kind::Note | Kind::Assignment, Examiner, _) if is_shared => state,
        (Kind::Deadline, Clock, Submitted) => state,
        (Kind::Delivery, Clock, _) if is_shared => state,

        _ if does(role, kind) => return Err(Refusal::WrongState),
        _ => return Err(Refusal::NotAllowed),
    })
}

/// Returns whether a role does an act of a kind in some state.
fn does(role: Role, kind: Kind) -> bool {
    match kind {
        Kind::Submitted | Kind::Reopened => role == Role::Applicant,
        Kind::ChangesRequested | Kind::Accepted | Kind::Refused | Kind::Revoked | Kind::Note | Kind::Assignment => {
            role == Role::Examiner
        }
        Kind::Resumed => matches!(role, Role::Examiner | Role::Clock),
        Kind::Withdrawn | Kind::Archived => matches!(role, Role::Applicant | Role::Clock),
        Kind::Message => matches!(role, Role::Applicant | Role::Examiner),
        Kind::Deadline | Kind::Delivery => role == Role::Clock,
        Kind::Invited
        | Kind::Joined
        | Kind::Left
        | Kind::HandedOver
        | Kind::RecoveryAsked
        | Kind::RecoveryRefused
        | Kind::Recovered
        | Kind::Contested
        | Kind::Reassigned
        | Kind::CardAnswered => false,
    }
}
