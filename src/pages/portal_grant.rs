//! The window in which a person lets a portal act for them. The window names the portal, tells what it may do, and sends the
//! decision to the portal's page. The design stands in `docs/embedding-sign-in.md`.

use std::time::Duration;

use js_sys::JSON;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::browser::events::window_event_listener_untyped;
use crate::browser::timers::set_timeout;
use crate::clock;
use crate::components::{Sheet, button, paragraph};
use crate::context::{Focus, Session};
use crate::effect::spawn;
use crate::html::{follow, li, live, p, strong, ul};
use crate::model::wire::{GrantRequest, Handover};

/// Progress of the decision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GrantState {
    Asking,
    Granting,
    Failed,
    Over(&'static str),
}

/// Time for which the window has to be visible before a press counts as agreement.
const VISIBLE_BEFORE_AGREEING: Duration = Duration::from_millis(500);

/// Milliseconds for which the portal's page waits for the decision.
const WAITED_FOR: u64 = 10 * 60 * 1_000;

/// Key of the note in the tab's storage that tells when which portal opened the window, and for which challenge.
const OPENED_BY: &str = "habilitation:opened-by";

const GRANTED: &str = "C’est fait. Vous pouvez fermer cette fenêtre et retourner sur le site.";
const DECLINED: &str = "Vous avez refusé : rien n’a été transmis. Vous pouvez fermer cette fenêtre.";
const NOT_OPENED_BY_PORTAL: &str = "Cette fenêtre n’a pas été ouverte par le site dont elle porte le nom. Retournez sur ce site, puis demandez de nouveau à vous connecter.";
const TOO_LATE: &str = "Ce site n’attend plus votre réponse : il vous l’a demandée il y a plus de dix minutes. Retournez sur ce site, puis demandez de nouveau à vous connecter.";

/// Shows the window of a portal.
#[component]
pub(super) fn PortalGrant(
    /// Challenge of the portal, whose verifier it gives later (as in PKCE, RFC 7636).
    challenge: String,
    /// The portal's origin.
    origin: String,
) -> impl IntoView {
    let name = origin.strip_prefix("https://").unwrap_or(&origin).to_owned();
    let noted_at = noted_at(&challenge, &origin);
    let (handover, opened_at) = (handover(&origin, noted_at), noted_at.unwrap_or_else(clock::now));
    let state = RwSignal::new(match handover {
        None => GrantState::Over(NOT_OPENED_BY_PORTAL),
        Some(_) if is_late(opened_at, clock::now()) => GrantState::Over(TOO_LATE),
        Some(_) => GrantState::Asking,
    });
    let title = ["Se connecter à ", &name].concat();
    let content = live(move || match state.get() {
        GrantState::Over(words) => paragraph(words).attr("role", "status").into_any(),
        GrantState::Asking | GrantState::Granting | GrantState::Failed => {
            let grant = GrantRequest {
                challenge: challenge.clone(),
                portal: origin.clone(),
                handover: handover.unwrap_or(Handover::Message),
            };
            view! { <GrantQuestion name=name.clone() grant opened_at state /> }.into_any()
        }
    });
    view! { <Sheet title>{content}</Sheet> }
}

/// Asks whether the portal may act for the person.
#[component]
fn GrantQuestion(name: String, grant: GrantRequest, opened_at: u64, state: RwSignal<GrantState>) -> impl IntoView {
    let (focus, now) = (Focus::get(), state.get_untracked());
    let origin = grant.portal.clone();
    let decline = move || {
        send_decision(&origin, "null");
        show_outcome(focus, state, DECLINED);
    };
    let is_seen = seen_long_enough();
    let accept = move || {
        if is_late(opened_at, clock::now()) {
            show_outcome(focus, state, TOO_LATE);
        } else if is_seen.get_untracked() {
            send_grant(&grant, state);
        }
    };
    let accept = button("button primary", "Accepter", accept)
        .attr("disabled", now == GrantState::Granting)
        .attr("aria-disabled", follow(move || (!is_seen.get()).then_some("true")));
    let failure = (now == GrantState::Failed).then(|| {
        let words = "La connexion n’a pas abouti. Réessayez ; si cela continue, vérifiez votre accès à internet.";
        paragraph(words).attr("class", "note").attr("role", "alert")
    });
    let rights = [
        "connaître votre nom, votre organisation et vos coordonnées ;",
        "lire, modifier et envoyer les demandes que vous commencez sur ce site.",
    ];
    let lead = paragraph("Le site ")
        .attr("class", "lead")
        .child(strong().child(name))
        .child(" vous propose d’y remplir votre demande. Si vous acceptez, il pourra, pendant un temps limité :");
    let warning = "Il n’aura pas accès à vos autres demandes. N’acceptez que si vous faites confiance à ce site.";
    view! {
        {lead}
        {ul().child(rights.map(|right| li().child(right)))}
        {paragraph(warning)}
        {failure}
        {p().attr("class", "actions").child(accept).child(button("button", "Refuser", decline))}
    }
}

