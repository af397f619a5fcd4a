//! The queue: requests that the team examines, as far as the filters let them through.

mod address;
mod filters;
mod table;

use leptos::prelude::*;

use crate::api::ApiFuture;
use crate::clock;
use crate::components::{heading, link};
use crate::context::{Focus, HEADING, Session};
use crate::html::{self, Element, li, nav, p, ul};
use crate::model::place::team::QueueFilter;
use crate::model::wire::{self, QueueCounts, State, TeamList};
use crate::pages::reading::{Lost, Question};
use crate::pages::team::sections::Sections;
use crate::texts::count;
use address::place;
use filters::Filters;
use table::Table;

/// Days ahead within which the end of the legal clock is near.
const NEAR: u32 = 14;

/// Shows the queue.
#[component]
pub(super) fn Queue(filter: QueueFilter) -> impl IntoView {
    Focus::get().open_page("Examen des demandes");
    let asked = filter.clone();
    let ask = move |session: Session| read(session, &asked);
    let draw = move |(queue, team): (wire::Queue, TeamList)| {
        let filter = filter.clone();
        view! {
            <Tabs filter=filter.clone() counts=queue.counts />
            <Filters filter=filter.clone() team />
            <Found filter queue />
        }
        .into_any()
    };
    let lost = Lost {
        words: "La liste des demandes n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    let content = Question::of(ask).view(draw, lost);
    let sheet = html::section()
        .attr("class", "card wide")
        .child(view! { <Sections current="Examen" /> })
        .child(heading(1, "Examen des demandes"))
        .child(content);
    html::div().attr("class", "page").child(sheet)
}

/// Reads a page of the queue, with the team.
fn read(session: Session, filter: &QueueFilter) -> ApiFuture<(wire::Queue, TeamList)> {
    let service = session.examination();
    let (queue, team) = (service.queue(filter), service.team());
    Box::pin(async move {
        let queue = queue.await?;
        // Without the team, its members are missing among the filters alone.
        Ok((queue, team.await.unwrap_or(TeamList { people: Vec::new() })))
    })
}

/// Returns the filters of each tab, with its name and its count.
fn tabs(counts: QueueCounts) -> [(&'static str, QueueFilter, u64); 5] {
    let all = || QueueFilter { state: None, ..QueueFilter::default() };
    let of = |examiner: &str| QueueFilter { examiner: examiner.to_owned(), ..QueueFilter::default() };
    let waiting = QueueFilter { state: Some(State::ChangesRequested), ..QueueFilter::default() };
    [
        ("À examiner", QueueFilter::default(), counts.to_examine),
        ("Les miennes", of(QueueFilter::ME), counts.mine),
        ("Sans examinateur", of(QueueFilter::NOBODY), counts.unassigned),
        ("En attente du demandeur", waiting, counts.waiting),
        ("Toutes", all(), counts.all),
    ]
}

/// Shows the tabs of the queue, each with its number of requests for the whole team, then what is urgent.
#[component]
fn Tabs(filter: QueueFilter, counts: QueueCounts) -> impl IntoView {
    let tab = |(name, of_tab, number): (&'static str, QueueFilter, u64)| {
        let is_current = (of_tab.state, &of_tab.examiner) == (filter.state, &filter.examiner);
        let words = [name, "\u{a0}(", &number.to_string(), ")"].concat();
        li().child(link(&place(&of_tab), "quiet", words).attr("aria-current", is_current.then_some("page")))
    };
    let tabs: Vec<_> = tabs(counts).into_iter().map(tab).collect();
    let list = ul().attr("class", "tabs").attr("role", "list").child(tabs);
    view! {
        {nav().attr("aria-label", "Listes").child(list)}
        {urgent(counts)}
    }
}

/// Returns the links to what is urgent, where anything is.
fn urgent(counts: QueueCounts) -> Option<Element> {
    let near = QueueFilter { due_before: Some(clock::today_in_paris().plus_days(NEAR + 1)), ..QueueFilter::default() };
    let awaiting = QueueFilter { state: None, awaiting_reply: true, ..QueueFilter::default() };
    let counted = |number: u64, one, many| count(usize::try_from(number).unwrap_or(usize::MAX), one, many);
    let near = (counts.due_soon > 0)
        .then(|| link(&place(&near), "", counted(counts.due_soon, "échéance proche", "échéances proches")));
    let awaiting = (counts.awaiting_reply > 0)
        .then(|| link(&place(&awaiting), "", counted(counts.awaiting_reply, "réponse attendue", "réponses attendues")));
    let links: Vec<_> = near.into_iter().chain(awaiting).collect();
    (!links.is_empty()).then(|| p().attr("class", "actions").child(links))
}

/// Shows the requests that the filters let through, their number, and the way to the others.
#[component]
fn Found(filter: QueueFilter, queue: wire::Queue) -> impl IntoView {
    let is_first = filter.cursor.is_empty();
    if queue.requests.is_empty() && is_first {
        return nothing(&filter).into_any();
    }
    let first = QueueFilter { cursor: String::new(), ..filter.clone() };
    let next = queue.next.map(|cursor| QueueFilter { cursor, ..filter.clone() });
    let pages = nav()
        .attr("class", "actions")
        .attr("aria-label", "Pages de la liste")
        .child((!is_first).then(|| link(&place(&first), "button", "Premières")))
        .child(next.as_ref().map(|next| link(&place(next), "button", "Suivantes")));
    let total = count(usize::try_from(queue.total).unwrap_or(usize::MAX), "demande", "demandes");
    let cut = "Trop de demandes ont ces mots\u{a0}: les plus anciennes ne sont ni affichées ni comptées. Précisez la recherche.";
    view! {
        {queue.is_cut.then(|| p().attr("class", "note").child(cut))}
        <Table filter total requests=queue.requests />
        {(!is_first || next.is_some()).then_some(pages)}
    }
    .into_any()
}

/// Returns the sentence in the place of an empty list.
fn nothing(filter: &QueueFilter) -> Element {
    let empty = p().attr("class", "queue-empty");
    if !filter.is_narrowed() {
        return empty.child("Rien à examiner.");
    }
    let QueueFilter { state, examiner, .. } = filter.clone();
    let wide = QueueFilter { state, examiner, ..QueueFilter::default() };
    empty.child("Aucune demande ne correspond. ").child(link(&place(&wide), "", "Retirer les filtres"))
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::lifecycle::Examiner;
    use crate::model::wire::{QueueKind, QueuedRequest};
    use crate::model::{Date, Id};
    use crate::pages::team::testing::drawn;

    fn request() -> QueuedRequest {
        QueuedRequest {
            id: Id::new(0, [1; 10]),
            number: "FC-2026-000123".to_owned(),
            state: State::Submitted,
            name: "Guichet citoyen".to_owned(),
            organisation: "Commune de Vallon-les-Prés".to_owned(),
            siret: "21990042000015".to_owned(),
            level: None,
            kind: QueueKind::Contacts,
            submission: 2,
            submitted_at: "2026-11-20T09:00:00.000Z".to_owned(),
            due_on: Date::parse("2026-12-04").ok(),
            suspended: false,
            examiner: None,
            unread: 2,
            awaiting_reply: true,
            warnings: 1,
            revision: 3,
            last_event: 4,
        }
    }

    fn found(requests: Vec<QueuedRequest>, filter: QueueFilter) -> String {
        let (total, counts) = (requests.len() as u64, QueueCounts { to_examine: 1, ..QueueCounts::default() });
        let is_cut = filter.words == "commune";
        let queue = wire::Queue { requests, next: Some("c".to_owned()), total, is_cut, counts };
        drawn(move || {
            view! {
                <Tabs filter=filter.clone() counts />
                <Found filter queue />
            }
            .into_any()
        })
    }

    #[test]
    fn a_row_has_one_link_and_tells_when_it_is_due_and_what_is_new() {
        let html = found(vec![request()], QueueFilter::default());
        for words in [
            "Guichet citoyen",
            "FC-2026-000123",
            "Contacts seulement",
            "Échéance dans 12\u{a0}jours",
            "4\u{a0}décembre 2026",
            "2\u{a0}nouveautés",
            "Réponse attendue",
            "1\u{a0}avertissement",
            "Personne",
            "1\u{a0}demande",
            "href=\"?page=examen&amp;suite=c\"",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
        let row = html.split("<tbody").nth(1).unwrap().split("</tbody>").next().unwrap();
        assert_eq!(row.matches("<a ").count(), 1, "{row}");
        let with = |examiner| found(vec![QueuedRequest { examiner, ..request() }], QueueFilter::default());
        let claire = Examiner { id: None, name: "Claire Marchand".to_owned(), job_title: String::new() };
        assert!(with(Some(claire)).contains("Claire Marchand"));
    }

    #[test]
    fn the_heading_that_orders_the_list_says_so_and_turns_it_round() {
        let html = found(vec![request()], QueueFilter::default());
        assert_eq!(html.matches("aria-sort").count(), 1);
        assert!(html.contains("aria-sort=\"ascending\"") && html.contains("tri=-due"), "{html}");
        let filter = QueueFilter { is_descending: true, ..QueueFilter::default() };
        assert!(found(vec![request()], filter).contains("aria-sort=\"descending\""));
    }

    #[test]
    fn an_empty_list_says_whether_the_filters_are_the_reason() {
        assert!(found(Vec::new(), QueueFilter::default()).contains("Rien à examiner."));
        let html = found(Vec::new(), QueueFilter { words: "école".to_owned(), ..QueueFilter::default() });
        assert!(html.contains("Aucune demande ne correspond.") && html.contains(">Retirer les filtres</a>"), "{html}");
    }

    #[test]
    fn a_search_that_finds_too_much_says_what_is_missing() {
        let searched =
            |words: &str| found(vec![request()], QueueFilter { words: words.to_owned(), ..QueueFilter::default() });
        assert!(searched("commune").contains("les plus anciennes ne sont ni affichées ni comptées"));
        assert!(!searched("guichet").contains("les plus anciennes"));
    }

    #[test]
    fn the_tab_that_is_shown_is_marked() {
        let html = found(Vec::new(), QueueFilter { examiner: QueueFilter::ME.to_owned(), ..QueueFilter::default() });
        assert_eq!(html.matches("aria-current=\"page\"").count(), 1);
        assert!(html.contains("aria-current=\"page\">Les miennes\u{a0}(0)<"), "{html}");
    }
}
