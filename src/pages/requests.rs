//! The requests of the person signed in: search, states, and what can be done with each.

use leptos::prelude::*;
use leptos::reactive::spawn_local;

use crate::api::Filter;
use crate::app::{App, Identity};
use crate::clock;
use crate::device;
use crate::model::saving::DeviceCopy;
use crate::model::wire::{RequestSummary, State};
use crate::model::{ClosedList, Id};
use crate::navigation::{Place, href};
use crate::texts::count;

/// The list of one's requests. Copies share one state.
#[derive(Clone, Copy)]
struct List {
    app: App,
    requests: RwSignal<Vec<RequestSummary>>,
    next: RwSignal<Option<String>>,
    words: RwSignal<String>,
    state: RwSignal<Option<State>>,
    /// What the list shown was asked with.
    asked: RwSignal<Filter>,
    phase: RwSignal<Phase>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Awaited,
    Shown,
    Unreachable,
}

impl List {
    /// Asks for the first page, or for the next one.
    fn ask(self, more: bool) {
        let filter = Filter {
            words: self.words.get_untracked(),
            state: self.state.get_untracked(),
            cursor: more.then(|| self.next.get_untracked()).flatten(),
        };
        if !more {
            self.phase.set(Phase::Awaited);
        }
        let asking = self.app.api().requests(&filter);
        spawn_local(async move {
            match asking.await {
                Ok(page) => {
                    self.requests.try_update(|requests| {
                        if !more {
                            requests.clear();
                        }
                        requests.extend(page.requests);
                    });
                    self.next.try_set(page.next);
                    self.asked.try_set(filter);
                    self.phase.try_set(Phase::Shown);
                    let found = self.requests.try_with_untracked(Vec::len).unwrap_or_default();
                    self.app.announce(&count(found, "demande affichée", "demandes affichées"));
                }
                Err(error) if error.status() == Some(401) => self.app.identify(Identity::Nobody),
                Err(_) => {
                    self.phase.try_set(Phase::Unreachable);
                }
            }
        });
    }
}

/// "My requests".
pub fn requests() -> AnyView {
    let app = App::get();
    app.arrive("Mes demandes");
    let list = List {
        app,
        requests: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        words: RwSignal::new(String::new()),
        state: RwSignal::new(None),
        asked: RwSignal::new(Filter::default()),
        phase: RwSignal::new(Phase::Awaited),
    };
    list.ask(false);
    let content = move || {
        match list.phase.get() {
        Phase::Awaited => view! { <p role="status">{"Un instant…"}</p> }.into_any(),
        Phase::Unreachable => {
            view! {
                <p class="note">{"Le service ne répond pas. Vos brouillons gardés sur cet appareil restent accessibles ci-dessus."}</p>
                <p>
                    <button type="button" class="button" on:click=move |_| list.ask(false)>{"Réessayer"}</button>
                </p>
            }
            .into_any()
        }
        Phase::Shown => shown(list),
    }
    };
    view! {
        <div class="page">
            <section class="sheet wide">
                <div class="heading">
                    <h1 tabindex=-1>{"Mes demandes"}</h1>
                    <a class="button main" href=href(&Place::NewRequest)>{"Commencer une demande"}</a>
                </div>
                {search(list)}
                {on_device(list)}
                {content}
            </section>
        </div>
    }
    .into_any()
}

fn search(list: List) -> AnyView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        list.ask(false);
    };
    let choose = move |event| {
        list.state.set(State::parse(&event_target_value(&event)));
        list.ask(false);
    };
    let options = State::ALL.iter().map(|state| view! { <option value=state.as_str()>{state_words(*state)}</option> });
    view! {
        <form class="search" role="search" on:submit=submit>
            <div class="field">
                <label for="search-words">{"Rechercher une demande"}</label>
                <input
                    id="search-words"
                    class="control"
                    type="search"
                    maxlength="100"
                    autocomplete="off"
                    placeholder="Nom, organisation ou numéro"
                    prop:value=move || list.words.get()
                    on:input=move |event| list.words.set(event_target_value(&event))
                />
            </div>
            <div class="field">
                <label for="search-state">{"État"}</label>
                <select id="search-state" class="control" on:change=choose>
                    <option value=String::new()>{"Tous"}</option>
                    {options.collect_view()}
                </select>
            </div>
            <button class="button">{"Rechercher"}</button>
        </form>
    }
    .into_any()
}

/// Name of a state.
pub(super) fn state_words(state: State) -> &'static str {
    match state {
        State::Draft => "Brouillon",
        State::Submitted => "Envoyée",
    }
}

