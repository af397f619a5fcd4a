//! The page of a request that is read: its state, what comes next, every answer, and its history.

mod acting;
mod actions;
mod appeals;
mod decision;
mod history;
mod messages;
mod sent;
mod technical_sheet;
mod timeline;
mod unsent;
mod writing;

use leptos::prelude::*;

use super::people::people as shared_people;
use super::reading::Question;
use crate::clock;
use crate::components::{Placeholder, Section, deferred_view, heading, link, paragraph};
use crate::context::{Focus, Host, Session};
use crate::effect::watch;
use crate::html::{self, Element, article, dd, div, dl, dt, li, live, p, span, ul};
use crate::model::rights::Action;
use crate::model::wire::{EventList, Remark, State, StoredRequest};
use crate::model::{ClosedList, Draft, Field};
use crate::navigation::Place;
use crate::texts::{dates, fields, lifecycle, people};
use acting::Ways;
use actions::Actions;
use appeals::Appeals;
use decision::Decision;
use history::History;
use messages::Messages;
use sent::{LastSent, ProjectName, Sent};
use technical_sheet::TechnicalSheet;
use timeline::Timeline;
use unsent::{Unsent, left_on_device};

/// Shows a request that is read.
#[component]
pub(super) fn ReadOnly(
    request: StoredRequest,
    /// Opens the form of the request.
    fill_in: Box<dyn Fn()>,
    /// Opens the request again, as it is by then.
    reload: Box<dyn Fn()>,
) -> impl IntoView {
    let (session, focus, host) = (Session::get(), Focus::get(), Host::get());
    host.dispatch("state", request.id.as_str(), request.state.as_str());
    let left = session.copies().and_then(|copies| left_on_device(&copies, &request));
    // A draft that was never sent is read by people who do not change it.
    let is_draft = request.number.is_none();
    let title = match &request.number {
        Some(number) => ["Demande ", number].concat(),
        None => "Brouillon".to_owned(),
    };
    focus.open_page(&[&title, " – ", lifecycle::state(request.state)].concat());
    let last_sent = LastSent::of(&request);
    // A server that keeps no history says nothing of events.
    let history = request.last_event.map(|_| {
        let id = request.id.clone();
        Question::new(move |service| service.events(&id, 0))
    });
    let heading = html::header()
        .child(heading(1, title))
        .child(view! { <ProjectName draft=request.draft.clone() last_sent /> })
        .child(badges(&request));
    let is_without_right = request.state.is_editable();
    let unsent = left.map(|copy| view! { <Unsent request=request.id.clone() copy history is_without_right /> });
    let decision = history.map(|history| view! { <Decision request=request.clone() history /> });
    let ways = Ways::new(request.id.clone(), fill_in, reload);
    if let Some(history) = history {
        reload_once_moved(&request, history, ways);
    }
    let messages =
        history.filter(|_| !is_draft).map(|history| view! { <Messages request=request.clone() history ways /> });
    let course = (!is_draft).then(|| {
        view! {
            <Receipt request=request.clone() />
            {decision}
            <Timeline request=request.clone() />
            <WhatNext request=request.clone() last_sent />
            <Appeals request=request.clone() />
            <Remarks remarks=request.remarks.clone() />
            {sheet_of(&request, last_sent)}
        }
    });
    let sheet = article().attr("class", "card").child(heading).child(unsent).child(view! {
        {people::why_not(&request).map(|why| paragraph(why).attr("class", "note"))}
        {course}
        <Actions request=request.clone() ways />
        {messages}
        {people_of(&request, ways)}
        <Sent request last_sent />
        {history.map(|history| view! { <History history /> })}
    });
    div().attr("class", "page").child(sheet)
}

/// Returns the people of a request, where requests are shared and the reader is told who takes part.
fn people_of(request: &StoredRequest, ways: Ways) -> Option<AnyView> {
    let (id, standing, elsewhere) = (request.id.clone(), request.standing(), request.elsewhere);
    let reload = move || Box::new(move || ways.reload());
    let is_told = Session::get().shares_requests() && request.allows(Action::ListPeople);
    is_told.then(|| {
        deferred_view(Placeholder::Nothing, move || shared_people(id.clone(), standing, elsewhere, reload())).into_any()
    })
}

/// Opens the page again once its history, read again, tells of an act that moved the state.
fn reload_once_moved(request: &StoredRequest, history: Question<EventList>, ways: Ways) {
    let shown = request.last_event.unwrap_or_default();
    watch(move || {
        let history = history.response();
        let moved =
            |history: EventList| history.events.iter().any(|event| event.seq > shown && event.kind.moves_state());
        if history.is_some_and(moved) {
            ways.reload();
        }
    });
}

