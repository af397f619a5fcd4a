//! Where the person is signed in, and how to end it from here.
use leptos::prelude::*;

use crate::api::Answer;
use crate::clock;
use crate::components::{button, heading, paragraph, visually_hidden};
use crate::context::{Focus, Identity, Session};
use crate::effect::spawn;
use crate::html::{self, Bare, Element, LiveText, bdi, li, live, p, strong, ul};
use crate::model::wire::{Browser, SessionList, SessionSummary, System};

/// What is known of the sessions.
#[derive(Clone, PartialEq)]
enum Phase {
    Awaited,
    Shown(Vec<SessionSummary>),
    Unreachable,
}

/// Shows the section; nothing where nobody is signed in, or where a session is no affair of this page.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let session = Session::get();
    live(move || match session.identity().get() {
        Identity::Person(_) => session.service().sessions().map(|asking| section(asking)),
        Identity::Pending | Identity::SignedOut => None,
    })
}

fn section(asking: Answer<SessionList>) -> Element {
    let session = Session::get();
    let (phase, said) = (RwSignal::new(Phase::Awaited), RwSignal::new(""));
    ask(asking, phase);
    let list = live(move || match phase.get() {
        Phase::Awaited => vec![paragraph("Un instant…").into_any()],
        Phase::Unreachable => {
            let again = move || read(session, phase);
            vec![
                paragraph(
                    "La liste de vos sessions n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez.",
                )
                .into_any(),
                p().attr("class", "actions").child(button("button", "Réessayer", again)).into_any(),
            ]
        }
        Phase::Shown(sessions) => shown(sessions, phase, said),
    });
    html::section()
        .attr("class", "sessions")
        .child(heading(2, "Sessions ouvertes").attr("tabindex", "-1"))
        .child(
            paragraph("Chaque connexion ouvre une session. Si vous ne reconnaissez pas l’une d’elles, fermez-la.")
                .attr("class", "hint"),
        )
        .child(list)
        .child(p().attr("role", "status").live_text(move || said.get().to_owned()))
}

fn shown(sessions: Vec<SessionSummary>, phase: RwSignal<Phase>, said: RwSignal<&'static str>) -> Vec<AnyView> {
    let others = sessions.iter().filter(|session| !session.current).count();
    let items: Vec<Bare> = sessions.iter().map(|session| item(session, phase, said)).collect();
    let mut content = vec![ul().attr("role", "list").child(items).into_any()];
    if others > 1 {
        let end_all = move || end(None, phase, said);
        let all = button("button", "Fermer toutes les autres sessions", end_all);
        content.push(p().attr("class", "actions").child(all).into_any());
    }
    content
}

fn item(session: &SessionSummary, phase: RwSignal<Phase>, said: RwSignal<&'static str>) -> Bare {
    let name = name(session);
    let opened = clock::day_and_time(&session.opened_at);
    let times =
        ["Ouverte le ", &opened, ", utilisée pour la dernière fois le ", &clock::day_and_time(&session.seen_at), "."]
            .concat();
    let title = p().child(strong().child(bdi().child(name.clone())));
    let item = li();
    if session.current {
        return item.child(title.child(" (celle-ci)")).child(paragraph(times).attr("class", "hint"));
    }
    let id = session.id.clone();
    let which = [" la session « ", &name, " », ouverte le ", &opened].concat();
    let end = button("button", "Fermer", move || end(Some(&id), phase, said)).child(visually_hidden(which));
    item.child(title).child(paragraph(times).attr("class", "hint")).child(end)
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

fn read(session: Session, phase: RwSignal<Phase>) {
    if let Some(asking) = session.service().sessions() {
        ask(asking, phase);
    }
}

fn ask(asking: Answer<SessionList>, phase: RwSignal<Phase>) {
    spawn(async move {
        let found = asking.await.map_or(Phase::Unreachable, |list| Phase::Shown(list.sessions));
        if !phase.is_disposed() {
            phase.set(found);
        }
    });
}

/// Ends one session, or all others.
fn end(id: Option<&str>, phase: RwSignal<Phase>, said: RwSignal<&'static str>) {
    let (session, focus) = (Session::get(), Focus::get());
    said.set("");
    let (ending, is_one) = (session.service().end_sessions(id), id.is_some());
    spawn(async move {
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
        focus.on(".sessions h2");
        read(session, phase);
    });
}
