//! The examination of one request: what was sent, what was written about it, and the acts of the team.

mod acting;
mod acts;
mod answers;
mod assignment;
mod beginning;
mod dossier;
mod members;
mod preview;
mod settled;
mod thread;
mod writing;
mod written;

use std::sync::Arc;

use leptos::prelude::*;

use super::super::not_found::NotFound;
use crate::clock;
use crate::components::{Section, button, heading, link, paragraph};
use crate::context::{HEADING, Session};
use crate::html::{self, Element, anew, article, dd, div, dl, dt, li, live, nav, p, span, ul};
use crate::model::place::team::{QueueFilter, TeamPlace};
use crate::model::siret::Siret;
use crate::model::wire::{ExaminedRequest, Kind, RelatedRequest, TeamRole};
use crate::model::{ClosedList, Id};
use crate::navigation::Place;
use crate::pages::reading::Lost;
use crate::texts::{dates, establishments, examination, lifecycle, named};
use acting::{Desk, Outcome};
use acts::ActForm;
use answers::{Answers, FollowUps};
use assignment::Assignment;
use dossier::Dossier;
use thread::{History, Messages, Notes};
pub(super) use writing::erase_expired;

/// Acts that decide on a request, in the order of their sections.
const DECISIONS: [Kind; 5] = [Kind::ChangesRequested, Kind::Accepted, Kind::Refused, Kind::Resumed, Kind::Revoked];

/// Shows the examination of a request.
#[component]
pub(super) fn Examination(id: Id, role: TeamRole) -> impl IntoView {
    let session = Session::get();
    erase_expired(&session.device());
    let desk = Desk::of(session, &id, role == TeamRole::Examiner);
    settled::follow(desk);
    provide_context(desk);
    let draw = |dossier: Option<Arc<Dossier>>| match dossier {
        // What is typed stands on the device: elements are drawn anew with it.
        Some(dossier) => {
            anew(move || Arc::clone(&dossier), |dossier| view! { <Whole dossier /> }.into_any()).into_any()
        }
        None => NotFound().into_any(),
    };
    let lost = Lost {
        words: "La demande n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez. Ce que vous avez écrit est gardé sur cet appareil.",
        heading: HEADING,
    };
    desk.dossier.view(draw, lost)
}

/// Shows a request that is read, with all that belongs to it.
#[component]
fn Whole(dossier: Arc<Dossier>) -> impl IntoView {
    let desk: Desk = expect_context();
    let request = &dossier.request;
    let title = ["Demande ", &request.number].concat();
    desk.open_page(&[&title, " – ", lifecycle::state(request.state)].concat());
    desk.see(&dossier);
    desk.writing.show(dossier.last.n);
    let head = html::header()
        .child(p().child(link(
            &Place::Examination(TeamPlace::Queue(QueueFilter::default()).query()),
            "",
            "Examen des demandes",
        )))
        .child(heading(1, title))
        .child(paragraph(dossier.last.draft.project.name.trimmed()).attr("class", "lead").attr("translate", "no"))
        .child(badges(&dossier));
    let decisions: Vec<Kind> = DECISIONS.into_iter().filter(|kind| desk.may_decide(&dossier, *kind)).collect();
    let menu = (!decisions.is_empty()).then(|| menu(desk, &decisions));
    let of = || Arc::clone(&dossier);
    let forms: Vec<AnyView> =
        decisions.iter().map(|kind| view! { <ActForm dossier=of() kind=*kind /> }.into_any()).collect();
    let own = request.is_own.then(|| {
        paragraph("Cette demande est la vôtre\u{a0}: un autre membre de l’équipe l’examine.").attr("class", "note")
    });
    let sheet = article()
        .attr("class", "card wide examination")
        .child(head)
        .child(live(move || desk.outcome.get().map(outcome)))
        .child(own)
        .child(menu)
        .child(view! {
            <Facts dossier=of() />
            <FollowUps dossier=of() />
            <Answers dossier=of() />
            <Messages dossier=of() />
            <Notes dossier=of() />
            <Related related=request.related.clone() />
            <History dossier=of() />
        })
        .child(forms);
    div().attr("class", "page").child(sheet)
}