/// Returns the technical sheet of the habilitation in force, if there is one.
fn sheet_of(request: &StoredRequest, last_sent: LastSent) -> Option<AnyView> {
    let habilitation = request.habilitation.clone()?;
    let accepted = last_sent.or_submission(request, habilitation.submission);
    Some(view! { <TechnicalSheet habilitation draft=request.draft.clone() accepted /> }.into_any())
}

/// Returns the state of a request in words, and whether it is a modification.
fn badges(request: &StoredRequest) -> Element {
    let badge = |words: &'static str| span().attr("class", "badge").child(words);
    let is_modification = lifecycle::is_modification(request.state, request.habilitation.as_ref());
    p().attr("class", "badges")
        .child(badge(lifecycle::state(request.state)).attr("data-state", request.state.as_str()))
        .child(is_modification.then(|| badge("Modification")))
}

/// Shows the outcome, the number of the request and the time of its last submission.
#[component]
fn Receipt(request: StoredRequest) -> impl IntoView {
    let line = |name: &'static str, value: String| div().child(dt().child(name)).child(dd().child(value));
    let outcome = lifecycle::outcome(&request);
    let last = request.submissions.last().map(|submission| submission.at.clone());
    let sent_at = last.or(request.submitted_at).unwrap_or_default();
    let habilitation = request.habilitation.map(|habilitation| line("Habilitation", habilitation.number));
    let lines = dl()
        .attr("class", "receipt")
        .child(line("Numéro", request.number.unwrap_or_default()))
        .child(line("Envoyée le", dates::day_and_time(&sent_at)))
        .child(habilitation);
    let made_up = Session::get().api().is_local().then(|| {
        let words = "Démonstration\u{a0}: cette demande n’est partie nulle part. Elle est gardée sur cet appareil. ";
        // In a portal nobody is of the team.
        let examine = "Examinez-la vous-même, comme l’équipe FranceConnect";
        paragraph(words).child((!Host::get().is_portal()).then(|| link(&Place::SignIn(None), "", examine)))
    });
    let is_success = matches!(request.state, State::Submitted | State::Accepted);
    div()
        .attr("class", if is_success { "success" } else { "note" })
        .child(heading(2, outcome))
        .child(lines)
        .child(made_up)
}

/// Tells what happens to the request from now on: who acts next, and by when.
#[component]
fn WhatNext(request: StoredRequest, last_sent: LastSent) -> impl IntoView {
    let today = clock::today_in_paris();
    let sentences = paragraph(lifecycle::next_steps(&request, today).join(" "));
    let is_overdue = request.due_on.is_some_and(|due_on| today > due_on);
    let usual = (request.state == State::Submitted && !is_overdue).then(|| {
        let statistics = Question::new(|service| service.statistics());
        let median = move || statistics.response().and_then(|statistics| statistics.first_answer_days);
        live(move || paragraph(lifecycle::usual_answer(median())))
    });
    // What was sent last is not in force where a modification was refused or given up.
    let is_in_force = !lifecycle::has_ended_modification(&request);
    let (state, draft) = (request.state, request.draft);
    let mails = move || is_in_force.then(|| last_sent.read(&draft, |sent| mails(state, sent)).flatten()).flatten();
    view! {
        <Section title="Et maintenant\u{a0}?">
            {sentences}
            {usual}
            {live(mails)}
        </Section>
    }
}

/// Returns the list of who is written to, where an answer is to come or has come.
fn mails(state: State, draft: &Draft) -> Option<Element> {
    let (applicant, people) = (&draft.organisation.applicant, &draft.people);
    let (controller, technical) = (people.controller.email.trimmed(), people.technical.email.trimmed());
    let items = match state {
        State::Submitted => vec![
            ["La réponse, et les questions s’il y en a, vous seront envoyées à ", applicant.email.trimmed(), "."],
            ["Si la demande est acceptée, le responsable du traitement sera prévenu à ", controller, "."],
            [
                "Le contact technique recevra alors la marche à suivre par courriel, à ",
                technical,
                ", puis un code par SMS.",
            ],
        ],
        State::Accepted => vec![
            ["Le responsable du traitement est prévenu à ", controller, "."],
            ["Le contact technique reçoit la marche à suivre par courriel, à ", technical, ", puis un code par SMS."],
        ],
        _ => return None,
    };
    // Each part is a text of its own: translators leave addresses whole.
    let item = |[before, address, after]: [&str; 3]| {
        li().child(before.to_owned()).child(address.to_owned()).child(after.to_owned())
    };
    let items: Vec<_> = items.into_iter().map(item).collect();
    Some(ul().attr("class", "mails").child(items))
}

