//! The page of what waits for the person: invitations to requests, and requests that are handed over to them.

use leptos::prelude::*;

use super::following::{Followed, FollowedLink, follow_link};
use crate::components::{button, heading, link, paragraph, visually_hidden};
use crate::context::{Focus, HEADING};
use crate::html::{self, Element, div, li, live, p, strong, ul};
use crate::model::wire::{InvitationList, InvitationToFollow, ReceivedHandOver, ReceivedInvitation};
use crate::navigation::{Navigation, Place};
use crate::pages::acting::{Acting, Told};
use crate::pages::reading::{Lost, Question};
use crate::texts::{named, people};

/// Invitations and hand-overs on the screen. Copies share one state.
#[derive(Clone, Copy)]
struct Page {
    acting: Acting,
    list: Question<InvitationList>,
    followed: RwSignal<Followed>,
}

/// Shows the invitations and hand-overs of the person, after the link that led here was followed.
#[component]
pub(super) fn Invitations() -> impl IntoView {
    Focus::get().open_page("Invitations");
    let acting = Acting::new();
    let list = Question::of(|session| session.sharing().invitations());
    let page = Page { acting, list, followed: RwSignal::new(Followed::Not) };
    let follow = move || follow_link(acting, page.followed, move || list.ask());
    follow();
    let lost = Lost {
        words: "Vos invitations n’ont pas pu être lues. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    let draw = move |list: InvitationList| view! { <Found page list /> }.into_any();
    let (followed, again) = (page.followed, Callback::new(move |()| follow()));
    let sheet = html::section()
        .attr("class", "card")
        .child(heading(1, "Invitations"))
        .child(view! { <FollowedLink acting followed again /> })
        .child(list.view(draw, lost))
        .child(p().attr("class", "actions").child(link(&Place::Requests, "button", "Mes demandes")));
    div().attr("class", "page").child(sheet)
}

/// Lists invitations and hand-overs.
#[component]
fn Found(page: Page, list: InvitationList) -> impl IntoView {
    let is_empty = list.invitations.is_empty() && list.hand_overs.is_empty();
    let invitations: Vec<_> = list.invitations.iter().map(|received| invitation(page, received)).collect();
    let hand_overs: Vec<_> = list.hand_overs.iter().map(|received| hand_over(page, received)).collect();
    let section = |title: &'static str, items: Vec<Element>| {
        (!items.is_empty()).then(|| {
            html::section()
                .attr("class", "section sessions")
                .child(heading(2, title))
                .child(ul().attr("role", "list").child(items))
        })
    };
    // What a link led to is told above.
    let nothing = live(move || {
        (is_empty && page.followed.get() == Followed::Not)
            .then(|| paragraph("Aucune invitation ne vous attend pour le moment."))
    });
    view! {
        {nothing}
        {section("Demandes auxquelles vous êtes invité", invitations)}
        {section("Demandes qui vous sont confiées", hand_overs)}
    }
}

fn invitation(page: Page, received: &ReceivedInvitation) -> Element {
    let ReceivedInvitation { id, by, organisation, role, expires_at } = received.clone();
    let words = ["Pour ", people::purpose(role), ", jusqu’au ", &people::until(&expires_at)].concat();
    let title = [by.as_str(), if organisation.is_empty() { "" } else { ", " }, &organisation].concat();
    let join = move || {
        let to_follow = InvitationToFollow { token: None, invitation: Some(id.clone()) };
        let told = Told { done: "", not_done: "L’invitation n’a pas été acceptée" };
        page.acting.run(
            move |session| session.sharing().follow_invitation(&to_follow),
            told,
            move |answer| {
                if let Some(answer) = answer {
                    page.followed.set(Followed::of(Ok(answer)));
                    page.acting.announcer.announce("Vous participez à la demande");
                }
                page.acting.focus.on(HEADING);
                page.list.ask();
            },
        );
    };
    let hidden = visually_hidden([" l’invitation de ", &by].concat());
    li().attr("class", "participant")
        .child(p().child(strong().attr("translate", "no").child(title)))
        .child(paragraph(words).attr("class", "hint"))
        .child(paragraph(people::what_you_may(role)).attr("class", "hint"))
        .child(p().attr("class", "actions").child(button("button primary", "Accepter", join).child(hidden)))
}

fn hand_over(page: Page, received: &ReceivedHandOver) -> Element {
    let navigation = Navigation::get();
    let ReceivedHandOver { request, number, name, by, expires_at } = received.clone();
    let name = named(name.trim()).to_owned();
    let words = [
        number.as_deref().unwrap_or_default(),
        if number.is_some() { " · " } else { "" },
        "Confiée par ",
        &by,
        ", à accepter jusqu’au ",
        &people::until(&expires_at),
    ]
    .concat();
    let accepted = request.clone();
    let accept = move || {
        let (asked, opened) = (accepted.clone(), accepted.clone());
        let told =
            Told { done: "Vous êtes titulaire de la demande", not_done: "La demande n’a pas été acceptée" };
        page.acting.run(
            move |session| session.sharing().accept_hand_over(&asked),
            told,
            move |done| match done {
                Some(()) => navigation.go(&Place::Request(opened, None)),
                None => page.list.ask(),
            },
        );
    };
    let accept =
        button("button primary", "Accepter", accept).child(visually_hidden([" la demande « ", &name, " »"].concat()));
    let read = link(&Place::Request(request, None), "button", "Lire la demande");
    li().attr("class", "participant")
        .child(p().child(strong().attr("translate", "no").child(name)))
        .child(paragraph(words).attr("class", "hint"))
        .child(paragraph(people::ACCEPTING))
        .child(p().attr("class", "actions").child(accept).child(read))
}
