//! Server of one draft. It decides by revision alone, like `crates/server` does.

use habilitation_model::Draft;
use habilitation_model::saving::{BaseRevision, SavedDraft, Snapshot};

use crate::mutant::Mutant;
use crate::oracle;

/// Call of a tab.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    /// `PUT` with `If-Match`, or with `If-None-Match: *` where no revision is named.
    Save { base: Option<BaseRevision>, draft: Box<Draft> },
    /// `GET`, which verifies that the server still holds this revision.
    Read { base: BaseRevision },
    /// `POST …/submission`, with `If-Match`.
    Submit { base: BaseRevision },
    /// `DELETE`, with `If-Match`.
    Delete { base: BaseRevision },
}

/// Response to a call.
#[derive(Clone, Debug)]
pub(crate) enum Response {
    /// 200 or 201 to a save.
    Saved { revision: u64, saved_at: String },
    /// 200 or 201 to a submission.
    Submitted,
    /// 204 to a deletion.
    Deleted,
    /// 412, or 200 to a verification, with the draft that the server holds.
    Stale(Box<Snapshot>),
    /// 410.
    Gone,
    /// 404, or 412 without a draft.
    NotOnServer,
    /// 409.
    SubmittedBefore,
    /// 401: no session, or the session of another person than the call names.
    SignedOut,
    /// 403: the person may not do that, or not any more.
    NotPermitted,
    /// 413.
    TooLarge,
    /// 400.
    NotUnderstood,
    /// A status that invites to come again.
    ComeAgain(u16),
    /// A status that a proxy or firewall responds with in the place of the server.
    Intercepted(u16),
    /// 503, or no response.
    Away,
}

/// State of the draft on the server.
#[derive(Clone, Debug)]
pub(crate) enum State {
    Absent,
    Draft(Snapshot),
    Submitted(Snapshot),
    Deleted,
    /// Created for another person. Only a mutant gets there.
    Another,
}

impl State {
    /// Returns the draft that the server holds, submitted or not.
    pub(crate) fn held(&self) -> Option<&Draft> {
        match self {
            Self::Draft(held) | Self::Submitted(held) => Some(&held.saved.draft),
            Self::Absent | Self::Deleted | Self::Another => None,
        }
    }
}

/// Time at which a schedule begins, in milliseconds since 1970.
const START: u64 = 10_000 * 24 * 3_600_000;

pub(crate) struct Server {
    pub(crate) state: State,
    pub(crate) is_up: bool,
    /// State in the operator's last backup.
    backup: State,
    /// Set once the server was restored from its backup.
    pub(crate) was_restored: bool,
    /// Number of restores.
    pub(crate) restores: u32,
    /// Set while the second person may change answers; otherwise they only read.
    pub(crate) second_person_edits: bool,
    /// Time of the next save. No two saves have the same.
    now: u64,
    mutant: Option<Mutant>,
}

impl Server {
    pub(crate) fn new(mutant: Option<Mutant>) -> Self {
        Self {
            state: State::Absent,
            is_up: true,
            backup: State::Absent,
            was_restored: false,
            restores: 0,
            second_person_edits: true,
            now: START,
            mutant,
        }
    }

