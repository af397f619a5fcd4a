//! One request: opened from the server and the device, then filled in or read.

mod erased;
mod newer;
mod offer;

pub(crate) use erased::erased;
pub(crate) use newer::newer;
pub(crate) use offer::offer;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::reactive::spawn_local;

use super::{not_found, stepper, trouble, waiting};
use crate::api::{ApiError, PATIENCE};
use crate::app::{App, Identity};
use crate::arriving;
use crate::clock;
use crate::dom::{View, live};
use crate::draft::{Copies, Draft};
use crate::form::Form;
use crate::model::prefill::Given;
use crate::model::saving::{Basis, DeviceCopy, Event, Failure, Machine, Snapshot};
use crate::model::schema::Unreadable;
use crate::model::wire::{Session, State, StoredRequest};
use crate::model::{Choice, Draft as Answers, Field, Id, Step};
use crate::navigation::Place;
use crate::rest::Space;
use crate::steps::Filling;
use crate::uploads::Uploads;

/// What the server holds, where its answer came after the device's copy was shown, and the revision known when it was asked.
type Late = RwSignal<Option<(StoredRequest, Basis)>>;

/// What is known of the request.
#[derive(Clone)]
enum Phase {
    Awaited,
    Filling(Box<Opened>),
    Submitted(Box<StoredRequest>),
    Missing,
    /// What this device had of it was erased in another tab. Whether the service has some of it.
    Erased(bool),
    /// A newer version of the page left it on this device, or on the server.
    Newer(String),
    Unreachable,
}

/// A draft that is ready to be filled in.
#[derive(Clone)]
struct Opened {
    machine: Machine,
    /// Since when its answers are where they are, where that is known.
    since: Option<u64>,
    arrived: Vec<Id>,
    /// The fields whose answer a link proposed.
    proposed: Vec<Field>,
}

/// Begins a request under a new identifier. A portal that asks for one gets the choice to go on with one that was begun there.
pub fn new_request() -> View {
    let id = clock::new_id();
    let app = App::get();
    let begun = app.copies().filter(|_| app.is_offering()).and_then(|copies| copies.list().pop());
    if let Some((begun, copy)) = begun {
        return app.later(Space::Page, move |rest| (rest.offer)(&begun, &copy));
    }
    if let Some(copies) = app.copies() {
        copies.mark_begun(&id);
    }
    app.navigation.replace(&Place::Request(id, Some(Step::Organisation)));
    waiting()
}

/// Begins a request with the answers of another one, without its commitments and files.
pub(super) fn duplicate(app: App, answers: &Answers) {
    let id = clock::new_id();
    let copy = DeviceCopy::begun(answers.duplicate(), clock::now());
    if let Some(copies) = app.copies() {
        copies.keep(&id, &copy);
    }
    app.navigation.go(&Place::Request(id, Some(Step::Organisation)));
}

