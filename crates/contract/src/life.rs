//! Contract of the API for what follows a submission, as tests that each implementation runs with [`lived_by!`](crate::lived_by).
//!
//! The caller of [`Caller`] files requests; an examiner of the team examines them.

use std::fmt::Debug;

use habilitation_fixtures::{id, named, ready};
use habilitation_model::lifecycle::Ground;
use habilitation_model::wire::{
    Act, Backlog, By, CaughtMail, Durations, EventList, ExaminedRequest, Kind, Mail, Remark, Reply, Start, State,
    Statistics, StoredRequest, Submission, SubmissionBody, Totals,
};
use habilitation_model::{Draft, Field, Id, field};

use crate::{Caller, Filter, Outcome, day, errors, problem_of, with_file};

/// Person who files requests, and an examiner of another account.
#[expect(clippy::missing_errors_doc, reason = "each fails as the API refuses")]
pub trait Sides: Caller {
    /// Acts on a request for the applicant, over a revision where the act moves the state.
    fn act(&self, request: &Id, event: &Id, revision: u64, act: &Act) -> Outcome<StoredRequest>;
    /// Submits a request with words to the team.
    fn submit_with(&self, request: &Id, revision: u64, words: &SubmissionBody) -> Outcome<()>;
    /// Reads the history that the applicant may see.
    fn events(&self, request: &Id) -> Outcome<EventList>;
    /// Reads a submission for the applicant.
    fn submission(&self, request: &Id, number: u32) -> Outcome<Submission>;
    /// Reads a request for the team.
    fn examined(&self, request: &Id) -> Outcome<ExaminedRequest>;
    /// Reads the history of a request for the team.
    fn examined_events(&self, request: &Id) -> Outcome<EventList>;
    /// Acts on a request for the team, over a revision where the act moves the state.
    fn decide(&self, request: &Id, event: &Id, revision: u64, act: &Act) -> Outcome<ExaminedRequest>;
    /// Reads the statistics of the last twelve months for the team.
    fn statistics(&self) -> Outcome<Statistics>;
    /// Reads the mails that were sent, in a demonstration.
    fn mails(&self) -> Outcome<Vec<CaughtMail>>;
    /// Sets the clock of requests forward by so many days, and does what is due then.
    fn let_days_pass(&mut self, days: u32);
}

