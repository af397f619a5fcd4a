//! State of the list of requests: the search, its answer, and what is done with each request.

use leptos::prelude::*;

use crate::api::{ApiError, Filter, SHOW_COPY_AFTER};
use crate::browser::timers::set_timeout;
use crate::context::{Announcer, Focus, HEADING, Identity, Session};
use crate::draft::{OpenDraft, unsent};
use crate::effect::spawn;
use crate::model::Id;
use crate::model::saving::{BaseRevision, DeviceCopy, Event, Failure};
use crate::model::wire::{RequestList, RequestSummary};
use crate::texts::count;

/// The list of the person's requests. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub(super) announcer: Announcer,
    pub(super) focus: Focus,
    pub(super) session: Session,
    /// Search as it stands in the controls.
    pub(super) filter: StoredValue<Filter, LocalStorage>,
    pub(super) found: RwSignal<Found>,
    /// Unsent drafts of this device, while they are being sent.
    pub(super) drafts_being_sent: StoredValue<Vec<OpenDraft>, LocalStorage>,
}

/// Answer to the last search.
#[derive(Default)]
pub(super) struct Found {
    pub(super) state: ListState,
    /// Search that was sent last.
    pub(super) asked: Filter,
    pub(super) requests: Vec<RequestSummary>,
    /// Cursor of the next page, if there is one.
    pub(super) next: Option<String>,
    /// Draft that the person is asked about before it is deleted or erased.
    pub(super) asked_about: Option<Id>,
    /// Drafts of this device that the server acknowledged once and does not know any more.
    pub(super) forgotten: Vec<Id>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ListState {
    #[default]
    Pending,
    /// The answer takes long: the drafts of this device are shown meanwhile.
    Late,
    Ready,
    Unreachable,
}

impl List {
    pub(super) fn new() -> Self {
        Self {
            announcer: Announcer::get(),
            focus: Focus::get(),
            session: Session::get(),
            filter: StoredValue::new_local(Filter::default()),
            found: RwSignal::new(Found::default()),
            drafts_being_sent: StoredValue::new_local(Vec::new()),
        }
    }

    /// Sends the unsent drafts of this device, and searches again once one is saved. Ends with the current owner.
    pub(super) fn send_unsent(self) {
        let Some(copies) = self.session.copies() else { return };
        let unsent = unsent::send(&copies, &self.session.api(), None);
        for draft in &unsent {
            draft.once_saved(move || self.fetch(self.filter.get_value()));
        }
        self.drafts_being_sent.update_value(|sending| sending.extend(unsent));
    }

    /// Asks for the first page of the search.
    pub(super) fn search(self) {
        self.found.update(|found| found.state = ListState::Pending);
        self.fetch(self.filter.get_value());
    }

    /// Asks for the next page, once.
    pub(super) fn more(self) {
        let (asked, next) = self.found.with_untracked(|found| (found.asked.clone(), found.next.clone()));
        if asked.cursor != next {
            self.fetch(Filter { cursor: next, ..asked });
        }
    }

    /// Fetches a page of requests, and shows it.
    pub(super) fn fetch(self, filter: Filter) {
        let asking = self.session.service().requests(&filter);
        // The list that is shown stays until the response comes.
        self.found.update_untracked(|found| found.asked = filter.clone());
        let asked = filter.clone();
        let is_late = move |found: &Found| found.asked == asked && found.state == ListState::Pending;
        let show_late = move || {
            if self.found.try_with_untracked(&is_late) == Some(true) {
                self.found.update(|found| found.state = ListState::Late);
            }
        };
        set_timeout(show_late, SHOW_COPY_AFTER);
        spawn(async move {
            let answer = asking.await;
            // Another search may have begun since, and the list may be gone.
            if self.found.try_with_untracked(|found| found.asked == filter) != Some(true) {
                return;
            }
            match answer {
                Ok(page) => self.show(page, filter.cursor.is_some()),
                Err(error) if error.status() == Some(401) => self.session.set_identity(Identity::SignedOut),
                Err(_) => self.found.update(|found| found.state = ListState::Unreachable),
            }
        });
    }

    /// Shows a page, after those shown already or in their place.
    pub(super) fn show(self, page: RequestList, more: bool) {
        if let Some(first) = page.requests.first().filter(|_| more) {
            self.focus(&first.id, "a");
        }
        self.found.update(|found| {
            if !more {
                found.requests.clear();
                found.forgotten.clear();
            }
            found.requests.extend(page.requests);
            found.next = page.next;
            found.state = ListState::Ready;
        });
        self.check_unlisted();
        let shown = self.found.with_untracked(|found| found.requests.len());
        self.announcer.announce(&count(shown, "demande affichée", "demandes affichées"));
    }

