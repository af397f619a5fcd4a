//! Opening a request: from the device, from the server, or from both.
//!
//! What only this device knows is shown at once. Otherwise the server is asked, and the device's copy is shown where the answer
//! takes long; the answer then reaches the draft that is shown.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use leptos::prelude::*;

use crate::api::{ApiError, SHOW_COPY_AFTER};
use crate::browser::random;
use crate::browser::timers::set_timeout;
use crate::clock;
use crate::context::{CurrentDraft, Identity, Session};
use crate::draft::{DeviceCopies, Note, OpenDraft};
use crate::effect::spawn;
use crate::input;
use crate::model::prefill::PrefilledAnswer;
use crate::model::saving::{BaseRevision, DeviceCopy, Event, Failure, Machine, Snapshot};
use crate::model::schema::Unreadable;
use crate::model::wire::{self, Part, StoredRequest};
use crate::model::{Choice, Draft, Field, Id};
use crate::navigation::{Navigation, Place};

/// View of a request, once it is known what the device and the server hold of it.
#[derive(Clone)]
pub(super) enum RequestView {
    Pending,
    /// The draft is filled in. Whoever draws it takes it.
    Draft(Arc<Mutex<Option<ReadyDraft>>>),
    /// The request is read: it cannot be edited, or its page was asked for before its form.
    ToRead(Arc<StoredRequest>),
    Missing,
    /// The draft was erased from this device in another tab.
    Erased {
        /// Set if the server has some of it.
        is_saved: bool,
    },
    /// A newer version of the page wrote the draft, as this JSON.
    Newer(String),
    Unreachable,
}

/// Draft that is ready to be filled in.
pub(super) struct ReadyDraft {
    pub(super) machine: Machine,
    /// Time since when the answers are where they are, in milliseconds since 1970, where it is known.
    pub(super) since: Option<u64>,
    /// Documents that the server has, where it said so.
    pub(super) arrived: Option<Vec<Id>>,
    /// Fields whose answer a link proposed.
    pub(super) proposed: Vec<Field>,
}

/// Answer of the server that came after the device's copy was shown.
#[derive(Clone)]
pub(super) struct LateAnswer {
    /// Draft that the server holds; none once it cannot be edited.
    current: Option<Snapshot>,
    arrived: Vec<Id>,
    /// Base revision when the server was asked.
    asked: BaseRevision,
}

impl LateAnswer {
    fn new(request: StoredRequest, asked: BaseRevision) -> Self {
        let arrived = request.arrived.clone();
        Self { current: request.state.is_editable().then(|| request.into()), arrived, asked }
    }

    /// Hands the answer to the draft that is shown.
    pub(super) fn dispatch_to(self, draft: OpenDraft) {
        let Some(current) = self.current else { return draft.dispatch(Event::Submitted) };
        draft.arrived().set(Some(self.arrived));
        draft.dispatch(Event::Found { current, asked: self.asked });
    }
}

/// Opener of one request. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Opener {
    session: Session,
    current_draft: CurrentDraft,
    id: StoredValue<Id, LocalStorage>,
    person: StoredValue<wire::Session>,
    /// Set once the form is asked for: where a request stands is read before it is changed.
    wants_form: StoredValue<bool>,
    pub(super) view: RwSignal<RequestView>,
    pub(super) late_answer: RwSignal<Option<LateAnswer>>,
}

impl Opener {
    /// Returns the opener of a person's request, which has opened nothing yet.
    pub(super) fn new(id: Id, person: wire::Session) -> Self {
        let is_step = |place: &Place| matches!(place, Place::Request(_, Some(_)));
        Self {
            session: Session::get(),
            current_draft: CurrentDraft::get(),
            id: StoredValue::new_local(id),
            person: StoredValue::new(person),
            wants_form: StoredValue::new(Navigation::get().place().with_untracked(is_step)),
            view: RwSignal::new(RequestView::Pending),
            late_answer: RwSignal::new(None),
        }
    }

    /// Returns the identifier of the request.
    pub(super) fn id(self) -> Id {
        self.id.get_value()
    }

    /// Returns the copies of the person's drafts on this device.
    pub(super) fn copies(self) -> DeviceCopies {
        DeviceCopies::new(self.session.device(), &self.person.with_value(|person| person.user.id.clone()))
    }

    /// Opens the form of a request that is read, if its state lets it.
    pub(super) fn fill_in(self) {
        self.wants_form.set_value(true);
        self.open();
    }

    /// Returns whether a request is read, and not filled in.
    fn reads(self, request: &StoredRequest) -> bool {
        self.note(request);
        // What was sent once has a page of its own, from which its form opens.
        let is_editable = request.may_be_edited();
        if !is_editable {
            _ = self.wants_form.try_set_value(false);
        }
        !is_editable || (request.number.is_some() && self.wants_form.try_get_value() == Some(false))
    }