/// Returns whether this window has been visible for half a second. A press that was meant for another window, which was at the
/// same place until then, must not agree to anything.
fn seen_long_enough() -> RwSignal<bool> {
    let (is_seen, shown) = (RwSignal::new(false), RwSignal::new(0_u32));
    let show = move || {
        let Some(times) = shown.try_get_untracked() else { return };
        is_seen.set(false);
        shown.set(times + 1);
        let mark_if_still_visible = move || {
            if shown.try_get_untracked() == Some(times + 1) && !document().hidden() {
                is_seen.set(true);
            }
        };
        set_timeout(mark_if_still_visible, VISIBLE_BEFORE_AGREEING);
    };
    for event in ["focus", "visibilitychange"] {
        // The second reaches the window from its document.
        let listening = window_event_listener_untyped(event, move |_| show());
        on_cleanup(move || listening.remove());
    }
    show();
    is_seen
}

/// Returns the way in which the decision reaches the portal, if the portal opened this window.
fn handover(origin: &str, noted_at: Option<u64>) -> Option<Handover> {
    // A message to an opener reaches the portal's own pages alone. Without an opener, the referrer tells who opened this, or did
    // before a trip to the identity provider, which both took away.
    let after = document().referrer().strip_prefix(origin).map(|after| after.is_empty() || after.starts_with('/'));
    match opener() {
        Some(_) => Some(Handover::Message),
        None if after == Some(true) || noted_at.is_some() => Some(Handover::Poll),
        None => None,
    }
}

/// Returns the time at which the portal opened this window for this challenge, as `public/boot/trip.js` noted it. It is in
/// milliseconds since 1970; none where nothing was noted.
fn noted_at(challenge: &str, origin: &str) -> Option<u64> {
    read_note(&tab()?.get_item(OPENED_BY).ok()??, challenge, origin)
}

fn read_note(note: &str, challenge: &str, origin: &str) -> Option<u64> {
    let (at, opened) = note.split_once(' ')?;
    if opened == [challenge, " ", origin].concat() { at.parse().ok() } else { None }
}

/// Returns whether the portal's page has given up waiting for the decision.
fn is_late(opened_at: u64, now: u64) -> bool {
    now.saturating_sub(opened_at) >= WAITED_FOR
}

fn tab() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn opener() -> Option<web_sys::Window> {
    let opener = window().opener().ok()?;
    if opener.is_null() { None } else { Some(opener.unchecked_into()) }
}

/// Grants the portal its rights, and sends it the code that it exchanges for a token.
fn send_grant(grant: &GrantRequest, state: RwSignal<GrantState>) {
    let (focus, session) = (Focus::get(), Session::get());
    state.set(GrantState::Granting);
    let (giving, origin) = (session.service().grant(grant), grant.portal.clone());
    spawn(async move {
        match giving.await {
            Ok(given) => {
                let code = given.code.map_or_else(|| "null".to_owned(), |code| ["\"", &code, "\""].concat());
                send_decision(&origin, &code);
                show_outcome(focus, state, GRANTED);
            }
            Err(_) => state.set(GrantState::Failed),
        }
    });
}

/// Shows the outcome. Where the window stays open, the focus moves from the button, which goes, to the heading.
fn show_outcome(focus: Focus, state: RwSignal<GrantState>, words: &'static str) {
    // Whatever comes next in this tab is another question.
    let _ = tab().map(|tab| tab.remove_item(OPENED_BY));
    state.set(GrantState::Over(words));
    focus.on("h1");
}

/// Sends the decision to the portal's page, and closes the window where the browser allows it.
fn send_decision(origin: &str, code: &str) {
    let message = ["{\"habilitation\":\"sign-in\",\"code\":", code, "}"].concat();
    if let (Some(opener), Ok(message)) = (opener(), JSON::parse(&message)) {
        // An error means that the opener is of another origin, which gets no message.
        let _ = opener.post_message(&message, origin);
    }
    let _ = window().close();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_the_portals_for_its_own_challenge_alone() {
        let note = "1796000000000 abc https://portail.example";
        let noted = |challenge: &str, origin: &str| read_note(note, challenge, origin);
        assert_eq!(noted("abc", "https://portail.example"), Some(1_796_000_000_000));
        for (challenge, origin) in [("abd", "https://portail.example"), ("abc", "https://portail.exampl"), ("", "")] {
            assert_eq!(noted(challenge, origin), None, "{challenge} {origin}");
        }
        assert_eq!(read_note("abc https://portail.example", "abc", "https://portail.example"), None, "it has no time");
    }

    #[test]
    fn whoever_decides_once_the_portal_has_given_up_is_told_so() {
        let opened_at = 1_796_000_000_000;
        for (seconds, late) in [(0, false), (599, false), (600, true), (86_400, true)] {
            assert_eq!(is_late(opened_at, opened_at + seconds * 1_000), late, "{seconds}");
        }
        assert!(!is_late(opened_at, opened_at - 1), "a clock that was set back");
    }
}
