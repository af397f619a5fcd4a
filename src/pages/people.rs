//! People of requests: who takes part, invitations, hand-overs, recoveries, and the cards of contacts.
//!
//! Nothing of it is offered where no server of ours shares requests: in a demonstration without a server, and in a portal.

mod beside_form;
mod card;
mod following;
mod handing_over;
mod invitations;
mod panel;
mod recoveries;
mod waiting;

use leptos::prelude::*;

use super::not_found::NotFound;
use crate::context::Session;
use crate::draft::OpenDraft;
use crate::lazy::deferred;
use crate::model::Id;
use crate::model::lifecycle::Standing;
use beside_form::BesideForm;
use card::CardPage;
use invitations::Invitations;
use panel::{Panel, PanelView, Place};
use waiting::Waiting;

deferred! {
    in people;
    /// Draws the people of a request that is read. `reload` opens the request again, as it is by then.
    pub(super) fn people(request: Id, standing: Standing, elsewhere: bool, reload: Box<dyn Fn()>) -> AnyView {
        let panel = Panel::new(Place { request, standing, elsewhere, is_beside_form: false }, reload);
        view! { <PanelView panel /> }.into_any()
    }

    /// Draws the people of a request that is being filled in, and follows what they save. `to_read` shows the request to be read.
    pub(super) fn beside_form(draft: OpenDraft, to_read: Box<dyn Fn()>) -> AnyView {
        view! { <BesideForm draft to_read /> }.into_any()
    }

    /// Draws the notices that wait for the person on the list of requests.
    pub(super) fn waiting() -> AnyView {
        Waiting().into_any()
    }

    /// Draws the page of invitations and hand-overs.
    pub(super) fn invitations() -> AnyView {
        if Session::get().shares_requests() { Invitations().into_any() } else { NotFound().into_any() }
    }

    /// Draws the card of a contact.
    pub(super) fn card() -> AnyView {
        if Session::get().shares_requests() { CardPage().into_any() } else { NotFound().into_any() }
    }
}