    /// Notes the part of the person, and whether the request was sent before: its form then asks what is to be changed.
    fn note(self, request: &StoredRequest) {
        self.current_draft.was_sent().set(request.number.is_some());
        self.current_draft.is_invited().set(request.role != Part::Owner);
    }

    /// Recalls how the person had a part in the request: the service may tell them nothing of it, or not yet.
    fn recall(self, id: &Id, copies: &DeviceCopies) {
        self.current_draft.is_invited().set(copies.note(id, Note::Invited).is_some());
        self.current_draft.is_taken_over().set(copies.note(id, Note::TakenOver).is_some());
    }

    /// Opens the request, for the first time or again.
    pub(super) fn open(self) {
        self.late_answer.set(None);
        self.current_draft.was_sent().set(false);
        let (id, copies) = (self.id(), self.copies());
        // The copy may be shown before the service answers, or without an answer.
        self.recall(&id, &copies);
        let copy = match copies.read(&id) {
            Some(Err(Unreadable::Newer)) => {
                return self.view.set(RequestView::Newer(copies.text(&id).unwrap_or_default()));
            }
            // A copy that cannot be read stays on the device until another one is written.
            read => read.and_then(Result::ok),
        };
        // The server never acknowledged it: only this device knows it.
        let is_only_here = copy.as_ref().map_or_else(|| copies.was_begun(&id), |copy| copy.base.is_none());
        match copy {
            Some(copy) if is_only_here => self.view.set(from_device(copy, None, Some(Vec::new()))),
            None if is_only_here => self.view.set(self.begin()),
            copy => self.ask_server(id, copies, copy),
        }
    }

    /// Asks the server for the request. The device's copy is shown where the answer takes long.
    fn ask_server(self, id: Id, copies: DeviceCopies, copy: Option<DeviceCopy>) {
        let asking = self.session.api().request(&id);
        let asked = copy.as_ref().map(DeviceCopy::base_revision).unwrap_or_default();
        let is_copy_shown = Rc::new(Cell::new(false));
        if let Some(copy) = copy.clone() {
            let patience = if self.session.is_known_from_device() { Duration::ZERO } else { SHOW_COPY_AFTER };
            let is_copy_shown = Rc::clone(&is_copy_shown);
            let show_copy = move || {
                if matches!(self.view.try_get_untracked(), Some(RequestView::Pending)) {
                    is_copy_shown.set(true);
                    self.view.set(unverified(copy));
                }
            };
            set_timeout(show_copy, patience);
        }
        spawn(async move {
            let answer = asking.await;
            if !is_copy_shown.get() {
                if let Some(view) = view_of(self, &id, &copies, answer, copy) {
                    self.view.set(view);
                }
            } else if let (Ok(request), false) = (answer, self.late_answer.is_disposed()) {
                self.note(&request);
                // The draft that is shown asks on its own: an answer is news to it, and a failure is tried again.
                self.late_answer.set(Some(LateAnswer::new(request, asked)));
            }
        });
    }

    /// Begins a draft with what is known of the person, and what a portal or a link gave. It is kept from the first edit on.
    fn begin(self) -> RequestView {
        let mut answers = Draft::default();
        self.current_draft.take_prefill().iter().for_each(|given| given.fill_in(&mut answers));
        let mut answers = self.person.with_value(|person| prefilled(answers, person));
        // A link proposes answers to what neither the portal nor the session answers.
        let proposals = self.current_draft.take_proposed();
        let is_open = |given: &&PrefilledAnswer| given.field().value(&answers).is_empty();
        let proposals: Vec<&PrefilledAnswer> = proposals.iter().filter(is_open).collect();
        proposals.iter().for_each(|given| given.fill_in(&mut answers));
        input::compose(&mut answers);
        let proposed = proposals.iter().map(|given| given.field()).collect();
        let machine = Machine::new(random::number(), answers);
        to_fill_in(ReadyDraft { machine, since: None, arrived: Some(Vec::new()), proposed })
    }
}

fn to_fill_in(draft: ReadyDraft) -> RequestView {
    RequestView::Draft(Arc::new(Mutex::new(Some(draft))))
}

/// Returns the view of what the server answered and this device holds; none where the session has ended.
fn view_of(
    opener: Opener,
    id: &Id,
    copies: &DeviceCopies,
    answer: Result<StoredRequest, ApiError>,
    copy: Option<DeviceCopy>,
) -> Option<RequestView> {
    Some(match (answer, copy) {
        (Ok(request), _) if opener.reads(&request) => RequestView::ToRead(Arc::new(request)),
        (Ok(request), copy) => from_server(request, copy),
        (Err(ApiError::Newer(text)), _) => RequestView::Newer(text),
        (Err(error), copy) => match (error.failure(), copy) {
            (Failure::SignedOut, _) => {
                opener.session.set_identity(Identity::SignedOut);
                return None;
            }
            // A server that does not know the request may have come back from a backup: the copy may be the last one.
            (Failure::NotOnServer, Some(copy)) => from_device(copy, Some(Event::NotOnServer), Some(Vec::new())),
            (Failure::NotOnServer, None) => RequestView::Missing,
            (Failure::Gone, Some(copy)) if copy.is_unsent() => {
                from_device(copy, Some(Event::Deleted), Some(Vec::new()))
            }
            (Failure::Gone, _) => {
                copies.erase(id);
                RequestView::Missing
            }
            (_, Some(copy)) => unverified(copy),
            (_, None) => RequestView::Unreachable,
        },
    })
}

