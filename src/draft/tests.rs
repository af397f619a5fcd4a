//! The driver in a browser of fake time, with a server whose answers are told beforehand.

mod fake_browser;
mod fake_server;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

use super::ports::{Ports, WindowEvent};
use super::{DeviceCopies, DraftToOpen, OpenDraft, SaveStatus, unsent};
use crate::api::Api;
use crate::device::Persistence;
use crate::form::Form;
use crate::model::field::Value;
use crate::model::saving::{DeviceCopy, Event, Failure, Machine, SavedTo, Side};
use crate::model::{Draft, Field, Id};
use fake_browser::{FakeBrowser, FakeTab, START};
use fake_server::{Client, FakeServer, Fate};

/// A browser and a server, and what is open of one request.
struct World {
    browser: Rc<FakeBrowser>,
    server: Rc<FakeServer>,
    id: Id,
}

/// A tab in which the request is open.
struct Opened {
    tab: FakeTab,
    form: Form,
    draft: OpenDraft,
    owner: Owner,
}

impl World {
    fn new() -> Self {
        let browser = FakeBrowser::new();
        Self { server: FakeServer::new(&browser), browser, id: Id::new(0, [0; 10]) }
    }

    fn copies(&self, tab: &FakeTab) -> DeviceCopies {
        let _ = self;
        DeviceCopies::in_storage(Rc::new(tab.clone()), "user")
    }

    fn api(&self) -> Rc<dyn Api> {
        Rc::new(Client(Rc::clone(&self.server)))
    }

    /// Opens the request in a new tab, from the device's copy where there is one.
    fn open(&self) -> Opened {
        let tab = self.browser.open_tab();
        let machine = match self.copies(&tab).read(&self.id) {
            Some(copy) => Machine::from_device(tab.random(), copy.unwrap()),
            None => Machine::new(tab.random(), Draft::default()),
        };
        let owner = Owner::new();
        let (form, draft) = owner.with(|| {
            let form = Form::new(machine.mine().clone());
            let (ports, id, copies, api) = (Rc::new(tab.clone()), self.id.clone(), self.copies(&tab), self.api());
            let draft = DraftToOpen { id, copies, api, form, machine, since: None, arrived: Some(Vec::new()) };
            (form, OpenDraft::open_in(ports, draft))
        });
        Opened { tab, form, draft, owner }
    }

    /// Returns the name of the project that the device holds.
    fn name_on_device(&self) -> Option<String> {
        let copy: DeviceCopy = serde_json::from_str(&self.browser.stored(self.id.as_str())?).unwrap();
        Some(copy.mine.project.name.to_string())
    }

    fn name_on_server(&self) -> Option<String> {
        self.server.draft().map(|draft| draft.project.name.to_string())
    }
}

impl Opened {
    fn type_in(&self, field: Field, text: &str) {
        self.form.edit(field, Value::Text(text));
    }

    fn type_name(&self, name: &str) {
        self.type_in(Field::ProjectName, name);
    }

    fn name(&self) -> String {
        self.form.text_untracked(Field::ProjectName)
    }

    fn status(&self) -> SaveStatus {
        self.draft.status().get_untracked()
    }

    fn saved_to(&self) -> SavedTo {
        self.status().saved_to
    }

    /// Returns a flag that is set once the draft is settled, and one that is set once it is saved.
    fn waits(&self) -> [Rc<Cell<bool>>; 2] {
        let flags: [Rc<Cell<bool>>; 2] = Default::default();
        let [settled, saved] = flags.clone();
        self.draft.once_settled(move || settled.set(true));
        self.draft.once_saved(move || saved.set(true));
        flags
    }
}

#[test]
fn an_edit_is_on_the_device_at_once_and_on_the_server_within_two_seconds() {
    let world = World::new();
    let opened = world.open();
    assert_eq!((opened.saved_to(), world.name_on_device()), (SavedTo::Nowhere, None));
    opened.type_name("a");
    assert_eq!(world.name_on_device().as_deref(), Some("a"));
    assert_eq!(opened.saved_to(), SavedTo::OnTheWay);
    for length in 2..10 {
        world.browser.advance(200);
        opened.type_name(&"a".repeat(length));
        assert_eq!(world.name_on_device(), Some("a".repeat(length)));
    }
    let first = world.server.saves.borrow()[0].0;
    assert!(first - START <= 2_000, "{first}");
    world.browser.advance(2_000);
    assert_eq!(world.name_on_server(), Some("a".repeat(9)));
    assert_eq!(opened.saved_to(), SavedTo::Server);
    assert_eq!(opened.status().since, Some(world.server.held.borrow().as_ref().unwrap().updated_at.parse().unwrap()));
}

