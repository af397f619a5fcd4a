//! Rights: who may do what to a request, in which state of it.
//!
//! [`allows`] is the one place where this is decided, for the server and the page. It tells rights alone: whether an act leads from one
//! state to another, and what it has to say, is for [`lifecycle`](crate::lifecycle).

use crate::choice::{ClosedList, closed_list};
use crate::lifecycle::{Part, Standing, State};

closed_list! {
    /// Action on a request, as rights tell one from another.
    pub enum Action {
        /// Reads the answers, the documents and the history.
        Read = "read",
        /// Changes answers, and sends documents for them.
        Edit = "edit",
        /// Sends the draft to the team.
        Submit = "submit",
        /// Begins to change what was decided, or is over.
        Reopen = "reopen",
        /// Takes back what was sent once.
        Withdraw = "withdraw",
        /// Deletes a draft that was never sent.
        Delete = "delete",
        /// Puts the request away for good.
        Archive = "archive",
        /// Writes a message to the other side.
        Write = "write",
        /// Examines: decides, asks for changes, notes, entrusts.
        Decide = "decide",
        /// Reads who takes part.
        ListPeople = "list_people",
        /// Invites people, confirms and removes them, and asks contacts for their details.
        Invite = "invite",
        /// Stops taking part.
        Leave = "leave",
        /// Names the colleague who is to own the request.
        HandOver = "hand_over",
        /// Asks for a request whose owner does not answer for it any more.
        AskRecovery = "ask_recovery",
        /// Decides on such a request where nobody answers.
        DecideRecovery = "decide_recovery",
        /// Gives the request another owner, with a reason.
        Reassign = "reassign",
    }
}

/// Position of somebody towards a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Person who takes part in it.
    Participant(Part),
    /// Person of its organisation who does not take part; their tie to the organisation is verified.
    Colleague,
    /// Member of the team who decides.
    Examiner,
    /// Member of the team who only looks.
    Onlooker,
    /// Operator of the program, on its machine.
    Operator,
}

/// Caller of an action: who they are towards the request, and how they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Position towards the request.
    pub actor: Actor,
    /// Set where the session is one of the organisation for which they take part.
    pub acts_for_organisation: bool,
    /// Set where a portal acts for them.
    pub is_through_portal: bool,
    /// Set where a member of the team takes part in the request on the applicant's side.
    pub is_own: bool,
}

impl Caller {
    /// Returns a person who takes part, on our own pages, in a session of their organisation.
    #[must_use]
    pub fn participant(part: Part) -> Self {
        Self::of(Actor::Participant(part))
    }

    /// Returns somebody for whom nothing stands in the way.
    #[must_use]
    pub fn of(actor: Actor) -> Self {
        Self { actor, acts_for_organisation: true, is_through_portal: false, is_own: false }
    }
}

/// Condition of a request: all of it on which rights depend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Standing in its life.
    pub standing: Standing,
    /// Set while a former owner may contest that it was taken over: then nobody takes anything from them for good.
    pub is_contestable: bool,
}

impl From<Standing> for Condition {
    fn from(standing: Standing) -> Self {
        Self { standing, is_contestable: false }
    }
}

/// Returns whether a caller may do something to a request.
///
/// Changing something needs a session of the organisation for which the person takes part. Whoever moved to another one reads what is
/// theirs, and may leave it or hand it over.
#[must_use]
pub fn allows(caller: &Caller, action: Action, request: &Condition) -> bool {
    let standing = &request.standing;
    match caller.actor {
        Actor::Participant(part) => !is_withheld(caller, action, request) && part_allows(part, action, standing),
        Actor::Colleague => {
            !is_withheld(caller, action, request) && action == Action::AskRecovery && standing.state != State::Archived
        }
        Actor::Examiner => (action == Action::Read || !caller.is_own) && examiner_allows(action, standing),
        Actor::Onlooker => action == Action::Read && standing.was_submitted,
        Actor::Operator => match action {
            Action::Reassign => true,
            Action::DecideRecovery => !standing.was_submitted,
            _ => false,
        },
    }
}

/// Returns whether a caller may do something to a request in some state of it. Then the present one is all that stands in the way.
#[must_use]
pub fn allows_in_some_state(caller: &Caller, action: Action, is_contestable: bool) -> bool {
    let flags = [false, true];
    let standings = State::ALL.iter().flat_map(|state| {
        flags.into_iter().flat_map(move |is_habilitated| {
            flags.map(|was_submitted| Standing { state: *state, is_habilitated, was_submitted })
        })
    });
    standings.map(|standing| Condition { standing, is_contestable }).any(|request| allows(caller, action, &request))
}

/// Returns whether an action is withheld from everybody: by the way in which they come, or by an open contest.
fn is_withheld(caller: &Caller, action: Action, request: &Condition) -> bool {
    use Action::{Archive, AskRecovery, Delete, HandOver, Invite, Leave, ListPeople, Read, Withdraw};

    let needs_organisation = !matches!(action, Read | ListPeople | Leave | HandOver);
    let is_about_people = matches!(action, ListPeople | Invite | Leave | HandOver | AskRecovery);
    let is_final = matches!(action, HandOver | Withdraw | Delete | Archive);
    (needs_organisation && !caller.acts_for_organisation)
        || (is_about_people && caller.is_through_portal)
        || (is_final && request.is_contestable)
}

fn part_allows(part: Part, action: Action, standing: &Standing) -> bool {
    use Part::{Editor, Owner};
    use State::{Accepted, Archived, ChangesRequested, Draft, Refused, Revoked, Submitted, Withdrawn};

    let Standing { state, was_submitted, .. } = *standing;
    let is_archived = state == Archived;
    match action {
        Action::Read => part == Owner || !is_archived,
        Action::Edit => matches!(part, Owner | Editor) && state.is_editable(),
        Action::Write => matches!(part, Owner | Editor) && was_submitted && !is_archived,
        Action::ListPeople => !is_archived,
        Action::Leave => part != Owner,
        Action::Submit => part == Owner && state.is_editable(),
        Action::Reopen => part == Owner && matches!(state, Accepted | Refused | Withdrawn | Revoked),
        Action::Withdraw => part == Owner && was_submitted && matches!(state, Draft | Submitted | ChangesRequested),
        Action::Delete => part == Owner && state == Draft && !was_submitted,
        Action::Archive => part == Owner && state.is_closed(),
        Action::Invite | Action::HandOver => part == Owner && !is_archived,
        Action::Decide | Action::AskRecovery | Action::DecideRecovery | Action::Reassign => false,
    }
}

fn examiner_allows(action: Action, standing: &Standing) -> bool {
    let Standing { state, is_habilitated, was_submitted } = *standing;
    match action {
        Action::Read => was_submitted,
        Action::Write | Action::DecideRecovery => was_submitted && state != State::Archived,
        Action::Decide => {
            is_habilitated || matches!(state, State::Submitted | State::ChangesRequested | State::Refused)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
