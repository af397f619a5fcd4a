//! The deliveries: what became of each mail and of each notice to the partner.

mod acting;
mod table;

use leptos::prelude::*;

use crate::components::{button, heading, link, paragraph};
use crate::context::{Focus, HEADING, Session};
use crate::html::{self, Element, div, li, live, nav, p, ul};
use crate::model::ClosedList;
use crate::model::place::team::{DeliveryFilter, TeamPlace};
use crate::model::wire::{DeliveryList, DeliveryState, Outlets, TeamRole};
use crate::navigation::Place;
use crate::pages::reading::Lost;
use crate::pages::team::sections::Sections;
use crate::texts::mails;
use acting::Deliveries;
use table::Table;

/// Shows the deliveries that the filter lets through.
#[component]
pub(super) fn DeliveriesPage(filter: DeliveryFilter, role: TeamRole) -> impl IntoView {
    let (focus, session) = (Focus::get(), Session::get());
    focus.open_page("Envois");
    let deliveries = Deliveries::new(session, filter.clone(), role == TeamRole::Examiner);
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
    let again = button("button", "Actualiser", move || deliveries.list.refresh(deliveries.announcer));
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

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::Id;
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
            let deliveries = Deliveries::new(Session::get(), DeliveryFilter::default(), may_act);
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
