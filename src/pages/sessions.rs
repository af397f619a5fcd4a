//! Where the person is signed in, and how to end it from here.
use leptos::prelude::*;

use leptos::reactive::spawn_local;

use crate::api::Answer;
use crate::app::{App, Identity, heading};
use crate::clock;
use crate::dom::{Element, View, button, element, live, paragraph, unseen};
use crate::model::wire::{Browser, SessionList, SessionSummary, System};

/// What is known of the sessions.
#[derive(Clone, PartialEq)]
enum Phase {
    Awaited,
    Shown(Vec<SessionSummary>),
    Unreachable,
}

/// The section; nothing where nobody is signed in, or where a session is no affair of this page.
#[must_use]
pub(super) fn sessions() -> View {
    let app = App::get();
    live(move || match app.identity().get() {
        Identity::Person(_) => app.api().sessions().map(|asking| section(app, asking)),
        Identity::Unknown | Identity::Nobody => None,
    })
}

fn section(app: App, asking: Answer<SessionList>) -> Element {
    let (phase, said) = (RwSignal::new(Phase::Awaited), RwSignal::new(""));
    ask(asking, phase);
    let list = live(move || match phase.get() {
        Phase::Awaited => vec![paragraph("Un instant…")],
        Phase::Unreachable => {
            let again = move || read(app, phase);
            vec![
                paragraph(
                    "La liste de vos sessions n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez.",
                ),
                element("p").class("actions").child(button("button", "Réessayer", again)),
            ]
        }
        Phase::Shown(sessions) => shown(app, sessions, phase, said),
    });
    element("section")
        .class("sessions")
        .child(heading(2, "Sessions ouvertes").attr("tabindex", "-1"))
        .child(
            paragraph("Chaque connexion ouvre une session. Si vous ne reconnaissez pas l’une d’elles, fermez-la.")
                .class("hint"),
        )
        .child(list)
        .child(element("p").attr("role", "status").live_text(move || said.get()))
}

fn shown(
    app: App,
    sessions: Vec<SessionSummary>,
    phase: RwSignal<Phase>,
    said: RwSignal<&'static str>,
) -> Vec<Element> {
    let others = sessions.iter().filter(|session| !session.current).count();
    let items: Vec<Element> = sessions.iter().map(|session| item(app, session, phase, said)).collect();
    let mut content = vec![element("ul").attr("role", "list").child(items)];
    if others > 1 {
        let end_all = move || end(app, None, phase, said);
        let all = button("button", "Fermer toutes les autres sessions", end_all);
        content.push(element("p").class("actions").child(all));
    }
    content
}

fn item(app: App, session: &SessionSummary, phase: RwSignal<Phase>, said: RwSignal<&'static str>) -> Element {
    let name = name(session);
    let opened = clock::day_and_time(&session.opened_at);
    let times =
        ["Ouverte le ", &opened, ", utilisée pour la dernière fois le ", &clock::day_and_time(&session.seen_at), "."]
            .concat();
    let title = element("p").child(element("strong").child(element("bdi").text(&name)));
    let item = element("li");
    if session.current {
        return item.child(title.text(" (celle-ci)")).child(paragraph(&times).class("hint"));
    }
    let id = session.id.clone();
    let which = [" la session « ", &name, " », ouverte le ", &opened].concat();
    let end = button("button", "Fermer", move || end(app, Some(&id), phase, said)).child(unseen(&which));
    item.child(title).child(paragraph(&times).class("hint")).child(end)
}

/// With what the person signed in, as far as it is known.
fn name(session: &SessionSummary) -> String {
    let browser = session.browser.map(|browser| match browser {
        Browser::Firefox => "Firefox",
        Browser::Chrome => "Chrome",
        Browser::Edge => "Edge",
        Browser::Opera => "Opera",
        Browser::Safari => "Safari",
    });
    let system = session.system.map(|system| match system {
        System::Windows => "Windows",
        System::MacOs => "macOS",
        System::Android => "Android",
        System::Ios => "iPhone ou iPad",
        System::Linux => "Linux",
    });
    let device = match (browser, system) {
        (Some(browser), Some(system)) => [browser, " sur ", system].concat(),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Navigateur non reconnu".to_owned(),
    };
    match &session.portal {
        Some(portal) => [portal.strip_prefix("https://").unwrap_or(portal), ", avec ", &device].concat(),
        None => device,
    }
}

fn read(app: App, phase: RwSignal<Phase>) {
    if let Some(asking) = app.api().sessions() {
        ask(asking, phase);
    }
}

fn ask(asking: Answer<SessionList>, phase: RwSignal<Phase>) {
    spawn_local(async move {
        let found = asking.await.map_or(Phase::Unreachable, |list| Phase::Shown(list.sessions));
        if !phase.is_disposed() {
            phase.set(found);
        }
    });
}

/// Ends one session, or all others.
fn end(app: App, id: Option<&str>, phase: RwSignal<Phase>, said: RwSignal<&'static str>) {
    said.set("");
    let (ending, is_one) = (app.api().end_sessions(id), id.is_some());
    spawn_local(async move {
        let ended = ending.await.is_ok();
        if said.is_disposed() {
            return;
        }
        said.set(match (ended, is_one) {
            (true, true) => "La session est fermée.",
            (true, false) => "Les autres sessions sont fermées.",
            (false, true) => "La session n’a pas pu être fermée. Réessayez.",
            (false, false) => "Les autres sessions n’ont pas pu être fermées. Réessayez.",
        });
        // The button that had the focus goes with its session.
        app.focus(".sessions h2");
        read(app, phase);
    });
}
