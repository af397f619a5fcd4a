//! The pages. Each one names itself through [`Focus::open_page`](crate::context::Focus::open_page) and draws what stands in `main`.

mod acting;
mod display;
mod eligibility;
mod event_entry;
mod habilitations;
mod help;
mod not_found;
mod notices;
mod people;
mod portal_grant;
mod read_only;
mod reading;
mod request;
mod requests;
mod sessions;
mod sign_in;
mod start;
pub(crate) mod stepper;
mod team;
mod typed;
mod unreachable;

use leptos::prelude::*;

use crate::components::{Placeholder, deferred_view};
use crate::context::{Session, Settings};
use crate::effect::computed;
use crate::html::{LiveView, live};
use crate::lazy::deferred;
use crate::navigation::Place;

pub use request::{NewRequest, Request};
pub use start::Start;

/// Draws the mails of a demonstration, whose words are with the pages of the team. Elsewhere nothing is there, nor loaded.
fn caught_mails() -> LiveView {
    let (config, is_local) = (Settings::get().config, Session::get().api().is_local());
    // Whether it is a demonstration may be known later.
    let is_demonstration = computed(move |_| is_local || config.with(|config| config.demonstration));
    live(move || match is_demonstration.get() {
        true => deferred_view(Placeholder::Page, team::caught_mails).into_any(),
        false => not_found::NotFound().into_any(),
    })
}

deferred! {
    /// Draws the page of a place, where it is not one of the first to be seen.
    pub(crate) fn deferred_page(place: Place) -> AnyView {
        match place {
            Place::Help => help::Help().into_any(),
            Place::Eligibility => eligibility::Eligibility().into_any(),
            Place::SignIn(back) => view! { <sign_in::SignIn back=back.map(|back| *back) /> }.into_any(),
            Place::Requests => requests::Requests().into_any(),
            Place::Invitations => deferred_view(Placeholder::Page, people::invitations).into_any(),
            Place::Card => deferred_view(Placeholder::Page, people::card).into_any(),
            Place::Accessibility => notices::Accessibility().into_any(),
            Place::LegalNotice => notices::LegalNotice().into_any(),
            Place::PersonalData => notices::PersonalData().into_any(),
            Place::Display => display::Display().into_any(),
            Place::Portal(challenge, origin) => {
                view! { <portal_grant::PortalGrant challenge origin /> }.into_any()
            },
            Place::PublicList(query) => view! { <habilitations::Habilitations query /> }.into_any(),
            Place::CaughtMails => caught_mails().into_any(),
            // The names of fields are in this part, the pages of the team in one of their own, which applicants never load.
            Place::Examination(query) if untrack(|| Session::get().role()).is_some() => {
                deferred_view(Placeholder::Page, move || team::team_page(query.clone())).into_any()
            }
            Place::Start | Place::NewRequest | Place::Request(..) | Place::Examination(_) | Place::Unknown => not_found::NotFound().into_any(),
        }
    }
}
