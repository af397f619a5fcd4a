//! Pages of the team that examines requests: the queue, the examination of one request, and the tools of the team.

mod caught_mails;
mod deliveries;
mod examination;
mod queue;
mod recoveries;
mod sections;
mod statistics;
mod templates;

use leptos::prelude::*;

use super::not_found::NotFound;
use crate::context::Session;
use crate::lazy::deferred;
use crate::model::place::team::TeamPlace;
use caught_mails::CaughtMailsPage;
use deliveries::DeliveriesPage;
use examination::Examination;
use queue::Queue;
use recoveries::Recoveries;
use statistics::Statistics;
use templates::Templates;

deferred! {
    in team;
    /// Draws the page of a place of the team. For whoever has no role in it, nothing is there.
    pub(super) fn team_page(query: String) -> AnyView {
        let (role, is_local) = (untrack(|| Session::get().role()), Session::get().api().is_local());
        match TeamPlace::read(&query).zip(role) {
            Some((TeamPlace::Queue(filter), _)) => view! { <Queue filter /> }.into_any(),
            Some((TeamPlace::Request(id), role)) => view! { <Examination id role /> }.into_any(),
            Some((TeamPlace::Statistics(period), _)) => view! { <Statistics period /> }.into_any(),
            Some((TeamPlace::Templates, role)) => view! { <Templates role /> }.into_any(),
            Some((TeamPlace::Recoveries, role)) if !is_local => view! { <Recoveries role /> }.into_any(),
            // A page without a server sends nothing.
            Some((TeamPlace::Deliveries(filter), role)) if !is_local => view! { <DeliveriesPage filter role /> }.into_any(),
            Some((TeamPlace::Deliveries(_) | TeamPlace::Recoveries, _)) | None => NotFound().into_any(),
        }
    }
}

deferred! {
    in team;
    /// Draws the mails of a demonstration.
    pub(super) fn caught_mails() -> AnyView {
        CaughtMailsPage().into_any()
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
pub(super) mod testing {
    //! Support for tests of the team's pages: views drawn to HTML.

    use std::rc::Rc;

    use leptos::prelude::*;

    use crate::api::unanswered::{Backend, Unanswered};
    use crate::browser::time::set_now;
    use crate::context::{Contexts, Session};
    use crate::device::{DeviceStorage, Persistence};
    use crate::lazy::Part;
    use crate::navigation::{LinkKind, Navigation, Place};

    /// Draws a view on 22 November 2026, and returns its HTML without the marks of Leptos.
    pub(in crate::pages) fn drawn(draw: impl FnOnce() -> AnyView) -> String {
        set_now(1_795_348_800_000);
        let owner = Owner::new();
        let html = owner.with(|| {
            let place = Memo::new(|_| Place::Examination(String::new()));
            let navigation = Navigation::new(place, Box::new(|_, _| ()), Box::new(|_| ()), LinkKind::Anchor);
            let device = DeviceStorage::new("", Persistence::Local);
            let session = Session::new(Rc::new(Unanswered::new(Backend::Server)), device, None, None);
            Contexts::provide(navigation, session, None, None, &Part::ALL);
            draw().to_html()
        });
        owner.cleanup();
        html.replace("<!>", "")
    }
}
