//! Acts of the team on a request: how they are made, and what came of them.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::dossier::{Dossier, load};
use super::members::Members;
use super::writing::{FILES, Leaving, Writing, remark};
use crate::api::ApiError;
use crate::context::{Announcer, Focus, Identity, Session};
use crate::effect::{computed, spawn, watch_changes};
use crate::model::lifecycle::Role;
use crate::model::saving::BaseRevision;
use crate::model::wire::{Act, Event, Kind, Outlets, PROBLEM_TYPE_PREFIX, Problem, Side, TemplateList};
use crate::model::{ClosedList, Code, Field, Id};
use crate::pages::reading::Question;
use crate::texts::{acts, examination, fields, files};
use crate::uploads::attachments::{Attachments, SendBytes};
use crate::{clock, model};

/// Examination that is open. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) session: Session,
    pub(super) announcer: Announcer,
    pub(super) focus: Focus,
    pub(super) request: StoredValue<Id, LocalStorage>,
    pub(super) dossier: Question<Option<Arc<Dossier>>>,
    /// Outlets of mails, for whoever acts: mails are shown before they leave.
    pub(super) outlets: Option<Question<Outlets>>,
    /// Templates of the team, for whoever writes. Without them, texts begin empty.
    pub(super) templates: Option<Question<TemplateList>>,
    /// Outcome of the last act.
    pub(super) outcome: RwSignal<Option<Outcome>>,
    pub(super) writing: Writing,
    /// Errors of remarks, at their fields.
    pub(super) remark_errors: RwSignal<Vec<(Field, String)>>,
    pub(super) members: Members,
    /// Files that go with a message.
    pub(super) attachments: Attachments,
    /// Set for an examiner: a reader only looks.
    pub(super) may_act: bool,
}

/// Outcome of an act, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Heading that gets the focus.
    pub(super) title: &'static str,
    /// Sentences under it.
    pub(super) words: String,
    /// Set where the act was done.
    pub(super) is_done: bool,
}

/// Makes the outcome of an act, by the request as it is then.
type MakeOutcome = Box<dyn FnOnce(&Dossier) -> Outcome>;

impl Desk {
    /// Opens the examination of a request. `may_act` is set for an examiner.
    pub(super) fn of(session: Session, request: &Id, may_act: bool) -> Self {
        let (id, writing) = (request.clone(), Writing::about(session, request));
        let attachments = attachments(session, request.clone());
        if may_act {
            keep_files(writing, attachments);
        }
        Self {
            session,
            announcer: Announcer::get(),
            focus: Focus::get(),
            request: StoredValue::new_local(id.clone()),
            dossier: Question::of(move |session| load(session, &id)),
            outlets: may_act.then(|| Question::of(|session| session.examination().outlets())),
            templates: may_act.then(|| Question::of(|session| session.examination().templates())),
            outcome: RwSignal::new(None),
            writing,
            remark_errors: RwSignal::new(Vec::new()),
            members: Members::of(writing),
            attachments,
            may_act,
        }
    }

    /// Returns whether the person may do an act on the request as it is.
    pub(super) fn may_decide(self, dossier: &Dossier, kind: Kind) -> bool {
        self.may_act && !dossier.request.is_own && dossier.is_possible(kind)
    }

    /// Names the page. Its heading gets the focus, unless an act came to an outcome, which has it.
    pub(super) fn open_page(self, title: &str) {
        if self.outcome.with_untracked(Option::is_some) {
            self.focus.set_title(title);
        } else {
            self.focus.open_page(title);
        }
    }

    /// Notes that the events were shown. Nothing depends on it here: where it fails, the next look notes more.
    pub(super) fn see(self, dossier: &Dossier) {
        let noting = self.session.examination().see(&self.request.get_value(), dossier.seen());
        spawn(async move { drop(noting.await) });
    }

    /// Tells that an act is done, then shows the request as it is by then. The page may be gone.
    fn done(self, kind: Kind, title: &'static str, is_running: RwSignal<bool>) {
        let outcome = Outcome { title, words: String::new(), is_done: true };
        if self.outcome.try_set(Some(outcome.clone())).is_some() {
            return;
        }
        self.members.forget(kind);
        if self.typed_in().is_some() {
            self.announcer.announce(title);
        } else {
            self.focus.on("#outcome");
        }
        self.reload(is_running, Box::new(|_| outcome));
    }

    /// Returns the selector of the text that has the focus, if one has it.
    fn typed_in(self) -> Option<String> {
        let texts = Kind::ALL.iter().map(|kind| ["text-", kind.as_str()].concat());
        let remarks = self.writing.remarked.get_untracked().into_iter().map(remark);
        let mut selectors = texts.chain(remarks).map(|id| ["[id=\"", &id, "\"]"].concat());
        selectors.find(|selector| self.focus.finds(&[selector, ":focus"].concat()))
    }

