//! The sessions of the person: where they are signed in, with a button that ends each.

use leptos::prelude::*;

use crate::api::ApiFuture;
use crate::components::{button, heading, paragraph, visually_hidden};
use crate::context::{Focus, Identity, Session};
use crate::effect::spawn;
use crate::html::{self, LiveText, bdi, li, live, p, strong, ul};
use crate::model::wire::{Browser, SessionList, SessionSummary, System};
use crate::texts::dates;

/// Sessions of the person, as far as the server answered.
#[derive(Clone, PartialEq)]
enum SessionsState {
    Pending,
    Ready(Vec<SessionSummary>),
    Unreachable,
}

/// Lists the sessions of the person. Shows nothing where nobody is signed in, or where the host of the page handles sessions.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let session = Session::get();
    live(move || match session.identity().get() {
        Identity::Person(_) => session.service().sessions().map(|asking| view! { <OpenSessions asking /> }),
        Identity::Pending | Identity::SignedOut => None,
    })
}

/// State of the list of sessions, and outcome of ending some. Copies share one state.
#[derive(Clone, Copy)]
struct SessionsPanel {
    state: RwSignal<SessionsState>,
    outcome: RwSignal<&'static str>,
}

#[component]
fn OpenSessions(asking: ApiFuture<SessionList>) -> impl IntoView {
    let session = Session::get();
    let panel = SessionsPanel { state: RwSignal::new(SessionsState::Pending), outcome: RwSignal::new("") };
    panel.show(asking);
    let content = live(move || match panel.state.get() {
        SessionsState::Pending => paragraph("Un instant…").into_any(),
        SessionsState::Unreachable => view! {
            {paragraph(
                "La liste de vos sessions n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez.",
            )}
            {p().attr("class", "actions").child(button("button", "Réessayer", move || panel.read(session)))}
        }
        .into_any(),
        SessionsState::Ready(sessions) => view! { <Items panel sessions /> }.into_any(),
    });
    let hint = "Chaque connexion ouvre une session. Si vous ne reconnaissez pas l’une d’elles, fermez-la.";
    html::section()
        .attr("class", "sessions")
        .child(heading(2, "Sessions ouvertes").attr("tabindex", "-1"))
        .child(paragraph(hint).attr("class", "hint"))
        .child(content)
        .child(p().attr("role", "status").live_text(move || panel.outcome.get().to_owned()))
}

#[component]
fn Items(panel: SessionsPanel, sessions: Vec<SessionSummary>) -> impl IntoView {
    let others = sessions.iter().filter(|session| !session.current).count();
    let end_all = (others > 1).then(|| {
        let press = move || panel.end(None);
        p().attr("class", "actions").child(button("button", "Fermer toutes les autres sessions", press))
    });
    let items: Vec<_> = sessions.into_iter().map(|session| view! { <Item panel session /> }).collect();
    view! {
        {ul().attr("role", "list").child(items)}
        {end_all}
    }
}

/// Shows one session, with a button that ends it if it is another one than this.
#[component]
fn Item(panel: SessionsPanel, session: SessionSummary) -> impl IntoView {
    let name = name(&session);
    let opened = dates::day_and_time(&session.opened_at);
    let used = dates::day_and_time(&session.seen_at);
    let times = ["Ouverte le ", &opened, ", utilisée pour la dernière fois le ", &used, "."].concat();
    let title = p().child(strong().child(bdi().child(name.clone())));
    let title = if session.current { title.child(" (celle-ci)") } else { title };
    let end = (!session.current).then(|| {
        let which = [" la session « ", &name, " », ouverte le ", &opened].concat();
        button("button", "Fermer", move || panel.end(Some(&session.id))).child(visually_hidden(which))
    });
    li().child(title).child(paragraph(times).attr("class", "hint")).child(end)
}

/// Returns the browser and the system of a session, as far as they are known.
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

impl SessionsPanel {
    fn read(self, session: Session) {
        if let Some(asking) = session.service().sessions() {
            self.show(asking);
        }
    }

    fn show(self, asking: ApiFuture<SessionList>) {
        spawn(async move {
            let state = asking.await.map_or(SessionsState::Unreachable, |list| SessionsState::Ready(list.sessions));
            if !self.state.is_disposed() {
                self.state.set(state);
            }
        });
    }

    /// Ends one session, or all others than this.
    fn end(self, id: Option<&str>) {
        let (session, focus) = (Session::get(), Focus::get());
        self.outcome.set("");
        let (ending, is_one) = (session.service().end_sessions(id), id.is_some());
        spawn(async move {
            let is_ended = ending.await.is_ok();
            if self.outcome.is_disposed() {
                return;
            }
            self.outcome.set(match (is_ended, is_one) {
                (true, true) => "La session est fermée.",
                (true, false) => "Les autres sessions sont fermées.",
                (false, true) => "La session n’a pas pu être fermée. Réessayez.",
                (false, false) => "Les autres sessions n’ont pas pu être fermées. Réessayez.",
            });
            // The button that had the focus goes with its session.
            focus.on(".sessions h2");
            self.read(session);
        });
    }
}
