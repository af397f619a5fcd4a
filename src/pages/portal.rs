//! The window that a portal opens so that a person lets it act for them: it names the portal, says what that means, and
//! tells the portal's page what they decided. `docs/embedding-sign-in.md` tells the whole of it, and why.
use leptos::prelude::*;

use std::time::Duration;

use js_sys::JSON;
use wasm_bindgen::JsCast;

use crate::components::{Sheet, button, paragraph};
use crate::context::{Focus, Session};
use crate::effect::spawn;
use crate::html::{follow, li, live, p, strong, ul};
use crate::model::wire::{GrantToGive, Handover};

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Asking,
    OnTheWay,
    Failed,
    Over(&'static str),
}

/// How long the window is seen before one can agree.
const MOMENT: Duration = Duration::from_millis(500);

const GRANTED: &str = "C’est fait. Vous pouvez fermer cette fenêtre et retourner sur le site.";
const DECLINED: &str = "Vous avez refusé : rien n’a été transmis. Vous pouvez fermer cette fenêtre.";
const FROM_NOWHERE: &str = "Cette fenêtre n’a pas été ouverte par le site dont elle porte le nom. Retournez sur ce site, puis demandez de nouveau à vous connecter.";

/// Shows the window of a portal.
#[component]
pub(super) fn Portal(
    /// What the portal proves later that it asked by.
    challenge: String,
    /// The portal's origin.
    origin: String,
) -> impl IntoView {
    let name = origin.strip_prefix("https://").unwrap_or(&origin).to_owned();
    let handover = handover(&origin);
    let phase = RwSignal::new(if handover.is_some() { Phase::Asking } else { Phase::Over(FROM_NOWHERE) });
    let title = ["Se connecter à ", &name].concat();
    let content = live(move || match phase.get() {
        Phase::Over(words) => vec![paragraph(words).attr("role", "status").into_any()],
        Phase::Asking | Phase::OnTheWay | Phase::Failed => {
            let grant = GrantToGive {
                challenge: challenge.clone(),
                portal: origin.clone(),
                handover: handover.unwrap_or(Handover::Message),
            };
            question(&name, grant, phase)
        }
    });
    view! { <Sheet title>{content}</Sheet> }
}

fn question(name: &str, grant: GrantToGive, phase: RwSignal<Phase>) -> Vec<AnyView> {
    let (focus, now) = (Focus::get(), phase.get_untracked());
    let origin = grant.portal.clone();
    let decline = move || {
        tell(&origin, "null");
        end(focus, phase, DECLINED);
    };
    let is_seen = seen_for_a_moment();
    let accept = move || {
        if is_seen.get_untracked() {
            give(&grant, phase);
        }
    };
    let accept = button("button main", "Accepter", accept)
        .attr("disabled", now == Phase::OnTheWay)
        .attr("aria-disabled", follow(move || (!is_seen.get()).then_some("true")));
    let trouble = (now == Phase::Failed).then(|| {
        let words = "La connexion n’a pas abouti. Réessayez ; si cela continue, vérifiez votre accès à internet.";
        paragraph(words).attr("class", "note").attr("role", "alert")
    });
    let may = [
        "connaître votre nom, votre organisation et vos coordonnées ;",
        "lire, modifier et envoyer les demandes que vous commencez sur ce site.",
    ];
    let offer = paragraph("Le site ")
        .attr("class", "lead")
        .child(strong().child(name.to_owned()))
        .child(" vous propose d’y remplir votre demande. Si vous acceptez, il pourra, pendant un temps limité :");
    let warning = "Il n’aura pas accès à vos autres demandes. N’acceptez que si vous faites confiance à ce site.";
    let ways = p().attr("class", "actions").child(accept).child(button("button", "Refuser", decline));
    let mut content = vec![
        offer.into_any(),
        ul().child(may.map(|words| li().child(words))).into_any(),
        paragraph(warning).into_any(),
    ];
    content.extend(trouble.map(IntoAny::into_any));
    content.push(ways.into_any());
    content
}

/// Whether this window has been seen for half a second: a press that was meant for another one, which stood at this place until
/// then, must not agree to anything.
fn seen_for_a_moment() -> RwSignal<bool> {
    let (is_seen, shown) = (RwSignal::new(false), RwSignal::new(0_u32));
    let show = move || {
        let Some(times) = shown.try_get_untracked() else { return };
        is_seen.set(false);
        shown.set(times + 1);
        let still = move || {
            if shown.try_get_untracked() == Some(times + 1) && !document().hidden() {
                is_seen.set(true);
            }
        };
        set_timeout(still, MOMENT);
    };
    for event in ["focus", "visibilitychange"] {
        // The second reaches the window from its document.
        let listening = window_event_listener_untyped(event, move |_| show());
        on_cleanup(move || listening.remove());
    }
    show();
    is_seen
}

/// How the portal can be told, if it is the portal that opened this window.
fn handover(origin: &str) -> Option<Handover> {
    // What is told to an opener reaches the portal's own pages alone. Without one, the browser knows who opened this.
    let after = document().referrer().strip_prefix(origin).map(|after| after.is_empty() || after.starts_with('/'));
    match opener() {
        Some(_) => Some(Handover::Message),
        None => after.filter(|ours| *ours).map(|_| Handover::Poll),
    }
}

fn opener() -> Option<web_sys::Window> {
    let opener = window().opener().ok()?;
    if opener.is_null() { None } else { Some(opener.unchecked_into()) }
}

fn give(grant: &GrantToGive, phase: RwSignal<Phase>) {
    let (focus, session) = (Focus::get(), Session::get());
    phase.set(Phase::OnTheWay);
    let (giving, origin) = (session.service().grant(grant), grant.portal.clone());
    spawn(async move {
        match giving.await {
            Ok(given) => {
                let code = given.code.map_or_else(|| "null".to_owned(), |code| ["\"", &code, "\""].concat());
                tell(&origin, &code);
                end(focus, phase, GRANTED);
            }
            Err(_) => phase.set(Phase::Failed),
        }
    });
}

/// Where the window stays open, the focus must not be lost with the button that had it.
fn end(focus: Focus, phase: RwSignal<Phase>, words: &'static str) {
    phase.set(Phase::Over(words));
    focus.on("h1");
}

/// Tells the portal's page what was decided, and closes the window where the browser lets it.
fn tell(origin: &str, code: &str) {
    let message = ["{\"habilitation\":\"sign-in\",\"code\":", code, "}"].concat();
    if let (Some(opener), Ok(message)) = (opener(), JSON::parse(&message)) {
        // It fails where the opener is another site, which is then told nothing.
        let _ = opener.post_message(&message, origin);
    }
    let _ = window().close();
}
