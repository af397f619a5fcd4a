//! Contract of the API, as tests that each implementation runs with [`obeyed_by!`]: the server over HTTP, and the page
//! where it answers itself.
//!
//! One person calls, whose clock stands at [`START`] when a clause begins. Abilities of one implementation, such as
//! telling people apart or outliving a crash, are tested where they are.

#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "all of this crate is tests")]

use std::fmt::Debug;

use habilitation_fixtures::{Fixture, id, named};
use habilitation_model::wire::{
    BODY_MAX, Problem, RequestList, RequestSummary, State, StoredRequest, SubmissionSummary,
};
use habilitation_model::{ClosedList, Date, Draft, Field, Id, SCHEMA, field};

pub mod life;

pub use habilitation_fixtures::{START, ready};

/// Returns the draft of a complete request that lists one file.
#[must_use]
pub fn with_file() -> Draft {
    Fixture::named("town-hall")
}

/// Result of a call, or the problem that the API answers.
pub type Outcome<T> = Result<T, Box<Problem>>;

/// Query of the list of requests.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the name, the organisation or the number.
    pub words: String,
    /// State of the listed requests; all states if none.
    pub state: Option<State>,
    /// Cursor of the page before, where this page begins.
    pub cursor: Option<String>,
}

/// Signed-in person who makes calls. Nothing of theirs was stored before.
#[expect(clippy::missing_errors_doc, reason = "each fails as the API refuses")]
pub trait Caller {
    /// Saves a draft over a revision, or creates it.
    fn save(&self, id: &Id, revision: Option<u64>, draft: &Draft) -> Outcome<RequestSummary>;
    /// Reads a request.
    fn read(&self, id: &Id) -> Outcome<StoredRequest>;
    /// Reads a page of the list of requests, of 20 at most.
    fn list(&self, filter: &Filter) -> Outcome<RequestList>;
    /// Deletes a draft.
    fn delete(&self, id: &Id, revision: u64) -> Outcome<()>;
    /// Submits a request.
    fn submit(&self, id: &Id, revision: u64) -> Outcome<()>;
    /// Sends the bytes of a small document.
    fn send(&self, request: &Id, document: &Id) -> Outcome<()>;
    /// Removes the bytes of a document.
    fn remove(&self, request: &Id, document: &Id) -> Outcome<()>;
    /// Lets time pass.
    fn wait(&mut self, seconds: u32);
}

