//! The deliveries: what became of each mail and of each notice to the partner.

mod table;

use leptos::prelude::*;

use crate::api::{ApiError, ApiFuture};
use crate::browser::timers::set_timeout;
use crate::components::{button, heading, link, paragraph};
use crate::context::{Announcer, Focus, HEADING, Identity, Session};
use crate::effect::spawn;
use crate::html::{self, Element, div, li, live, nav, p, ul};
use crate::model::place::team::{DeliveryFilter, TeamPlace};
use crate::model::wire::{DeliveryList, DeliveryState, Outlets, TeamRole};
use crate::model::{ClosedList, Id};
use crate::navigation::Place;
use crate::pages::reading::{Lost, Question};
use crate::pages::team::sections::Sections;
use crate::texts::{acts, mails};
use std::time::Duration;
use table::Table;

/// Time after which what was asked for has been tried: the outbox is looked into each second.
const TRIED_AFTER: Duration = Duration::from_secs(3);

/// Deliveries on the screen. Copies share one state.
#[derive(Clone, Copy)]
struct Deliveries {
    session: Session,
    announcer: Announcer,
    focus: Focus,
    list: Question<(DeliveryList, Option<Outlets>)>,
    /// Reason for which something was not done.
    failure: RwSignal<String>,
    is_running: StoredValue<bool>,
    /// Set for an examiner: a reader only looks.
    may_act: bool,
}

