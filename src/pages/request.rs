//! The page of one request: opened from the server and the device, then filled in or read.

pub(super) mod duplicate;
mod erased;
mod newer;
mod offer;
mod open;

use std::sync::Arc;

use leptos::prelude::*;

use super::not_found::NotFound;
use super::read_only::ReadOnly;
use super::stepper::Stepper;
use super::unreachable::Unreachable;
use crate::components::{Placeholder, Waiting, deferred_view};
use crate::context::{CurrentDraft, Host, Identity, Session};
use crate::draft::{DraftToOpen, OpenDraft};
use crate::effect::watch;
use crate::form::Form;
use crate::html::anew;
use crate::ids::new_id;
use crate::lazy::deferred;
use crate::model::saving::DeviceCopy;
use crate::model::wire::StoredRequest;
use crate::model::{Id, Step};
use crate::navigation::{Navigation, Place};
use crate::steps::StepContext;
use crate::uploads::Uploads;
use open::{Opener, ReadyDraft, RequestView};

/// Begins a request under a new identifier. In a portal, offers to go on with a request that was begun there.
#[component]
pub fn NewRequest() -> impl IntoView {
    let (session, navigation, current_draft) = (Session::get(), Navigation::get(), CurrentDraft::get());
    let id = new_id();
    let begun = session.copies().filter(|_| current_draft.take_resume_offer()).and_then(|copies| copies.list().pop());
    if let Some((begun, copy)) = begun {
        return deferred_view(Placeholder::Page, move || offer(begun.clone(), copy.clone())).into_any();
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

    /// Draws a request that is read. The names of its fields are in this part, the page in one of its own.
    fn to_read(opener: Opener, request: Arc<StoredRequest>) -> AnyView {
        deferred_view(Placeholder::Page, move || sent(opener, Arc::clone(&request))).into_any()
    }

    /// Draws the page of a request that does not exist, or belongs to somebody else.
    fn missing() -> AnyView {
        NotFound().into_any()
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

deferred! {
    in sent;
    /// Draws a request that is read.
    fn sent(opener: Opener, request: Arc<StoredRequest>) -> AnyView {
        let (fill_in, reload) = (Box::new(move || opener.fill_in()), Box::new(move || opener.open()));
        view! { <ReadOnly request=Arc::unwrap_or_clone(request) fill_in reload /> }.into_any()
    }
}

/// Shows one request: to fill in, or to read where it cannot be edited.
#[component]
pub fn Request(id: Id) -> impl IntoView {
    let (host, current_draft) = (Host::get(), CurrentDraft::get());
    let Identity::Person(person) = Session::get().identity().get_untracked() else { return Waiting().into_any() };
    let opener = Opener::new(id, *person);
    let open = move || opener.open();
    open();
    anew(
        move || opener.view.get(),
        move |view| match view {
            RequestView::Pending => Waiting().into_any(),
            RequestView::Missing => deferred_view(Placeholder::Page, missing).into_any(),
            RequestView::Erased { is_saved } => {
                deferred_view(Placeholder::Page, move || erased(is_saved, Box::new(open))).into_any()
            }
            RequestView::Newer(text) => deferred_view(Placeholder::Page, move || newer(text.clone())).into_any(),
            RequestView::Unreachable => view! { <Unreachable retry=open /> }.into_any(),
            RequestView::ToRead(request) => {
                if current_draft.take_sent(&request.id) {
                    host.dispatch("submitted", request.id.as_str(), request.number.as_deref().unwrap_or_default());
                }
                deferred_view(Placeholder::Page, move || to_read(opener, Arc::clone(&request))).into_any()
            }
            RequestView::Draft(ready) => match ready.lock().ok().and_then(|mut ready| ready.take()) {
                Some(ready) => view! { <DraftToFillIn opener ready /> }.into_any(),
                None => Waiting().into_any(),
            },
        },
    )
    .into_any()
}

/// Shows a draft to fill in, and keeps what is typed.
#[component]
fn DraftToFillIn(opener: Opener, ready: ReadyDraft) -> impl IntoView {
    let (current_draft, session) = (CurrentDraft::get(), Session::get());
    let ReadyDraft { machine, since, arrived, proposed } = ready;
    let form = Form::new(machine.mine().clone());
    let (id, copies, api) = (opener.id(), opener.copies(), session.api());
    let draft = OpenDraft::open(DraftToOpen { id, copies, api, form, machine, since, arrived });
    let uploads = Uploads::new(form, draft, session.api());
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
        if let Some(answer) = opener.late_answer.get() {
            answer.dispatch_to(draft);
        }
    });
    let reload = move || match draft.was_erased_elsewhere() {
        true => opener.view.set(RequestView::Erased { is_saved: draft.revision().is_some() }),
        false => opener.open(),
    };
    provide_context(form);
    provide_context(uploads);
    let context = StepContext { form, draft, uploads, shows_error_summary: RwSignal::new(false) };
    provide_context(context);
    view! { <Stepper context reload /> }
}
