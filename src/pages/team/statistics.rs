//! The statistics of the team: what was received and answered, month by month, and how long it took.

mod periods;
mod table;

use leptos::prelude::*;

use crate::api::ApiFuture;
use crate::components::{Section, heading, paragraph};
use crate::context::{Focus, HEADING, Session};
use crate::html::{self, Bare, Element, dd, div, dl, dt, li, p, ul};
use crate::model::statistics::Period;
use crate::model::wire::{self, Backlog};
use crate::pages::reading::{Lost, Question};
use crate::pages::team::sections::Sections;
use periods::Periods;
use table::Table;

/// Shows the statistics of a period; of the last twelve months where there is none.
#[component]
pub(super) fn Statistics(period: Option<Period>) -> impl IntoView {
    Focus::get().open_page("Statistiques");
    let ask = move |session: Session| -> ApiFuture<(wire::Statistics, String)> {
        let service = session.examination();
        let asking = service.statistics(period);
        Box::pin(async move {
            let statistics = asking.await?;
            let file = service.statistics_file(&statistics);
            Ok((statistics, file))
        })
    };
    let draw =
        move |(statistics, file): (wire::Statistics, String)| view! { <Found period statistics file /> }.into_any();
    let lost = Lost {
        words: "Les statistiques n’ont pas pu être lues. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    let sheet = html::section()
        .attr("class", "card wide")
        .child(view! { <Sections current="Statistiques" /> })
        .child(heading(1, "Statistiques"))
        .child(Question::of(ask).view(draw, lost));
    div().attr("class", "page").child(sheet)
}

/// Shows the requests that wait today, the choice of a period, and its figures.
#[component]
fn Found(
    /// Period that was asked for.
    period: Option<Period>,
    statistics: wire::Statistics,
    /// Address of the same figures as a file.
    file: String,
) -> impl IntoView {
    let wire::Statistics { from, to, since, backlog, .. } = statistics;
    let told = Period { from, to };
    let figures = if statistics.totals.is_empty() {
        p().attr("class", "queue-empty").child("Aucune demande dans cette période.").into_any()
    } else {
        let download = html::a()
            .attr("href", file)
            .attr("class", "button")
            .attr("download", "statistiques.csv")
            .child("Télécharger ce tableau (CSV)");
        view! {
            <Table statistics />
            {p().attr("class", "actions").child(download)}
            {definitions()}
        }
        .into_any()
    };
    view! {
        <Section title="Aujourd’hui">{today(backlog)}</Section>
        <Section title="Par mois">
            <Periods chosen=period told since />
            {figures}
        </Section>
    }
}

/// Returns the numbers of requests that wait for the team.
fn today(backlog: Backlog) -> Element {
    let line = |name: &'static str, number: u64| div().child(dt().child(name)).child(dd().child(number.to_string()));
    dl().attr("class", "receipt")
        .child(line("Demandes à examiner", backlog.waiting))
        .child(line("dont l’échéance est dépassée", backlog.overdue))
}

/// Returns the meaning of the figures.
fn definitions() -> Bare {
    let items = [
        "Reçues\u{a0}: premières demandes et modifications. Un envoi qui complète une demande n’est pas compté une deuxième fois.",
        "Première réponse\u{a0}: jours entre l’envoi et la première réponse de l’équipe (compléments demandés, acceptation ou refus).",
        "Décision\u{a0}: jours jusqu’à l’acceptation ou au refus. Ceux pendant lesquels le demandeur complète sa demande ne comptent pas.",
        "Chaque réponse compte dans le mois où elle a été donnée.",
    ];
    let items: Vec<_> = items.into_iter().map(|words| li().child(words)).collect();
    html::details()
        .child(html::summary().child("Comment ces chiffres sont comptés"))
        .child(ul().child(items))
        .child(paragraph("Un délai «\u{a0}médian\u{a0}» n’est pas dépassé pour la moitié des demandes."))
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::month::Month;
    use crate::model::wire::{Durations, MonthStatistics, Totals};
    use crate::pages::team::testing::drawn;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    fn statistics(totals: Totals) -> wire::Statistics {
        let (from, to) = (month("2026-10"), month("2026-11"));
        let of_month = |month| MonthStatistics { month, totals: Totals::default() };
        wire::Statistics {
            from,
            to,
            since: Some(month("2025-03")),
            totals,
            months: vec![of_month(from), MonthStatistics { month: to, totals }],
            backlog: Backlog { waiting: 41, overdue: 2 },
        }
    }

    fn found(statistics: wire::Statistics, period: Option<Period>) -> String {
        drawn(move || view! { <Found period statistics file="fichier".to_owned() /> }.into_any())
    }

    fn counted() -> Totals {
        Totals {
            received: 12,
            modifications: 3,
            accepted: 1,
            first_answer: Durations { count: 9, median: Some(6), ninth_decile: Some(14) },
            decision: Durations { count: 1, median: Some(0), ninth_decile: Some(0) },
            ..Totals::default()
        }
    }

    #[test]
    fn a_month_is_a_row_with_its_numbers_and_its_days_and_the_period_is_the_last_one() {
        let html = found(statistics(counted()), None);
        assert_eq!((html.matches("<caption").count(), html.matches("scope=\"row\"").count()), (1, 3));
        for words in [
            "d’octobre 2026 à novembre 2026",
            ">novembre 2026<",
            "dont 3\u{a0}modifications",
            "6\u{a0}jours",
            "9 sur 10 en 14\u{a0}jours",
            "le jour même",
            "Ensemble",
            "href=\"fichier\"",
            ">41<",
            ">2<",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
    }

    #[test]
    fn a_period_without_any_request_says_so_and_has_no_file() {
        let html = found(statistics(Totals::default()), None);
        assert!(html.contains("Aucune demande dans cette période.") && !html.contains("<table"), "{html}");
        assert!(!html.contains("fichier") && html.contains(">41<"), "{html}");
    }

    #[test]
    fn periods_are_links_of_which_the_one_that_is_shown_is_marked() {
        let html = found(statistics(counted()), None);
        assert!(html.contains("aria-current=\"page\">12 derniers mois<"), "{html}");
        for address in ["?page=statistiques", "de=2026-01&amp;a=2026-12", "de=2025-01&amp;a=2025-12"] {
            assert!(html.contains(address), "{address} in {html}");
        }
        assert!(!html.contains("de=2024-01"), "nothing was counted then");
        let year = Period::between(month("2025-01"), month("2025-12"));
        let html = found(statistics(counted()), year);
        assert_eq!(html.matches("aria-current").count(), 1);
        assert!(html.contains("aria-current=\"page\">2025<"), "{html}");
    }
}
