//! Bar above every page: the name of the application, the status of the answers, and the menu.

use leptos::ev;
use leptos::prelude::*;

use super::save_status::SaveStatusLine;
use super::sign_out;
use crate::components::{PENDING, disclosure, link, pressed};
use crate::context::{Announcer, Host, Identity, Session, SignOut};
use crate::effect::watch;
use crate::html::{self, LiveText, div, holds, live, nav, span};
use crate::model::place::team::QUEUE;
use crate::navigation::{Navigation, Place};
use crate::texts;

/// Shows the name of the application, the status of the answers, and the menu.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    let (host, navigation) = (Host::get(), Navigation::get());
    let (announcer, sign_out_context) = (Announcer::get(), SignOut::get());
    let open = RwSignal::new(false);
    watch(move || {
        navigation.place().track();
        open.set(false);
        announcer.warn("");
        sign_out_context.reset();
    });
    let is_guest = host.is_portal();
    let menu = nav()
        .attr("class", "menu")
        .attr("id", "menu")
        .attr("aria-label", if is_guest { texts::NAME } else { "Menu principal" })
        .class(("open", holds(move || open.get())))
        .child(link(&Place::Help, "quiet", "Aide"))
        // In a portal the theme is the portal's.
        .child((!is_guest).then(|| link(&Place::Display, "quiet", "Affichage")))
        .child(AccountLinks());
    div()
        .attr("class", "top-bar-content")
        .child((!is_guest).then(|| link(&Place::Start, "brand", texts::NAME)))
        .child(SaveStatusLine())
        .child(disclosure("quiet menu-button", "menu", open).child("Menu"))
        .child(menu)
}

/// Shows the account of the person: its name and its acts, or a link to sign in.
#[component]
fn AccountLinks() -> impl IntoView {
    let (identity, context) = (Session::get().identity(), SignOut::get());
    live(move || match identity.get() {
        Identity::Person(session) => {
            let name = [&session.user.given_name, " ", &session.user.family_name].concat();
            let leave = html::button()
                .attr("class", "quiet")
                .attr("type", "button")
                .on(ev::click, pressed(move |_| sign_out::sign_out()))
                .live_text(move || sign_out::button_label(context.state.get()).to_owned());
            let examination = || link(&Place::Examination(QUEUE.to_owned()), "quiet", "Examen");
            vec![
                session.role.map(|_| examination()).into_any(),
                link(&Place::Requests, "quiet", "Mes demandes").into_any(),
                span().attr("class", "user-name").attr("translate", "no").child(name).into_any(),
                leave,
            ]
        }
        Identity::SignedOut => vec![link(&Place::SignIn(None), "quiet", "Se connecter").into_any()],
        Identity::Pending => vec![span().attr(PENDING, "").into_any()],
    })
}