/// Returns the state of a request in words, and the kind of its last submission.
fn badges(dossier: &Dossier) -> Element {
    let badge = |words: &'static str| span().attr("class", "badge").child(words);
    let request = &dossier.request;
    let is_modification = lifecycle::is_modification(request.state, request.habilitation.as_ref());
    let kind = match (is_modification, dossier.last.contacts_only) {
        (true, true) => Some("Contacts seulement"),
        (true, false) => Some("Modification"),
        (false, _) => None,
    };
    p().attr("class", "badges")
        .child(badge(lifecycle::state(request.state)).attr("data-state", request.state.as_str()))
        .child(kind.map(badge))
}

/// Returns the outcome of the last act, under the heading that gets the focus.
fn outcome(outcome: Outcome) -> Element {
    let title = heading(2, outcome.title).attr("id", "outcome").attr("tabindex", "-1");
    let words = (!outcome.words.is_empty()).then(|| paragraph(outcome.words));
    div().attr("class", if outcome.is_done { "success" } else { "note" }).child(title).child(words)
}

/// Returns the menu of the decisions, each of which leads to its section.
fn menu(desk: Desk, decisions: &[Kind]) -> Element {
    let item = |kind: &Kind| {
        let selector = ["#act-", kind.as_str(), " .h2"].concat();
        li().child(button("button", examination::act(*kind).title, move || desk.focus.on(&selector)))
    };
    let items: Vec<_> = decisions.iter().map(item).collect();
    nav().attr("aria-label", "Décisions").child(ul().attr("class", "actions").attr("role", "list").child(items))
}

/// Shows the facts on which the examination depends: terms, people, numbers.
#[component]
fn Facts(dossier: Arc<Dossier>) -> impl IntoView {
    let ExaminedRequest { due_on, suspended, answer_by, habilitation, viewed, submissions, found, .. } =
        &dossier.request;
    let line = |name: &'static str, value: String| {
        div().attr("class", "answer-row").child(dt().child(name)).child(dd().attr("class", "answer").child(value))
    };
    let due = examination::due(*due_on, *suspended, clock::today_in_paris()).map(|words| {
        let until = match (due_on, answer_by) {
            (Some(day), _) => [", le ", &dates::day(*day)].concat(),
            (None, Some(day)) => [" jusqu’à la réponse, ou jusqu’au ", &dates::day(*day)].concat(),
            (None, None) => String::new(),
        };
        line("Délai", [&words, until.as_str()].concat())
    });
    let organisation = &dossier.last.draft.organisation;
    let found = found.as_ref().map(|found| line("Annuaire public", establishments::finding(found)));
    let other = other_organisation(&dossier)
        .map(|siren| paragraph(establishments::of_another_request(siren)).attr("class", "note"));
    let of = [organisation.name.trimmed(), ", SIRET ", organisation.siret.trimmed()].concat();
    let sent = submissions.iter().map(|sent| ["n°\u{a0}", &sent.n.to_string(), " le ", &dates::day(sent.on)].concat());
    let sent = sent.collect::<Vec<_>>().join(", ");
    let habilitation = habilitation.as_ref().map(|active| line("Habilitation en vigueur", active.number.clone()));
    let viewed = viewed
        .as_ref()
        .map(|viewed| line("Vue en dernier par", [&viewed.name, ", le ", &dates::day_and_time(&viewed.at)].concat()));
    let lines = dl()
        .child(due)
        .child(line("Organisation", of))
        .child(found)
        .child(line("Envois", sent))
        .child(habilitation)
        .child(viewed);
    html::section()
        .attr("class", "answers")
        .child(heading(2, "Où en est la demande"))
        .child(lines)
        .child(other)
        .child(view! { <Assignment dossier /> })
}

/// Returns the number of the organisation for which a request was begun, where the submission names another one.
fn other_organisation(dossier: &Dossier) -> Option<&str> {
    let siren = dossier.request.siren.as_deref()?;
    let sent = Siret::parse(dossier.last.draft.organisation.siret.as_str()).ok()?;
    (sent.siren() != siren).then_some(siren)
}