fn draft_view(machine: Machine, since: Option<u64>, arrived: Option<Vec<Id>>) -> RequestView {
    to_fill_in(ReadyDraft { machine, since, arrived, proposed: Vec::new() })
}

/// Opens the server's draft, merged with the device's copy if there is one.
fn from_server(request: StoredRequest, copy: Option<DeviceCopy>) -> RequestView {
    let arrived = Some(request.arrived.clone());
    let current = Snapshot::from(request);
    let since = clock::parse(&current.saved.saved_at);
    match copy {
        Some(copy) => {
            let since = if copy.needs_saving() { Some(copy.changed_at) } else { since };
            draft_view(Machine::open(random::number(), copy, &current), since, arrived)
        }
        None => draft_view(Machine::from_server(random::number(), current.saved), since, arrived),
    }
}

/// Opens the device's copy, after an event on the server if there was one.
fn from_device(copy: DeviceCopy, event: Option<Event>, arrived: Option<Vec<Id>>) -> RequestView {
    let since = Some(copy.changed_at);
    let mut machine = Machine::from_device(random::number(), copy);
    if let Some(event) = event {
        // The effects are done already: the copy is on the device.
        let _ = machine.handle(event);
    }
    draft_view(machine, since, arrived)
}

/// Opens the device's copy before the server answered. Whether the files that it lists have arrived is not known yet.
fn unverified(copy: DeviceCopy) -> RequestView {
    from_device(copy, None, None)
}

/// Fills in what the session tells of the applicant (WCAG 2.2, criterion 3.3.7: no redundant entry).
fn prefilled(mut answers: Draft, person: &wire::Session) -> Draft {
    let (organisation, user) = (&mut answers.organisation, &person.user);
    // A portal knows better for which of its organisations the request is.
    if organisation.siret.is_empty() {
        organisation.siret = person.organisation.siret.as_str().into();
        organisation.name = person.organisation.name.as_str().into();
        organisation.kind = person.organisation.kind.map_or_else(Choice::default, Choice::from);
    }
    organisation.applicant.given_name = user.given_name.as_str().into();
    organisation.applicant.family_name = user.family_name.as_str().into();
    organisation.applicant.job_title = user.job_title.as_str().into();
    organisation.applicant.email = user.email.as_str().into();
    organisation.applicant.phone = user.phone.as_str().into();
    answers
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::saving::SavedDraft;
    use crate::testing::{TestApp, app, person};

    /// Opens a request that the service has, and of which the device has a copy, while the service lets wait.
    fn opened(app: &TestApp, mark: Note) -> Opener {
        let (id, copies) = (Id::new(0, [1; 10]), app.copies().unwrap());
        let base = SavedDraft { draft: Draft::default(), revision: 1, saved_at: String::new() };
        copies.keep(&id, &DeviceCopy { base: Some(base), ..DeviceCopy::new(Draft::default(), 1) });
        copies.set_mark(&id, mark, true);
        app.api.script().request_waits.set(true);
        let opener = app.with(|| Opener::new(id, person("1")));
        app.with(|| opener.open());
        app.wait(2);
        assert!(matches!(opener.view.get_untracked(), RequestView::Draft(_)), "the copy is shown");
        opener
    }

    /// Returns whether the person is known as invited, and as somebody who took the request over.
    fn part(app: &TestApp) -> (bool, bool) {
        let current_draft = app.with(CurrentDraft::get);
        (current_draft.is_invited().get_untracked(), current_draft.is_taken_over().get_untracked())
    }

    #[test]
    fn how_a_person_has_their_part_is_known_before_the_service_answers() {
        for (mark, known) in [(Note::Invited, (true, false)), (Note::TakenOver, (false, true))] {
            let app = app(Place::Requests, false);
            opened(&app, mark);
            assert_eq!(part(&app), known);
            app.end();
        }
    }

    #[test]
    fn the_part_of_a_late_answer_replaces_that_which_the_device_recalls() {
        let app = app(Place::Requests, false);
        let opener = opened(&app, Note::Invited);
        app.api.script().request.replace(Some(StoredRequest::begun(opener.id())));
        app.api.script().request_waits.set(false);
        app.with(|| ());
        assert!(opener.late_answer.with_untracked(Option::is_some));
        assert_eq!(part(&app), (false, false));
        app.end();
    }
}
