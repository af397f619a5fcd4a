//! What is known of the requests of the person signed in, and how it is found out.

use crate::api::{ApiError, Filter, PATIENCE};
use crate::context::{Announcer, Focus, HEADING, Identity, Session};
use crate::draft::{OpenDraft, unsent};
use crate::effect::spawn;
use crate::model::Id;
use crate::model::saving::{Basis, DeviceCopy, Event as Happening, Failure};
use crate::model::wire::{RequestList, RequestSummary};
use crate::texts::count;
use leptos::prelude::*;

/// The list of one's requests. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub(super) announcer: Announcer,
    pub(super) focus: Focus,
    pub(super) session: Session,
    /// What the search says, asked for or not.
    pub(super) wanted: StoredValue<Filter, LocalStorage>,
    pub(super) found: RwSignal<Found>,
    /// Drafts that were left unsent, and are being sent.
    pub(super) left: StoredValue<Vec<OpenDraft>, LocalStorage>,
}

/// What is known of the requests.
#[derive(Default)]
pub(super) struct Found {
    pub(super) phase: Phase,
    /// What was asked for last.
    pub(super) asked: Filter,
    pub(super) requests: Vec<RequestSummary>,
    /// Where the next page begins, if there is one.
    pub(super) next: Option<String>,
    /// The draft that the person is asked whether to delete.
    pub(super) doubtful: Option<Id>,
    /// Drafts of this device that the server once acknowledged and does not know any more.
    pub(super) unknown: Vec<Id>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Awaited,
    /// The answer lets itself be awaited: what this device has is shown meanwhile.
    Late,
    Shown,
    Unreachable,
}

impl List {
    pub(super) fn new() -> Self {
        Self {
            announcer: Announcer::get(),
            focus: Focus::get(),
            session: Session::get(),
            wanted: StoredValue::new_local(Filter::default()),
            found: RwSignal::new(Found::default()),
            left: StoredValue::new_local(Vec::new()),
        }
    }

    /// Sends the drafts that were left unsent, and shows those that got through. The owner that it is called under ends it.
    pub(super) fn send_left(self) {
        let Some(copies) = self.session.copies() else { return };
        let left = unsent::send(&copies, &self.session.api(), None);
        for draft in &left {
            draft.once_saved(move || self.ask(self.wanted.get_value()));
        }
        self.left.update_value(|sent| sent.extend(left));
    }

    /// Asks for the first page of what is wanted.
    pub(super) fn search(self) {
        self.found.update(|found| found.phase = Phase::Awaited);
        self.ask(self.wanted.get_value());
    }

    /// Asks for the page after those shown, once.
    pub(super) fn more(self) {
        let (asked, next) = self.found.with_untracked(|found| (found.asked.clone(), found.next.clone()));
        if asked.cursor != next {
            self.ask(Filter { cursor: next, ..asked });
        }
    }

    pub(super) fn ask(self, filter: Filter) {
        let asking = self.session.service().requests(&filter);
        // What is shown stays until there is an answer.
        self.found.update_untracked(|found| found.asked = filter.clone());
        let asked = filter.clone();
        let is_late = move |found: &Found| found.asked == asked && found.phase == Phase::Awaited;
        let show_what_is_here = move || {
            if self.found.try_with_untracked(&is_late) == Some(true) {
                self.found.update(|found| found.phase = Phase::Late);
            }
        };
        set_timeout(show_what_is_here, PATIENCE);
        spawn(async move {
            let answer = asking.await;
            // Another search may have begun since, and the list may be gone.
            if self.found.try_with_untracked(|found| found.asked == filter) != Some(true) {
                return;
            }
            match answer {
                Ok(page) => self.show(page, filter.cursor.is_some()),
                Err(error) if error.status() == Some(401) => self.session.identify(Identity::SignedOut),
                Err(_) => self.found.update(|found| found.phase = Phase::Unreachable),
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
                found.unknown.clear();
            }
            found.requests.extend(page.requests);
            found.next = page.next;
            found.phase = Phase::Shown;
        });
        self.ask_for_unlisted();
        let shown = self.found.with_untracked(|found| found.requests.len());
        self.announcer.announce(&count(shown, "demande affichée", "demandes affichées"));
    }

