//! The requests of the person signed in: search, states, and what can be done with each.
use leptos::prelude::*;

mod everything;
mod import;

use leptos::reactive::spawn_local;
use web_sys::Event;

use super::start::begin;
use crate::api::{ApiError, Filter, PATIENCE};
use crate::app::{self, App, HEADING, Identity};
use crate::clock;
use crate::dom::{Element, View, button, element, link, live, paragraph, typed, unseen};
use crate::draft::{Draft, leftovers};
use crate::model::saving::{Basis, DeviceCopy, Event as Happening, Failure};
use crate::model::wire::{RequestList, RequestSummary, State};
use crate::model::{ClosedList, Id};
use crate::navigation::Place;
use crate::texts::count;

/// The list of one's requests. Copies share one state.
#[derive(Clone, Copy)]
struct List {
    app: App,
    /// What the search says, asked for or not.
    wanted: StoredValue<Filter, LocalStorage>,
    found: RwSignal<Found>,
    /// Drafts that were left unsent, and are being sent.
    left: StoredValue<Vec<Draft>, LocalStorage>,
}

/// What is known of the requests.
#[derive(Default)]
struct Found {
    phase: Phase,
    /// What was asked for last.
    asked: Filter,
    requests: Vec<RequestSummary>,
    /// Where the next page begins, if there is one.
    next: Option<String>,
    /// The draft that the person is asked whether to delete.
    doubtful: Option<Id>,
    /// Drafts of this device that the server once acknowledged and does not know any more.
    unknown: Vec<Id>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Awaited,
    /// The answer lets itself be awaited: what this device has is shown meanwhile.
    Late,
    Shown,
    Unreachable,
}

impl List {
    fn new() -> Self {
        Self {
            app: App::get(),
            wanted: StoredValue::new_local(Filter::default()),
            found: RwSignal::new(Found::default()),
            left: StoredValue::new_local(Vec::new()),
        }
    }

    /// Sends the drafts that were left unsent, and shows those that got through. The owner that it is called under ends it.
    fn send_left(self) {
        let Some(copies) = self.app.copies() else { return };
        let left = leftovers::send(&copies, &self.app.api(), None);
        for draft in &left {
            draft.once_saved(move || self.ask(self.wanted.get_value()));
        }
        self.left.update_value(|sent| sent.extend(left));
    }

    /// Asks for the first page of what is wanted.
    fn search(self) {
        self.found.update(|found| found.phase = Phase::Awaited);
        self.ask(self.wanted.get_value());
    }

    /// Asks for the page after those shown, once.
    fn more(self) {
        let (asked, next) = self.found.with_untracked(|found| (found.asked.clone(), found.next.clone()));
        if asked.cursor != next {
            self.ask(Filter { cursor: next, ..asked });
        }
    }

    fn ask(self, filter: Filter) {
        let asking = self.app.api().requests(&filter);
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
        spawn_local(async move {
            let answer = asking.await;
            // Another search may have begun since, and the list may be gone.
            if self.found.try_with_untracked(|found| found.asked == filter) != Some(true) {
                return;
            }
            match answer {
                Ok(page) => self.show(page, filter.cursor.is_some()),
                Err(error) if error.status() == Some(401) => self.app.identify(Identity::Nobody),
                Err(_) => self.found.update(|found| found.phase = Phase::Unreachable),
            }
        });
    }

    /// Shows a page, after those shown already or in their place.
    fn show(self, page: RequestList, more: bool) {
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
        self.app.announce(&count(shown, "demande affichée", "demandes affichées"));
    }