    /// Returns the time of the server's clock, in milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    pub(crate) fn back_up(&mut self) {
        self.backup = self.state.clone();
    }

    /// Restores the state of the last backup.
    pub(crate) fn restore(&mut self) {
        self.state = self.backup.clone();
        self.was_restored = true;
        self.restores += 1;
    }

    /// Returns the draft, while it can be changed.
    pub(crate) fn draft(&self) -> Option<&SavedDraft> {
        match &self.state {
            State::Draft(held) => Some(&held.saved),
            _ => None,
        }
    }

    /// Returns whether the request is submitted or deleted.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.state, State::Submitted(_) | State::Deleted)
    }

    pub(crate) fn respond(&mut self, request: &Request) -> Response {
        if !self.is_up {
            return Response::Away;
        }
        match request {
            Request::Save { base, draft } => self.save(base.as_ref(), draft),
            Request::Read { base } => match &self.state {
                State::Submitted(_) => Response::SubmittedBefore,
                State::Deleted => Response::Gone,
                State::Absent | State::Another => Response::NotOnServer,
                State::Draft(held) if !self.is_named(held, base) => Response::Stale(Box::new(held.clone())),
                State::Draft(held) => {
                    Response::Saved { revision: held.saved.revision, saved_at: held.saved.saved_at.clone() }
                }
            },
            Request::Submit { base } => match &self.state {
                State::Submitted(_) => Response::Submitted,
                State::Deleted => Response::Gone,
                State::Absent | State::Another => Response::NotOnServer,
                State::Draft(held) if !self.is_named(held, base) => Response::Stale(Box::new(held.clone())),
                State::Draft(held) => {
                    let draft = held.saved.draft.clone();
                    self.state = State::Submitted(self.next(&draft));
                    Response::Submitted
                }
            },
            Request::Delete { base } => match &self.state {
                State::Submitted(_) => Response::SubmittedBefore,
                State::Deleted => Response::Gone,
                State::Absent | State::Another => Response::NotOnServer,
                State::Draft(held) if !self.is_named(held, base) => Response::Stale(Box::new(held.clone())),
                State::Draft(_) => {
                    self.state = State::Deleted;
                    Response::Deleted
                }
            },
        }
    }

    /// Returns whether a call names the revision that the server holds. After a restore, a number alone may be given
    /// twice.
    fn is_named(&self, held: &Snapshot, base: &BaseRevision) -> bool {
        let is_of_that_time = held.saved.saved_at == base.saved_at || self.mutant == Some(Mutant::TrustsNumbers);
        held.saved.revision == base.revision && is_of_that_time
    }

    /// Returns the revision that follows the current one.
    fn next(&mut self, draft: &Draft) -> Snapshot {
        self.now += 1;
        let (revision, earlier) = match &self.state {
            State::Draft(held) => {
                let before = std::iter::once(&held.saved.saved_at).chain(&held.earlier);
                (held.saved.revision + 1, before.cloned().collect())
            }
            _ => (1, Vec::new()),
        };
        let earlier = if self.mutant == Some(Mutant::TrustsNumbers) { Vec::new() } else { earlier };
        let saved = SavedDraft { revision, saved_at: self.now.to_string(), draft: draft.clone() };
        Snapshot { earlier, ..saved.into() }
    }

    /// Answers a call of the second person, who never sends or deletes the request.
    pub(crate) fn respond_to_second(&mut self, request: &Request) -> Response {
        let is_permitted = match request {
            Request::Read { .. } => true,
            Request::Save { .. } => self.second_person_edits || self.mutant == Some(Mutant::ServesWithoutRight),
            Request::Submit { .. } | Request::Delete { .. } => false,
        };
        match is_permitted || !self.is_up {
            true => self.respond(request),
            false => Response::NotPermitted,
        }
    }

    /// Answers a call of another person's page as if it were of the signed-in one, as a mutant does.
    pub(crate) fn respond_to_another(&mut self, request: &Request) -> Response {
        match (&self.state, request) {
            (State::Absent, Request::Save { base: None, .. }) => {
                self.state = State::Another;
                Response::Saved { revision: 1, saved_at: self.now.to_string() }
            }
            _ => Response::Gone,
        }
    }

    fn save(&mut self, base: Option<&BaseRevision>, draft: &Draft) -> Response {
        if oracle::is_too_large(draft) {
            return Response::TooLarge;
        }
        if oracle::is_not_understood(draft) {
            return Response::NotUnderstood;
        }
        match &self.state {
            State::Deleted if self.mutant == Some(Mutant::DeletedReturns) && base.is_none() => {}
            State::Absent if base.is_none() => {}
            State::Absent | State::Another => return Response::NotOnServer,
            State::Deleted => return Response::Gone,
            State::Submitted(_) => return Response::SubmittedBefore,
            State::Draft(_) if self.mutant == Some(Mutant::NoIfMatch) => {}
            State::Draft(held) if base.is_some_and(|base| self.is_named(held, base)) => {}
            State::Draft(held) => return Response::Stale(Box::new(held.clone())),
        }
        let held = self.next(draft);
        let SavedDraft { revision, saved_at, .. } = held.saved.clone();
        self.state = State::Draft(held);
        Response::Saved { revision, saved_at }
    }
}