    /// Reads the request again, and shows it under what came of an act.
    fn reload(self, is_running: RwSignal<bool>, outcome: MakeOutcome) {
        let loading = load(self.session, &self.request.get_value());
        spawn(async move { self.show(loading.await, is_running, outcome) });
    }

    fn show(self, loaded: Result<Option<Arc<Dossier>>, ApiError>, is_running: RwSignal<bool>, outcome: MakeOutcome) {
        if self.outcome.is_disposed() {
            return;
        }
        match &loaded {
            Ok(dossier) => {
                // Controls are drawn anew: a person who types in one goes on in it.
                let typed_in = self.typed_in();
                self.writing.close_empty();
                self.outcome.set(dossier.as_deref().map(outcome));
                self.focus.on(typed_in.as_deref().unwrap_or("#outcome"));
            }
            Err(_) => {
                is_running.try_set(false);
                let is_done = self.outcome.with_untracked(|outcome| outcome.as_ref().is_some_and(|told| told.is_done));
                let done = if is_done { "C’est fait, mais la demande" } else { "La demande" };
                let words = " n’a pas pu être relue. Vérifiez votre accès à internet, puis rechargez la page.";
                self.announcer.warn(&[done, words].concat());
            }
        }
        self.dossier.take(loaded);
    }
}

/// Lists the files that the device keeps with a message, and keeps them whenever one comes, arrives or goes.
fn keep_files(writing: Writing, attachments: Attachments) {
    attachments.restore(&writing.read(Kind::Message, FILES));
    let files = computed(move |_| attachments.kept());
    watch_changes(move |before: Option<String>| {
        let files = files.get();
        if before.is_some_and(|before| before != files) {
            writing.write(Kind::Message, FILES, &files);
        }
        files
    });
}

/// Returns the files of a message about a request, none of them yet.
fn attachments(session: Session, request: Id) -> Attachments {
    let send: SendBytes =
        Rc::new(move |document, file, progress| session.examination().upload(&request, document, file, progress));
    // The service forgets what no message lists.
    Attachments::new(send, Rc::new(|_| ()), session.api().is_local())
}

/// Error of an act at one of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ActError {
    /// Member concerned, as a JSON pointer into the act.
    pub(super) pointer: String,
    /// Sentence that tells the error.
    pub(super) words: String,
    /// Field of the remark concerned, if it is one.
    pub(super) field: Option<Field>,
}

/// Act that is being written. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Acting {
    pub(super) desk: Desk,
    pub(super) kind: Kind,
    pub(super) is_running: RwSignal<bool>,
    pub(super) errors: RwSignal<Vec<ActError>>,
    /// Reason for which the act did not leave.
    pub(super) failure: RwSignal<String>,
    /// Set while the person is asked whether to act on what is somebody else's.
    pub(super) asks: RwSignal<bool>,
}

impl Acting {
    pub(super) fn new(desk: Desk, kind: Kind) -> Self {
        Self {
            desk,
            kind,
            is_running: RwSignal::new(false),
            errors: RwSignal::new(Vec::new()),
            failure: RwSignal::new(String::new()),
            asks: RwSignal::new(false),
        }
    }

