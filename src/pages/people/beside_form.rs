//! The people of a request beside its form: who else has it open, and what they save meanwhile.

use std::time::Duration;

use leptos::prelude::*;

use super::panel::{Panel, PanelView, Place, own_part};
use crate::browser::events::window_event_listener_untyped;
use crate::browser::timers::set_timeout;
use crate::browser::visibility::is_visible;
use crate::context::{Announcer, CurrentDraft, Session};
use crate::draft::{Note, OpenDraft};
use crate::effect::{computed, watch};
use crate::html::{self, LiveText, div, live, p};
use crate::model::lifecycle::Standing;
use crate::model::rights::{self, Action, Caller};
use crate::model::saving::{Event, SavedTo};
use crate::model::wire::{Part, PeopleList, State};
use crate::texts::people;

/// Time between two questions for the people of a request that is open.
const POLL: Duration = Duration::from_secs(20);

/// Shows who takes part in a request, and follows what others do to it. Nothing is there before the service knows the request.
#[component]
pub(super) fn BesideForm(draft: OpenDraft, to_read: Box<dyn Fn()>) -> impl IntoView {
    let status = draft.status();
    let is_known = computed(move |before: Option<&bool>| {
        status.track();
        before == Some(&true) || draft.revision().is_some()
    });
    let to_read = StoredValue::new_local(to_read);
    live(move || is_known.get().then(|| view! { <Known draft to_read /> }))
}

/// Shows the people of a request that the service knows.
#[component]
fn Known(draft: OpenDraft, to_read: StoredValue<Box<dyn Fn()>, LocalStorage>) -> impl IntoView {
    let following = Following::new(draft, to_read);
    following.follow();
    let panel = following.panel;
    let people = move || panel.list.response().flatten().map(|list| list.people).unwrap_or_default();
    let here = computed(move |_| people::others_here(&people()));
    // Empty before there is something to tell, and told once for each change of who is there.
    let presence = p().attr("class", "presence").attr("role", "status").live_text(move || here.get());
    let content = div().child(view! { <PanelView panel /> });
    let is_there = computed(move |_| panel.list.response().is_some_and(|list| list.is_some()));
    div().attr("class", "beside-form").child(presence).child(
        html::details()
            .attr("class", "help people-details")
            .attr("hidden", html::follow(move || (!is_there.get()).then_some("")))
            .child(html::summary().child("Qui participe à cette demande ?"))
            .child(content),
    )
}

/// Following of a request that other people may change. Copies share one state.
#[derive(Clone, Copy)]
struct Following {
    draft: OpenDraft,
    panel: Panel,
    announcer: Announcer,
    current_draft: CurrentDraft,
    session: Session,
    to_read: StoredValue<Box<dyn Fn()>, LocalStorage>,
    /// Set once the service told the people of the request: if it does not tell them any more, the person was removed.
    took_part: StoredValue<bool>,
}

impl Following {
    fn new(draft: OpenDraft, to_read: StoredValue<Box<dyn Fn()>, LocalStorage>) -> Self {
        let current_draft = CurrentDraft::get();
        let was_submitted = current_draft.was_sent().get_untracked();
        // The form is open: the request is editable, and rights about people are the same in all such states.
        let standing = Standing { state: State::Draft, is_habilitated: false, was_submitted };
        let place = Place { request: draft.id(), standing, elsewhere: false, is_beside_form: true };
        let reload = Box::new(move || to_read.with_value(|to_read| to_read()));
        Self {
            draft,
            panel: Panel::new(place, reload),
            announcer: Announcer::get(),
            current_draft,
            session: Session::get(),
            to_read,
            took_part: StoredValue::new(false),
        }
    }

    /// Asks again and again, and acts on each answer, until the current owner ends.
    fn follow(self) {
        watch(move || {
            let answer = self.panel.list.response();
            untrack(|| match answer {
                Some(Some(list)) => self.heard(&list),
                Some(None) if self.took_part.get_value() => self.removed(),
                Some(None) | None => {}
            });
        });
        self.ask_when_looked_at();
        self.poll();
    }

