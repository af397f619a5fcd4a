//! A message that is being written: kept on this device until it is sent, and sent once.

use std::rc::Rc;

use leptos::html::Custom;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::acting::Ways;
use crate::api::ApiError;
use crate::context::{Announcer, Focus, Identity, Session};
use crate::draft::Note;
use crate::draft::notes::{dated, erase_expired, undated};
use crate::effect::{computed, spawn, watch, watch_changes};
use crate::ids::new_id;
use crate::model::lifecycle::act::TEXT_MAX;
use crate::model::wire::{Act, EventList, Kind};
use crate::model::{Document, Id, Text};
use crate::pages::reading::Question;
use crate::texts::{acts, files};
use crate::uploads::attachments::{Attachments, RemoveBytes, SendBytes};

/// Message that is being written. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    session: Session,
    announcer: Announcer,
    focus: Focus,
    history: Question<EventList>,
    ways: Ways,
    request: StoredValue<Id, LocalStorage>,
    /// Identifier of the event with what it was last tried with, from here or from an earlier page.
    tried: StoredValue<Option<(Id, Tried)>, LocalStorage>,
    /// Files that go with the message.
    pub(super) attachments: Attachments,
    /// Text as typed.
    pub(super) text: RwSignal<String>,
    /// Sentence that tells why the text cannot be sent; empty while it can.
    pub(super) error: RwSignal<&'static str>,
    pub(super) is_sending: RwSignal<bool>,
    pub(super) area: NodeRef<Custom<&'static str>>,
}

/// Text of a message that was tried, with the documents that it listed.
type Tried = (String, Vec<Document>);

impl Writing {
    /// Returns the message that this device keeps for a request, or an empty one.
    pub(super) fn of(request: Id, history: Question<EventList>, ways: Ways) -> Self {
        let session = Session::get();
        let copies = session.copies();
        copies.as_ref().inspect(|copies| erase_expired(copies));
        let kept = copies.and_then(|copies| copies.note(&request, Note::Message)).unwrap_or_default();
        let Kept { event, files, text } = Kept::read(&kept);
        let attachments = attachments(session, request.clone());
        attachments.restore(files);
        let documents = attachments.arrived().unwrap_or_default();
        let tried = event.map(|event| (event, (text.to_owned(), documents)));
        let writing = Self {
            session,
            announcer: Announcer::get(),
            focus: Focus::get(),
            history,
            ways,
            request: StoredValue::new_local(request),
            tried: StoredValue::new_local(tried),
            attachments,
            text: RwSignal::new(text.to_owned()),
            error: RwSignal::new(""),
            is_sending: RwSignal::new(false),
            area: NodeRef::new(),
        };
        writing.keep_files();
        writing.look_for_arrival();
        writing
    }

    /// Keeps the files beside the text, whenever one comes, arrives or goes.
    fn keep_files(self) {
        let files = computed(move |_| self.attachments.kept());
        watch_changes(move |before: Option<String>| {
            let files = files.get();
            if before.is_some_and(|before| before != files) {
                untrack(|| self.keep(&self.text.get_untracked()));
            }
            files
        });
    }

    /// Empties the control once the history has the message: it arrived, and its response was lost.
    fn look_for_arrival(self) {
        watch(move || {
            let Some(history) = self.history.response() else { return };
            let Some((event, (text, documents))) = self.tried.get_value() else { return };
            let is_there = history.events.iter().any(|made| made.id == event);
            let is_same = self.text.get_untracked() == text && self.attachments.arrived().as_ref() == Some(&documents);
            if is_there && is_same && !self.is_sending.get_untracked() {
                self.attachments.forget(&documents);
                self.sent(&text);
                untrack(|| self.keep(""));
            }
        });
    }

    /// Returns the text with which the control begins.
    pub(super) fn initial(self) -> String {
        self.text.get_untracked()
    }

    /// Takes an edit of the person, and keeps it.
    pub(super) fn edit(self, text: &str) {
        self.text.set(text.to_owned());
        self.keep(text);
        if !self.error.get_untracked().is_empty() {
            self.error.set(error_of(text));
        }
    }