    /// Asks for the drafts of this device that the list should have and has not got: the server may have come back from a backup.
    pub(super) fn ask_for_unlisted(self) {
        let unlisted = self.found.with_untracked(|found| {
            let is_everything = found.asked.words.trim().is_empty() && found.asked.state.is_none();
            let is_listed = |id: &Id| found.requests.iter().any(|request| request.id == *id);
            // The list goes from the newest to the oldest: what is newer than its last item would be among them.
            let oldest = found.requests.last().filter(|_| found.next.is_some()).map_or("", |last| &last.updated_at);
            let would_be_listed = |copy: &DeviceCopy| copy.base.as_ref().is_some_and(|base| *base.saved_at > *oldest);
            let copies = self.session.copies().filter(|_| is_everything).map_or(Vec::new(), |copies| copies.list());
            copies.into_iter().filter(|(id, copy)| would_be_listed(copy) && !is_listed(id)).collect::<Vec<_>>()
        });
        for (id, copy) in unlisted {
            let asking = self.session.api().request(&id);
            spawn(async move {
                match asking.await.map_err(|error| error.failure()) {
                    Err(Failure::Unknown) if self.found.try_with_untracked(|_| ()).is_some() => {
                        self.found.update(|found| found.unknown.push(id));
                    }
                    // It was deleted elsewhere.
                    Err(Failure::Gone) if !copy.is_unsent() => {
                        if let Some(copies) = self.session.copies() {
                            copies.forget(&id);
                        }
                    }
                    _ => {}
                }
            });
        }
    }

    /// Asks whether to delete a draft for good, or no longer does.
    pub(super) fn doubt(self, id: &Id, doubtful: bool) {
        self.found.update(|found| found.doubtful = doubtful.then(|| id.clone()));
        // The last button never deletes anything by itself.
        self.focus(id, "button:last-child");
    }

    pub(super) fn delete(self, id: Id, over: &Basis) {
        let deleting = self.session.service().delete(&id, over);
        spawn(async move {
            match deleting.await {
                Ok(()) => self.deleted(&id),
                Err(error) => {
                    // The question is answered, and what it was about may have changed.
                    self.found.update_untracked(|found| found.doubtful = None);
                    self.search();
                    self.focus.on(HEADING);
                    self.announcer.warn(match (&error, error.status()) {
                        (ApiError::Newer(_), _) => "Le brouillon n’a pas été supprimé : cette page n’est plus à jour. Rechargez-la, puis réessayez.",
                        (_, Some(409 | 412)) => "Le brouillon n’a pas été supprimé : il vient d’être modifié ailleurs. Vérifiez-le d’abord.",
                        (_, Some(_)) | (ApiError::ComeAgain { .. }, _) => "Le brouillon n’a pas été supprimé. Réessayez.",
                        (ApiError::Stranger(_), _) => "Le brouillon n’a pas été supprimé : le réseau ou un logiciel de sécurité bloque l’accès au service. Réessayez plus tard.",
                        (_, None) => "Le brouillon n’a pas été supprimé : vérifiez votre accès à internet, puis réessayez.",
                    });
                }
            }
        });
    }

    pub(super) fn deleted(self, id: &Id) {
        if let Some(copies) = self.session.copies() {
            copies.forget_deleted(id);
        }
        self.found.update(|found| found.requests.retain(|other| other.id != *id));
        self.announcer.announce("Brouillon supprimé");
        self.focus.on(HEADING);
    }

    /// Erases what this device has of a draft.
    pub(super) fn erase(self, id: &Id) {
        if let Some(copies) = self.session.copies() {
            copies.erase(id);
        }
        // Without channels, only other tabs have heard of it.
        let left = self.left.get_value();
        left.iter().filter(|draft| draft.id() == *id).for_each(|draft| draft.dispatch(Happening::Discarded));
        self.found.update(|_| {});
        self.announcer.announce("Brouillon effacé de cet appareil");
        self.focus.on(HEADING);
    }

    /// Puts the focus on a part of a request.
    pub(super) fn focus(self, id: &Id, part: &str) {
        self.focus.on(&["#", &place(id), " ", part].concat());
    }
}

/// Identifies the item of a request in the page.
pub(super) fn place(id: &Id) -> String {
    ["request-", id.as_str()].concat()
}