#[test]
fn a_tab_that_holds_the_lock_and_never_answers_does_not_hold_the_save_up() {
    let world = World::new();
    let opened = world.open();
    let frozen = world.browser.open_tab();
    let key = world.copies(&frozen).key(&world.id);
    let _lock = frozen.request_lock(&key, Box::new(|| {}));
    world.browser.settle();
    opened.type_name("a");
    world.browser.advance(2_000);
    assert_eq!(world.name_on_server().as_deref(), Some("a"));
}

#[test]
fn two_tabs_show_the_same_and_send_one_at_a_time() {
    let world = World::new();
    let (first, second) = (world.open(), world.open());
    first.type_name("premier");
    world.browser.settle();
    assert_eq!(second.name(), "premier");
    assert!(second.form.has_remote_change(Field::ProjectName));
    second.type_in(Field::Description, "second");
    world.browser.advance(3_000);
    for opened in [&first, &second] {
        assert_eq!(opened.form.text_untracked(Field::Description), "second");
        assert_eq!(opened.saved_to(), SavedTo::Server);
        assert_eq!(opened.status().conflicts, []);
    }
    let held = world.server.draft().unwrap();
    assert_eq!((held.project.name.as_str(), held.project.description.as_str()), ("premier", "second"));
    assert_eq!(world.server.revision(), u64::try_from(world.server.saves.borrow().len()).unwrap(), "none is refused");
}

#[test]
fn what_two_tabs_wrote_in_one_field_at_once_waits_for_a_choice_in_both() {
    let world = World::new();
    let (first, second) = (world.open(), world.open());
    first.type_name("premier");
    second.type_name("second");
    world.browser.advance(3_000);
    assert_eq!([first.name(), second.name()], ["second", "second"]);
    second.draft.choose(Field::ProjectName, Side::Theirs);
    world.browser.advance(3_000);
    for opened in [&first, &second] {
        assert_eq!((opened.name().as_str(), opened.status().conflicts), ("premier", vec![]));
    }
    assert_eq!(world.name_on_server().as_deref(), Some("premier"));
}

#[test]
fn a_save_whose_answer_was_lost_is_recognised() {
    let world = World::new();
    let opened = world.open();
    world.server.fates.borrow_mut().push_back(Fate::AnswerLost);
    opened.type_name("a");
    world.browser.advance(20_000);
    assert_eq!((opened.saved_to(), world.server.revision()), (SavedTo::OnTheWay, 1));
    opened.type_name("ab");
    world.browser.advance(15_000);
    assert_eq!((opened.saved_to(), opened.status().conflicts), (SavedTo::Server, vec![]));
    assert_eq!((world.name_on_server().as_deref(), world.server.revision()), (Some("ab"), 2));
}

#[test]
fn a_rejected_save_says_of_which_fields_and_is_sent_again_once_they_are_mended() {
    let world = World::new();
    let opened = world.open();
    world.server.fates.borrow_mut().push_back(Fate::Refused(400, "invalid-body", "/draft/project/name"));
    opened.type_name("a");
    world.browser.advance(60_000);
    assert_eq!(opened.saved_to(), SavedTo::Device(Failure::NotUnderstood));
    assert_eq!(opened.status().rejected_fields, [Field::ProjectName]);
    assert_eq!(world.server.saves.borrow().len(), 0, "it is not sent again as it is");
    opened.type_name("b");
    world.browser.advance(2_000);
    assert_eq!((opened.saved_to(), opened.status().rejected_fields), (SavedTo::Server, vec![]));
    assert_eq!(world.name_on_server().as_deref(), Some("b"));
}

#[test]
fn storage_that_refuses_writes_is_told_of_and_holds_nothing_up() {
    let world = World::new();
    let opened = world.open();
    world.browser.refuses_writes.set(true);
    opened.type_name("a");
    assert_eq!((world.name_on_device(), opened.status().persistence), (None, Persistence::Memory));
    assert!(opened.status().would_be_lost(), "closing the page would lose it");
    world.browser.advance(2_000);
    assert_eq!((opened.saved_to(), world.name_on_server().as_deref()), (SavedTo::Server, Some("a")));
    assert!(!opened.status().would_be_lost());
    // An older copy would bring back what was replaced.
    world.browser.refuses_writes.set(false);
    opened.type_name("ab");
    world.browser.refuses_writes.set(true);
    opened.type_name("abc");
    assert_eq!(world.name_on_device().as_deref(), Some("ab"));
    world.browser.advance(2_000);
    assert_eq!((world.name_on_server().as_deref(), world.name_on_device()), (Some("abc"), None));
}

