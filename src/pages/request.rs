//! The page of one request: opened from the server and the device, then filled in or read.

pub(super) mod duplicate;
mod erased;
mod newer;
mod offer;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::not_found::NotFound;
use super::read_only::ReadOnly;
use super::stepper::Stepper;
use super::unreachable::Unreachable;
use crate::api::{ApiError, SHOW_COPY_AFTER};
use crate::browser::random;
use crate::clock;
use crate::components::{Placeholder, Waiting, later};
use crate::context::{CurrentDraft, Host, Identity, Session};
use crate::draft::{DeviceCopies, DraftToOpen, OpenDraft};
use crate::effect::{spawn, watch};
use crate::form::Form;
use crate::html::anew;
use crate::ids::new_id;
use crate::input;
use crate::lazy::deferred;
use crate::model::prefill::Given;
use crate::model::saving::{Basis, DeviceCopy, Event, Failure, Machine, Snapshot};
use crate::model::schema::Unreadable;
use crate::model::wire::{self, State, StoredRequest};
use crate::model::{Choice, Draft as Answers, Field, Id, Step};
use crate::navigation::{Navigation, Place};
use crate::steps::StepContext;
use crate::uploads::Uploads;

/// Answer of the server that came after the device's copy was shown, with the basis known when it was asked.
type LateAnswer = RwSignal<Option<(StoredRequest, Basis)>>;

/// State of the page.
#[derive(Clone)]
enum Phase {
    Pending,
    Draft(Box<Opened>),
    Submitted(Box<StoredRequest>),
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

/// A draft that is ready to be filled in.
#[derive(Clone)]
struct Opened {
    machine: Machine,
    /// Time since when the answers are where they are, in milliseconds since 1970, where it is known.
    since: Option<u64>,
    arrived: Vec<Id>,
    /// Fields whose answer a link proposed.
    proposed: Vec<Field>,
}

/// Begins a request under a new identifier. In a portal, offers to go on with a request that was begun there.
#[component]
pub fn NewRequest() -> impl IntoView {
    let (session, navigation, open) = (Session::get(), Navigation::get(), CurrentDraft::get());
    let id = new_id();
    let begun = session.copies().filter(|_| open.take_resume_offer()).and_then(|copies| copies.list().pop());
    if let Some((begun, copy)) = begun {
        return later(Placeholder::Page, move || offer(begun.clone(), copy.clone())).into_any();
    }
    if let Some(copies) = session.copies() {
        copies.mark_begun(&id);
    }
    navigation.replace(&Place::Request(id, Some(Step::Organisation)));
    Waiting().into_any()
}

deferred! {
    /// Draws the choice to go on with a request that was begun.
    fn offer(begun: Id, copy: DeviceCopy) -> AnyView {
        view! { <offer::Offer begun copy /> }.into_any()
    }

    /// Draws the page of a request that does not exist, or belongs to somebody else.
    fn missing() -> AnyView {
        NotFound().into_any()
    }

    /// Draws a submitted request.
    fn submitted(request: StoredRequest) -> AnyView {
        view! { <ReadOnly request /> }.into_any()
    }

    /// Draws the page of a draft that was erased in another tab.
    fn erased(is_saved: bool, open: Box<dyn Fn()>) -> AnyView {
        view! { <erased::Erased is_saved open /> }.into_any()
    }

    /// Draws a draft that a newer version of the page wrote.
    fn newer(text: String) -> AnyView {
        view! { <newer::Newer text /> }.into_any()
    }
}

/// Shows one request: to fill in, or to read once it is submitted.
#[component]
pub fn Request(id: Id) -> impl IntoView {
    let (host, current_draft, session) = (Host::get(), CurrentDraft::get(), Session::get());
    let Identity::Person(person) = session.identity().get_untracked() else { return Waiting().into_any() };
    let (phase, late): (_, LateAnswer) = (RwSignal::new(Phase::Pending), RwSignal::new(None));
    let id = StoredValue::new_local(id);
    let person = StoredValue::new(*person);
    let open = move || open(session, current_draft, &id.get_value(), &person.get_value(), phase, late);
    open();
    anew(
        move || phase.get(),
        move |phase_now| match phase_now {
            Phase::Pending => Waiting().into_any(),
            Phase::Missing => later(Placeholder::Page, missing).into_any(),
            Phase::Erased { is_saved } => later(Placeholder::Page, move || erased(is_saved, Box::new(open))).into_any(),
            Phase::Newer(text) => later(Placeholder::Page, move || newer(text.clone())).into_any(),
            Phase::Unreachable => view! { <Unreachable retry=open /> }.into_any(),
            Phase::Submitted(request) => {
                if current_draft.take_sent(&request.id) {
                    host.dispatch("submitted", request.id.as_str(), request.number.as_deref().unwrap_or_default());
                }
                later(Placeholder::Page, move || submitted((*request).clone())).into_any()
            }
            Phase::Draft(opened) => {
                let id = id.get_value();
                let form = Form::new(opened.machine.mine().clone(), opened.arrived.clone());
                let copies = DeviceCopies::new(session.device(), &person.with_value(|person| person.user.id.clone()));
                let (api, Opened { machine, since, arrived, proposed }) = (session.api(), *opened);
                let draft = OpenDraft::open(DraftToOpen { id, copies, api, form, machine, since });
                let uploads = Uploads::new(form, draft, session.api(), &arrived);
                form.propose(proposed);
                current_draft.take_prefill().iter().for_each(|given| form.prefill(given));
                current_draft.draft().set(Some(draft));
                on_cleanup(move || current_draft.draft().set(None));
                watch(move || {
                    if let Some(arrived) = draft.arrived().get() {
                        uploads.reconcile(&arrived);
                    }
                });
                watch(move || {
                    if let Some((request, asked)) = late.get() {
                        complete(draft, uploads, request, asked);
                    }
                });
                let reload = move || match draft.was_erased_elsewhere() {
                    true => phase.set(Phase::Erased { is_saved: draft.revision().is_some() }),
                    false => open(),
                };
                provide_context(form);
                provide_context(uploads);
                let context = StepContext { form, draft, uploads, refused: RwSignal::new(false) };
                provide_context(context);
                view! { <Stepper context reload /> }.into_any()
            }
        },
    )
    .into_any()
}

/// Reads a request from the device and from the server.
fn open(
    session: Session,
    current_draft: CurrentDraft,
    id: &Id,
    person: &wire::Session,
    phase: RwSignal<Phase>,
    late: LateAnswer,
) {
    late.set(None);
    let copies = DeviceCopies::new(session.device(), &person.user.id);
    let copy = match copies.read(id) {
        Some(Err(Unreadable::Newer)) => {
            return phase.set(Phase::Newer(copies.text(id).unwrap_or_default()));
        }
        // A copy that cannot be read stays on the device until another one is written.
        read => read.and_then(Result::ok),
    };
    // The server never acknowledged it: only this device knows it.
    let only_here = copy.as_ref().map_or_else(|| copies.was_begun(id), |copy| copy.base.is_none());
    if only_here {
        phase.set(match copy {
            Some(copy) => kept(copy, None, Vec::new()),
            None => begun(current_draft, person),
        });
        return;
    }
    let (asking, id) = (session.api().request(id), id.clone());
    let asked = copy.as_ref().map(DeviceCopy::basis).unwrap_or_default();
    // The device's copy is shown where the answer takes long.
    let shown = Rc::new(Cell::new(false));
    if let Some(copy) = copy.clone() {
        let patience = if session.is_known_from_device() { Duration::ZERO } else { SHOW_COPY_AFTER };
        let shown = Rc::clone(&shown);
        let show = move || {
            if matches!(phase.try_get_untracked(), Some(Phase::Pending)) {
                shown.set(true);
                phase.set(unverified(copy));
            }
        };
        set_timeout(show, patience);
    }
    spawn(async move {
        let answer = asking.await;
        if shown.get() {
            // The draft that is shown asks on its own: an answer is news to it, and a failure is tried again.
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
                        let since = if copy.needs_saving() { Some(copy.changed_at) } else { since };
                        draft_phase(Machine::open(random::number(), copy, &current(&request)), since, arrived)
                    }
                    None => draft_phase(Machine::from_server(random::number(), base.clone()), since, arrived),
                }
            }
            (Err(ApiError::Newer(text)), _) => Phase::Newer(text),
            (Err(error), copy) => match (error.failure(), copy) {
                (Failure::SignedOut, _) => {
                    session.set_identity(Identity::SignedOut);
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
                (_, Some(copy)) => unverified(copy),
                (_, None) => Phase::Unreachable,
            },
        };
        phase.set(found);
    });
}

