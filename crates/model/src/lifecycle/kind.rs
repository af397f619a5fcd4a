//! Kinds of events, and who makes them.

use crate::choice::closed_list;

closed_list! {
    /// Kind of an event, or of the act that makes one.
    pub enum Kind {
        /// The applicant sends the draft.
        Submitted = "submitted",
        /// An examiner asks for changes, until a day.
        ChangesRequested = "changes_requested",
        /// The team takes the request back, as it was submitted last.
        Resumed = "resumed",
        /// An examiner accepts the request: a habilitation becomes active.
        Accepted = "accepted",
        /// An examiner refuses the request.
        Refused = "refused",
        /// The applicant gives the request or the modification up.
        Withdrawn = "withdrawn",
        /// The applicant begins to change the request.
        Reopened = "reopened",
        /// An examiner ends the active habilitation.
        Revoked = "revoked",
        /// The request is put away for good.
        Archived = "archived",
        /// A message from one side to the other.
        Message = "message",
        /// An examiner writes to the team.
        Note = "note",
        /// The request is entrusted to an examiner, or to none.
        Assignment = "assignment",
        /// The team is reminded of the legal clock.
        Deadline = "deadline",
        /// A mail could not be delivered.
        Delivery = "delivery",
        /// The owner invites somebody to take part.
        Invited = "invited",
        /// A person takes part from now on.
        Joined = "joined",
        /// A person does not take part any more.
        Left = "left",
        /// The owner's colleague has taken the request over from them.
        HandedOver = "handed_over",
        /// A colleague asks for the request, whose owner does not answer for it.
        RecoveryAsked = "recovery_asked",
        /// The colleague who asked does not get the request.
        RecoveryRefused = "recovery_refused",
        /// The colleague who asked owns the request from now on.
        Recovered = "recovered",
        /// The former owner contests that.
        Contested = "contested",
        /// The operator gave the request another owner.
        Reassigned = "reassigned",
        /// A contact checked or completed their own details, or refuses to be named: then the event has a text.
        CardAnswered = "card_answered",
    }
}

impl Kind {
    /// Returns whether the kind is one of those that move the state. Such an act carries the revision.
    #[must_use]
    pub fn moves_state(self) -> bool {
        self <= Self::Archived
    }

    /// Returns whether events of this kind are about who takes part. No act makes one: each has a call of its own.
    #[must_use]
    pub fn is_about_people(self) -> bool {
        self >= Self::Invited
    }

    /// Returns whether events of this kind are for the team alone.
    #[must_use]
    pub fn is_for_team(self) -> bool {
        matches!(self, Self::Note | Self::Assignment | Self::Deadline)
    }
}

closed_list! {
    /// Side on which an event was made.
    pub enum Side {
        /// The person who filed the request, and the people who take part in it.
        Applicant = "applicant",
        /// The FranceConnect team.
        Examiner = "examiner",
        /// The program itself, on its day.
        Clock = "clock",
        /// Whoever operates the program, on its machine.
        Operator = "operator",
    }
}

closed_list! {
    /// Role in which somebody acts on a request.
    pub enum Role {
        /// The person who filed the request.
        Applicant = "applicant",
        /// A member of the team who decides.
        Examiner = "examiner",
        /// A member of the team who only looks.
        Reader = "reader",
        /// The program itself, on its day.
        Clock = "clock",
        /// Whoever operates the program: acts on no request, and gives it another owner.
        Operator = "operator",
    }
}

impl From<Side> for Role {
    fn from(side: Side) -> Self {
        match side {
            Side::Applicant => Self::Applicant,
            Side::Examiner => Self::Examiner,
            Side::Clock => Self::Clock,
            Side::Operator => Self::Operator,
        }
    }
}

closed_list! {
    /// Part that a person has in a request.
    pub enum Part {
        /// The one person who answers for the request.
        Owner = "owner",
        /// A person who edits its draft, and sends nothing.
        Editor = "editor",
        /// A person who only reads it.
        Reader = "reader",
    }
}

closed_list! {
    /// Ground on which a habilitation is revoked (CRPA: code of relations between the public and the administration).
    pub enum Ground {
        /// The acceptance was unlawful (CRPA L. 242-1): within four months.
        Illegal = "illegal",
        /// A condition of the acceptance is not met any more (CRPA L. 242-2).
        ConditionLapsed = "condition_lapsed",
        /// The acceptance was obtained by fraud (CRPA L. 241-2).
        Fraud = "fraud",
        /// The organisation asked for it.
        AtRequest = "at_request",
    }
}