/// One request.
pub fn request(id: &Id) -> View {
    let app = App::get();
    let Identity::Person(session) = app.identity().get_untracked() else { return waiting() };
    let (phase, late): (_, Late) = (RwSignal::new(Phase::Awaited), RwSignal::new(None));
    let id = StoredValue::new_local(id.clone());
    let session = StoredValue::new_local(*session);
    let open = move || open(app, &id.get_value(), &session.get_value(), phase, late);
    open();
    live(move || match phase.get() {
        Phase::Awaited => waiting(),
        Phase::Missing => not_found(),
        Phase::Erased(is_saved) => app.later(Space::Page, move |rest| (rest.erased)(is_saved, Box::new(open))),
        Phase::Newer(text) => app.later(Space::Page, move |rest| (rest.newer)(&text)),
        Phase::Unreachable => trouble(open),
        Phase::Submitted(request) => {
            app.received(&request.id, request.number.as_deref().unwrap_or_default());
            app.later(Space::Page, move |rest| (rest.submitted)(&request))
        }
        Phase::Filling(opened) => {
            let id = id.get_value();
            let form = Form::new(opened.machine.mine().clone(), opened.arrived.clone());
            let copies = Copies::new(app.device(), &session.with_value(|session| session.user.id.clone()));
            let draft = Draft::keep(&id, copies, form, opened.machine, opened.since, app.api());
            let uploads = Uploads::new(form, draft, app.api(), &opened.arrived);
            form.propose(opened.proposed);
            app.take_given().iter().for_each(|given| form.prefill(given));
            app.set_draft(Some(draft));
            on_cleanup(move || app.set_draft(None));
            Effect::new(move |_| {
                if let Some(arrived) = draft.arrived().get() {
                    uploads.confirm(&arrived);
                }
            });
            Effect::new(move |_| {
                if let Some((request, asked)) = late.get() {
                    complete(draft, uploads, request, asked);
                }
            });
            let reload = move || match draft.was_erased_elsewhere() {
                true => phase.set(Phase::Erased(draft.revision().is_some())),
                false => open(),
            };
            stepper::stepper(Filling { form, draft, uploads, refused: RwSignal::new(false) }, reload)
        }
    })
}

/// Finds out what there is of a request, here and on the server.
fn open(app: App, id: &Id, session: &Session, phase: RwSignal<Phase>, late: Late) {
    late.set(None);
    let copies = Copies::new(app.device(), &session.user.id);
    let copy = match copies.read(id) {
        Some(Err(Unreadable::Newer)) => return phase.set(Phase::Newer(copies.text(id).unwrap_or_default())),
        // What cannot be read cannot be filled in; it stays where it is until something else is written.
        read => read.and_then(Result::ok),
    };
    // What the server never acknowledged, only this device knows.
    let only_here = copy.as_ref().map_or_else(|| copies.was_begun(id), |copy| copy.base.is_none());
    if only_here {
        phase.set(match copy {
            Some(copy) => kept(copy, None, Vec::new()),
            None => begun(app, session),
        });
        return;
    }
    let (asking, id) = (app.api().request(id), id.clone());
    let asked = copy.as_ref().map(DeviceCopy::basis).unwrap_or_default();
    // Whether the device's copy is shown already.
    let shown = Rc::new(Cell::new(false));
    if let Some(copy) = copy.clone() {
        let patience = if app.is_known_from_device() { Duration::ZERO } else { PATIENCE };
        let shown = Rc::clone(&shown);
        let show = move || {
            if matches!(phase.try_get_untracked(), Some(Phase::Awaited)) {
                shown.set(true);
                phase.set(unconfirmed(copy));
            }
        };
        set_timeout(show, patience);
    }
    spawn_local(async move {
        let answer = asking.await;
        if shown.get() {
            // The copy asks for itself: what came is news, what failed is tried again.
            if let (Ok(request), false) = (answer, late.is_disposed()) {
                late.set(Some((request, asked)));
            }
            return;
        }
        let found = match (answer, copy) {
            (Ok(request), Some(copy)) if request.state == State::Submitted && lacks(&request, &copy) => {
                kept(copy, Some(Event::Submitted), Vec::new())
            }
            (Ok(request), _) if request.state == State::Submitted => Phase::Submitted(Box::new(request)),
            (Ok(request), copy) => {
                let arrived = request.arrived.clone();
                let Snapshot { base, .. } = &current(&request);
                let since = clock::parse(&base.saved_at);
                match copy {
                    Some(copy) => {
                        let since = if copy.has_news() { Some(copy.changed_at) } else { since };
                        filling(Machine::open(clock::random(), copy, &current(&request)), since, arrived)
                    }
                    None => filling(Machine::from_server(clock::random(), base.clone()), since, arrived),
                }
            }
            (Err(ApiError::Newer(text)), _) => Phase::Newer(text),
            (Err(error), copy) => match (error.failure(), copy) {
                (Failure::SignedOut, _) => {
                    app.identify(Identity::Nobody);
                    return;
                }
                // A server that does not know the request may have come back from a backup: the copy may be the last one.
                (Failure::Unknown, Some(copy)) => kept(copy, Some(Event::Unknown), Vec::new()),
                (Failure::Unknown, None) => Phase::Missing,
                (Failure::Gone, Some(copy)) if copy.is_unsent() => kept(copy, Some(Event::Deleted), Vec::new()),
                (Failure::Gone, _) => {
                    copies.forget(&id);
                    Phase::Missing
                }
                (_, Some(copy)) => unconfirmed(copy),
                (_, None) => Phase::Unreachable,
            },
        };
        phase.set(found);
    });
}

