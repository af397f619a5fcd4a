//! One request: opened from the server and the device, then filled in or read.

mod erased;
mod newer;
mod offer;

pub(crate) use erased::erased;
pub(crate) use newer::newer;
pub(crate) use offer::offer;

use leptos::prelude::*;
use leptos::reactive::spawn_local;

use super::{not_found, stepper, trouble, waiting};
use crate::api::ApiError;
use crate::app::{App, Identity};
use crate::clock;
use crate::dom::{View, live};
use crate::draft::{Copies, Draft};
use crate::form::Form;
use crate::model::saving::{Base, DeviceCopy, Event, Machine};
use crate::model::schema::Unreadable;
use crate::model::wire::{Session, State, StoredRequest};
use crate::model::{Choice, Draft as Answers, Id, Step};
use crate::navigation::Place;
use crate::rest::Space;
use crate::state::{Held, Live};
use crate::steps::Filling;
use crate::uploads::Uploads;

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
    let phase = Live::new(Phase::Awaited);
    let id = Held::new(id.clone());
    let session = Held::new(*session);
    let open = move || open(app, &id.get_value(), &session.get_value(), phase);
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
            app.take_given().iter().for_each(|given| form.prefill(given));
            app.set_draft(Some(draft));
            on_cleanup(move || app.set_draft(None));
            let reload = move || match draft.was_erased_elsewhere() {
                true => phase.set(Phase::Erased(draft.revision().is_some())),
                false => open(),
            };
            stepper::stepper(Filling { form, draft, uploads, refused: Live::new(false) }, reload)
        }
    })
}

/// Finds out what there is of a request, here and on the server.
fn open(app: App, id: &Id, session: &Session, phase: Live<Phase>) {
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
            None => filling(Machine::new(clock::random(), prefilled(app, session)), None, Vec::new()),
        });
        return;
    }
    let (asking, id) = (app.api().request(id), id.clone());
    spawn_local(async move {
        let found = match (asking.await, copy) {
            (Ok(request), Some(copy)) if request.state == State::Submitted && lacks(&request, &copy) => {
                kept(copy, Some(Event::Submitted), Vec::new())
            }
            (Ok(request), _) if request.state == State::Submitted => Phase::Submitted(Box::new(request)),
            (Ok(request), copy) => {
                let base = Base { revision: request.revision, saved_at: request.updated_at, draft: request.draft };
                let since = clock::parse(&base.saved_at);
                match copy {
                    Some(copy) => {
                        let since = if copy.has_news() { Some(copy.changed_at) } else { since };
                        filling(Machine::open(clock::random(), copy, base), since, request.arrived)
                    }
                    None => filling(Machine::from_server(clock::random(), base), since, request.arrived),
                }
            }
            (Err(error), _) if error.status() == Some(401) => {
                app.identify(Identity::Nobody);
                return;
            }
            (Err(ApiError::Newer(text)), _) => Phase::Newer(text),
            (Err(error), Some(copy)) if is_gone(&error) && (copy.has_news() || !copy.conflicts.is_empty()) => {
                kept(copy, Some(Event::Deleted), Vec::new())
            }
            (Err(error), _) if is_gone(&error) => {
                copies.forget(&id);
                Phase::Missing
            }
            // Offline, the device's copy can be filled in further. Which files arrived is not known: those listed are
            // taken to have.
            (Err(_), Some(copy)) => {
                let arrived = copy.mine.documents().map(|document| document.id.clone()).collect();
                kept(copy, None, arrived)
            }
            (Err(_), None) => Phase::Unreachable,
        };
        phase.set(found);
    });
}

fn filling(machine: Machine, since: Option<u64>, arrived: Vec<Id>) -> Phase {
    Phase::Filling(Box::new(Opened { machine, since, arrived }))
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
    copy.mine != request.draft && (copy.has_news() || !copy.conflicts.is_empty())
}

fn is_gone(error: &ApiError) -> bool {
    matches!(error.status(), Some(404 | 410))
}

/// What is known of the applicant is never asked twice.
fn prefilled(app: App, session: &Session) -> Answers {
    let mut answers = Answers::default();
    app.take_given().iter().for_each(|given| given.answer(&mut answers));
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