/// Lists other requests of the same organisation, where there are some.
#[component]
fn Related(related: Vec<RelatedRequest>) -> impl IntoView {
    (!related.is_empty()).then(|| {
        let item = |other: &RelatedRequest| {
            let place = Place::Examination(TeamPlace::Request(other.id.clone()).query());
            let about = [" – ", &other.number, " (", lifecycle::state(other.state), ")"].concat();
            li().child(link(&place, "", named(other.name.trim()))).child(about)
        };
        let items: Vec<_> = related.iter().map(item).collect();
        view! { <Section title="Autres demandes de cette organisation">{ul().child(items)}</Section> }
    })
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::lifecycle::{Act, By, History, Side, Stamp, SubmissionBody};
    use crate::model::wire::{Event, OrganisationFound, OrganisationState, Remark, Reply, State, Submission};
    use crate::model::{Date, Document, Draft, SCHEMA};
    use crate::pages::team::testing::drawn;

    const AT: &str = "2026-11-22T12:00:00.000Z";

    fn today() -> Date {
        Date::parse("2026-11-22").unwrap()
    }

    fn submission(n: u32, description: &str) -> Submission {
        let mut draft = Draft::default();
        draft.project.name = "Guichet citoyen".into();
        draft.project.description = description.into();
        draft.project.launch_date = "01/09/2026".into();
        Submission {
            n,
            at: AT.to_owned(),
            on: today(),
            schema: SCHEMA,
            draft,
            changes: Vec::new(),
            contacts_only: false,
        }
    }

    /// Function that makes the event of a rank, after a history.
    type MakeEvent<'a> = dyn Fn(&History, usize) -> Event + 'a;

    /// Returns the dossier of a request that was sent, sent back with two remarks, and mended in one of them.
    fn mended() -> Dossier {
        let (mut events, mut history) = (Vec::<Event>::new(), History::default());
        let stamp = |seq: usize, side, name: &str| {
            let by = By { side, name: name.to_owned(), job_title: String::new() };
            let seq = u8::try_from(seq).unwrap();
            Stamp { id: Id::new(0, [seq; 10]), at: AT.to_owned(), on: today(), by }
        };
        let remark = |pointer: &str| Remark { pointer: pointer.to_owned(), text: "Précisez.".into() };
        let asked = Act {
            remarks: vec![remark("/project/description"), remark("/project/name")],
            ..Act::new(Kind::ChangesRequested)
        };
        let note = Act { text: "À revoir.".into(), ..Act::new(Kind::Note) };
        let reply = Reply { pointer: "/project/name".to_owned(), text: "C’est son nom.".into() };
        let answered = SubmissionBody { replies: vec![reply], ..SubmissionBody::default() };
        let number = "FC-2026-000001";
        let steps: [&MakeEvent<'_>; 4] = [
            &|history, seq| SubmissionBody::default().event(stamp(seq, Side::Applicant, "Camille Exemple"), history),
            &|history, seq| note.event(stamp(seq, Side::Examiner, "Idris Benali"), history, number, None),
            &|history, seq| asked.event(stamp(seq, Side::Examiner, "Idris Benali"), history, number, None),
            &|history, seq| answered.event(stamp(seq, Side::Applicant, "Camille Exemple"), history),
        ];
        for step in steps {
            let event = step(&history, events.len() + 1);
            history.add(&event);
            events.push(event);
        }
        let (id, revision) = (Id::new(0, [1; 10]), (5, AT.to_owned()));
        let request = ExaminedRequest::of(id, number.to_owned(), revision, &events, 0, today());
        Dossier {
            request,
            events,
            history,
            last: submission(2, "Un acte de naissance"),
            previous: Some(submission(1, "Des actes")),
            active: None,
            team: Vec::new(),
        }
    }

    fn page(dossier: Dossier, may_act: bool) -> String {
        drawn(move || {
            provide_context(Desk::of(Session::get(), &dossier.request.id, may_act));
            view! { <Whole dossier=Arc::new(dossier) /> }.into_any()
        })
    }

    #[track_caller]
    fn assert_shows(html: &str, words: &[&str]) {
        for words in words {
            assert!(html.contains(words), "{words:?} in {html}");
        }
    }

    #[test]
    fn a_changed_answer_shows_both_values_and_each_remark_its_follow_up() {
        let html = page(mended(), true);
        assert_shows(
            &html,
            &[
                "Demande FC-2026-000001</h1>",
                "Échéance dans 61\u{a0}jours, le 22\u{a0}janvier 2027",
                "<del><span class=\"badge\">avant</span> <span translate=\"no\">Des actes</span></del>",
                "<ins><span class=\"badge\">maintenant</span> <span translate=\"no\">Un acte de naissance</span></ins>",
                ">Modifiée</dd>",
                ">Réponse\u{a0}: C’est son nom.</dd>",
                "L’envoi précédent\u{a0}: l’envoi n°\u{a0}1",
                "À revoir.",
                "Note</strong>",
                "Cette date est passée",
            ],
        );
        assert_eq!(html.matches("<del>").count(), 1);
    }

    #[test]
    fn an_examiner_finds_the_acts_of_the_state_and_a_reader_none() {
        let html = page(mended(), true);
        for kind in ["changes_requested", "accepted", "refused", "message", "note", "assignment"] {
            assert_shows(&html, &[&format!("id=\"act-{kind}\"")]);
        }
        assert!(!html.contains("act-resumed") && !html.contains("act-revoked"));
        assert_shows(&html, &["name=\"text\"", "name=\"answer_by\"", "value=\"2027-01-22\"", "Ajouter une remarque"]);
        let html = page(mended(), false);
        for action in ["<button", "<textarea", "<input"] {
            assert!(!html.contains(action), "{action} in {html}");
        }
    }

    #[test]
    fn the_team_reads_what_the_applicant_wrote_with_an_act_and_finds_its_documents() {
        let mut sent_again = mended();
        let last = sent_again.events.last_mut().unwrap();
        last.text = "Voici le document.".into();
        let (id, name) = (Id::new(0, [8; 10]), "Délibération.pdf".to_owned());
        last.documents =
            vec![Document { id, name: name.clone(), size: 1_000, media_type: "application/pdf".to_owned() }];
        let html = page(sent_again, false);
        let messages = html.split("id=\"act-message\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert_shows(messages, &["Voici le document.", &name]);
    }

    #[test]
    fn whoever_filed_a_request_does_not_examine_it() {
        let mut own = mended();
        own.request.is_own = true;
        let html = page(own, true);
        assert_shows(&html, &["Cette demande est la vôtre"]);
        assert!(!html.contains("<button"), "{html}");
    }

    #[test]
    fn what_was_found_stands_beside_what_was_stated_and_another_organisation_is_told() {
        let mut dossier = mended();
        dossier.last.draft.organisation.siret = "999 001 738 00031".into();
        dossier.request.siren = Some("999001738".to_owned());
        let html = page(dossier.clone(), false);
        assert!(!html.contains("Annuaire public") && !html.contains("a été commencée"), "{html}");
        let (state, as_of) = (OrganisationState::Found, today());
        let (name, place) = (Some("CAISSE".to_owned()), Some("MARAIS".to_owned()));
        dossier.request.found = Some(OrganisationFound { state, name, place, closed_on: None, kind: None, as_of });
        dossier.request.siren = Some("219900420".to_owned());
        let html = page(dossier, false);
        assert_shows(&html, &["Annuaire public</dt>", "CAISSE, à MARAIS", "SIREN\u{a0}219\u{a0}900\u{a0}420"]);
    }

    #[test]
    fn other_requests_of_the_organisation_lead_to_their_examination() {
        let mut dossier = mended();
        let (id, state) = (Id::new(0, [9; 10]), State::Accepted);
        let (number, name) = ("FC-2026-000009".to_owned(), "Autre guichet".to_owned());
        let place = Place::Examination(TeamPlace::Request(id.clone()).query());
        dossier.request.related = vec![RelatedRequest { id, number, state, name }];
        assert_shows(&page(dossier, false), &["Autre guichet</a>", "FC-2026-000009 (Acceptée)", &place.query()]);
    }
}
