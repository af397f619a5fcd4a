//! Appeals of the applicant, where a decision or silence is against the request.

use leptos::prelude::*;

use crate::clock;
use crate::components::new_tab_link;
use crate::html::{Bare, details, div, li, p, strong, summary, ul};
use crate::model::Date;
use crate::model::wire::{State, StoredRequest};
use crate::texts::{appeals, lifecycle};

/// Shows the appeals; nothing where there is nothing to appeal against.
#[component]
pub(super) fn Appeals(request: StoredRequest) -> impl IntoView {
    can_appeal(&request, clock::today_in_paris()).then(|| {
        let item = |(name, words): &(&'static str, &'static str)| -> Bare {
            li().child(strong().child([name, "\u{a0}: "].concat())).child(*words)
        };
        let items: Vec<Bare> = appeals::APPEALS.iter().map(item).collect();
        let court = new_tab_link(|| appeals::COURT_ADDRESS.to_owned(), appeals::COURT);
        let content = div().child(ul().child(items)).child(p().child(court));
        details().attr("class", "help").child(summary().child(appeals::TITLE)).child(content)
    })
}

/// Returns whether a request was refused or its habilitation revoked, or the answer is overdue.
fn can_appeal(request: &StoredRequest, today: Date) -> bool {
    match request.state {
        State::Refused | State::Revoked => true,
        State::Accepted => lifecycle::has_ended_modification(request),
        State::Submitted => request.due_on.is_some_and(|due_on| today > due_on),
        State::Draft | State::ChangesRequested | State::Withdrawn | State::Archived => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Id;

    #[test]
    fn silence_and_refusals_can_be_appealed_against() {
        let day = |text| Date::parse(text).unwrap();
        let request = |state, due_on| StoredRequest { state, due_on, ..StoredRequest::begun(Id::new(0, [1; 10])) };
        let today = day("2027-03-15");
        assert!(can_appeal(&request(State::Refused, None), today));
        assert!(can_appeal(&request(State::Revoked, None), today));
        assert!(can_appeal(&request(State::Submitted, Some(day("2027-03-14"))), today));
        for due_on in [Some(today), None] {
            assert!(!can_appeal(&request(State::Submitted, due_on), today), "{due_on:?}");
        }
        assert!(!can_appeal(&request(State::Accepted, None), today));
    }
}