/// Drafts that never reached the server: only this device has them.
fn on_device(list: List) -> AnyView {
    let drafts = move || {
        let Identity::Person(session) = list.app.identity().get() else { return Vec::new() };
        // Once the server has listed, what it has is shown below.
        let waits = |(_, copy): &(Id, DeviceCopy)| copy.base.is_none() || list.phase.get() == Phase::Unreachable;
        device::drafts(&session.user.id).into_iter().filter(waits).collect()
    };
    let item = |(id, copy): (Id, DeviceCopy)| {
        let name = name_or_none(copy.mine.project.name.trimmed());
        view! {
            <li class="request">
                <div>
                    <a class="name" href=href(&Place::Request(id, None))>{name}</a>
                    <p class="hint">{format!("Modifiée à {}", clock::time(copy.changed_at))}</p>
                </div>
                <span class="badge">{"Sur cet appareil"}</span>
            </li>
        }
    };
    (move || {
        let drafts = drafts();
        (!drafts.is_empty()).then(|| {
            view! { <ul class="requests" role="list">{drafts.into_iter().map(item).collect_view()}</ul> }
        })
    })
    .into_any()
}

fn name_or_none(name: &str) -> String {
    if name.is_empty() { "Demande sans nom".to_owned() } else { name.to_owned() }
}

fn shown(list: List) -> AnyView {
    let everything = move || list.asked.with(|filter| filter.words.trim().is_empty() && filter.state.is_none());
    let empty = move || {
        list.requests.with(Vec::is_empty).then(|| {
            if everything() {
                view! {
                    <p>{"Aucune demande enregistrée pour le moment. Une demande apparaît ici dès votre première réponse."}</p>
                }
                .into_any()
            } else {
                view! {
                    <p>{"Aucune demande ne correspond à cette recherche. Essayez un seul mot, ou l’état « Tous »."}</p>
                }
                .into_any()
            }
        })
    };
    let more = move || {
        list.next.get().map(|_| {
            view! {
                <p>
                    <button type="button" class="button" on:click=move |_| list.ask(true)>{"Afficher plus"}</button>
                </p>
            }
        })
    };
    view! {
        {empty}
        <ul class="requests" role="list">
            <For each=move || list.requests.get() key=|request| (request.id.clone(), request.revision) children=move |request| item(list, request) />
        </ul>
        {more}
    }
    .into_any()
}

fn item(list: List, request: RequestSummary) -> AnyView {
    let asked = RwSignal::new(false);
    let name = name_or_none(request.name.trim());
    let about: Vec<String> = [
        request.number.clone().unwrap_or_default(),
        request.organisation.trim().to_owned(),
        format!(
            "{} le {}",
            if request.state == State::Draft { "modifiée" } else { "envoyée" },
            clock::day_and_time(&request.updated_at)
        ),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect();
    let deletable = request.state == State::Draft;
    let delete = {
        let request = request.clone();
        move |_| delete(list, &request)
    };
    let label = name.clone();
    let actions = move || {
        let label = label.clone();
        match (deletable, asked.get()) {
            (false, _) => ().into_any(),
            (true, false) => view! {
                <button type="button" class="quiet" on:click=move |_| asked.set(true)>
                    {"Supprimer"}
                    <span class="unseen">{format!(" {label}")}</span>
                </button>
            }
            .into_any(),
            (true, true) => view! {
                <span class="sure" role="group" aria-label=format!("Supprimer {label}")>
                    <span>{"Supprimer ce brouillon pour de bon ?"}</span>
                    <button type="button" class="quiet danger" on:click=delete.clone()>{"Oui, supprimer"}</button>
                    <button type="button" class="quiet" on:click=move |_| asked.set(false)>{"Non, le garder"}</button>
                </span>
            }
            .into_any(),
        }
    };
    view! {
        <li class="request">
            <div>
                <a class="name" href=href(&Place::Request(request.id.clone(), None))>{name}</a>
                <p class="hint">{about.join(" · ")}</p>
            </div>
            <span class="badge" data-state=request.state.as_str()>{state_words(request.state)}</span>
            <div class="request-actions">{actions}</div>
        </li>
    }
    .into_any()
}

fn delete(list: List, request: &RequestSummary) {
    let id = request.id.clone();
    let deleting = list.app.api().delete(&id, request.revision);
    spawn_local(async move {
        match deleting.await {
            Ok(()) => {
                if let Identity::Person(session) = list.app.identity().get_untracked() {
                    device::forget_draft(&session.user.id, &id);
                }
                list.requests.try_update(|requests| requests.retain(|other| other.id != id));
                list.app.announce("Brouillon supprimé");
                list.app.focus("h1");
            }
            // It changed meanwhile: the list tells how.
            Err(error) if error.status().is_some() => list.ask(false),
            Err(_) => list.app.announce("La suppression n’a pas abouti : vérifiez votre connexion."),
        }
    });
}