    fn keep(self, text: &str) {
        if let Some(copies) = self.session.copies() {
            let files = untrack(|| self.attachments.kept());
            let is_empty = text.is_empty() && files.is_empty();
            let kept = if is_empty { String::new() } else { dated(&self.headed(text, &files)) };
            copies.set_note(&self.request.get_value(), Note::Message, &kept);
        }
    }

    /// Returns a text after its files, and after the identifier that both were tried with, if they were.
    fn headed(self, text: &str, files: &str) -> String {
        let arrived = self.attachments.arrived();
        let is_same = |(_, (before, documents)): &(Id, Tried)| before == text && arrived.as_ref() == Some(documents);
        let tried = self.tried.get_value().filter(is_same);
        let event = tried.as_ref().map_or("", |(event, _)| event.as_str());
        [event, " ", files, "\n", text].concat()
    }

    /// Sends the message, unless it is empty or too long.
    pub(super) fn send(self) {
        if self.is_sending.get_untracked() {
            return;
        }
        let text = self.text.get_untracked();
        self.error.set(error_of(&text));
        if !error_of(&text).is_empty() {
            return self.focus.on("#message-text");
        }
        let Some(documents) = self.attachments.arrived() else {
            self.error.set(files::not_arrived(self.attachments.is_sending()));
            return self.focus.on("#message-files");
        };
        let words = Text::from(Text::from(text.as_str()).lines().as_str());
        let says = (text.clone(), documents.clone());
        let tried = self.tried.get_value().filter(|(_, before)| *before == says).map(|(event, _)| event);
        let event = tried.unwrap_or_else(new_id);
        self.tried.set_value(Some((event.clone(), says)));
        self.keep(&text);
        self.is_sending.set(true);
        self.announcer.warn("");
        let service = self.session.service();
        let act = Act { text: words, documents, ..Act::new(Kind::Message) };
        let (request, copies) = (self.request.get_value(), self.session.copies());
        let acting = service.act(&request, &event, None, &act);
        spawn(async move {
            let response = acting.await;
            // The page may be gone; another one may have kept another text.
            if let (Ok(_), Some(copies)) = (&response, copies)
                && copies.note(&request, Note::Message).is_some_and(|kept| Kept::read(&kept).text == text)
            {
                copies.set_note(&request, Note::Message, "");
            }
            if self.is_sending.is_disposed() {
                return;
            }
            self.is_sending.set(false);
            match response {
                Ok(_) => {
                    self.attachments.forget(&act.documents);
                    self.sent(&text);
                }
                Err(error) => self.failed(&error, &act.documents),
            }
        });
    }

    /// Empties the control, unless the person went on writing.
    fn sent(self, text: &str) {
        self.announcer.announce("Message envoyé");
        self.history.ask();
        // The same words again are another message.
        self.tried.set_value(None);
        if self.text.get_untracked() == text {
            self.text.set(String::new());
            if let Some(area) = self.area.get_untracked().and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) {
                area.set_value("");
            }
        }
    }

    /// Tells why the message was not sent. A request that takes none any more is shown as it is.
    fn failed(self, error: &ApiError, documents: &[Document]) {
        if error.status() == Some(401) {
            return self.session.set_identity(Identity::SignedOut);
        }
        if self.attachments.refused(documents, error) {
            self.error.set(files::REFUSED);
            return self.focus.on("#message-files");
        }
        let kept = " Votre message est gardé sur cet appareil.";
        let why = match error.status() {
            Some(409) => "cette demande ne reçoit plus de messages.".to_owned(),
            _ => acts::refusal(error),
        };
        self.announcer.warn(&["Le message n’est pas parti\u{a0}: ", &why, kept].concat());
        if matches!(error.status(), Some(404 | 409 | 410)) {
            self.ways.reload();
        }
    }
}

/// Returns the files of a message about a request, none of them yet.
fn attachments(session: Session, request: Id) -> Attachments {
    let of = request.clone();
    let send: SendBytes =
        Rc::new(move |document, file, progress| session.service().upload(&of, document, file, progress));
    let remove: RemoveBytes = Rc::new(move |document| {
        let removing = session.service().remove_document(&request, document);
        // The service forgets in any case what no message lists.
        spawn(async move { drop(removing.await) });
    });
    Attachments::new(send, remove, session.api().is_local())
}