    /// Asks for the drafts of this device that the list should have and has not got: the server may have come back from a backup.
    fn ask_for_unlisted(self) {
        let unlisted = self.found.with_untracked(|found| {
            let is_everything = found.asked.words.trim().is_empty() && found.asked.state.is_none();
            let is_listed = |id: &Id| found.requests.iter().any(|request| request.id == *id);
            // The list goes from the newest to the oldest: what is newer than its last item would be among them.
            let oldest = found.requests.last().filter(|_| found.next.is_some()).map_or("", |last| &last.updated_at);
            let would_be_listed = |copy: &DeviceCopy| copy.base.as_ref().is_some_and(|base| *base.saved_at > *oldest);
            let copies = self.app.copies().filter(|_| is_everything).map_or(Vec::new(), |copies| copies.list());
            copies.into_iter().filter(|(id, copy)| would_be_listed(copy) && !is_listed(id)).collect::<Vec<_>>()
        });
        for (id, copy) in unlisted {
            let asking = self.app.api().request(&id);
            spawn_local(async move {
                match asking.await.map_err(|error| error.failure()) {
                    Err(Failure::Unknown) if self.found.try_with_untracked(|_| ()).is_some() => {
                        self.found.update(|found| found.unknown.push(id));
                    }
                    // It was deleted elsewhere.
                    Err(Failure::Gone) if !copy.is_unsent() => {
                        if let Some(copies) = self.app.copies() {
                            copies.forget(&id);
                        }
                    }
                    _ => {}
                }
            });
        }
    }

    /// Asks whether to delete a draft for good, or no longer does.
    fn doubt(self, id: &Id, doubtful: bool) {
        self.found.update(|found| found.doubtful = doubtful.then(|| id.clone()));
        // The last button never deletes anything by itself.
        self.focus(id, "button:last-child");
    }