/// Declares the clauses, and `lived_by!(make)`, which runs each of them as a test on the sides that `make()` answers.
macro_rules! declare {
    ($($(#[$doc:meta])* fn $clause:ident($sides:ident: &mut dyn Sides) $body:block)+) => {
        $($(#[$doc])*
        #[expect(missing_docs, reason = "its name says it")]
        pub fn $clause($sides: &mut dyn Sides) $body)+

        /// Runs each clause of the life of a request as a test on the sides that `make()` answers.
        #[macro_export]
        macro_rules! lived_by {
            ($make:path) => {
                $(#[test]
                fn $clause() {
                    $crate::life::$clause(&mut $make());
                })+
            };
        }
    };
}

/// Seconds of a day.
const DAY: u32 = 24 * 60 * 60;

/// An act of a kind with a text.
fn said(kind: Kind, text: &str) -> Act {
    Act { text: text.into(), ..Act::new(kind) }
}

/// Saves and sends a draft of the first request, which is at this revision, if it is there.
fn send(sides: &dyn Sides, revision: Option<u64>, draft: &Draft) {
    let saved = sides.save(&id(1), revision, draft).unwrap();
    sides.submit(&id(1), saved.revision).unwrap();
}

/// Makes an act of the team over what there is, with everything seen.
fn decide(sides: &dyn Sides, event: u8, act: Act) -> Outcome<ExaminedRequest> {
    let request = sides.examined(&id(1)).unwrap();
    let act = Act { seen: Some(request.last_event), ..act };
    sides.decide(&id(1), &id(event), request.revision, &act)
}

/// Makes an act of the applicant over what there is.
fn act(sides: &dyn Sides, event: u8, act: &Act) -> Outcome<StoredRequest> {
    let revision = sides.read(&id(1)).unwrap().revision;
    sides.act(&id(1), &id(event), revision, act)
}

fn ready_named(name: &str) -> Draft {
    let mut draft = ready();
    Field::ProjectName.set(&mut draft, field::Value::Text(name));
    draft
}

fn remark(field: Field) -> Remark {
    Remark { pointer: field.pointer(), text: "Lequel, exactement ?".into() }
}

fn kinds(list: &EventList) -> Vec<Kind> {
    list.events.iter().map(|event| event.kind).collect()
}

/// Returns the status of a problem, and its type without what all types begin with.
#[track_caller]
fn refusal<T: Debug>(outcome: Outcome<T>) -> (u16, String) {
    let problem = outcome.unwrap_err();
    (problem.status, problem.kind.trim_start_matches("/problems/").to_owned())
}

declare! {
    fn what_the_team_asks_for_is_mended_replied_to_and_accepted(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        let ask = Act {
            remarks: vec![remark(Field::ProjectName), remark(Field::Description)],
            ..said(Kind::ChangesRequested, "Deux points à préciser.")
        };
        let asked = decide(sides, 101, ask).unwrap();
        assert_eq!((asked.state, asked.revision, asked.suspended, asked.due_on), (State::ChangesRequested, 3, true, None));
        let told = sides.read(&id(1)).unwrap();
        assert_eq!((told.state, told.suspended, told.due_on), (State::ChangesRequested, true, None));
        assert_eq!((told.remarks, told.answer_by), (asked.remarks, Some(day("2027-01-22"))));

        assert_eq!(errors(sides.submit(&id(1), 3)), [(String::new(), "unanswered".to_owned())]);
        sides.save(&id(1), Some(3), &ready_named("Le guichet")).unwrap();
        let reply = Reply { pointer: Field::Description.pointer(), text: "Tout y est.".into() };
        let words = SubmissionBody { text: "Voici.".into(), replies: vec![reply.clone()] };
        sides.submit_with(&id(1), 4, &words).unwrap();
        let (first, second) = (sides.submission(&id(1), 1).unwrap(), sides.submission(&id(1), 2).unwrap());
        assert_eq!((first.draft, second.draft), (ready(), ready_named("Le guichet")));
        assert_eq!(second.changes, [Field::ProjectName.pointer()]);
        let sent = sides.examined_events(&id(1)).unwrap().events.pop().unwrap();
        assert_eq!((sent.submission, sent.text.as_str(), sent.replies), (Some(2), "Voici.", vec![reply]));

        let accepted = decide(sides, 102, Act::new(Kind::Accepted)).unwrap();
        let habilitation = accepted.habilitation.unwrap();
        assert_eq!((habilitation.number.as_str(), habilitation.submission), ("FC-2026-000001-1", 2));
        let told = sides.read(&id(1)).unwrap();
        assert_eq!((told.state, told.habilitation, told.due_on), (State::Accepted, Some(habilitation), None));
    }

    fn an_act_is_made_once_however_often_it_comes(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        let accept = Act { seen: Some(1), ..Act::new(Kind::Accepted) };
        let first = sides.decide(&id(1), &id(101), 2, &accept).unwrap();
        assert_eq!(sides.decide(&id(1), &id(101), 2, &accept).unwrap(), first);
        assert_eq!(kinds(&sides.examined_events(&id(1)).unwrap()), [Kind::Submitted, Kind::Accepted]);
        let other = Act { seen: Some(1), ..said(Kind::Refused, "Non.") };
        assert_eq!(refusal(sides.decide(&id(1), &id(101), 3, &other)), (409, "id-taken".to_owned()));

        let message = said(Kind::Message, "Bonjour");
        act(sides, 102, &message).unwrap();
        act(sides, 102, &message).unwrap();
        assert_eq!(refusal(act(sides, 102, &said(Kind::Message, "Autre"))), (409, "id-taken".to_owned()));
        assert_eq!(refusal(act(sides, 101, &Act::new(Kind::Reopened))), (409, "id-taken".to_owned()));
        let told = sides.events(&id(1)).unwrap().events;
        assert_eq!(told.iter().map(|event| event.yours).collect::<Vec<_>>(), [true, false, true], "as who made it");
        assert!(sides.examined_events(&id(1)).unwrap().events.iter().all(|event| !event.yours));
    }

    fn of_two_who_decide_on_one_revision_one_is_refused(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, Act::new(Kind::Accepted)).unwrap();
        let late = Act { seen: Some(1), ..said(Kind::Refused, "Non.") };
        let problem = sides.decide(&id(1), &id(102), 2, &late).unwrap_err();
        assert_eq!((problem.status, problem.current.is_none()), (412, true), "no draft is told");
        assert_eq!(sides.examined(&id(1)).unwrap().state, State::Accepted);
    }

    fn nothing_is_decided_past_what_the_applicant_wrote(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        act(sides, 101, &said(Kind::Message, "Attendez.")).unwrap();
        let blind = Act { seen: Some(1), ..Act::new(Kind::Accepted) };
        assert_eq!(refusal(sides.decide(&id(1), &id(102), 2, &blind)), (409, "unseen".to_owned()));
        assert!(sides.examined(&id(1)).unwrap().awaiting_reply);
        decide(sides, 103, Act::new(Kind::Accepted)).unwrap();
    }

    fn a_refusal_has_reasons_and_is_taken_back_with_a_new_term(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        assert_eq!(errors(decide(sides, 101, Act::new(Kind::Refused))), [("/text".to_owned(), "required".to_owned())]);
        let refused = decide(sides, 101, said(Kind::Refused, "Le but n’est pas permis.")).unwrap();
        assert_eq!((refused.state, refused.due_on), (State::Refused, None));
        sides.wait(23 * 24 * 60 * 60);
        let resumed = decide(sides, 102, said(Kind::Resumed, "Après votre recours.")).unwrap();
        assert_eq!((resumed.state, resumed.due_on), (State::Submitted, Some(day("2027-02-15"))));
    }

    fn a_modification_that_is_refused_or_given_up_leaves_the_habilitation(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, Act::new(Kind::Accepted)).unwrap();
        let reopened = act(sides, 102, &Act::new(Kind::Reopened)).unwrap();
        assert_eq!((reopened.state, reopened.draft), (State::Draft, ready().reopened()));
        assert_eq!(reopened.habilitation.map(|it| it.number).as_deref(), Some("FC-2026-000001-1"));
        let saved = sides.save(&id(1), Some(reopened.revision), &ready()).unwrap();
        assert_eq!(errors(sides.submit(&id(1), saved.revision)), [(String::new(), "unchanged".to_owned())]);

        send(sides, Some(saved.revision), &ready_named("Le guichet"));
        let refused = decide(sides, 103, said(Kind::Refused, "Non.")).unwrap();
        assert_eq!((refused.state, refused.habilitation.unwrap().submission), (State::Accepted, 1));
        let from = Act { from: Some(Start::Submission(2)), ..Act::new(Kind::Reopened) };
        assert_eq!(act(sides, 104, &from).unwrap().draft, ready_named("Le guichet").reopened());
        let given_up = act(sides, 105, &Act::new(Kind::Withdrawn)).unwrap();
        assert_eq!((given_up.state, given_up.habilitation.unwrap().submission), (State::Accepted, 1));
        assert_eq!(act(sides, 106, &Act::new(Kind::Reopened)).unwrap().draft, ready().reopened());
    }

    fn contacts_alone_are_told_apart_and_followed_by_a_second_habilitation(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, Act::new(Kind::Accepted)).unwrap();
        let reopened = act(sides, 102, &Act::new(Kind::Reopened)).unwrap();
        let mut draft = ready();
        Field::TechnicalEmail.set(&mut draft, field::Value::Text("autre@marais-bleu.example"));
        send(sides, Some(reopened.revision), &draft);
        assert!(sides.submission(&id(1), 2).unwrap().contacts_only);
        let accepted = decide(sides, 103, Act::new(Kind::Accepted)).unwrap();
        assert_eq!(accepted.habilitation.unwrap().number, "FC-2026-000001-2");
    }

    fn what_was_taken_back_is_sent_again_under_its_number(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        let withdrawn = act(sides, 101, &Act::new(Kind::Withdrawn)).unwrap();
        assert_eq!((withdrawn.state, withdrawn.due_on), (State::Withdrawn, None));
        sides.wait(23 * 24 * 60 * 60);
        let reopened = act(sides, 102, &Act::new(Kind::Reopened)).unwrap();
        assert_eq!(problem_of(sides.delete(&id(1), reopened.revision)).0, 409, "it was sent once");
        send(sides, Some(reopened.revision), &ready());
        let again = sides.read(&id(1)).unwrap();
        assert_eq!((again.number.as_deref(), again.submissions.len()), (Some("FC-2026-000001"), 2));
        assert_eq!(again.due_on, Some(day("2027-02-15")));
    }

    fn what_was_not_sent_is_not_there_for_the_team(sides: &mut dyn Sides) {
        sides.save(&id(1), None, &named("Rien qu’à moi")).unwrap();
        assert_eq!(problem_of(sides.examined(&id(1))).0, 404);
        send(sides, Some(1), &ready());
        decide(sides, 101, said(Kind::ChangesRequested, "Un point.")).unwrap();
        let revision = sides.read(&id(1)).unwrap().revision;
        sides.save(&id(1), Some(revision), &ready_named("Rien qu’à moi")).unwrap();
        let resumed = decide(sides, 102, said(Kind::Resumed, "Nous avons trouvé.")).unwrap();
        assert_eq!((resumed.state, resumed.submissions.len()), (State::Submitted, 1));
        let request = sides.read(&id(1)).unwrap();
        assert_eq!(request.draft, ready_named("Rien qu’à moi"), "it is kept");
        assert_eq!(problem_of(sides.save(&id(1), Some(request.revision), &ready())).0, 409);
    }

    fn notes_are_for_the_team_and_messages_for_both(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, said(Kind::Note, "À revoir.")).unwrap();
        decide(sides, 102, said(Kind::Message, "Bonjour.")).unwrap();
        assert_eq!(kinds(&sides.examined_events(&id(1)).unwrap()), [Kind::Submitted, Kind::Note, Kind::Message]);
        assert_eq!(kinds(&sides.events(&id(1)).unwrap()), [Kind::Submitted, Kind::Message]);
        assert_eq!(errors(act(sides, 103, &said(Kind::Message, " "))), [("/text".to_owned(), "required".to_owned())]);
    }

    fn a_message_lists_documents_whose_bytes_are_there_and_stay(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        let document = with_file().documents().next().unwrap().clone();
        let message = Act { documents: vec![document.clone()], ..said(Kind::Message, "Voici.") };
        assert_eq!(errors(act(sides, 101, &message)), [("/documents/0".to_owned(), "missing_file".to_owned())]);
        sides.send(&id(1), &document.id).unwrap();
        act(sides, 102, &message).unwrap();
        let told = sides.examined_events(&id(1)).unwrap().events.pop().unwrap();
        assert_eq!(told.documents, std::slice::from_ref(&document));
        assert_eq!(problem_of(sides.remove(&id(1), &document.id)).0, 409, "it was sent");
    }

    fn what_is_left_unanswered_is_examined_again_and_keeps_what_was_not_sent(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        let asked = decide(sides, 101, said(Kind::ChangesRequested, "Un point.")).unwrap();
        sides.save(&id(1), Some(asked.revision), &ready_named("Le guichet")).unwrap();
        sides.let_days_pass(61);
        let last = sides.read(&id(1)).unwrap();
        assert_eq!((last.state, last.answer_by), (State::ChangesRequested, Some(day("2027-01-22"))), "its last day");
        sides.let_days_pass(1);
        let request = sides.read(&id(1)).unwrap();
        assert_eq!((request.state, request.revision), (State::Submitted, last.revision + 1));
        // The clock of the law went on by itself on the last day to answer.
        assert_eq!((request.due_on, request.draft), (Some(day("2027-03-24")), ready_named("Le guichet")));
        let resumed = sides.events(&id(1)).unwrap().events.pop().unwrap();
        assert_eq!((resumed.kind, resumed.by), (Kind::Resumed, By::clock()));
    }

    fn a_modification_that_nobody_touches_is_given_up_after_six_months_once_that_was_told(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, Act::new(Kind::Accepted)).unwrap();
        let reopened = act(sides, 102, &Act::new(Kind::Reopened)).unwrap();
        sides.let_days_pass(100);
        sides.save(&id(1), Some(reopened.revision), &ready_named("Le guichet")).unwrap();
        let told = |sides: &dyn Sides| sides.mails().unwrap().iter().filter(|mail| mail.mail == Mail::Erasure).count();
        // Thirty days before the day that comes six months after 2 March.
        sides.let_days_pass(153);
        assert_eq!(told(sides), 0);
        sides.let_days_pass(1);
        assert_eq!(told(sides), 1);
        sides.let_days_pass(29);
        assert_eq!((sides.read(&id(1)).unwrap().state, told(sides)), (State::Draft, 1), "once");
        sides.let_days_pass(1);
        let request = sides.read(&id(1)).unwrap();
        assert_eq!((request.state, request.habilitation.map(|it| it.submission)), (State::Accepted, Some(1)));
        assert_eq!(kinds(&sides.events(&id(1)).unwrap()).last(), Some(&Kind::Withdrawn));
    }

    fn a_modification_is_not_given_up_before_it_was_told_for_thirty_days_however_late_it_is(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, Act::new(Kind::Accepted)).unwrap();
        act(sides, 102, &Act::new(Kind::Reopened)).unwrap();
        for days in [400, 29] {
            sides.let_days_pass(days);
            assert_eq!(sides.read(&id(1)).unwrap().state, State::Draft);
        }
        sides.let_days_pass(1);
        assert_eq!(sides.read(&id(1)).unwrap().state, State::Accepted);
    }

    fn what_is_over_is_archived_after_a_year(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, said(Kind::Refused, "Non.")).unwrap();
        sides.let_days_pass(364);
        assert_eq!(sides.read(&id(1)).unwrap().state, State::Refused);
        sides.let_days_pass(1);
        assert_eq!(sides.read(&id(1)).unwrap().state, State::Archived);
    }

    fn the_team_is_reminded_before_and_after_the_end_of_the_term_and_the_applicant_is_not(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        let reminders = |sides: &dyn Sides| -> Vec<u16> {
            sides.examined_events(&id(1)).unwrap().events.iter().filter_map(|event| event.days).collect()
        };
        sides.let_days_pass(46);
        assert_eq!(reminders(sides), [0_u16; 0]);
        sides.let_days_pass(1);
        assert_eq!(reminders(sides), [14]);
        sides.let_days_pass(20);
        assert_eq!(reminders(sides), [14, 0], "of several that are reached at once, the last one");
        sides.let_days_pass(30);
        assert_eq!(reminders(sides), [14, 0]);
        assert_eq!(kinds(&sides.events(&id(1)).unwrap()), [Kind::Submitted]);
        assert_eq!(sides.read(&id(1)).unwrap().state, State::Submitted, "silence moves no state");
    }

    fn what_is_revoked_or_archived_is_over(sides: &mut dyn Sides) {
        send(sides, None, &ready());
        decide(sides, 101, Act::new(Kind::Accepted)).unwrap();
        let revoke = Act { ground: Some(Ground::AtRequest), ..said(Kind::Revoked, "À votre demande.") };
        let revoked = decide(sides, 102, revoke).unwrap();
        assert_eq!((revoked.state, revoked.habilitation), (State::Revoked, None));
        assert_eq!(refusal(decide(sides, 103, Act::new(Kind::Accepted))), (409, "wrong-state".to_owned()));
        assert_eq!(act(sides, 104, &Act::new(Kind::Archived)).unwrap().state, State::Archived);
        let listed = |state| sides.list(&Filter { state, ..Filter::default() }).unwrap().requests.len();
        assert_eq!((listed(None), listed(Some(State::Archived))), (0, 1));
        for kind in [Kind::Reopened, Kind::Message] {
            assert_eq!(refusal(act(sides, 105, &said(kind, ""))).0, 409, "{kind:?}");
        }
    }

    fn answers_are_counted_in_their_month_by_days_in_the_teams_hands(sides: &mut dyn Sides) {
        let none = sides.statistics().unwrap();
        assert_eq!((none.months.len(), none.since, none.totals, none.backlog), (12, None, Totals::default(), Backlog::default()));
        send(sides, None, &ready());
        let waiting = sides.statistics().unwrap();
        assert_eq!((waiting.totals.received, waiting.backlog), (1, Backlog { waiting: 1, overdue: 0 }));
        sides.wait(2 * DAY);
        decide(sides, 101, said(Kind::ChangesRequested, "Un point.")).unwrap();
        sides.wait(6 * DAY);
        let revision = sides.read(&id(1)).unwrap().revision;
        send(sides, Some(revision), &ready_named("Le guichet"));
        sides.wait(3 * DAY);
        decide(sides, 102, Act::new(Kind::Accepted)).unwrap();

        let told = sides.statistics().unwrap();
        let took = |days| Durations { count: 1, median: Some(days), ninth_decile: Some(days) };
        let november = Totals { received: 1, first_answer: took(2), ..Totals::default() };
        let december = Totals { accepted: 1, decision: took(2 + 3), ..Totals::default() };
        let months: Vec<Totals> = told.months.iter().rev().map(|month| month.totals).take(3).collect();
        assert_eq!(months, [december, november, Totals::default()]);
        assert_eq!(told.totals, Totals { accepted: 1, decision: took(5), ..november });
        assert_eq!((told.since.map(|month| month.to_string()), told.backlog), (Some("2026-11".to_owned()), Backlog::default()));
    }
}
