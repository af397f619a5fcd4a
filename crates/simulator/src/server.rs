//! The server, as far as one draft goes: it decides by revision alone, like `crates/server` does.

use habilitation_model::Draft;
use habilitation_model::saving::Base;

use crate::mutant::Mutant;
use crate::truth;

/// What a tab asks.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    /// `PUT`, with `If-Match`, or `If-None-Match: *` where there is no revision.
    Save { revision: Option<u64>, draft: Box<Draft> },
    /// `POST …/submission`, with `If-Match`.
    Submit { revision: u64 },
    /// `DELETE`, with `If-Match`.
    Delete { revision: u64 },
}

/// What it is answered.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// 200 or 201 to a save.
    Saved { revision: u64 },
    /// 200 or 201 to a submission.
    Submitted,
    /// 204 to a deletion.
    Deleted,
    /// 412, with what is there.
    Stale(Box<Base>),
    /// 410, or 412 where nothing ever was.
    Gone,
    /// 409.
    SubmittedBefore,
    /// 401: nobody is signed in, or somebody else than the call says.
    SignedOut,
    /// 413.
    TooLarge,
    /// 400.
    NotUnderstood,
    /// 503.
    Away,
}

/// What there is of the draft.
#[derive(Clone, Debug)]
pub(crate) enum State {
    Absent,
    Draft(Base),
    Submitted(Base),
    Deleted,
    /// It was created for somebody else. Only a mutant gets there.
    Another,
}

pub(crate) struct Server {
    pub(crate) state: State,
    pub(crate) is_up: bool,
    mutant: Option<Mutant>,
}

impl Server {
    pub(crate) fn new(mutant: Option<Mutant>) -> Self {
        Self { state: State::Absent, is_up: true, mutant }
    }

    /// The draft, while it can be changed.
    pub(crate) fn draft(&self) -> Option<&Base> {
        match &self.state {
            State::Draft(base) => Some(base),
            _ => None,
        }
    }

    /// Submitted or deleted.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, State::Submitted(_) | State::Deleted)
    }

    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        if !self.is_up {
            return Answer::Away;
        }
        match request {
            Request::Save { revision, draft } => self.save(*revision, draft),
            Request::Submit { revision } => match &self.state {
                State::Submitted(_) => Answer::Submitted,
                State::Deleted | State::Absent | State::Another => Answer::Gone,
                State::Draft(base) if base.revision != *revision => Answer::Stale(Box::new(base.clone())),
                State::Draft(base) => {
                    self.state = State::Submitted(Base { revision: base.revision + 1, ..base.clone() });
                    Answer::Submitted
                }
            },
            Request::Delete { revision } => match &self.state {
                State::Submitted(_) => Answer::SubmittedBefore,
                State::Deleted | State::Absent | State::Another => Answer::Gone,
                State::Draft(base) if base.revision != *revision => Answer::Stale(Box::new(base.clone())),
                State::Draft(_) => {
                    self.state = State::Deleted;
                    Answer::Deleted
                }
            },
        }
    }

    /// A mutant's way: what somebody else's page sends is taken for that of whoever is signed in.
    pub(crate) fn answer_another(&mut self, request: &Request) -> Answer {
        match (&self.state, request) {
            (State::Absent, Request::Save { revision: None, .. }) => {
                self.state = State::Another;
                Answer::Saved { revision: 1 }
            }
            _ => Answer::Gone,
        }
    }

    fn save(&mut self, revision: Option<u64>, draft: &Draft) -> Answer {
        if truth::is_too_large(draft) {
            return Answer::TooLarge;
        }
        if truth::is_not_understood(draft) {
            return Answer::NotUnderstood;
        }
        let revision = match &self.state {
            State::Deleted if self.mutant == Some(Mutant::DeletedReturns) && revision.is_none() => 1,
            State::Absent if revision.is_none() => 1,
            State::Absent | State::Deleted | State::Another => return Answer::Gone,
            State::Submitted(_) => return Answer::SubmittedBefore,
            State::Draft(base) if self.mutant == Some(Mutant::NoIfMatch) => base.revision + 1,
            State::Draft(base) if revision == Some(base.revision) => base.revision + 1,
            State::Draft(base) => return Answer::Stale(Box::new(base.clone())),
        };
        self.state = State::Draft(Base { revision, saved_at: revision.to_string(), draft: draft.clone() });
        Answer::Saved { revision }
    }
}
