//! Request as its examination shows it: the request, its history, and the submissions to compare.

use std::sync::Arc;

use crate::api::ApiFuture;
use crate::api::examination::Examination;
use crate::context::Session;
use crate::model::Id;
use crate::model::lifecycle::{History, Role, next};
use crate::model::wire::{Event, ExaminedRequest, Kind, Submission, TeamMember};
use crate::texts::lifecycle;

/// Request with all that its examination shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dossier {
    /// The request.
    pub(super) request: ExaminedRequest,
    /// Events of the request, the first one first.
    pub(super) events: Vec<Event>,
    /// The history that follows from them.
    pub(super) history: History,
    /// The last submission.
    pub(super) last: Submission,
    /// The submission before the last, if there is one.
    pub(super) previous: Option<Submission>,
    /// The submission of the active habilitation, where it is neither of the two.
    pub(super) active: Option<Submission>,
    /// Members of the team.
    pub(super) team: Vec<TeamMember>,
}

impl Dossier {
    /// Returns whether an examiner may do an act in the state of the request.
    pub(super) fn is_possible(&self, kind: Kind) -> bool {
        next(&self.history.standing(), kind, Role::Examiner).is_ok()
    }

    /// Returns the submission of the active habilitation, unless it is the last one.
    pub(super) fn active(&self) -> Option<&Submission> {
        let number = self.request.habilitation.as_ref()?.submission;
        self.active.iter().chain(&self.previous).find(|submission| submission.n == number)
    }

    /// Returns the number of the habilitation that is in force while it is modified.
    pub(super) fn modified(&self) -> Option<&str> {
        let habilitation = self.request.habilitation.as_ref()?;
        let is_modification = lifecycle::is_modification(self.request.state, Some(habilitation));
        is_modification.then_some(&habilitation.number)
    }

    /// Returns the rank of the last event that is shown.
    pub(super) fn seen(&self) -> u64 {
        self.history.last_event
    }
}

/// Reads a request with all that its examination shows; nothing where there is no such request.
pub(super) fn load(session: Session, id: &Id) -> ApiFuture<Option<Arc<Dossier>>> {
    let service = session.examination();
    let (request, events, team) = (service.request(id), service.events(id), service.team());
    let id = id.clone();
    Box::pin(async move {
        let request = match request.await {
            Err(error) if error.status() == Some(404) => return Ok(None),
            request => request?,
        };
        let events = events.await?.events;
        let history = History::of(&events);
        let number = history.last_submission();
        let last = service.submission(&id, number).await?;
        let previous = read(&*service, &id, number.checked_sub(1).filter(|number| *number > 0)).await?;
        let active = request.habilitation.as_ref().map(|active| active.submission);
        let is_other = |active: &u32| *active != number && *active + 1 != number;
        let active = read(&*service, &id, active.filter(is_other)).await?;
        // Without the team, a request is entrusted to nobody else, and all the rest is there.
        let team = team.await.map(|team| team.people).unwrap_or_default();
        Ok(Some(Arc::new(Dossier { request, events, history, last, previous, active, team })))
    })
}

/// Reads a submission, where there is a number.
fn read(service: &dyn Examination, id: &Id, number: Option<u32>) -> ApiFuture<Option<Submission>> {
    let reading = number.map(|number| service.submission(id, number));
    Box::pin(async move {
        match reading {
            Some(reading) => reading.await.map(Some),
            None => Ok(None),
        }
    })
}