/// Message as the device keeps it.
struct Kept<'a> {
    /// Identifier that it was tried with, if it was.
    event: Option<Id>,
    /// Files of the message. Pages before kept none.
    files: &'a str,
    text: &'a str,
}

impl<'a> Kept<'a> {
    fn read(kept: &'a str) -> Self {
        let (head, text) = undated(kept).1.split_once('\n').unwrap_or_default();
        let (event, files) = head.split_once(' ').unwrap_or((head, ""));
        Self { event: Id::parse(event).ok(), files, text }
    }
}

/// Returns the sentence that tells why a text cannot be sent; empty where it can.
fn error_of(text: &str) -> &'static str {
    let text = Text::from(text);
    if text.is_empty() {
        "Écrivez votre message avant de l’envoyer."
    } else if text.trimmed().chars().count() as u64 > TEXT_MAX {
        "Le message dépasse 5\u{202f}000 caractères\u{a0}: raccourcissez-le."
    } else {
        ""
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::browser::file::File;
    use crate::model::lifecycle::{By, Event, Side, Stamp};
    use crate::model::wire::{Problem, ProblemError};
    use crate::model::{Date, Params};
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};
    use crate::uploads::Stage;

    fn id() -> Id {
        Id::new(0, [1; 10])
    }

    fn writing(app: &TestApp) -> Writing {
        app.api.script().history.replace(Some(EventList { events: Vec::new(), seen: 0 }));
        app.with(begun)
    }

    /// Returns the message of a page.
    fn begun() -> Writing {
        let history = Question::new(|service| service.events(&id(), 0));
        Writing::of(id(), history, Ways::new(id(), Box::new(|| ()), Box::new(|| ())))
    }

    #[test]
    fn a_message_is_kept_until_it_is_sent_and_sent_once() {
        let app = app(Place::Requests, false);
        let message = writing(&app);
        app.with(|| message.edit(" Bonjour "));
        assert_eq!(app.with(|| writing_text(&app)), " Bonjour ", "another page goes on with it");

        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| message.send());
        let warning = app.with(|| untrack(|| Announcer::get().warning()));
        assert!(warning.contains("n’est pas parti") && warning.contains("gardé sur cet appareil"), "{warning}");
        app.api.script().act_error.replace(None);
        app.with(|| message.send());
        let acts = app.api.script().acts.borrow().clone();
        let [first, second] = &*acts else { panic!("{acts:?}") };
        assert_eq!(first, second, "the service takes it once");
        assert_eq!((second.1.kind, second.1.text.as_str()), (Kind::Message, "Bonjour"));
        assert_eq!(message.text.get_untracked(), "");
        assert_eq!(app.copies().unwrap().note(&id(), Note::Message), None);

        app.with(|| message.edit("Merci"));
        app.with(|| message.send());
        assert_ne!(app.api.script().acts.borrow()[2].0, first.0, "another message");
        app.end();
    }

    /// Returns the text that the page of a request begins with.
    fn writing_text(app: &TestApp) -> String {
        let kept = app.copies().unwrap().note(&id(), Note::Message);
        Kept::read(&kept.unwrap_or_default()).text.to_owned()
    }

    #[test]
    fn a_message_whose_answer_was_lost_is_the_same_one_on_the_next_page() {
        let app = app(Place::Requests, false);
        let message = writing(&app);
        app.with(|| message.edit("Bonjour"));
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| message.send());
        let next = writing(&app);
        assert_eq!(next.text.get_untracked(), "Bonjour");
        app.api.script().act_error.replace(None);
        app.with(|| next.send());
        let acts = app.api.script().acts.borrow().clone();
        assert_eq!(acts[0], acts[1]);
        assert_eq!(app.copies().unwrap().note(&id(), Note::Message), None);
        app.end();
    }

    #[test]
    fn a_message_with_files_whose_answer_was_lost_is_the_same_one_on_the_next_page_and_leaves_once_it_is_told() {
        let app = app(Place::Requests, false);
        let message = writing(&app);
        app.with(|| message.edit("Bonjour"));
        app.with(|| message.attachments.add(vec![File::new("plan.pdf", b"%PDF-1.7", 2_000)]));
        app.api.script().uploads.borrow()[0].clone().end(Ok(()));
        app.with(|| ());
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| message.send());
        let next = writing(&app);
        assert_eq!(next.attachments.arrived(), message.attachments.arrived());
        app.with(|| next.send());
        let acts = app.api.script().acts.borrow().clone();
        assert_eq!((acts[0].1.documents.len(), &acts[0]), (1, &acts[1]));

        let (by, on) = (By { side: Side::Applicant, name: String::new(), job_title: String::new() }, Date::FIRST);
        let stamp = Stamp { id: acts[0].0.clone(), at: "2026-11-22T12:00:00.000Z".to_owned(), on, by };
        let events = vec![Event::new(stamp, 2, Kind::Message)];
        app.api.script().history.replace(Some(EventList { events, seen: 0 }));
        let last = app.with(begun);
        app.with(|| ());
        assert_eq!((last.text.get_untracked(), last.attachments.arrived()), (String::new(), Some(Vec::new())));
        assert_eq!(app.copies().unwrap().note(&id(), Note::Message), None);
        app.end();
    }

    #[test]
    fn a_message_that_arrives_after_its_page_is_gone_is_kept_no_longer_and_another_text_is() {
        for (other, left) in [(None, ""), (Some("Au revoir"), "Au revoir")] {
            let app = app(Place::Requests, false);
            app.api.script().history.replace(Some(EventList { events: Vec::new(), seen: 0 }));
            app.with(|| {
                let page = Owner::new();
                let message = page.with(begun);
                message.edit("Bonjour");
                message.send();
                page.cleanup();
                if let Some(text) = other {
                    begun().edit(text);
                }
            });
            assert_eq!(writing_text(&app), left);
            app.end();
        }
    }

    #[test]
    fn an_empty_message_and_a_long_one_are_not_sent() {
        let app = app(Place::Requests, false);
        let message = writing(&app);
        app.with(|| message.send());
        assert!(message.error.get_untracked().contains("Écrivez"));
        app.with(|| message.edit(&"é".repeat(5_001)));
        assert!(message.error.get_untracked().contains("dépasse"), "it follows what is typed");
        app.with(|| message.edit(&"é".repeat(5_000)));
        assert_eq!(message.error.get_untracked(), "");
        assert!(app.api.script().acts.borrow().is_empty());
        app.end();
    }

    #[test]
    fn a_file_that_the_service_has_no_more_is_told_at_its_place_and_not_as_a_passing_failure() {
        let app = app(Place::Requests, false);
        let message = writing(&app);
        app.with(|| message.edit("Bonjour"));
        app.with(|| message.attachments.add(vec![File::new("plan.pdf", b"%PDF-1.7", 2_000)]));
        app.api.script().uploads.borrow()[0].clone().end(Ok(()));
        let error = ProblemError {
            pointer: "/documents/0".to_owned(),
            code: "missing_file".to_owned(),
            params: Params::default(),
        };
        let problem = Problem { errors: vec![error], ..Problem::of(422) };
        app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(problem))));
        app.with(|| message.send());
        assert_eq!(message.error.get_untracked(), files::REFUSED);
        assert_eq!(app.with(|| untrack(|| message.attachments.files()))[0].stage, Stage::Lost);
        assert_eq!(app.with(|| untrack(|| Announcer::get().warning())), "");
        app.end();
    }

    #[test]
    fn a_request_that_takes_no_message_any_more_says_so() {
        let app = app(Place::Requests, false);
        let message = writing(&app);
        app.with(|| message.edit("Bonjour"));
        app.api.script().act_error.replace(Some(ApiError::Problem(Box::new(Problem::of(409)))));
        app.with(|| message.send());
        let warning = app.with(|| untrack(|| Announcer::get().warning()));
        assert!(warning.contains("ne reçoit plus de messages") && !warning.contains("internet"), "{warning}");
        app.end();
    }
}