#[test]
fn what_is_unsent_at_sign_out_is_known_stays_on_the_device_and_is_sent_later() {
    let world = World::new();
    let opened = world.open();
    world.server.is_away.set(true);
    opened.type_name("a");
    // The person leaves the request, and signs out.
    opened.owner.cleanup();
    world.browser.advance(100);
    let (tab, owner) = (world.browser.open_tab(), Owner::new());
    let (copies, ports): (_, Rc<dyn Ports>) = (world.copies(&tab), Rc::new(tab.clone()));
    let left = owner.with(|| unsent::send_in(&ports, &copies, &world.api(), None));
    let flags: [Rc<Cell<bool>>; 2] = Default::default();
    let [settled, saved] = flags.clone();
    assert_eq!(left.len(), 1);
    left[0].once_settled(move || settled.set(true));
    left[0].once_saved(move || saved.set(true));
    world.browser.advance(2_000);
    assert_eq!(flags.clone().map(|flag| flag.get()), [true, false]);
    copies.erase_saved();
    assert_eq!((copies.unsent().len(), world.name_on_device().as_deref()), (1, Some("a")));
    world.server.is_away.set(false);
    world.browser.advance(10_000);
    assert_eq!((flags.map(|flag| flag.get()), world.name_on_server().as_deref()), ([true, true], Some("a")));
    assert_eq!(copies.unsent(), []);
    copies.erase_saved();
    assert_eq!(world.name_on_device(), None);
    let open = Some(&world.id);
    assert!(owner.with(|| unsent::send_in(&ports, &copies, &world.api(), open)).is_empty());
}

#[test]
fn a_page_that_is_left_sends_what_there_is_and_lets_the_lock_go() {
    let world = World::new();
    let opened = world.open();
    opened.type_name("a");
    opened.tab.calls();
    opened.tab.window(WindowEvent::Left);
    assert_eq!(opened.tab.calls(), ["write"], "it waits for no lock");
    world.browser.advance(100);
    assert_eq!((opened.saved_to(), world.name_on_server().as_deref()), (SavedTo::Server, Some("a")));
    // It comes back, and what other tabs wrote meanwhile is there.
    let other = world.open();
    other.type_in(Field::Description, "autre");
    world.browser.settle();
    let description = || opened.form.text_untracked(Field::Description);
    assert_eq!(description(), "", "it hears nothing");
    opened.tab.window(WindowEvent::Shown);
    assert_eq!(description(), "autre");
}

#[test]
fn effects_are_carried_out_in_order_and_what_is_dispatched_meanwhile_comes_after_them() {
    let world = World::new();
    let opened = world.open();
    let draft = opened.draft;
    let seen = Rc::new(RefCell::new(Vec::new()));
    let record = Rc::clone(&seen);
    opened.tab.on_call(move |call| {
        record.borrow_mut().push((call.to_owned(), draft.status().get_untracked().failure));
        if call == "write" && record.borrow().len() == 1 {
            // The network goes while the answers are written.
            draft.dispatch(Event::Offline);
        }
    });
    opened.type_name("a");
    let calls = seen.take();
    assert_eq!(
        calls.iter().map(|(call, failure)| (call.as_str(), *failure)).collect::<Vec<_>>(),
        // The edit is written and its timer set, before the network is heard to be gone, which sets a longer one.
        [("write", None), ("timer 900", None), ("timer 60000", Some(Failure::Unreachable))],
    );
    assert_eq!(opened.saved_to(), SavedTo::Device(Failure::Unreachable));
}

#[test]
fn what_a_tool_wrote_into_a_control_is_an_edit_before_other_answers_are_shown() {
    let world = World::new();
    let (first, second) = (world.open(), world.open());
    let written = Rc::new(RefCell::new(None::<&str>));
    let (form, control) = (second.form, Rc::clone(&written));
    second.owner.with(|| {
        form.register_control(Rc::new(move || {
            if let Some(text) = control.take() {
                form.edit(Field::Description, Value::Text(text));
            }
        }));
    });
    written.replace(Some("outil"));
    first.type_name("premier");
    world.browser.advance(3_000);
    for opened in [&first, &second] {
        let texts = [Field::ProjectName, Field::Description].map(|field| opened.form.text_untracked(field));
        assert_eq!(texts, ["premier", "outil"]);
    }
    assert_eq!(world.server.draft().unwrap().project.description.as_str(), "outil");
}

#[test]
fn who_waits_is_served_once_everything_is_carried_out() {
    let world = World::new();
    let opened = world.open();
    opened.type_name("a");
    let (draft, tab) = (opened.draft, opened.tab.clone());
    draft.once_saved(move || {
        tab.log("then");
        draft.dispatch(Event::Submitting);
        tab.log("submitting");
    });
    opened.tab.calls();
    world.browser.advance(2_000);
    assert_eq!(opened.tab.calls(), ["write", "write", "unlock", "then", "submitting"]);
    let [settled, saved] = opened.waits();
    assert!(settled.get() && saved.get(), "at once where it is saved");
}

#[test]
fn an_answer_that_comes_after_the_end_does_nothing() {
    let world = World::new();
    let opened = world.open();
    opened.type_name("a");
    world.browser.advance(920);
    opened.owner.cleanup();
    let status = opened.tab.calls();
    assert!(!status.is_empty());
    world.browser.advance(10_000);
    assert_eq!(opened.tab.calls(), Vec::<String>::new());
    assert_eq!(world.name_on_server().as_deref(), Some("a"));
}