    /// Returns the errors at a member of the act, if there are any.
    pub(super) fn error_at(self, pointer: &str) -> Option<String> {
        let words: Vec<String> = self.errors.with(|errors| {
            errors.iter().filter(|error| error.pointer == pointer).map(|error| error.words.clone()).collect()
        });
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Does an act, unless something is wrong with it. What is entrusted to somebody else is asked about once.
    pub(super) fn submit(self, dossier: &Arc<Dossier>, act: Act, is_confirmed: bool) {
        if self.is_running.get_untracked() {
            return;
        }
        self.failure.set(String::new());
        if act.kind == Kind::Message && self.desk.attachments.arrived().is_none() {
            self.failure.set(files::not_arrived(self.desk.attachments.is_sending()).to_owned());
            return self.desk.focus.on("#message-files");
        }
        let today = clock::today_in_paris();
        let findings = act.findings(&dossier.history, Role::Examiner, today);
        let errors = findings.iter().map(|found| at(&act, &found.pointer, examination::finding(found))).collect();
        if self.show_errors(errors) {
            return;
        }
        let is_elsewhere = act.kind.moves_state() && self.holder(dossier).is_some();
        if is_elsewhere && !is_confirmed {
            self.asks.set(true);
            self.desk.focus.on(&["#act-", self.kind.as_str(), " .confirm button:last-child"].concat());
            return;
        }
        self.asks.set(false);
        self.is_running.set(true);
        self.desk.outcome.set(None);
        self.send(Arc::clone(dossier), act, self.desk.writing.leaving(self.kind));
    }

    /// Returns the name of the examiner to whom the request is entrusted, where that is somebody else.
    pub(super) fn holder(self, dossier: &Dossier) -> Option<String> {
        let examiner = dossier.request.examiner.as_ref()?;
        let is_me = self.desk.session.identity().with_untracked(|identity| match identity {
            Identity::Person(session) => examiner.id.as_ref() == Some(&session.user.id),
            Identity::Pending | Identity::SignedOut => false,
        });
        (!is_me).then(|| examiner.name.clone())
    }

    /// Shows errors at their members, and returns whether there are any.
    fn show_errors(self, errors: Vec<ActError>) -> bool {
        let (of_remarks, of_act): (Vec<_>, Vec<_>) = errors.into_iter().partition(|error| error.field.is_some());
        let of_remarks: Vec<(Field, String)> =
            of_remarks.into_iter().filter_map(|error| Some((error.field?, error.words))).collect();
        if !of_act.is_empty() {
            self.desk.focus.on(&["#act-", self.kind.as_str(), " [aria-invalid]"].concat());
        } else if let Some((field, _)) = of_remarks.first() {
            self.desk.focus.on(&["[name=\"", &remark(*field), "\"]"].concat());
        }
        if of_act.iter().any(|error| error.pointer.starts_with("/documents")) {
            self.failure.set(files::REFUSED.to_owned());
            self.desk.focus.on("#message-files");
        }
        let is_wrong = !of_act.is_empty() || !of_remarks.is_empty();
        self.errors.set(of_act);
        if self.kind == Kind::ChangesRequested {
            // They stand far above the button, which tells them too.
            let told = of_remarks.iter().map(|(field, words)| {
                ["Remarque sur «\u{a0}", &fields::name(*field), "\u{a0}»\u{a0}: ", words].concat()
            });
            self.failure.set(told.collect::<Vec<_>>().join(" "));
            self.desk.remark_errors.set(of_remarks);
        }
        is_wrong
    }

    fn send(self, dossier: Arc<Dossier>, act: Act, leaving: Leaving) {
        let Desk { session, request, .. } = self.desk;
        let moves = act.kind.moves_state();
        let event = self.desk.writing.event(act.kind, &what(&act, dossier.seen()));
        let act = Act { seen: moves.then(|| dossier.seen()), ..act };
        let base = moves.then(|| BaseRevision::of(dossier.request.revision, &dossier.request.updated_at));
        let title = examination::done(&act, dossier.modified());
        let sending = session.examination().act(&request.get_value(), &event, base.as_ref(), &act);
        spawn(async move {
            let response = sending.await;
            if response.is_ok() {
                // The person may have left the page, or done something else there.
                leaving.erase();
                self.desk.attachments.forget(&act.documents);
                return self.desk.done(act.kind, title, self.is_running);
            }
            match response {
                Err(error) if self.is_running.is_disposed() => self.failed(&error, &act, dossier.seen()),
                Err(error) if error.status() == Some(412) => self.outrun(&dossier, act, leaving),
                Err(error) if is_taken(&error) => self.look_back(&event, title, act, leaving),
                Err(error) => self.failed(&error, &act, dossier.seen()),
                Ok(_) => {}
            }
        });
    }

    /// Reads whether the service has this very act already: its response was lost. Another one under its event is told.
    fn look_back(self, event: &Id, title: &'static str, act: Act, leaving: Leaving) {
        let seen = act.seen.unwrap_or_default();
        let (event, loading) = (event.clone(), load(self.desk.session, &self.desk.request.get_value()));
        spawn(async move {
            let loaded = loading.await;
            let events = loaded.as_ref().ok().and_then(Option::as_ref).map(|dossier| dossier.events.as_slice());
            let is_made = |made: &Event| made.id == event && act.is_told_by(made);
            if events.is_some_and(|events| events.iter().any(is_made)) {
                leaving.erase();
                self.desk.attachments.forget(&act.documents);
                return self.desk.done(act.kind, title, self.is_running);
            }
            leaving.forget_event();
            if let Err(error) = &loaded {
                return self.failed(error, &act, seen);
            }
            self.desk.show(
                loaded,
                self.is_running,
                Box::new(|_| Outcome {
                    title: "Déjà enregistré",
                    words: "Un premier envoi était arrivé. Vérifiez l’historique avant de recommencer.".to_owned(),
                    is_done: false,
                }),
            );
        });
    }

    /// Sends an act again where nothing has happened that matters to it: the applicant saved a draft. Tells else who did what.
    fn outrun(self, before: &Arc<Dossier>, act: Act, leaving: Leaving) {
        let loading = load(self.desk.session, &self.desk.request.get_value());
        let (seen, revision, held_by) = (before.seen(), before.request.revision, self.holder(before));
        let is_news =
            move |event: &Event| event.seq > seen && (event.kind.moves_state() || event.by.side == Side::Applicant);
        spawn(async move {
            let loaded = loading.await;
            if self.is_running.is_disposed() {
                return;
            }
            match loaded {
                Ok(Some(dossier)) if dossier.request.revision != revision && !dossier.events.iter().any(is_news) => {
                    let (holder, title) = (self.holder(&dossier), examination::not_done(&act));
                    if holder.is_some() && holder != held_by {
                        return self.desk.show(Ok(Some(dossier)), self.is_running, entrusted_elsewhere(title));
                    }
                    self.send(dossier, act, leaving);
                }
                Err(error) => self.failed(&error, &act, seen),
                loaded => self.desk.show(loaded, self.is_running, not_taken(examination::not_done(&act), seen)),
            }
        });
    }

    /// Tells why an act was not done. A request that changed meanwhile is shown as it is, with what is new since `seen`.
    fn failed(self, error: &ApiError, act: &Act, seen: u64) {
        if self.is_running.try_set(false).is_some() {
            // The form was drawn anew, or the page is gone.
            return self.desk.announcer.warn(&refused(error, act));
        }
        if error.status().is_some_and(|status| status < 500) {
            self.desk.writing.leaving(act.kind).forget_event();
        }
        let Some(problem) = error.problem() else {
            self.failure.set(refused(error, act));
            if !self.desk.focus.finds(":focus") {
                // The button that had it is gone, with its question.
                self.desk.focus.on(&["#act-", self.kind.as_str(), " .submit"].concat());
            }
            return;
        };
        let title = examination::not_done(act);
        match (problem.status, problem.kind.strip_prefix(PROBLEM_TYPE_PREFIX).unwrap_or_default()) {
            (401, _) => self.desk.session.set_identity(Identity::SignedOut),
            (_, "unseen") => self.desk.reload(
                self.is_running,
                Box::new(move |_| Outcome { title, words: UNSEEN.to_owned(), is_done: false }),
            ),
            (_, "assigned-elsewhere") => self.desk.reload(self.is_running, entrusted_elsewhere(title)),
            (409, _) => self.desk.reload(self.is_running, not_taken(title, seen)),
            (422, _) if act.kind == Kind::Assignment => {
                self.failure
                    .set("Cette personne n’examine plus les demandes\u{a0}: choisissez quelqu’un d’autre.".to_owned());
            }
            (422, _) => {
                self.desk.attachments.refused(&act.documents, error);
                if !self.show_errors(told(problem, act)) {
                    self.failure.set(refused(error, act));
                }
            }
            (_, "own-request") => {
                self.failure.set("Cette demande est la vôtre\u{a0}: un autre membre de l’équipe l’examine.".to_owned());
            }
            (_, "read-only") => self.failure.set("Vous pouvez lire cette demande, sans agir sur elle.".to_owned()),
            _ => self.failure.set(refused(error, act)),
        }
    }
}

/// Returns the sentences on an act that was refused for no matter of its own.
fn refused(error: &ApiError, act: &Act) -> String {
    let kept = if act.kind == Kind::Assignment { "" } else { " Le texte est gardé sur cet appareil." };
    match (error, error.status()) {
        (ApiError::Unreachable | ApiError::Aborted, _) => examination::not_sent(act).to_owned(),
        (ApiError::Problem(_), Some(status)) if !matches!(status, 403 | 404 | 410) => {
            let done = "Le service n’a pas enregistré cette action.";
            match act.kind {
                Kind::Assignment => [done, " Réessayez plus tard."].concat(),
                _ => [done, " Le texte est gardé sur cet appareil\u{a0}: réessayez plus tard."].concat(),
            }
        }
        _ => [examination::not_done(act), "\u{a0}: ", &acts::refusal(error), kept].concat(),
    }
}

/// Returns whether the service has something else under the event of an act.
fn is_taken(error: &ApiError) -> bool {
    error.problem().is_some_and(|problem| problem.kind.strip_prefix(PROBLEM_TYPE_PREFIX) == Some("id-taken"))
}

/// Joins the members of an act by zeros. What changes the request also says what was seen of it.
fn what(act: &Act, seen: u64) -> String {
    let mut says = vec![act.text.lines()];
    says.extend(act.remarks.iter().flat_map(|remark| [remark.pointer.clone(), remark.text.lines()]));
    says.extend(act.documents.iter().map(|document| document.id.as_str().to_owned()));
    says.extend(act.answer_by.iter().chain(&act.heard_on).map(ToString::to_string));
    says.extend(act.ground.map(|ground| ground.as_str().to_owned()));
    says.extend(act.urgent.then(|| "urgent".to_owned()));
    says.extend([&act.pointer, &act.examiner, &act.was].map(|member| member.clone().unwrap_or_default()));
    if !matches!(act.kind, Kind::Message | Kind::Note) {
        says.push(seen.to_string());
    }
    says.join("\0")
}

/// Words where the applicant wrote meanwhile.
const UNSEEN: &str = "Le demandeur vient d’écrire. Lisez son message, puis décidez.";

/// Makes the outcome where something else came first: an act, else what the applicant wrote.
fn not_taken(title: &'static str, seen: u64) -> MakeOutcome {
    Box::new(move |dossier| {
        let news = || dossier.events.iter().rev().filter(|event| event.seq > seen);
        let moved = news().find(|event| event.kind.moves_state()).map(examination::outrun);
        let written = || news().any(|event| event.by.side == Side::Applicant).then(|| UNSEEN.to_owned());
        Outcome { title, words: moved.or_else(written).unwrap_or_default(), is_done: false }
    })
}

/// Makes the outcome where the request was entrusted to somebody else first.
fn entrusted_elsewhere(title: &'static str) -> MakeOutcome {
    Box::new(move |dossier| {
        let examiner = dossier.request.examiner.as_ref();
        let words = examiner.map_or_else(
            || "La demande vient d’être laissée sans examinateur.".to_owned(),
            |examiner| ["La demande vient d’être confiée à ", &examiner.name, "."].concat(),
        );
        Outcome { title, words, is_done: false }
    })
}

/// Returns the errors that the service tells.
fn told(problem: &Problem, act: &Act) -> Vec<ActError> {
    let error = |error: &model::wire::ProblemError| {
        let code = Code::parse(&error.code).unwrap_or(Code::UnknownValue);
        at(act, &error.pointer, examination::error(&error.pointer, code, error.params.max))
    };
    problem.errors.iter().map(error).collect()
}

/// Returns an error at its member. One of a remark stands at the field of the remark.
fn at(act: &Act, pointer: &str, words: String) -> ActError {
    let of_remark = pointer.strip_prefix("/remarks/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
    let remark = of_remark.and_then(|place| act.remarks.get(place));
    let field = remark.and_then(|remark| Field::from_pointer(&remark.pointer));
    ActError { pointer: pointer.to_owned(), words, field }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::super::written::written as as_written;
    use super::*;
    use crate::browser::file::File;
    use crate::model::lifecycle::{By, Examiner, History, Remark, Stamp, SubmissionBody};
    use crate::model::wire::{EventList, ExaminedRequest, ProblemError, Submission};
    use crate::model::{Date, Draft, Params, SCHEMA};
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};
    use crate::uploads::Stage;

    const AT: &str = "2026-11-22T12:00:00.000Z";

    fn today() -> Date {
        Date::parse("2026-11-22").unwrap()
    }

    fn stamp(seq: u8, side: Side, name: &str) -> Stamp {
        let by = By { side, name: name.to_owned(), job_title: String::new() };
        Stamp { id: Id::new(0, [seq; 10]), at: AT.to_owned(), on: today(), by }
    }

    /// Lets the service tell a request that was sent, then further acts of Idris.
    fn tell(app: &TestApp, acts: &[Act]) {
        let mut history = History::default();
        let mut events = vec![SubmissionBody::default().event(stamp(1, Side::Applicant, "Camille Exemple"), &history)];
        history.add(&events[0]);
        for act in acts {
            let seq = u8::try_from(events.len() + 1).unwrap();
            let idris =
                Examiner { id: act.examiner.clone(), name: "Idris Benali".to_owned(), job_title: String::new() };
            let examiner = act.examiner.as_ref().map(|_| idris);
            let event = act.event(stamp(seq, Side::Examiner, "Idris Benali"), &history, "FC-2026-000001", examiner);
            history.add(&event);
            events.push(event);
        }
        let (id, number) = (Id::new(0, [1; 10]), "FC-2026-000001".to_owned());
        let revision = (2 + acts.len() as u64, AT.to_owned());
        let script = app.api.script();
        script.examined.replace(Some(ExaminedRequest::of(id, number, revision, &events, 0, today())));
        script.history.replace(Some(EventList { events, seen: 0 }));
        let draft = Draft::default();
        let sent = Submission {
            n: 1,
            at: AT.to_owned(),
            on: today(),
            schema: SCHEMA,
            draft,
            changes: Vec::new(),
            contacts_only: false,
        };
        script.submissions.replace(vec![sent]);
    }

    /// Opens the examination of that request, for an act.
    fn acting(app: &TestApp, kind: Kind) -> (Acting, Arc<Dossier>) {
        let id = Id::new(0, [1; 10]);
        let acting = app.with(|| Acting::new(Desk::of(Session::get(), &id, true), kind));
        let loaded = StoredValue::new(None);
        app.with(|| {
            let loading = load(acting.desk.session, &id);
            spawn(async move { loaded.set_value(loading.await.unwrap()) });
        });
        (acting, loaded.get_value().unwrap())
    }

    fn refusal(acting: Acting, text: &str) -> Act {
        acting.desk.writing.write(Kind::Refused, super::super::writing::TEXT, text);
        Act { text: text.into(), ..Act::new(Kind::Refused) }
    }

    fn written(acting: Acting) -> String {
        acting.desk.writing.read(Kind::Refused, super::super::writing::TEXT)
    }

    #[test]
    fn a_decision_is_sent_with_what_was_seen_and_its_text_leaves_the_device() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        app.with(|| acting.submit(&dossier, Act::new(Kind::Refused), false));
        assert!(app.api.script().acts.borrow().is_empty(), "a refusal has reasons");
        assert!(app.with(|| acting.error_at("/text")).unwrap().contains("nécessaire"));

        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        let acts = app.api.script().acts.borrow().clone();
        assert_eq!((acts.len(), acts[0].1.seen, acts[0].1.text.as_str()), (1, Some(1), "Non."));
        let outcome = app.with(|| acting.desk.outcome.get_untracked()).unwrap();
        assert_eq!((outcome.title, outcome.is_done), ("Demande refusée", true));
        assert_eq!(app.with(|| written(acting)), "");
        app.end();
    }

