//! The thread of a request: messages of both sides, and what came with decisions.

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::acting::Ways;
use super::writing::Writing;
use crate::browser::events::window_event_listener_untyped;
use crate::components::{characters_left, heading, paragraph};
use crate::context::{Announcer, Session};
use crate::effect::{computed, spawn, watch};
use crate::fields::{AttachmentsField, FileLink};
use crate::html::{self, Element, LiveText, article, div, follow, label, live, p, span, strong, textarea};
use crate::model::lifecycle::act::TEXT_MAX;
use crate::model::lifecycle::event::unread;
use crate::model::rights::Action;
use crate::model::wire::{Event, EventList, Kind, Side, StoredRequest};
use crate::model::{Document, Id};
use crate::pages::event_entry::linked_text;
use crate::pages::reading::{Lost, Question};
use crate::texts::{count, dates, lifecycle, size};

/// Shows the thread of a request, with the form of a new message while both sides can write.
#[component]
pub(super) fn Messages(request: StoredRequest, history: Question<EventList>, ways: Ways) -> impl IntoView {
    let id = request.id.clone();
    note_seen(id.clone(), history);
    read_again_when_looked_at(history);
    let drawn = id.clone();
    // What was new when the page was opened stays so while it is shown.
    let seen = StoredValue::new(None::<u64>);
    let draw = move |history: EventList| {
        let before = seen.get_value().unwrap_or(history.seen);
        seen.set_value(Some(before));
        let entries: Vec<Element> =
            history.events.iter().filter_map(|event| entry(event, &history.events, before, &drawn)).collect();
        match entries.is_empty() {
            true => paragraph("Aucun message. Écrivez à l’équipe si quelque chose vous bloque.").into_any(),
            false => div().attr("class", "thread").child(entries).into_any(),
        }
    };
    let lost = Lost {
        words: "Les messages n’ont pas pu être lus. Vérifiez votre accès à internet, puis réessayez.",
        heading: ".messages .h2",
    };
    let form = request.allows(Action::Write).then(|| view! { <NewMessage request=id history ways /> });
    let heading = heading(2, "Messages").attr("tabindex", "-1");
    html::section().attr("class", "section messages").child(heading).child(history.view(draw, lost)).child(form)
}

/// Tells the service that the history was shown, and the person how many messages are new.
fn note_seen(request: Id, history: Question<EventList>) {
    let (session, announcer) = (Session::get(), Announcer::get());
    let last = computed(move |_| {
        let shown = history.response()?;
        let is_unread = unread(&shown.events, shown.seen, Side::Applicant) > 0;
        Some((shown.events.last()?.seq, is_unread, news(&shown)))
    });
    // Rank up to which the service was told.
    let told = StoredValue::new(0_u64);
    watch(move || {
        let Some((last, is_unread, news)) = last.get() else { return };
        let before = told.get_value();
        let new = news.iter().filter(|seq| **seq > before).count();
        if last <= before {
            return;
        }
        told.set_value(last);
        if new > 0 {
            announcer.announce(&count(new, "nouveau message", "nouveaux messages"));
        }
        // What does not stand in the thread was shown in the history, and counts in the list as well.
        if is_unread {
            let seeing = session.service().see(&request, last);
            // Without an answer, it stays new until the page is opened again.
            spawn(async move { _ = seeing.await });
        }
    });
}

/// Returns the ranks of the events of the thread that the person has not seen.
fn news(history: &EventList) -> Vec<u64> {
    let is_new = |event: &&Event| event.seq > history.seen && event.is_news_to(Side::Applicant) && is_in_thread(event);
    history.events.iter().filter(is_new).map(|event| event.seq).collect()
}

/// Reads the history again whenever the person comes back to the window.
fn read_again_when_looked_at(history: Question<EventList>) {
    let listener = window_event_listener_untyped("focus", move |_| history.ask());
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || {
        if let Some(listener) = listener.try_update_value(Option::take).flatten() {
            listener.remove();
        }
    });
}

/// Returns whether an event stands in the thread: a message, or an act with a text.
fn is_in_thread(event: &Event) -> bool {
    event.kind == Kind::Message || (event.kind.moves_state() && !event.text.is_empty())
}