/// Declares the clauses, and `obeyed_by!(make)`, which runs each of them as a test on the caller that `make()` answers.
macro_rules! declare {
    ($($(#[$doc:meta])* fn $clause:ident($caller:ident: &mut dyn Caller) $body:block)+) => {
        $($(#[$doc])*
        #[expect(missing_docs, reason = "its name says it")]
        pub fn $clause($caller: &mut dyn Caller) $body)+

        /// Runs each clause as a test on the caller that `make()` answers.
        #[macro_export]
        macro_rules! obeyed_by {
            ($make:path) => {
                $(#[test]
                fn $clause() {
                    $crate::$clause(&mut $make());
                })+
            };
        }
    };
}

fn names(list: RequestList) -> Vec<String> {
    list.requests.into_iter().map(|request| request.name).collect()
}

/// Returns the status of a problem, and the revision that the implementation holds where it tells one.
#[track_caller]
fn problem_of<T: Debug>(outcome: Outcome<T>) -> (u16, Option<u64>) {
    let problem = outcome.unwrap_err();
    (problem.status, problem.current.map(|current| current.revision))
}

/// Returns the pointer and code of each error of a problem.
#[track_caller]
fn errors<T: Debug>(outcome: Outcome<T>) -> Vec<(String, String)> {
    let problem = outcome.unwrap_err();
    assert_eq!(problem.status, 422);
    problem.errors.into_iter().map(|error| (error.pointer, error.code)).collect()
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

declare! {
    fn a_draft_is_read_back_as_it_was_saved(caller: &mut dyn Caller) {
        let draft = Fixture::named("town-hall");
        let summary = caller.save(&id(1), None, &draft).unwrap();
        let request = StoredRequest {
            revision: 1,
            created_at: START.to_owned(),
            updated_at: START.to_owned(),
            draft,
            ..StoredRequest::begun(id(1))
        };
        assert_eq!(summary, request.summary());
        assert_eq!(summary.errors, 1, "its file has not come");
        assert_eq!(caller.read(&id(1)), Ok(request));
    }

    fn each_save_raises_the_revision_and_tells_when_it_was(caller: &mut dyn Caller) {
        caller.save(&id(1), None, &named("a")).unwrap();
        caller.wait(2);
        let summary = caller.save(&id(1), Some(1), &named("b")).unwrap();
        assert_eq!((summary.revision, summary.updated_at.as_str()), (2, "2026-11-22T12:00:02.000Z"));
        let request = caller.read(&id(1)).unwrap();
        assert_eq!((request.created_at.as_str(), request.draft), (START, named("b")));
    }

    fn whatever_was_typed_is_kept(caller: &mut dyn Caller) {
        let mut draft = Fixture::named("digital-health");
        for (field, typed) in [
            (Field::LaunchDate, "30/02/2027 ou plus tard"),
            (Field::YearlyVolume, "beaucoup"),
            (Field::ProjectName, " \u{202e}Œuvre \u{1f469}\u{200d}\u{1f4bb} e\u{301}\u{7f}\t"),
            (Field::Description, "<script>alert(1)</script>\r\n'; DROP TABLE requests; --"),
        ] {
            field.set(&mut draft, field::Value::Text(typed));
        }
        caller.save(&id(1), None, &draft).unwrap();
        assert_eq!(caller.read(&id(1)).unwrap().draft, draft);
    }

    fn a_save_over_what_the_caller_never_saw_is_refused_with_what_is_there(caller: &mut dyn Caller) {
        caller.save(&id(1), None, &named("a")).unwrap();
        caller.wait(1);
        caller.save(&id(1), Some(1), &named("b")).unwrap();
        for revision in [None, Some(1), Some(3)] {
            let problem = caller.save(&id(1), revision, &named("late")).unwrap_err();
            let current = problem.current.unwrap();
            assert_eq!(problem.status, 412, "{revision:?}");
            assert_eq!((current.schema, current.revision, current.draft), (SCHEMA, 2, named("b")), "{revision:?}");
            assert_eq!(current.updated_at, "2026-11-22T12:00:01.000Z");
        }
        assert_eq!(caller.read(&id(1)).unwrap().draft, named("b"));
    }

    fn a_change_of_what_is_not_there_is_refused_and_makes_nothing(caller: &mut dyn Caller) {
        assert_eq!(problem_of(caller.save(&id(1), Some(1), &named("a"))), (412, None));
        assert_eq!(problem_of(caller.read(&id(1))), (404, None));
        assert_eq!(caller.list(&Filter::default()), Ok(RequestList::default()));
    }

    fn a_draft_too_long_to_be_taken_is_told_the_limit(caller: &mut dyn Caller) {
        let long = "a".repeat(usize::try_from(BODY_MAX).unwrap());
        let problem = caller.save(&id(1), None, &named(&long)).unwrap_err();
        assert_eq!((problem.status, problem.limit), (413, Some(BODY_MAX)));
        assert_eq!(problem_of(caller.read(&id(1))), (404, None));
    }

    fn what_was_never_there_is_not_found(caller: &mut dyn Caller) {
        assert_eq!(problem_of(caller.read(&id(1))), (404, None));
        assert_eq!(problem_of(caller.delete(&id(1), 1)), (404, None));
        assert_eq!(problem_of(caller.submit(&id(1), 1)), (404, None));
        assert_eq!(problem_of(caller.send(&id(1), &id(9))), (404, None));
        assert_eq!(problem_of(caller.remove(&id(1), &id(9))), (404, None));
    }

    fn what_was_deleted_is_gone_and_stays_gone(caller: &mut dyn Caller) {
        caller.save(&id(1), None, &named("a")).unwrap();
        assert_eq!(problem_of(caller.delete(&id(1), 2)), (412, Some(1)));
        caller.delete(&id(1), 1).unwrap();
        assert_eq!(problem_of(caller.read(&id(1))), (410, None));
        assert_eq!(problem_of(caller.save(&id(1), None, &named("late"))), (410, None));
        assert_eq!(problem_of(caller.save(&id(1), Some(1), &named("late"))), (410, None));
        assert_eq!(problem_of(caller.delete(&id(1), 1)), (410, None));
        assert_eq!(problem_of(caller.submit(&id(1), 1)), (410, None));
        assert_eq!(problem_of(caller.send(&id(1), &id(9))), (410, None));
        assert_eq!(problem_of(caller.remove(&id(1), &id(9))), (410, None));
        assert_eq!(caller.list(&Filter::default()), Ok(RequestList::default()));
    }

    fn a_submitted_request_has_a_number_and_changes_no_more(caller: &mut dyn Caller) {
        caller.save(&id(1), None, &ready()).unwrap();
        caller.wait(1);
        caller.submit(&id(1), 1).unwrap();
        let request = caller.read(&id(1)).unwrap();
        let at = "2026-11-22T12:00:01.000Z";
        let expected = StoredRequest {
            number: Some("FC-2026-000001".to_owned()),
            state: State::Submitted,
            revision: 2,
            created_at: START.to_owned(),
            updated_at: at.to_owned(),
            earlier: vec![START.to_owned()],
            submitted_at: Some(at.to_owned()),
            draft: ready(),
            submissions: vec![SubmissionSummary { n: 1, at: at.to_owned(), on: day("2026-11-22") }],
            due_on: Some(day("2027-01-22")),
            last_event: Some(1),
            ..StoredRequest::begun(id(1))
        };
        assert_eq!(request, expected);
        for revision in [None, Some(1), Some(2)] {
            assert_eq!(problem_of(caller.save(&id(1), revision, &named("late"))).0, 409);
        }
        assert_eq!(problem_of(caller.delete(&id(1), 2)).0, 409);
        assert_eq!(caller.read(&id(1)), Ok(expected));
    }

    fn documents_come_and_go_after_a_submission_but_those_that_were_sent(caller: &mut dyn Caller) {
        let draft = Fixture::named("town-hall");
        let sent = draft.documents().next().unwrap().id.clone();
        caller.save(&id(1), None, &draft).unwrap();
        caller.send(&id(1), &sent).unwrap();
        caller.submit(&id(1), 1).unwrap();
        let before = caller.read(&id(1)).unwrap();
        assert_eq!(problem_of(caller.send(&id(1), &sent)).0, 409);
        assert_eq!(problem_of(caller.remove(&id(1), &sent)).0, 409);
        // A message may list it later.
        caller.send(&id(1), &id(9)).unwrap();
        assert_eq!(caller.read(&id(1)).unwrap().arrived.len(), 2);
        caller.remove(&id(1), &id(9)).unwrap();
        assert_eq!(problem_of(caller.remove(&id(1), &id(9))).0, 404);
        assert_eq!(caller.read(&id(1)), Ok(before));
    }

    fn a_submission_counts_for_its_day_in_paris_and_is_due_two_months_later(caller: &mut dyn Caller) {
        // Half past midnight of the last day of the year in Paris, which is the day before in UTC.
        caller.wait(38 * 24 * 60 * 60 + 11 * 60 * 60 + 30 * 60);
        caller.save(&id(1), None, &ready()).unwrap();
        caller.submit(&id(1), 1).unwrap();
        let request = caller.read(&id(1)).unwrap();
        assert_eq!(request.submitted_at.as_deref(), Some("2026-12-30T23:30:00.000Z"));
        let submission =
            SubmissionSummary { n: 1, at: "2026-12-30T23:30:00.000Z".to_owned(), on: day("2026-12-31") };
        assert_eq!((request.submissions, request.due_on), (vec![submission], Some(day("2027-02-28"))));
        let listed = caller.list(&Filter::default()).unwrap().requests;
        assert_eq!(listed, [caller.read(&id(1)).unwrap().summary()]);
    }

    fn submitting_again_is_harmless_whatever_the_revision(caller: &mut dyn Caller) {
        caller.save(&id(1), None, &ready()).unwrap();
        caller.submit(&id(1), 1).unwrap();
        let request = caller.read(&id(1));
        caller.wait(1);
        for revision in [1, 2, 7] {
            caller.submit(&id(1), revision).unwrap();
        }
        assert_eq!(caller.read(&id(1)), request);
    }

    fn a_submission_of_another_revision_is_refused_with_what_is_there(caller: &mut dyn Caller) {
        caller.save(&id(1), None, &named("a")).unwrap();
        caller.save(&id(1), Some(1), &ready()).unwrap();
        assert_eq!(problem_of(caller.submit(&id(1), 1)), (412, Some(2)));
        assert_eq!(caller.read(&id(1)).unwrap().state, State::Draft);
    }

    fn numbers_follow_each_other_and_begin_anew_each_year(caller: &mut dyn Caller) {
        let number = |caller: &mut dyn Caller, place: u8| {
            caller.save(&id(place), None, &ready()).unwrap();
            caller.submit(&id(place), 1).unwrap();
            caller.read(&id(place)).unwrap().number.unwrap()
        };
        assert_eq!(number(caller, 1), "FC-2026-000001");
        caller.save(&id(9), None, &named("incomplete")).unwrap();
        assert_eq!(problem_of(caller.submit(&id(9), 1)).0, 422);
        assert_eq!(number(caller, 2), "FC-2026-000002");
        // Into January.
        caller.wait(60 * 24 * 60 * 60);
        assert_eq!(number(caller, 3), "FC-2027-000001");
        assert_eq!(number(caller, 4), "FC-2027-000002");
    }

    fn an_incomplete_request_is_refused_with_every_error(caller: &mut dyn Caller) {
        let draft = Fixture::named("incomplete-people");
        let expected: Vec<(String, String)> =
            draft.errors(&[]).iter().map(|error| (error.field.pointer(), error.code.as_str().to_owned())).collect();
        assert!(!expected.is_empty());
        let summary = caller.save(&id(1), None, &draft).unwrap();
        assert_eq!(usize::try_from(summary.errors).unwrap(), expected.len());
        assert_eq!(errors(caller.submit(&id(1), 1)), expected);
        let request = caller.read(&id(1)).unwrap();
        assert_eq!((request.state, request.revision, request.number), (State::Draft, 1, None));
    }

    fn a_submission_waits_for_the_files_that_the_draft_lists(caller: &mut dyn Caller) {
        let draft = Fixture::named("town-hall");
        let document = draft.documents().next().unwrap().id.clone();
        let errors_of = |caller: &dyn Caller| caller.list(&Filter::default()).unwrap().requests[0].errors;
        caller.save(&id(1), None, &draft).unwrap();
        let missing = [("/project/mockups".to_owned(), "missing_file".to_owned())];
        assert_eq!(errors(caller.submit(&id(1), 1)), missing);

        caller.send(&id(1), &document).unwrap();
        let request = caller.read(&id(1)).unwrap();
        assert_eq!((request.revision, request.arrived), (1, vec![document.clone()]), "a file is no revision");
        assert_eq!(errors_of(caller), 0);
        // Sending again is harmless.
        caller.send(&id(1), &document).unwrap();
        assert_eq!(caller.read(&id(1)).unwrap().arrived, std::slice::from_ref(&document));

        caller.remove(&id(1), &document).unwrap();
        assert_eq!(errors_of(caller), 1);
        assert_eq!(errors(caller.submit(&id(1), 1)), missing);
        assert_eq!(problem_of(caller.remove(&id(1), &document)).0, 404);

        caller.send(&id(1), &document).unwrap();
        caller.submit(&id(1), 1).unwrap();
        assert_eq!(caller.read(&id(1)).unwrap().arrived, [document]);
    }

    fn files_stay_when_the_draft_changes(caller: &mut dyn Caller) {
        caller.save(&id(1), None, &named("a")).unwrap();
        caller.send(&id(1), &id(9)).unwrap();
        caller.save(&id(1), Some(1), &named("b")).unwrap();
        assert_eq!(caller.read(&id(1)).unwrap().arrived, [id(9)]);
    }

    fn the_list_has_what_changed_last_first_and_goes_on_where_it_stopped(caller: &mut dyn Caller) {
        for number in 1..=25 {
            // Two at each moment: the identifier parts them.
            caller.save(&id(number), None, &named(&number.to_string())).unwrap();
            caller.wait(u32::from(number % 2));
        }
        caller.save(&id(3), Some(1), &named("3, changed")).unwrap();
        let first = caller.list(&Filter::default()).unwrap();
        let second = caller.list(&Filter { cursor: first.next.clone(), ..Filter::default() }).unwrap();
        assert_eq!((first.requests.len(), second.requests.len(), second.next.as_ref()), (20, 5, None));
        let all: Vec<String> = names(first).into_iter().chain(names(second)).collect();
        let mut expected: Vec<String> = (1..=25).rev().filter(|number| *number != 3).map(|number| number.to_string()).collect();
        expected.insert(0, "3, changed".to_owned());
        assert_eq!(all, expected);
    }

    fn the_list_is_narrowed_by_state_and_words(caller: &mut dyn Caller) {
        let mut town = named("Cantine de l'Été");
        Field::OrganisationName.set(&mut town, field::Value::Text("Commune d'Œuf-en-Ternois"));
        caller.save(&id(1), None, &town).unwrap();
        caller.wait(1);
        caller.save(&id(2), None, &named("100 % en ligne_")).unwrap();
        caller.wait(1);
        caller.save(&id(3), None, &ready()).unwrap();
        caller.submit(&id(3), 1).unwrap();
        let company = ready().project.name.trimmed().to_owned();

        let with = |words: &str| Filter { words: words.to_owned(), ..Filter::default() };
        for (words, found) in [
            ("", vec![company.as_str(), "100 % en ligne_", "Cantine de l'Été"]),
            ("CANTINE DE L’ETE", vec!["Cantine de l'Été"]),
            ("  été ", vec!["Cantine de l'Été"]),
            ("oeuf", vec!["Cantine de l'Été"]),
            ("%", vec!["100 % en ligne_"]),
            ("_", vec!["100 % en ligne_"]),
            ("fc-2026-000001", vec![company.as_str()]),
            ("été commune", vec![]),
            ("rien de tel", vec![]),
        ] {
            assert_eq!(names(caller.list(&with(words)).unwrap()), found, "{words:?}");
        }
        let of_state = |state| Filter { state: Some(state), ..Filter::default() };
        assert_eq!(names(caller.list(&of_state(State::Submitted)).unwrap()), [company.as_str()]);
        assert_eq!(names(caller.list(&of_state(State::Draft)).unwrap()), ["100 % en ligne_", "Cantine de l'Été"]);
        let both = Filter { state: Some(State::Submitted), ..with("cantine") };
        assert_eq!(names(caller.list(&both).unwrap()), [""; 0]);
    }
}