    /// Asks whenever the person comes back to the window.
    fn ask_when_looked_at(self) {
        let ask = move |_| {
            if self.is_reachable() {
                self.panel.list.ask();
            }
        };
        let listener = StoredValue::new_local(Some(window_event_listener_untyped("focus", ask)));
        on_cleanup(move || {
            if let Some(listener) = listener.try_update_value(Option::take).flatten() {
                listener.remove();
            }
        });
    }

    fn poll(self) {
        set_timeout(
            move || {
                // The page may have been left.
                if self.took_part.try_get_value().is_none() {
                    return;
                }
                if is_visible() && self.is_reachable() {
                    self.panel.list.ask();
                }
                self.poll();
            },
            POLL,
        );
    }

    /// Returns whether the service answers, as far as the last saves tell.
    fn is_reachable(self) -> bool {
        self.draft.status().with_untracked(|status| status.online && !matches!(status.saved_to, SavedTo::Device(_)))
    }

    /// Takes in what the service tells: the own part, and whether somebody else saved.
    fn heard(self, list: &PeopleList) {
        self.took_part.set_value(true);
        let Some(part) = own_part(list) else { return };
        let ways = [
            (self.current_draft.is_invited(), part != Part::Owner),
            (self.current_draft.is_taken_over(), list.contestable_until.is_some()),
        ];
        for (known, is_so) in ways {
            if known.get_untracked() != is_so {
                known.set(is_so);
            }
        }
        self.remember();
        if !may_edit(part) {
            return self.lost_right();
        }
        let is_settled = self.draft.status().with_untracked(|status| status.saved_to == SavedTo::Server);
        let is_news = self.draft.revision().is_some_and(|known| list.revision > known);
        // What is on its way meets the other answers by itself.
        if is_settled && is_news {
            self.draft.refresh(|| ());
        }
    }

    /// Marks beside the copy how the person has their part. Whoever lost it and comes back is told why, and the service says nothing then.
    fn remember(self) {
        let Some(copies) = self.session.copies() else { return };
        let ways =
            [(Note::Invited, self.current_draft.is_invited()), (Note::TakenOver, self.current_draft.is_taken_over())];
        for (mark, is_so) in ways {
            copies.set_mark(&self.draft.id(), mark, is_so.get_untracked());
        }
    }

    /// Shows the request to be read, unless this device has answers that the service lacks: these are kept, with words.
    fn lost_right(self) {
        let is_saved =
            self.draft.status().with_untracked(|status| matches!(status.saved_to, SavedTo::Server | SavedTo::Nowhere));
        if is_saved {
            self.announcer.warn("Vous ne pouvez plus modifier cette demande : vous la consultez.");
            self.to_read.with_value(|to_read| to_read());
        } else {
            // The service refuses it, which the notice above the form tells.
            self.draft.dispatch(Event::Flush);
        }
    }

    /// Asks for the request, which the service does not show any more: the notice above the form tells what becomes of the answers.
    fn removed(self) {
        self.took_part.set_value(false);
        self.remember();
        self.draft.refresh(|| ());
    }
}