/// Shows the remarks that wait for the applicant, each under the name of its field.
#[component]
fn Remarks(remarks: Vec<Remark>) -> impl IntoView {
    let line = |remark: &Remark| {
        let name = Field::from_pointer(&remark.pointer).map(fields::name).unwrap_or_default();
        let words = dd().attr("class", "answer").child(remark.text.trimmed().to_owned());
        div().attr("class", "answer-row").child(dt().child(name)).child(words)
    };
    (!remarks.is_empty()).then(|| {
        let lines: Vec<_> = remarks.iter().map(line).collect();
        html::section().attr("class", "answers").child(heading(2, "Remarques de l’équipe")).child(dl().child(lines))
    })
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::api::unanswered::{Backend, Unanswered};
    use crate::browser::time::set_now;
    use crate::context::Contexts;
    use crate::device::{DeviceStorage, Persistence};
    use crate::lazy::Part;
    use crate::model::wire::{self, Habilitation, SubmissionSummary};
    use crate::model::{Date, Id};
    use crate::navigation::{Place, memory};

    /// Draws a view on 22 November 2026, and returns its HTML without the marks of Leptos.
    pub(super) fn html_of(backend: Backend, draw: impl FnOnce() -> AnyView) -> String {
        set_now(1_795_348_800_000);
        let owner = Owner::new();
        let html = owner.with(|| {
            let navigation = memory::navigation(Place::Requests, Box::new(|_| true));
            let device = DeviceStorage::new("", Persistence::Local);
            let session = Session::new(Rc::new(Unanswered::new(backend)), device, None, None);
            Contexts::provide(navigation, session, None, None, &Part::ALL);
            draw().to_html()
        });
        owner.cleanup();
        html.replace("<!>", "")
    }

    fn drawn(request: StoredRequest, backend: Backend) -> String {
        html_of(backend, || view! { <ReadOnly request fill_in=Box::new(|| ()) reload=Box::new(|| ()) /> }.into_any())
    }

    fn day(text: &str) -> Option<Date> {
        Date::parse(text).ok()
    }

    fn sent() -> StoredRequest {
        let at = "2026-11-22T12:00:00.000Z".to_owned();
        StoredRequest {
            number: Some("FC-2026-000123".to_owned()),
            state: State::Submitted,
            submitted_at: Some(at.clone()),
            submissions: vec![SubmissionSummary { n: 1, at, on: Date::parse("2026-11-22").unwrap() }],
            due_on: day("2027-01-22"),
            last_event: Some(1),
            ..StoredRequest::begun(Id::new(0, [1; 10]))
        }
    }

    #[track_caller]
    fn assert_shows(html: &str, words: &[&str]) {
        for words in words {
            assert!(html.contains(words), "{words:?} in {html}");
        }
    }

    #[test]
    fn a_submitted_request_shows_its_way_and_when_it_is_answered() {
        let html = drawn(sent(), Backend::Server);
        assert_shows(
            &html,
            &[
                ">Demande FC-2026-000123</h1>",
                "data-state=\"submitted\">En cours d’examen<",
                "<li><span>Envoyée</span><span class=\"hint\">le 22\u{a0}novembre 2026</span></li>",
                "<li aria-current=\"step\"><span>Examinée</span>",
                "Réponse attendue avant le 22\u{a0}janvier 2027.",
                ">Historique</h2>",
            ],
        );
        assert_eq!(html.matches("aria-current").count(), 1);
        assert!(!html.contains("Démonstration") && !html.contains("Compléter la demande"));
        assert_shows(&drawn(sent(), Backend::Browser), &["Examinez-la vous-même"]);
    }

    #[test]
    fn of_an_older_server_neither_a_term_nor_a_history_is_shown() {
        let older = StoredRequest { submissions: Vec::new(), due_on: None, last_event: None, ..sent() };
        let html = drawn(older, Backend::Server);
        assert_shows(&html, &["le 22\u{a0}novembre 2026", "L’équipe FranceConnect examine votre demande."]);
        assert!(!html.contains("attendue") && !html.contains("Historique") && !html.contains("Retirer"));
    }

    #[test]
    fn whoever_is_asked_for_changes_reads_the_remarks_and_can_complete_the_request() {
        let remark = Remark { pointer: "/project/description".to_owned(), text: "Quelles démarches ?".into() };
        let asked = StoredRequest {
            state: State::ChangesRequested,
            due_on: None,
            suspended: true,
            answer_by: day("2027-03-25"),
            remarks: vec![remark],
            ..sent()
        };
        let html = drawn(asked, Backend::Server);
        assert_shows(
            &html,
            &[
                "Compléments demandés",
                "Délai suspendu\u{a0}: il reprendra à votre envoi, ou le 25\u{a0}mars 2027.",
                ">Remarques de l’équipe</h2>",
                "Quelles démarches ?",
                ">Compléter la demande</button>",
                ">Retirer la demande</button>",
                "en attente de vos compléments",
            ],
        );
    }

    #[test]
    fn an_accepted_request_shows_its_habilitation_and_a_modification_says_that_it_is_one() {
        let habilitation = Habilitation {
            number: "FC-2026-000123-1".to_owned(),
            submission: 1,
            accepted_at: "2026-11-22T12:00:00.000Z".to_owned(),
        };
        let accepted =
            StoredRequest { state: State::Accepted, due_on: None, habilitation: Some(habilitation), ..sent() };
        let html = drawn(accepted.clone(), Backend::Server);
        assert_shows(&html, &["Votre demande est acceptée", "<dd>FC-2026-000123-1</dd>", "est en vigueur."]);
        assert_shows(&html, &[">Modifier</button>"]);
        assert!(!html.contains(">Modification<"));
        let modified = StoredRequest { state: State::Submitted, due_on: day("2027-01-22"), ..accepted };
        let html = drawn(modified, Backend::Server);
        assert!(!html.contains("Retirer la demande"));
        assert_shows(
            &html,
            &[
                ">Abandonner la modification</button>",
                ">Modification<",
                "FC-2026-000123-1 reste valable jusqu’à la réponse.",
            ],
        );
    }

    #[test]
    fn once_something_followed_the_submission_the_draft_is_not_taken_for_it() {
        let draft = |mut request: StoredRequest| {
            request.draft.project.name = "Guichet".into();
            request.draft.project.description = "Nos démarches en ligne".into();
            request
        };
        assert_shows(&drawn(draft(sent()), Backend::Server), &["Nos démarches en ligne"]);
        let resumed = StoredRequest { last_event: Some(3), ..sent() };
        let html = drawn(draft(resumed), Backend::Server);
        assert!(!html.contains("Nos démarches en ligne"), "the service is asked for what was sent");
        assert!(!html.contains("<select"), "there is one submission");
    }

    #[test]
    fn of_several_submissions_the_last_one_is_shown_first() {
        let submission = |n, on: &str| SubmissionSummary { n, at: format!("{on}T12:00:00.000Z"), on: day(on).unwrap() };
        let submissions = vec![submission(1, "2027-01-14"), submission(2, "2027-02-04")];
        let html = drawn(StoredRequest { submissions, last_event: Some(3), ..sent() }, Backend::Server);
        let options = "<option value=\"2\">Envoi 2, du 4\u{a0}février 2027</option><option value=\"1\">Envoi 1, du 14\u{a0}janvier 2027</option>";
        assert_shows(&html, &[">Ce que vous avez envoyé</label>", options, "4\u{a0}février 2027 à 12"]);
    }

    #[test]
    fn a_request_that_was_reopened_is_filled_in_from_its_page_or_given_up() {
        let html =
            drawn(StoredRequest { state: State::Draft, due_on: None, last_event: Some(3), ..sent() }, Backend::Server);
        assert_shows(&html, &[">Votre demande est à compléter</h2>", ">Compléter la demande</button>"]);
        assert_shows(&html, &[">Retirer la demande</button>"]);
    }

    #[test]
    fn nobody_is_offered_what_their_part_or_their_session_does_not_allow() {
        let asked = |role, elsewhere| StoredRequest { state: State::ChangesRequested, role, elsewhere, ..sent() };
        let offers = |request| {
            let html = drawn(request, Backend::Server);
            ["Compléter la demande", "Retirer la demande", "Envoyer</button>"].map(|words| html.contains(words))
        };
        assert_eq!(offers(asked(wire::Part::Owner, false)), [true, true, true]);
        assert_eq!(offers(asked(wire::Part::Editor, false)), [true, false, true]);
        assert_eq!(offers(asked(wire::Part::Reader, false)), [false, false, false]);
        assert_eq!(offers(asked(wire::Part::Owner, true)), [false, false, false]);
        let html = drawn(asked(wire::Part::Editor, false), Backend::Server);
        assert_shows(&html, &["Seule la personne titulaire peut l’envoyer"]);
    }

    #[test]
    fn whoever_only_reads_a_draft_sees_its_answers_and_no_course_of_it() {
        let mut draft = StoredRequest { role: wire::Part::Reader, ..StoredRequest::begun(Id::new(0, [1; 10])) };
        draft.draft.project.description = "Nos démarches en ligne".into();
        let html = drawn(draft, Backend::Server);
        assert_shows(&html, &[">Brouillon</h1>", "Nos démarches en ligne", "sans rien changer"]);
        for words in ["Et maintenant", "<dt>Numéro</dt>", "Compléter", "Messages"] {
            assert!(!html.contains(words), "{words} in {html}");
        }
    }

    #[test]
    fn a_request_that_was_taken_back_has_no_step_any_more() {
        for state in [State::Withdrawn, State::Archived] {
            let html = drawn(StoredRequest { state, due_on: None, ..sent() }, Backend::Server);
            assert!(!html.contains("aria-current"), "{state:?}");
            assert_eq!(html.contains(">Reprendre la demande</button>"), state == State::Withdrawn);
        }
    }
}
