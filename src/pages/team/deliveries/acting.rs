//! Acts on deliveries: another attempt, and a notice that tries the way to the partner.

use std::time::Duration;

use leptos::prelude::*;

use crate::api::{ApiError, ApiFuture};
use crate::browser::timers::set_timeout;
use crate::context::{Announcer, Focus, HEADING, Identity, Session};
use crate::effect::spawn;
use crate::model::Id;
use crate::model::place::team::DeliveryFilter;
use crate::model::wire::{DeliveryList, Outlets};
use crate::pages::reading::Question;
use crate::texts::acts;

/// Time after which what was asked for has been tried: the outbox is looked into each second.
const TRIED_AFTER: Duration = Duration::from_secs(3);

/// Deliveries on the screen. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Deliveries {
    session: Session,
    pub(super) announcer: Announcer,
    focus: Focus,
    pub(super) list: Question<(DeliveryList, Option<Outlets>)>,
    /// Reason for which something was not done.
    pub(super) failure: RwSignal<String>,
    is_running: StoredValue<bool>,
    /// Set for an examiner: a reader only looks.
    pub(super) may_act: bool,
}

/// Reads a page of the deliveries, with the outlets. Without these, the list says all the rest.
fn read(session: Session, filter: &DeliveryFilter) -> ApiFuture<(DeliveryList, Option<Outlets>)> {
    let service = session.examination();
    let (list, outlets) = (service.deliveries(filter), service.outlets());
    Box::pin(async move { Ok((list.await?, outlets.await.ok())) })
}

impl Deliveries {
    /// Opens the deliveries that a filter lets through. `may_act` is set for an examiner.
    pub(super) fn new(session: Session, filter: DeliveryFilter, may_act: bool) -> Self {
        Self {
            session,
            announcer: Announcer::get(),
            focus: Focus::get(),
            list: Question::of(move |session| read(session, &filter)),
            failure: RwSignal::new(String::new()),
            is_running: StoredValue::new(false),
            may_act,
        }
    }

    /// Asks for another attempt of a delivery.
    pub(super) fn retry(self, id: &Id) {
        let retrying = self.session.examination().retry_delivery(id);
        self.ask_for(retrying, "Nouvel essai demandé", "Le nouvel essai n’a pas été demandé");
    }

    /// Asks for a notice that tries the way to the partner.
    pub(super) fn ping(self) {
        self.ask_for(self.session.examination().ping(), "Essai demandé", "L’essai n’a pas été demandé");
    }

    /// Waits until the service takes a call, and reads the list again then and once it is carried out.
    fn ask_for(self, asking: ApiFuture<()>, done: &'static str, not_done: &'static str) {
        if self.is_running.get_value() {
            return;
        }
        self.is_running.set_value(true);
        self.failure.set(String::new());
        spawn(async move {
            let asked = asking.await;
            if self.failure.is_disposed() {
                return;
            }
            self.is_running.set_value(false);
            match asked {
                Err(error) if error.status() == Some(401) => self.session.set_identity(Identity::SignedOut),
                Err(error) => self.failure.set(refused(not_done, &error)),
                Ok(()) => {
                    self.announcer.announce(done);
                    self.focus.on(HEADING);
                    self.list.ask();
                    set_timeout(move || self.list.ask(), TRIED_AFTER);
                }
            }
        });
    }
}

fn refused(not_done: &str, error: &ApiError) -> String {
    match error.status() {
        Some(403) => "Vous pouvez lire les envois, sans agir sur eux.".to_owned(),
        Some(404) => [not_done, "\u{a0}: cet envoi n’est plus dans la liste. Actualisez-la."].concat(),
        _ => [not_done, "\u{a0}: ", &acts::refusal(error)].concat(),
    }
}