/// Returns an event of the thread, named by its sender and its time. `events` is the history that has it.
fn entry(event: &Event, events: &[Event], seen: u64, request: &Id) -> Option<Element> {
    if !is_in_thread(event) {
        return None;
    }
    let id = ["message-", &event.seq.to_string()].concat();
    let what = (event.kind != Kind::Message).then(|| lifecycle::event(event, events)).flatten();
    let is_new = event.seq > seen && event.is_news_to(Side::Applicant);
    let new = is_new.then(|| span().attr("class", "badge").child("Nouveau"));
    let who = p().attr("id", id.clone()).child(strong().child(lifecycle::who_and_when(event)));
    let read = event.read_at.as_ref().filter(|_| event.by.side == Side::Applicant);
    let read = read.map(|at| paragraph(["Lu le ", &dates::day_and_time(at)].concat()).attr("class", "hint"));
    let files: Vec<_> = event.documents.iter().map(|document| file(request, document)).collect();
    let entry = article()
        .attr("class", if event.by.side == Side::Applicant { "message-entry own" } else { "message-entry" })
        .attr("aria-labelledby", id)
        .child(new)
        .child(who)
        .child(what.map(|what| paragraph(what).attr("class", "hint")))
        .child(linked_text(&event.text.lines()))
        .child(files)
        .child(read);
    Some(entry)
}

/// Returns the link that saves a document of a message.
fn file(request: &Id, document: &Document) -> AnyView {
    let (name, address) = (document.name.clone(), Session::get().service().document_address(request, &document.id));
    let size = span().attr("class", "hint").child([" · ", &size(document.size)].concat());
    p().child(view! { <FileLink name address /> }).child(size).into_any()
}