/// Returns whether a part lets a person change answers, while these can be changed.
fn may_edit(part: Part) -> bool {
    let standing = Standing { state: State::Draft, is_habilitated: false, was_submitted: false };
    rights::allows(&Caller::participant(part), Action::Edit, &standing.into())
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::api::ApiError;
    use crate::browser::visibility::set_visible;
    use crate::model::Field;
    use crate::model::saving::Failure;
    use crate::model::wire::{Participant, Problem, StoredRequest};
    use crate::navigation::Place as PageOf;
    use crate::testing::{TestApp, app};

    fn people(role: Part, revision: u64) -> PeopleList {
        let you = Participant {
            id: "1".to_owned(),
            given_name: "Lou".to_owned(),
            family_name: "Modèle".to_owned(),
            organisation: String::new(),
            role,
            external: false,
            you: true,
            here: false,
        };
        PeopleList {
            people: vec![you],
            invitations: Vec::new(),
            undelivered_cards: Vec::new(),
            hand_over: None,
            contestable_until: None,
            revision,
        }
    }

    /// Opens a saved draft, with its people followed, and the number of times that it was to be read.
    fn followed(app: &TestApp) -> (OpenDraft, Rc<Cell<u32>>) {
        let draft = app.open_request();
        app.type_name(draft, "Guichet");
        app.wait(3);
        assert_eq!(draft.revision(), Some(1));
        app.api.script().people.replace(Some(people(Part::Editor, 1)));
        let reads = Rc::new(Cell::new(0));
        let counted = Rc::clone(&reads);
        app.with(|| {
            let to_read: Box<dyn Fn()> = Box::new(move || counted.set(counted.get() + 1));
            Following::new(draft, StoredValue::new_local(to_read)).follow();
        });
        (draft, reads)
    }

    /// Sets the request of the service: one revision later, under another description.
    fn other_person_saved(app: &TestApp, draft: OpenDraft) {
        let mut theirs = draft.form().draft();
        theirs.project.description = "Nos démarches".into();
        let mut request = StoredRequest::begun(draft.id());
        (request.revision, request.updated_at, request.draft) = (2, crate::clock::now_rfc3339(), theirs);
        request.earlier = vec![draft.base_revision().saved_at];
        app.api.script().request.replace(Some(request));
        app.api.script().people.replace(Some(people(Part::Editor, 2)));
    }

    #[test]
    fn what_another_person_saved_arrives_while_the_page_is_seen() {
        let app = app(PageOf::Requests, false);
        let (draft, reads) = followed(&app);
        other_person_saved(&app, draft);
        set_visible(false);
        app.wait(21);
        assert_eq!(draft.form().text_untracked(Field::Description), "", "nobody looks");
        set_visible(true);
        app.wait(21);
        assert_eq!(draft.form().text_untracked(Field::Description), "Nos démarches");
        assert_eq!(draft.form().text_untracked(Field::ProjectName), "Guichet");
        assert_eq!(reads.get(), 0);
        app.end();
    }

    #[test]
    fn whoever_lost_the_right_and_typed_nothing_reads_the_request() {
        let app = app(PageOf::Requests, false);
        let (_, reads) = followed(&app);
        app.api.script().people.replace(Some(people(Part::Reader, 1)));
        app.wait(21);
        assert_eq!(reads.get(), 1);
        assert!(app.with(|| untrack(|| Announcer::get().warning())).contains("Vous ne pouvez plus modifier"));
        app.end();
    }

    #[test]
    fn how_somebody_has_their_part_is_remembered_beside_what_they_typed() {
        let app = app(PageOf::Requests, false);
        let (draft, _) = followed(&app);
        let marked = || {
            let copies = app.copies().unwrap();
            [Note::Invited, Note::TakenOver].map(|mark| copies.note(&draft.id(), mark).is_some())
        };
        app.wait(21);
        assert_eq!(marked(), [true, false]);
        let contestable_until = crate::model::Date::parse("2026-12-22").ok();
        app.api.script().people.replace(Some(PeopleList { contestable_until, ..people(Part::Owner, 1) }));
        app.wait(21);
        assert_eq!(marked(), [false, true]);
        let current_draft = app.with(CurrentDraft::get);
        assert!(current_draft.is_taken_over().get_untracked() && !current_draft.is_invited().get_untracked());
        app.api.script().people.replace(Some(people(Part::Owner, 1)));
        app.wait(21);
        assert_eq!((marked(), current_draft.is_taken_over().get_untracked()), ([false, false], false));
        app.end();
    }

    #[test]
    fn what_was_typed_before_the_right_was_lost_stays_on_the_device_and_is_told() {
        let app = app(PageOf::Requests, false);
        let (draft, reads) = followed(&app);
        let not_permitted = Problem { kind: "/problems/not-permitted".to_owned(), ..Problem::of(403) };
        app.api.script().save_error.replace(Some(ApiError::Problem(Box::new(not_permitted))));
        app.api.script().people.replace(Some(people(Part::Reader, 1)));
        app.type_name(draft, "Guichet unique");
        app.wait(21);
        let status = draft.status().get_untracked();
        assert_eq!(status.saved_to, SavedTo::Device(Failure::NotPermitted));
        let copy = app.copies().unwrap().read(&draft.id()).unwrap().ok().unwrap();
        assert_eq!(copy.mine.project.name.as_str(), "Guichet unique");
        assert_eq!(reads.get(), 0, "the form stays, with what was typed");
        app.end();
    }
}