/// Shows the deliveries that the filter lets through.
#[component]
pub(super) fn DeliveriesPage(filter: DeliveryFilter, role: TeamRole) -> impl IntoView {
    let (focus, session) = (Focus::get(), Session::get());
    focus.open_page("Envois");
    let asked = filter.clone();
    let deliveries = Deliveries {
        session,
        announcer: Announcer::get(),
        focus,
        list: Question::of(move |session| read(session, &asked)),
        failure: RwSignal::new(String::new()),
        is_running: StoredValue::new(false),
        may_act: role == TeamRole::Examiner,
    };
    let lost = Lost {
        words: "Les envois n’ont pas pu être lus. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    let draw = move |(list, outlets)| view! { <Found deliveries filter=filter.clone() list outlets /> }.into_any();
    let failure = live(move || {
        let words = deliveries.failure.get();
        (!words.is_empty()).then(|| paragraph(words).attr("class", "message").attr("role", "alert"))
    });
    let sheet = html::section()
        .attr("class", "card wide")
        .child(view! { <Sections current="Envois" /> })
        .child(heading(1, "Envois"))
        .child(paragraph("Les courriels aux demandeurs, aux contacts et à l’équipe, et ce que l’espace partenaires apprend des habilitations."))
        .child(failure)
        .child(deliveries.list.view(draw, lost));
    div().attr("class", "page").child(sheet)
}

/// Reads a page of the deliveries, with the outlets. Without these, the list says all the rest.
fn read(session: Session, filter: &DeliveryFilter) -> ApiFuture<(DeliveryList, Option<Outlets>)> {
    let service = session.examination();
    let (list, outlets) = (service.deliveries(filter), service.outlets());
    Box::pin(async move { Ok((list.await?, outlets.await.ok())) })
}

fn place(filter: DeliveryFilter) -> Place {
    Place::Examination(TeamPlace::Deliveries(filter).query())
}

/// Shows the states to choose from, and the deliveries.
#[component]
fn Found(
    deliveries: Deliveries,
    filter: DeliveryFilter,
    list: DeliveryList,
    outlets: Option<Outlets>,
) -> impl IntoView {
    let is_first = filter.cursor.is_empty();
    let next = list.next.map(|cursor| DeliveryFilter { cursor, ..filter.clone() });
    let first = DeliveryFilter { cursor: String::new(), ..filter.clone() };
    let pages = (!is_first || next.is_some()).then(|| {
        nav()
            .attr("class", "actions")
            .attr("aria-label", "Pages de la liste")
            .child((!is_first).then(|| link(&place(first), "button", "Premiers")))
            .child(next.map(|next| link(&place(next), "button", "Suivants")))
    });
    let found = match list.deliveries.is_empty() {
        true if filter.state.is_none() && is_first => paragraph("Aucun envoi pour le moment.").into_any(),
        true => paragraph("Aucun envoi ne correspond.").into_any(),
        false => view! { <Table deliveries list=list.deliveries /> }.into_any(),
    };
    let (no_relay, partner) = outlets.map_or((false, false), |outlets| (!outlets.relay, outlets.partner));
    let test = (partner && deliveries.may_act)
        .then(|| button("button", "Tester l’espace partenaires", move || deliveries.ping()));
    let again = button("button", "Actualiser", move || deliveries.list.ask());
    view! {
        {no_relay.then(|| paragraph(mails::NO_RELAY).attr("class", "note"))}
        {states(&filter)}
        {p().attr("class", "actions").child(again).child(test)}
        {found}
        {pages}
    }
}

/// Returns the links to the deliveries of each state.
fn states(filter: &DeliveryFilter) -> Element {
    let all = [("Tous", None)];
    let states = DeliveryState::ALL.iter().map(|state| (mails::states(*state), Some(*state)));
    let item = |(words, state): (&'static str, Option<DeliveryState>)| {
        let link = link(&place(DeliveryFilter { state, cursor: String::new() }), "quiet", words);
        li().child(link.attr("aria-current", (state == filter.state).then_some("page")))
    };
    let items: Vec<_> = all.into_iter().chain(states).map(item).collect();
    nav().attr("aria-label", "États").child(ul().attr("class", "tabs").attr("role", "list").child(items))
}

impl Deliveries {
    /// Asks for another attempt of a delivery.
    fn retry(self, id: &Id) {
        let retrying = self.session.examination().retry_delivery(id);
        self.ask_for(retrying, "Nouvel essai demandé", "Le nouvel essai n’a pas été demandé");
    }

    /// Asks for a notice that tries the way to the partner.
    fn ping(self) {
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

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::lifecycle::deadline::Keeping;
    use crate::model::wire::{Delivery, DeliveryAttempt, Mail, Notice, Recipient, Service};
    use crate::pages::team::testing::drawn;

    const AT: &str = "2026-11-22T12:00:00.000Z";

    fn delivery(number: u8, state: DeliveryState, codes: &[Option<u16>]) -> Delivery {
        Delivery {
            id: Id::new(0, [number; 10]),
            request: Some(Id::new(0, [9; 10])),
            number: Some("FC-2026-000123".to_owned()),
            mail: Some(Mail::Accepted),
            recipient: Some(Recipient::Applicant),
            notice: None,
            state,
            at: AT.to_owned(),
            attempts: codes.iter().map(|code| DeliveryAttempt { at: AT.to_owned(), code: *code }).collect(),
        }
    }

    fn outlets(relay: bool, partner: bool) -> Outlets {
        let [
            name,
            postal_address,
            phone,
            email,
            team_email,
            operator_email,
            court,
            silence_notice,
            page,
            partner_space,
        ] = [const { String::new() }; 10];
        let service = Service {
            name,
            postal_address,
            phone,
            email,
            team_email,
            operator_email,
            keeping: Keeping::default(),
            court,
            silence_notice,
            page,
            partner_space,
        };
        Outlets { service, relay, partner }
    }

    fn found(list: Vec<Delivery>, filter: DeliveryFilter, outlets: Outlets, may_act: bool) -> String {
        drawn(move || {
            let deliveries = Deliveries {
                session: Session::get(),
                announcer: Announcer::get(),
                focus: Focus::get(),
                list: Question::of(|session| read(session, &DeliveryFilter::default())),
                failure: RwSignal::new(String::new()),
                is_running: StoredValue::new(false),
                may_act,
            };
            let list = DeliveryList { deliveries: list, next: Some("c".to_owned()) };
            view! { <Found deliveries filter list outlets=Some(outlets) /> }.into_any()
        })
    }

    #[test]
    fn a_delivery_tells_what_goes_to_whom_and_what_became_of_it() {
        let ping = Delivery {
            request: None,
            number: None,
            mail: None,
            recipient: None,
            notice: Some(Notice::Ping),
            ..delivery(3, DeliveryState::Sent, &[Some(204)])
        };
        let list = vec![
            delivery(1, DeliveryState::Failed, &[Some(550), None]),
            delivery(2, DeliveryState::Waiting, &[]),
            ping,
        ];
        let html = found(list, DeliveryFilter::default(), outlets(true, true), true);
        for words in [
            "Demande acceptée",
            "FC-2026-000123</a>",
            "Demandeur",
            "En échec",
            "2\u{a0}essais",
            "réponse 550",
            "Prévu le 22\u{a0}novembre 2026",
            "Essai",
            "Espace partenaires",
            "Tester l’espace partenaires",
            "Rejouer<span",
            "href=\"?page=envois&amp;suite=c\"",
            "href=\"?page=envois&amp;etat=failed\"",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
        assert_eq!(html.matches("Envoyer de nouveau<span").count(), 1, "what was never tried waits for its day");
        assert!(!html.contains("Aucun courriel n’est envoyé"));
    }

    #[test]
    fn a_reader_acts_on_no_delivery_and_everybody_knows_where_nothing_leaves() {
        let html = found(
            vec![delivery(1, DeliveryState::Failed, &[Some(550)])],
            DeliveryFilter { state: Some(DeliveryState::Failed), cursor: String::new() },
            outlets(false, true),
            false,
        );
        assert!(html.contains("Aucun courriel n’est envoyé") && !html.contains("Envoyer de nouveau"), "{html}");
        assert!(!html.contains("Tester"), "{html}");
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1);
        let none = DeliveryFilter { state: Some(DeliveryState::Bounced), cursor: String::new() };
        assert!(found(Vec::new(), none, outlets(true, false), true).contains("Aucun envoi ne correspond."));
    }
}