/// Asks for a new message.
#[component]
fn NewMessage(request: Id, history: Question<EventList>, ways: Ways) -> impl IntoView {
    let writing = Writing::of(request, history, ways);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        writing.send();
    };
    let described = move || if writing.error.get().is_empty() { "message-hint" } else { "message-hint message-error" };
    let area = textarea()
        .attr("id", "message-text")
        .attr("name", "message")
        .attr("class", "control")
        .attr("autocomplete", "off")
        .attr("aria-describedby", follow(described))
        .attr("aria-invalid", follow(move || (!writing.error.get().is_empty()).then_some("true")))
        .prop("value", writing.initial())
        .node_ref(writing.area)
        .on(ev::input, move |event| writing.edit(&event_target_value(&event)));
    let hint = paragraph("Une question, une précision\u{a0}: l’équipe vous répond ici, et un courriel vous prévient.");
    let error = live(move || {
        let words = writing.error.get();
        (!words.is_empty()).then(|| paragraph(words).attr("class", "message").attr("id", "message-error"))
    });
    let words = move || if writing.is_sending.get() { "Envoi en cours…" } else { "Envoyer" }.to_owned();
    let send = html::button()
        .attr("class", "button")
        .attr("aria-disabled", follow(move || writing.is_sending.get().then_some("true")))
        .live_text(words);
    html::form()
        .attr("class", "field")
        .attr("novalidate", true)
        .on(ev::submit, submit)
        .child(label().attr("for", "message-text").child("Votre message"))
        .child(hint.attr("class", "hint").attr("id", "message-hint"))
        .child(area)
        .child(characters_left(move || writing.text.get(), TEXT_MAX))
        .child(view! { <AttachmentsField attachments=writing.attachments /> })
        .child(error)
        .child(p().attr("class", "actions").child(send))
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::api::unanswered::Backend;
    use crate::model::Date;
    use crate::model::lifecycle::Stamp;
    use crate::model::wire::By;
    use crate::pages::read_only::tests::html_of;

    fn event(seq: u64, kind: Kind, side: Side, text: &str) -> Event {
        let by = By { side, name: "Claire Marchand".to_owned(), job_title: String::new() };
        let (at, on) = ("2027-01-15T08:00:00.000Z".to_owned(), Date::parse("2027-01-15").unwrap());
        Event { text: text.into(), ..Event::new(Stamp { id: Id::new(seq, [1; 10]), at, on, by }, seq, kind) }
    }

    fn drawn(event: &Event, seen: u64) -> String {
        html_of(Backend::Server, || entry(event, &[], seen, &Id::new(0, [1; 10])).into_any())
    }

    #[test]
    fn a_message_is_named_by_its_sender_and_its_time_and_holds_no_html() {
        let html = drawn(&event(2, Kind::Message, Side::Examiner, "<b>Voir</b> https://exemple.fr/a?b=c."), 1);
        for words in [
            "aria-labelledby=\"message-2\"",
            "id=\"message-2\"><strong>Claire Marchand, de l’équipe FranceConnect, le 15\u{a0}janvier 2027",
            "&lt;b&gt;Voir&lt;/b&gt;",
            "href=\"https://exemple.fr/a?b=c\" rel=\"external noopener\"",
            ">Nouveau<",
        ] {
            assert!(html.contains(words), "{words:?} in {html}");
        }
        assert!(!drawn(&event(2, Kind::Message, Side::Examiner, "Voir"), 2).contains("Nouveau"));
    }

    #[test]
    fn whoever_wrote_sees_when_it_was_read() {
        let own = event(2, Kind::Message, Side::Applicant, "Bonjour");
        assert!(!drawn(&own, 0).contains("Lu le") && !drawn(&own, 0).contains("Nouveau"));
        let read = Event { read_at: Some("2027-02-03T09:12:00.000Z".to_owned()), ..own };
        assert!(drawn(&read, 0).contains("Lu le 3\u{a0}février 2027 à "));
    }

    #[test]
    fn decisions_stand_in_the_thread_with_their_text_and_nothing_else_does() {
        let refused = drawn(&event(2, Kind::Refused, Side::Examiner, "Hors du cadre."), 2);
        assert!(refused.contains("Demande refusée") && refused.contains("Hors du cadre."), "{refused}");
        for kind in [Kind::Submitted, Kind::Assignment, Kind::Delivery] {
            assert!(!is_in_thread(&event(2, kind, Side::Applicant, "")), "{kind:?}");
        }
    }

    #[test]
    fn only_what_others_wrote_since_is_new() {
        let events = vec![
            event(1, Kind::Submitted, Side::Applicant, "Bonjour"),
            event(2, Kind::Message, Side::Examiner, "Bonjour"),
            event(3, Kind::Message, Side::Examiner, "Voici"),
            event(4, Kind::Message, Side::Applicant, "Merci"),
        ];
        assert_eq!(news(&EventList { events, seen: 2 }), [3]);
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod seeing_tests {
    use super::*;
    use crate::model::Date;
    use crate::model::lifecycle::Stamp;
    use crate::model::wire::By;
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn whatever_counts_in_the_list_is_seen_once_it_is_shown_and_only_the_thread_is_announced() {
        for (kind, side, told) in [
            (Kind::Message, Side::Examiner, Some("1\u{a0}nouveau message")),
            (Kind::Accepted, Side::Examiner, Some("")),
            (Kind::Resumed, Side::Clock, Some("")),
            (Kind::Message, Side::Applicant, None),
        ] {
            let app = app(Place::Requests, false);
            let by = By { side, name: String::new(), job_title: String::new() };
            let (at, on) = ("2027-01-15T08:00:00.000Z".to_owned(), Date::parse("2027-01-15").unwrap());
            let event = Event::new(Stamp { id: Id::new(2, [1; 10]), at, on, by }, 2, kind);
            app.api.script().history.replace(Some(EventList { events: vec![event], seen: 1 }));
            app.with(|| {
                note_seen(Id::new(0, [1; 10]), Question::new(|service| service.events(&Id::new(0, [1; 10]), 0)));
            });
            let seen = app.api.script().seen.borrow().clone();
            assert_eq!(seen, if told.is_some() { vec![2] } else { Vec::new() }, "{kind:?} {side:?}");
            assert_eq!(app.with(|| untrack(|| Announcer::get().announcement())), told.unwrap_or_default());
            app.end();
        }
    }
}
