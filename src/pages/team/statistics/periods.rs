//! The choice of a period, which stands in the address.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use crate::clock;
use crate::components::link;
use crate::html::{self, Element, div, li, nav, p, select, ul};
use crate::model::month::Month;
use crate::model::place::team::TeamPlace;
use crate::model::statistics::{MONTHS_MAX, Period};
use crate::navigation::{Navigation, Place};
use crate::texts::dates;

/// Most years that have links of their own.
const YEARS_MAX: usize = 6;

fn place(period: Option<Period>) -> Place {
    Place::Examination(TeamPlace::Statistics(period).query())
}

/// Offers the last twelve months, each year, and any other period.
#[component]
pub(super) fn Periods(
    /// Period of the address.
    chosen: Option<Period>,
    /// Period that is shown.
    told: Period,
    /// First month of which anything is counted.
    since: Option<Month>,
) -> impl IntoView {
    let now = Month::of(clock::today_in_paris());
    let since = since.unwrap_or(now).min(now);
    let years = (since.year()..=now.year()).rev().take(YEARS_MAX);
    let years = years.map(|year| (year.to_string(), Some(Period::of_year(year))));
    let links = [("12 derniers mois".to_owned(), None)].into_iter().chain(years);
    let item = |(words, period): (String, Option<Period>)| {
        li().child(link(&place(period), "quiet", words).attr("aria-current", (period == chosen).then_some("page")))
    };
    let items: Vec<_> = links.map(item).collect();
    let list = ul().attr("class", "tabs").attr("role", "list").child(items);
    view! {
        {nav().attr("aria-label", "Périodes").child(list)}
        {form(told, since, now)}
    }
}

/// Returns the form that asks for a first and a last month.
fn form(told: Period, since: Month, now: Month) -> Element {
    let navigation = Navigation::get();
    let last = told.to.max(now);
    let months: Vec<Month> = since.min(told.from).max(last.minus(MONTHS_MAX - 1)).to(last).collect();
    let chosen = StoredValue::new(told);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Period { from, to } = chosen.get_value();
        // Two months make a period, whichever of them is chosen first.
        let (from, to) = (from.min(to), from.max(to));
        navigation.go(&place(Period::between(from.max(to.minus(MONTHS_MAX - 1)), to)));
    };
    let from = choose("statistics-from", "Du mois de", &months, told.from, move |month| {
        chosen.update_value(|chosen| chosen.from = month);
    });
    let to = choose("statistics-to", "Au mois de", &months, told.to, move |month| {
        chosen.update_value(|chosen| chosen.to = month);
    });
    html::form()
        .attr("class", "section")
        .on(ev::submit, submit)
        .child(div().attr("class", "filters").child(vec![from, to]))
        .child(p().attr("class", "actions").child(html::button().attr("class", "button").child("Afficher")))
}

/// Returns a choice among months, under its label.
fn choose(
    id: &'static str,
    words: &'static str,
    months: &[Month],
    current: Month,
    set: impl Fn(Month) + 'static,
) -> Element {
    let option = |month: &Month| {
        html::option()
            .attr("value", month.to_string())
            .attr("selected", (*month == current).then_some(""))
            .child(dates::month(*month))
    };
    let options: Vec<_> = months.iter().rev().map(option).collect();
    let change = move |event: Event| {
        if let Some(month) = Month::parse(&event_target_value(&event)) {
            set(month);
        }
    };
    let select = select().attr("id", id).attr("class", "control").on(ev::change, change).child(options);
    div().attr("class", "field").child(html::label().attr("for", id).child(words)).child(select)
}