fn filling(machine: Machine, since: Option<u64>, arrived: Vec<Id>) -> Phase {
    Phase::Filling(Box::new(Opened { machine, since, arrived, proposed: Vec::new() }))
}

/// A request of which nothing is kept yet: what is known, given or proposed is kept once the person acts.
fn begun(app: App, session: &Session) -> Phase {
    let mut answers = Answers::default();
    app.take_given().iter().for_each(|given| given.answer(&mut answers));
    let mut answers = prefilled(answers, session);
    // What a portal gave and what is known of the person come before what a link says.
    let proposals = app.take_proposed();
    let is_open = |given: &&Given| given.field().value(&answers).is_empty();
    let proposals: Vec<&Given> = proposals.iter().filter(is_open).collect();
    proposals.iter().for_each(|given| given.answer(&mut answers));
    arriving::compose(&mut answers);
    let proposed = proposals.iter().map(|given| given.field()).collect();
    let machine = Machine::new(clock::random(), answers);
    Phase::Filling(Box::new(Opened { machine, since: None, arrived: Vec::new(), proposed }))
}

fn current(request: &StoredRequest) -> Snapshot {
    Snapshot::from(request.clone())
}

/// The device's copy, which can be filled in further while the server is away. Which files arrived is not known: those
/// listed are taken to have.
fn unconfirmed(copy: DeviceCopy) -> Phase {
    let arrived = copy.mine.documents().map(|document| document.id.clone()).collect();
    kept(copy, None, arrived)
}

/// Takes in what the server was heard to hold after the device's copy was shown.
fn complete(draft: Draft, uploads: Uploads, request: StoredRequest, asked: Basis) {
    if request.state == State::Submitted {
        return draft.happened(Event::Submitted);
    }
    uploads.confirm(&request.arrived);
    draft.happened(Event::Found { current: Snapshot::from(request), asked });
}

/// What only the device has, after what became of it on the server.
fn kept(copy: DeviceCopy, became: Option<Event>, arrived: Vec<Id>) -> Phase {
    let since = Some(copy.changed_at);
    let mut machine = Machine::from_device(clock::random(), copy);
    if let Some(became) = became {
        // What it orders is done: the copy is on the device.
        let _ = machine.handle(became);
    }
    filling(machine, since, arrived)
}

/// Whether a request was submitted without something that this device has.
fn lacks(request: &StoredRequest, copy: &DeviceCopy) -> bool {
    copy.mine != request.draft && copy.is_unsent()
}

/// What is known of the applicant is never asked twice.
fn prefilled(mut answers: Answers, session: &Session) -> Answers {
    let (organisation, user) = (&mut answers.organisation, &session.user);
    // A portal knows better for which of its organisations the request is.
    if organisation.siret.is_empty() {
        organisation.siret = session.organisation.siret.as_str().into();
        organisation.name = session.organisation.name.as_str().into();
        organisation.kind = session.organisation.kind.map_or_else(Choice::default, Choice::from);
    }
    organisation.applicant.given_name = user.given_name.as_str().into();
    organisation.applicant.family_name = user.family_name.as_str().into();
    organisation.applicant.job_title = user.job_title.as_str().into();
    organisation.applicant.email = user.email.as_str().into();
    organisation.applicant.phone = user.phone.as_str().into();
    answers
}
