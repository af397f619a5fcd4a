//! Frame of the application: header, footer and live regions around the current page. Pages know nothing of it.

mod demonstration;
mod save_status;
mod sign_out;
mod top_bar;

use leptos::ev;
use leptos::prelude::*;

use crate::components::{Placeholder, Waiting, deferred_view, link, pressed};
use crate::context::{Announcer, Focus, HEADING, Host, Identity, Renewal, Session, Settings, SignOut, SignOutState};
use crate::effect::computed;
use crate::html::{self, LiveText, a, anew, div, follow, live, p};
use crate::model::Id;
use crate::navigation::{Navigation, Place};
use crate::pages;
use demonstration::DemonstrationBanner;
use top_bar::TopBar;

/// Shows the current page and its surroundings.
#[component]
pub fn App() -> impl IntoView {
    let (announcer, focus, settings) = (Announcer::get(), Focus::get(), Settings::get());
    let (is_guest, sign_out_context) = (Host::get().is_portal(), SignOut::get());
    // A guest has no landmarks: the page is the portal's.
    let (top, main, bottom) = if is_guest {
        (div(), div().attr("id", None::<&str>), div())
    } else {
        (html::header(), html::main().attr("id", Some("contenu")), html::footer())
    };
    let saving_notice = live(move || {
        let is_saving = matches!(sign_out_context.state.get(), SignOutState::Saving { .. });
        is_saving.then(|| deferred_view(Placeholder::Nothing, sign_out::saving_notice))
    });
    let top = top
        .attr("class", "top-bar")
        .child((!is_guest).then(SkipLink))
        .child(DemonstrationBanner())
        .child(TopBar())
        .child(saving_notice);
    div()
        .attr("class", "habilitation")
        .attr("lang", "fr")
        .attr("data-theme", follow(move || settings.theme.get()))
        .node_ref(focus.root())
        .child(top)
        .child(p().attr("class", "warning").attr("role", "alert").announced_text(move || announcer.warning()))
        .child(main.attr("class", "content").attr("tabindex", "-1").child(CurrentPage()))
        .child(bottom.attr("class", "footer").child(FooterLinks()))
        .child(
            p().attr("class", "visually-hidden")
                .attr("role", "status")
                .announced_text(move || announcer.announcement()),
        )
}

/// Shows the link that skips to the content (WCAG 2.4.1).
#[component]
fn SkipLink() -> impl IntoView {
    let focus = Focus::get();
    a().attr("class", "skip-link").attr("href", "#contenu").child("Aller au contenu").on(
        ev::click,
        pressed(move |event| {
            event.prevent_default();
            focus.on(HEADING);
        }),
    )
}

/// Shows the links below every page.
#[component]
fn FooterLinks() -> impl IntoView {
    let base = Host::get().portal().map_or(String::new(), |portal| portal.base());
    let licences = a().attr("href", [&base, "licences.txt"].concat()).attr("rel", "external").child("Licences");
    vec![
        link(&Place::Help, "", "Aide"),
        link(&Place::Accessibility, "", "Accessibilité : non conforme"),
        link(&Place::LegalNotice, "", "Mentions légales"),
        link(&Place::PersonalData, "", "Données personnelles"),
        licences,
    ]
}

/// Content of the frame. A change draws it anew: a request stays while its steps change.
#[derive(Clone, PartialEq, Eq)]
enum Shown {
    Page(Place),
    Request(Id),
    SignOutQuestion,
    SignIn(Option<Box<Place>>),
    Waiting,
}

/// Shows the page of the current place.
#[component]
fn CurrentPage() -> impl IntoView {
    let (navigation, session, sign_out_context) = (Navigation::get(), Session::get(), SignOut::get());
    let renewal = Renewal::get();
    let shown = computed(move |_| {
        let place = navigation.place().get();
        let shown = match (place.is_private(), session.identity().get()) {
            (_, Identity::Person(_)) if sign_out_context.state.get().shows_question() => Shown::SignOutQuestion,
            (true, Identity::Pending) => Shown::Waiting,
            (true, Identity::SignedOut) => Shown::SignIn(Some(Box::new(place))),
            (_, _) => match place {
                Place::Request(id, _) => Shown::Request(id),
                Place::SignIn(back) => Shown::SignIn(back),
                place => Shown::Page(place),
            },
        };
        (renewal.count(), shown)
    });
    let deferred =
        |place: Place| deferred_view(Placeholder::Page, move || pages::deferred_page(place.clone())).into_any();
    anew(
        move || shown.get(),
        move |(_, shown)| match shown {
            Shown::Waiting => Waiting().into_any(),
            Shown::SignOutQuestion => deferred_view(Placeholder::Page, sign_out::unsent_question).into_any(),
            Shown::SignIn(back) => deferred(Place::SignIn(back)),
            Shown::Request(id) => view! { <pages::Request id /> }.into_any(),
            Shown::Page(place) => match place {
                Place::Start => pages::Start().into_any(),
                Place::NewRequest => pages::NewRequest().into_any(),
                place => deferred(place),
            },
        },
    )
}