    /// Asks for the drafts of this device that the list should have and lacks: the server may have come back from a backup.
    pub(super) fn check_unlisted(self) {
        let unlisted = self.found.with_untracked(|found| {
            let is_everything = found.asked.words.trim().is_empty() && found.asked.state.is_none();
            let is_listed = |id: &Id| found.requests.iter().any(|request| request.id == *id);
            // The list goes from the newest to the oldest: a draft newer than its last item belongs in it.
            let oldest = found.requests.last().filter(|_| found.next.is_some()).map_or("", |last| &last.updated_at);
            let would_be_listed = |copy: &DeviceCopy| copy.base.as_ref().is_some_and(|base| *base.saved_at > *oldest);
            let copies = self.session.copies().filter(|_| is_everything).map_or(Vec::new(), |copies| copies.list());
            copies.into_iter().filter(|(id, copy)| would_be_listed(copy) && !is_listed(id)).collect::<Vec<_>>()
        });
        for (id, copy) in unlisted {
            let asking = self.session.api().request(&id);
            spawn(async move {
                match asking.await.map_err(|error| error.failure()) {
                    Err(Failure::NotOnServer) if self.found.try_with_untracked(|_| ()).is_some() => {
                        self.found.update(|found| found.forgotten.push(id));
                    }
                    // The draft was deleted elsewhere.
                    Err(Failure::Gone) if !copy.is_unsent() => {
                        if let Some(copies) = self.session.copies() {
                            copies.erase(&id);
                        }
                    }
                    _ => {}
                }
            });
        }
    }

    /// Asks the person whether a draft is to be deleted or erased.
    pub(super) fn ask_about(self, id: &Id) {
        self.found.update(|found| found.asked_about = Some(id.clone()));
        // The last button never deletes anything by itself.
        self.focus(id, "button:last-child");
    }

    /// Takes the question away.
    pub(super) fn cancel(self, id: &Id) {
        self.found.update(|found| found.asked_about = None);
        self.focus(id, "button:last-child");
    }

    /// Deletes a draft on the server, unless it changed since that revision.
    pub(super) fn delete(self, id: Id, base: &BaseRevision) {
        let deleting = self.session.service().delete(&id, base);
        spawn(async move {
            match deleting.await {
                Ok(()) => self.deleted(&id),
                Err(error) => {
                    // The draft may have changed: the question is taken away with the answer.
                    self.found.update_untracked(|found| found.asked_about = None);
                    self.search();
                    self.focus.on(HEADING);
                    self.announcer.warn(not_deleted(&error));
                }
            }
        });
    }

    /// Takes a draft that the server deleted out of the list, and erases its copy.
    fn deleted(self, id: &Id) {
        if let Some(copies) = self.session.copies() {
            copies.erase_deleted(id);
        }
        self.found.update(|found| found.requests.retain(|other| other.id != *id));
        self.announcer.announce("Brouillon supprimé");
        self.focus.on(HEADING);
    }

    /// Erases the device's copy of a draft.
    pub(super) fn erase(self, id: &Id) {
        if let Some(copies) = self.session.copies() {
            copies.erase_in_all_tabs(id);
        }
        // Without channels, the message reaches other tabs alone.
        let sending = self.drafts_being_sent.get_value();
        sending.iter().filter(|draft| draft.id() == *id).for_each(|draft| draft.dispatch(Event::Erased));
        self.found.update(|_| {});
        self.announcer.announce("Brouillon effacé de cet appareil");
        self.focus.on(HEADING);
    }

    /// Puts the focus on a part of an item.
    pub(super) fn focus(self, id: &Id, part: &str) {
        self.focus.on(&["#", &item_id(id), " ", part].concat());
    }
}

/// Returns why a draft was not deleted, and what to do.
fn not_deleted(error: &ApiError) -> &'static str {
    match (error, error.status()) {
        (ApiError::Newer(_), _) => {
            "Le brouillon n’a pas été supprimé : cette page n’est plus à jour. Rechargez-la, puis réessayez."
        }
        (_, Some(409 | 412)) => {
            "Le brouillon n’a pas été supprimé : il vient d’être modifié ailleurs. Vérifiez-le d’abord."
        }
        (_, Some(_)) | (ApiError::RetryLater { .. }, _) => "Le brouillon n’a pas été supprimé. Réessayez.",
        (ApiError::Intercepted(_), _) => {
            "Le brouillon n’a pas été supprimé : le réseau ou un logiciel de sécurité bloque l’accès au service. Réessayez plus tard."
        }
        (_, None) => "Le brouillon n’a pas été supprimé : vérifiez votre accès à internet, puis réessayez.",
    }
}

/// Returns the `id` of the item of a request in the page.
pub(super) fn item_id(id: &Id) -> String {
    ["request-", id.as_str()].concat()
}