    #[test]
    fn the_choices_of_an_act_outlast_the_others_and_leave_with_it() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        let (members, day) = (acting.desk.members, Date::parse("2026-12-20").ok());
        app.with(|| members.choose_answer_by(day));
        app.with(|| members.choose_pointer("/project/name"));
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        assert_eq!(
            (members.answer_by.get_untracked(), members.pointer.get_untracked().as_str()),
            (day, "/project/name")
        );
        let asking = app.with(|| Acting::new(acting.desk, Kind::Note));
        app.with(|| asking.submit(&dossier, Act { text: "Vu.".into(), ..Act::new(Kind::Note) }, false));
        assert_eq!((members.answer_by.get_untracked(), members.pointer.get_untracked().as_str()), (day, ""));
        app.end();
    }

    #[test]
    fn what_did_not_leave_stays_on_the_device_and_is_done_once() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        assert!(app.with(|| acting.failure.get_untracked()).contains("n’est pas partie"));
        assert_eq!(app.with(|| written(acting)), "Non.");
        app.api.script().act_error.replace(None);
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        let acts = app.api.script().acts.borrow().clone();
        assert_eq!(acts[0].0, acts[1].0, "the service does it once");
        app.end();
    }

    #[test]
    fn a_message_with_its_files_stays_on_the_device_until_the_history_has_it() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Message);
        app.with(|| acting.desk.writing.write(Kind::Message, super::super::writing::TEXT, "Bonjour"));
        app.with(|| acting.desk.attachments.add(vec![File::new("plan.pdf", b"%PDF-1.7", 2_000)]));
        app.api.script().uploads.borrow()[0].clone().end(Ok(()));
        app.with(|| ());
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| acting.submit(&dossier, as_written(acting.desk, Kind::Message), false));
        let (event, act) = app.api.script().acts.borrow()[0].clone();
        assert_eq!(act.documents.len(), 1);

        let again = || {
            let desk = app.with(|| Desk::of(Session::get(), &Id::new(0, [1; 10]), true));
            app.with(|| super::super::settled::follow(desk));
            app.with(|| ());
            desk
        };
        assert_eq!(as_written(again(), Kind::Message), act, "the page is opened again");
        let stamp = Stamp { id: event, ..stamp(2, Side::Examiner, "Claire Marchand") };
        let made = act.event(stamp, &dossier.history, "FC-2026-000001", None);
        let events = dossier.events.iter().cloned().chain([made]).collect();
        app.api.script().history.replace(Some(EventList { events, seen: 0 }));
        assert_eq!(as_written(again(), Kind::Message), Act::new(Kind::Message));
        assert!(!app.copies().unwrap().has_team_texts());
        app.end();
    }

    #[test]
    fn another_text_is_another_event() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        app.with(|| acting.submit(&dossier, refusal(acting, "Non, merci."), false));
        // The page is opened again.
        let again = app.with(|| Acting::new(Desk::of(Session::get(), &Id::new(0, [1; 10]), true), Kind::Refused));
        app.with(|| again.submit(&dossier, refusal(again, "Non, merci."), false));
        let acts = app.api.script().acts.borrow().clone();
        assert!(acts[0].0 != acts[1].0 && acts[1].0 == acts[2].0);
        app.end();
    }

    #[test]
    fn an_act_whose_event_is_taken_is_done_only_where_the_history_says_the_same() {
        for (kept, title, is_done) in [("Non.", "Demande refusée", true), ("Jamais.", "Déjà enregistré", false)] {
            let app = app(Place::Requests, false);
            tell(&app, &[]);
            let (acting, dossier) = acting(&app, Kind::Refused);
            app.api.script().act_error.replace(Some(ApiError::Unreachable));
            app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
            let event = app.api.script().acts.borrow()[0].0.clone();
            let made = Act { text: kept.into(), ..Act::new(Kind::Refused) };
            let stamp = Stamp { id: event, ..stamp(2, Side::Examiner, "Claire Marchand") };
            let made = made.event(stamp, &dossier.history, "FC-2026-000001", None);
            let events = dossier.events.iter().cloned().chain([made]).collect();
            app.api.script().history.replace(Some(EventList { events, seen: 0 }));
            let kind = [PROBLEM_TYPE_PREFIX, "id-taken"].concat();
            app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(Problem { kind, ..Problem::of(409) }))));
            app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
            let outcome = app.with(|| acting.desk.outcome.get_untracked()).unwrap();
            assert_eq!((outcome.title, outcome.is_done), (title, is_done));
            assert_eq!(app.with(|| written(acting)).is_empty(), is_done);
            app.end();
        }
    }

    #[test]
    fn what_is_done_is_told_even_where_the_request_cannot_be_read_again() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        app.api.script().history.replace(None);
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        let outcome = app.with(|| acting.desk.outcome.get_untracked()).unwrap();
        assert_eq!((outcome.title, app.with(|| written(acting)).as_str()), ("Demande refusée", ""));
        assert!(app.with(|| Announcer::get().warning()).starts_with("C’est fait"));
        assert!(!acting.is_running.get_untracked(), "its button works");
        app.end();
    }

    #[test]
    fn what_arrives_once_its_page_is_gone_leaves_the_device() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, _) = acting(&app, Kind::Refused);
        let Desk { writing, members, .. } = acting.desk;
        app.with(|| drop(refusal(acting, "Non.")));
        app.with(|| members.choose_pointer("/project/name"));
        app.with(|| members.choose_urgent(true));
        let leaving = app.with(|| [Kind::Refused, Kind::Note, Kind::Revoked].map(|kind| writing.leaving(kind)));
        let device = app.with(|| Session::get().device());
        assert_eq!(device.names("examination:").len(), 3);
        app.with(|| members.choose_pointer("/project/description"));
        acting.is_running.dispose();
        acting.desk.outcome.dispose();
        leaving.iter().for_each(Leaving::erase);
        app.with(|| acting.desk.done(Kind::Refused, "", acting.is_running));
        let kept = device.names("examination:");
        assert!(matches!(kept.as_slice(), [name] if name.ends_with("pointer")), "chosen meanwhile: {kept:?}");
        app.end();
    }

    #[test]
    fn whoever_comes_second_is_told_who_did_what() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        tell(&app, &[Act::new(Kind::Accepted)]);
        app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(Problem::of(412)))));
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        let outcome = app.with(|| acting.desk.outcome.get_untracked()).unwrap();
        assert!(outcome.words.starts_with("Idris Benali vient d’accepter cette demande"), "{}", outcome.words);
        assert_eq!((outcome.is_done, outcome.title), (false, "Votre décision n’a pas été prise"));
        assert_eq!((app.with(|| written(acting)), app.api.script().acts.borrow().len()), ("Non.".to_owned(), 1));
        app.end();
    }

    #[test]
    fn an_act_that_was_seen_already_is_not_told_as_news() {
        let app = app(Place::Requests, false);
        tell(&app, &[Act::new(Kind::Accepted)]);
        let (acting, dossier) = acting(&app, Kind::Message);
        let mut later = (*dossier).clone();
        let outcome = |later: &Dossier| not_taken("", dossier.seen())(later).words;
        assert_eq!(outcome(&later), "");
        later.events.push(Event::new(stamp(3, Side::Applicant, "Camille Exemple"), 3, Kind::Message));
        assert_eq!(outcome(&later), UNSEEN);
        later.events.push(Event::new(stamp(4, Side::Applicant, "Camille Exemple"), 4, Kind::Withdrawn));
        assert!(outcome(&later).starts_with("Le demandeur vient de retirer cette demande"));
        let message = Act { text: "Bonjour".into(), ..Act::new(Kind::Message) };
        app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(Problem::of(409)))));
        app.with(|| acting.submit(&dossier, message, false));
        let outcome = app.with(|| acting.desk.outcome.get_untracked()).unwrap();
        assert_eq!((outcome.title, outcome.words.as_str()), ("Votre message n’est pas parti", ""));
        app.end();
    }

    #[test]
    fn what_is_no_matter_of_the_network_is_not_told_as_one() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Note);
        let problem = |status| ApiError::Problem(Box::new(Problem::of(status)));
        for (error, words) in [
            (ApiError::RetryLater { status: 429, delay: 60_000 }, "réessayer à"),
            (ApiError::Intercepted(403), "bloque l’envoi"),
            (ApiError::Newer(String::new()), "n’est plus à jour"),
            (problem(410), "supprimée"),
        ] {
            app.api.script().act_error.replace(Some(error));
            app.with(|| acting.submit(&dossier, Act { text: "Vu.".into(), ..Act::new(Kind::Note) }, false));
            let told = app.with(|| acting.failure.get_untracked());
            assert!(told.starts_with("La note n’est pas enregistrée") && told.contains(words), "{told}");
            assert!(!told.contains("internet") && told.ends_with("gardé sur cet appareil."), "{told}");
        }
        let entrusting = app.with(|| Acting::new(acting.desk, Kind::Assignment));
        app.api.script().act_error.replace(Some(problem(422)));
        app.with(|| {
            entrusting.submit(&dossier, Act { examiner: Some("a".to_owned()), ..Act::new(Kind::Assignment) }, true);
        });
        assert!(app.with(|| entrusting.failure.get_untracked()).contains("choisissez quelqu’un d’autre"));
        app.end();
    }

    #[test]
    fn a_file_that_the_service_has_no_more_is_told_beside_the_button_and_at_the_file() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Message);
        app.with(|| acting.desk.attachments.add(vec![File::new("plan.pdf", b"%PDF-1.7", 2_000)]));
        app.api.script().uploads.borrow()[0].clone().end(Ok(()));
        let error = ProblemError {
            pointer: "/documents/0".to_owned(),
            code: "missing_file".to_owned(),
            params: Params::default(),
        };
        let problem = Problem { errors: vec![error], ..Problem::of(422) };
        app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(problem))));
        let documents = acting.desk.attachments.arrived().unwrap();
        let act = Act { text: "Bonjour".into(), documents, ..Act::new(Kind::Message) };
        app.with(|| acting.submit(&dossier, act, false));
        assert_eq!(acting.failure.get_untracked(), files::REFUSED);
        assert_eq!(app.with(|| untrack(|| acting.desk.attachments.files()))[0].stage, Stage::Lost);

        app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(Problem::of(422)))));
        app.with(|| acting.submit(&dossier, Act { text: "Vu.".into(), ..Act::new(Kind::Note) }, false));
        assert_ne!(acting.failure.get_untracked(), "", "no refusal is silent");
        app.end();
    }

    #[test]
    fn nothing_is_decided_before_a_message_is_read() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        let kind = [PROBLEM_TYPE_PREFIX, "unseen"].concat();
        app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(Problem { kind, ..Problem::of(409) }))));
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        let outcome = app.with(|| acting.desk.outcome.get_untracked()).unwrap();
        assert_eq!(outcome.words, "Le demandeur vient d’écrire. Lisez son message, puis décidez.");
        app.end();
    }

    #[test]
    fn acting_on_what_is_somebody_elses_asks_once() {
        let app = app(Place::Requests, false);
        tell(&app, &[Act { examiner: Some("idris".to_owned()), ..Act::new(Kind::Assignment) }]);
        let (acting, dossier) = acting(&app, Kind::Refused);
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), false));
        assert!(app.with(|| acting.asks.get_untracked()) && app.api.script().acts.borrow().is_empty());
        assert_eq!(app.with(|| acting.holder(&dossier)).unwrap(), "Idris Benali");
        app.with(|| acting.submit(&dossier, refusal(acting, "Non."), true));
        assert_eq!(app.api.script().acts.borrow().len(), 1);
        app.end();
    }

    #[test]
    fn every_error_of_an_act_is_told_at_its_place() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::ChangesRequested);
        let remark = Remark { pointer: "/project/name".to_owned(), text: "é".repeat(10_000).as_str().into() };
        let text = "é".repeat(10_000).as_str().into();
        let act = Act { text, remarks: vec![remark], ..Act::new(Kind::ChangesRequested) };
        app.with(|| acting.submit(&dossier, act, false));
        let told = app.with(|| acting.error_at("/text")).unwrap();
        assert_eq!(told.matches("Raccourcissez").count(), 1, "{told}");
        assert_eq!(acting.desk.remark_errors.get_untracked().len(), 1);
        app.end();
    }

    #[test]
    fn an_error_of_a_remark_stands_at_its_field_and_is_told_at_the_act() {
        let app = app(Place::Requests, false);
        tell(&app, &[]);
        let (acting, dossier) = acting(&app, Kind::ChangesRequested);
        let remark = |text: &str| Act {
            remarks: vec![Remark { pointer: "/project/name".to_owned(), text: text.into() }],
            answer_by: Date::parse("2027-03-15").ok(),
            ..Act::new(Kind::ChangesRequested)
        };
        let submit = |act| app.with(|| acting.submit(&dossier, act, true));
        submit(remark(&"a".repeat(2_001)));
        let (field, words) = acting.desk.remark_errors.get_untracked().remove(0);
        assert_eq!((field, words.starts_with("Raccourcissez")), (Field::ProjectName, true), "{words}");
        let told = acting.failure.get_untracked();
        assert!(told.contains("Nom du projet") && acting.errors.get_untracked().is_empty(), "{told}");
        assert_eq!(app.api.script().acts.borrow().len(), 0);
        submit(remark("a"));
        assert_eq!((acting.desk.remark_errors.get_untracked(), app.api.script().acts.borrow().len()), (Vec::new(), 1));
        app.end();
    }
}