fn draft_phase(machine: Machine, since: Option<u64>, arrived: Vec<Id>) -> Phase {
    Phase::Draft(Box::new(Opened { machine, since, arrived, proposed: Vec::new() }))
}

/// Begins a draft with what is known of the person, and what a portal or a link gave. It is kept from the first edit on.
fn begun(open: CurrentDraft, person: &wire::Session) -> Phase {
    let mut answers = Answers::default();
    open.take_prefill().iter().for_each(|given| given.answer(&mut answers));
    let mut answers = prefilled(answers, person);
    // A link proposes answers to what neither the portal nor the session answers.
    let proposals = open.take_proposed();
    let is_open = |given: &&Given| given.field().value(&answers).is_empty();
    let proposals: Vec<&Given> = proposals.iter().filter(is_open).collect();
    proposals.iter().for_each(|given| given.answer(&mut answers));
    input::compose(&mut answers);
    let proposed = proposals.iter().map(|given| given.field()).collect();
    let machine = Machine::new(random::number(), answers);
    Phase::Draft(Box::new(Opened { machine, since: None, arrived: Vec::new(), proposed }))
}

fn current(request: &StoredRequest) -> Snapshot {
    Snapshot::from(request.clone())
}

/// Opens the device's copy before the server answered. The files that it lists are taken to have arrived.
fn unverified(copy: DeviceCopy) -> Phase {
    let arrived = copy.mine.documents().map(|document| document.id.clone()).collect();
    kept(copy, None, arrived)
}

/// Tells a draft that is shown what the server answered late.
fn complete(draft: OpenDraft, uploads: Uploads, request: StoredRequest, asked: Basis) {
    if request.state == State::Submitted {
        return draft.dispatch(Event::Submitted);
    }
    uploads.reconcile(&request.arrived);
    draft.dispatch(Event::Found { current: Snapshot::from(request), asked });
}

/// Opens the device's copy, after an event on the server if there was one.
fn kept(copy: DeviceCopy, event: Option<Event>, arrived: Vec<Id>) -> Phase {
    let since = Some(copy.changed_at);
    let mut machine = Machine::from_device(random::number(), copy);
    if let Some(event) = event {
        // The effects are done already: the copy is on the device.
        let _ = machine.handle(event);
    }
    draft_phase(machine, since, arrived)
}

/// Returns whether a request was submitted without something that this device has.
fn lacks(request: &StoredRequest, copy: &DeviceCopy) -> bool {
    copy.mine != request.draft && copy.is_unsent()
}

/// Fills in what the session tells of the applicant (WCAG 2.2, criterion 3.3.7: no redundant entry).
fn prefilled(mut answers: Answers, person: &wire::Session) -> Answers {
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