    fn delete(self, id: Id, over: &Basis) {
        let deleting = self.app.api().delete(&id, over);
        spawn_local(async move {
            match deleting.await {
                Ok(()) => self.deleted(&id),
                Err(error) => {
                    // The question is answered, and what it was about may have changed.
                    self.found.update_untracked(|found| found.doubtful = None);
                    self.search();
                    self.app.focus(HEADING);
                    self.app.warn(match (&error, error.status()) {
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

    fn deleted(self, id: &Id) {
        if let Some(copies) = self.app.copies() {
            copies.forget_deleted(id);
        }
        self.found.update(|found| found.requests.retain(|other| other.id != *id));
        self.app.announce("Brouillon supprimé");
        self.app.focus(HEADING);
    }

    /// Erases what this device has of a draft.
    fn erase(self, id: &Id) {
        if let Some(copies) = self.app.copies() {
            copies.erase(id);
        }
        // Without channels, only other tabs have heard of it.
        let left = self.left.get_value();
        left.iter().filter(|draft| draft.id() == *id).for_each(|draft| draft.happened(Happening::LetGo));
        self.found.update(|_| {});
        self.app.announce("Brouillon effacé de cet appareil");
        self.app.focus(HEADING);
    }

    /// Puts the focus on a part of a request.
    fn focus(self, id: &Id, part: &str) {
        self.app.focus(&["#", &place(id), " ", part].concat());
    }
}

/// Identifies the item of a request in the page.
fn place(id: &Id) -> String {
    ["request-", id.as_str()].concat()
}

/// "My requests".
#[must_use]
pub(super) fn requests() -> View {
    let list = List::new();
    list.app.arrive("Mes demandes");
    list.search();
    list.send_left();
    let heading = element("div").class("heading").child(app::heading(1, "Mes demandes")).child(begin());
    let sheet = element("section")
        .class("sheet wide")
        .child(heading)
        .child(list.app.take_news().map(|words| paragraph(words).class("good")))
        .child(search(list))
        .child(live(move || on_device(list)))
        .child(live(move || list.found.with(|found| on_server(list, found))))
        .child(import::import(list))
        .child(list.app.api().is_local().then(|| everything::everything(list)));
    element("div").class("page").child(sheet).into()
}

fn search(list: List) -> Element {
    let submit = move |event: Event| {
        event.prevent_default();
        list.search();
    };
    element("form")
        .class("search")
        .attr("role", "search")
        .on("submit", submit)
        .child(labelled("search-words", "Rechercher par nom, organisation ou numéro", words_control(list)))
        .child(labelled("search-state", "État", state_control(list)))
        .child(element("button").class("button").text("Rechercher"))
}

fn labelled(id: &str, words: &str, control: Element) -> Element {
    let label = element("label").attr("for", id).text(words);
    element("div").class("field").child(label).child(control.attr("id", id).class("control"))
}

fn words_control(list: List) -> Element {
    element("input")
        .attr("type", "search")
        .attr("maxlength", "100")
        .attr("autocomplete", "off")
        .on("input", move |event| list.wanted.update_value(|wanted| wanted.words = typed(&event)))
}

fn state_control(list: List) -> Element {
    let choose = move |event: Event| {
        list.wanted.update_value(|wanted| wanted.state = State::parse(&typed(&event)));
        list.search();
    };
    let option = |value: &str, words: &str| element("option").attr("value", value).text(words);
    let states: Vec<Element> = State::ALL.iter().map(|state| option(state.as_str(), state_words(*state))).collect();
    element("select").on("change", choose).child(option("", "Tous")).child(states)
}

fn state_words(state: State) -> &'static str {
    match state {
        State::Draft => "Brouillon",
        State::Submitted => "Envoyée",
    }
}

/// Drafts with something that only this device has, where the list has not got them. All of its drafts while the server
/// is away.
fn on_device(list: List) -> Option<Element> {
    let is_away = list.found.with(|found| matches!(found.phase, Phase::Late | Phase::Unreachable));
    let is_listed = |id: &Id| list.found.with(|found| found.requests.iter().any(|request| request.id == *id));
    let is_unknown = |id: &Id| list.found.with(|found| found.unknown.contains(id));
    let drafts = list.app.copies().map_or(Vec::new(), |copies| copies.list());
    let items: Vec<Element> = drafts
        .iter()
        .filter(|(id, copy)| is_away || (copy.is_unsent() || is_unknown(id)) && !is_listed(id))
        .map(|(id, copy)| device_item(list, id, copy, copy.is_unsent() || is_unknown(id)))
        .collect();
    (!items.is_empty()).then(|| items_list(items))
}

fn device_item(list: List, id: &Id, copy: &DeviceCopy, is_the_only_one: bool) -> Element {
    let when = ["modifiée le ", &clock::day_and_time_of(copy.changed_at)].concat();
    let about = in_a_row(&[copy.mine.organisation.name.trimmed(), &when]);
    let name = named(copy.mine.project.name.trimmed());
    let is_doubtful = list.found.with(|found| found.doubtful.as_ref() == Some(id));
    let erased = id.clone();
    let erase = move || list.erase(&erased);
    let action = match (is_doubtful, is_the_only_one) {
        (true, _) => {
            let words = "Ces réponses ne sont enregistrées nulle part ailleurs. Les effacer pour de bon ?";
            question(list, id, &["Effacer ", name].concat(), words, button("quiet danger", "Oui, effacer", erase))
        }
        (false, true) => way(list, id, "Effacer de cet appareil", name),
        (false, false) => button("quiet", "Effacer de cet appareil", erase).child(unseen(&[" ", name].concat())),
    };
    item(id, name, &about)
        .attr("id", &place(id))
        .child(badge("Sur cet appareil"))
        .child(element("div").class("request-actions").child(action))
}

fn on_server(list: List, found: &Found) -> Vec<Element> {
    match found.phase {
        Phase::Awaited | Phase::Late => vec![paragraph("Un instant…").attr("role", "status")],
        Phase::Unreachable => {
            let words = "Le service ne répond pas. Les brouillons gardés sur cet appareil restent accessibles.";
            let again = button("button", "Réessayer", move || {
                list.app.focus(HEADING);
                list.search();
            });
            vec![paragraph(words).class("note"), element("p").child(again)]
        }
        Phase::Shown if found.requests.is_empty() && found.next.is_none() => vec![paragraph(nothing(&found.asked))],
        Phase::Shown => {
            let unsent = list.app.copies().map_or(Vec::new(), |copies| copies.unsent());
            let is_unsent = |request: &RequestSummary| unsent.iter().any(|(id, _)| *id == request.id);
            let item = |request| server_item(list, found, request, is_unsent(request));
            let items = found.requests.iter().map(item).collect();
            let more = || element("p").child(button("button", "Afficher plus", move || list.more()));
            std::iter::once(items_list(items)).chain(found.next.as_ref().map(|_| more())).collect()
        }
    }
}

fn nothing(asked: &Filter) -> &'static str {
    if asked.words.trim().is_empty() && asked.state.is_none() {
        "Aucune demande enregistrée pour le moment. Une demande apparaît ici dès votre première réponse."
    } else {
        "Aucune demande ne correspond à cette recherche. Essayez un seul mot, ou l’état « Tous »."
    }
}

fn server_item(list: List, found: &Found, request: &RequestSummary, is_unsent: bool) -> Element {
    let doubtful = found.doubtful.as_ref() == Some(&request.id);
    let actions = match request.state {
        State::Submitted => None,
        State::Draft if doubtful => Some(sure(list, request)),
        State::Draft => Some(way(list, &request.id, "Supprimer", named(request.name.trim()))),
    };
    item(&request.id, request.name.trim(), &about(request))
        .attr("id", &place(&request.id))
        .child(
            element("div")
                .class("badges")
                .child(badge(state_words(request.state)).attr("data-state", request.state.as_str()))
                .child(is_unsent.then(|| badge("Modifiée sur cet appareil").attr("data-state", "unsent"))),
        )
        .child(element("div").class("request-actions").child(actions))
}

/// Its number, its organisation, and when it last changed.
fn about(request: &RequestSummary) -> String {
    let what = match request.state {
        State::Draft => "modifiée le ",
        State::Submitted => "envoyée le ",
    };
    let when = [what, &clock::day_and_time(&request.updated_at)].concat();
    in_a_row(&[request.number.as_deref().unwrap_or_default(), request.organisation.trim(), &when])
}

/// What is known of a request, with a capital where it is the time alone.
fn in_a_row(parts: &[&str]) -> String {
    let known: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    let mut said = known.join(" · ");
    if let ([_], Some(first)) = (known.as_slice(), said.get_mut(..1)) {
        first.make_ascii_uppercase();
    }
    said
}

/// Leads to the question whether a draft is to go.
fn way(list: List, id: &Id, words: &str, name: &str) -> Element {
    let id = id.clone();
    button("quiet", words, move || list.doubt(&id, true)).child(unseen(&[" ", name].concat()))
}

/// The question whether to delete a draft.
fn sure(list: List, request: &RequestSummary) -> Element {
    let (over, id) = (Basis::of(request.revision, &request.updated_at), request.id.clone());
    let yes = button("quiet danger", "Oui, supprimer", move || list.delete(id.clone(), &over));
    let name = ["Supprimer ", named(request.name.trim())].concat();
    question(list, &request.id, &name, "Supprimer ce brouillon pour de bon ?", yes)
}

/// The question whether a draft is to go. Its last button is the one that changes nothing.
fn question(list: List, id: &Id, name: &str, words: &str, yes: Element) -> Element {
    let kept = id.clone();
    element("span")
        .class("sure")
        .attr("role", "group")
        .attr("aria-label", name)
        .child(element("span").text(words))
        .child(yes)
        .child(button("quiet", "Non, le garder", move || list.doubt(&kept, false)))
}

fn items_list(items: Vec<Element>) -> Element {
    element("ul").class("requests").attr("role", "list").child(items)
}

/// A request: its name, which leads to it, and what else tells it from others.
fn item(id: &Id, name: &str, about: &str) -> Element {
    let link = link(&Place::Request(id.clone(), None), "name", named(name));
    let link = if name.is_empty() { link } else { link.untranslated() };
    let words = element("div").child(link).child(paragraph(about).class("hint"));
    element("li").class("request").child(words)
}

/// What a request is called.
#[must_use]
pub fn named(name: &str) -> &str {
    if name.is_empty() { "Demande sans nom" } else { name }
}

fn badge(words: &str) -> Element {
    element("span").class("badge").text(words)
}
