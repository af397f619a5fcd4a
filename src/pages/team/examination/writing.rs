//! Texts that a member of the team writes about a request, kept on the device until they are sent.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::prelude::*;

use crate::clock;
use crate::context::{Identity, Session};
use crate::device::DeviceStorage;
use crate::draft::copies::{TEAM_CHOICE as CHOICE, TEAM_TEXTS as TEXTS};
use crate::ids::new_id;
use crate::model::wire::Kind;
use crate::model::{ClosedList, Field, Id};

/// Beginning of the names of controls for remarks.
const REMARK: &str = "remark.";
/// Milliseconds for which a text that is not sent is kept: 30 days.
const KEPT_FOR: u64 = 30 * 24 * 60 * 60 * 1_000;
/// Name of the control for the text of an act.
pub(super) const TEXT: &str = "text";

/// Name of the files that go with a message, beside its text.
pub(super) const FILES: &str = "files";

/// Name of the event under which an act is tried, beside its texts.
const EVENT: &str = "event";

/// Texts of one person about one request. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    device: StoredValue<DeviceStorage, LocalStorage>,
    prefix: StoredValue<String>,
    /// Texts on the screen, by their names on the device: another tab may keep others there.
    typed: StoredValue<BTreeMap<String, ArcRwSignal<String>>>,
    /// Choices on the screen, by their names on the device.
    chosen: StoredValue<BTreeMap<String, String>>,
    /// Rank of the submission that the remarks are about; 0 before one is shown.
    submission: StoredValue<u32>,
    /// Fields that have a control for a remark, in the order in which they got it.
    pub(super) remarked: RwSignal<Vec<Field>>,
}

impl Writing {
    /// Returns the texts of the signed-in person about a request.
    pub(super) fn about(session: Session, request: &Id) -> Self {
        let person = session.identity().with_untracked(|identity| match identity {
            Identity::Person(session) => session.user.id.clone(),
            Identity::Pending | Identity::SignedOut => String::new(),
        });
        let prefix = [TEXTS, &person, ":", request.as_str(), ":"].concat();
        Self {
            device: StoredValue::new_local(session.device()),
            prefix: StoredValue::new(prefix),
            typed: StoredValue::new(BTreeMap::new()),
            chosen: StoredValue::new(BTreeMap::new()),
            submission: StoredValue::new(0),
            remarked: RwSignal::new(Vec::new()),
        }
    }

    fn name(self, kind: Kind, control: &str) -> String {
        [&self.prefix.get_value(), kind.as_str(), ":", control].concat()
    }

    fn kept(self, name: &str) -> Kept {
        Kept::read(&self.device.with_value(|device| device.read(name)).unwrap_or_default())
    }

    /// Shows a submission. Remarks on another one are set aside: they stand in their controls once these are opened.
    pub(super) fn show(self, submission: u32) {
        if self.submission.get_value() == submission {
            return;
        }
        self.submission.set_value(submission);
        let prefix = self.name(Kind::ChangesRequested, REMARK);
        self.typed.update_value(|typed| typed.retain(|name, _| !name.starts_with(&prefix)));
        let is_kept = |field: &Field| {
            let kept = self.kept(&self.name(Kind::ChangesRequested, &remark(*field)));
            !kept.text.is_empty() && kept.submission == Some(submission)
        };
        self.remarked.set(Field::ALL.iter().copied().filter(is_kept).collect());
    }

    /// Returns the text of a control on the screen: at first, the one that the device keeps.
    pub(super) fn typed(self, kind: Kind, control: &str) -> ArcRwSignal<String> {
        let name = self.name(kind, control);
        if let Some(typed) = self.typed.with_value(|typed| typed.get(&name).cloned()) {
            return typed;
        }
        let text = ArcRwSignal::new(self.kept(&name).text);
        self.typed.update_value(|typed| _ = typed.insert(name, text.clone()));
        text
    }

    /// Returns the text of a control; empty where nothing is written.
    pub(super) fn read(self, kind: Kind, control: &str) -> String {
        self.typed(kind, control).get_untracked()
    }

    /// Keeps the text of a control; nothing is kept of an empty one.
    pub(super) fn write(self, kind: Kind, control: &str, text: &str) {
        self.typed(kind, control).set(text.to_owned());
        self.keep(&self.name(kind, control), text);
        if control == TEXT && text.is_empty() {
            self.keep(&self.name(kind, EVENT), "");
        }
    }

    fn keep(self, name: &str, text: &str) {
        let kept = [&clock::now().to_string(), " ", &self.submission.get_value().to_string(), "\n", text].concat();
        self.device.with_value(|device| match text {
            "" => device.erase(name),
            _ => _ = device.write(name, &kept),
        });
    }

    /// Returns a choice beside the text of an act, as the device keeps it; empty where none is kept.
    pub(super) fn choice(self, kind: Kind, choice: &str) -> String {
        let name = self.name(kind, &[CHOICE, choice].concat());
        let chosen = self.kept(&name).text;
        self.chosen.update_value(|choices| _ = choices.insert(name, chosen.clone()));
        chosen
    }

    /// Keeps a choice beside the text of an act; nothing is kept of an empty one.
    pub(super) fn choose(self, kind: Kind, choice: &str, chosen: &str) {
        let name = self.name(kind, &[CHOICE, choice].concat());
        self.keep(&name, chosen);
        self.chosen.update_value(|choices| _ = choices.insert(name, chosen.to_owned()));
    }

    /// Returns the remarks on the screen, in the order of the form.
    pub(super) fn remarks(self) -> Vec<(Field, String)> {
        let remarked = self.remarked.get_untracked();
        let fields = Field::ALL.iter().copied().filter(|field| remarked.contains(field));
        fields.map(|field| (field, self.read(Kind::ChangesRequested, &remark(field)))).collect()
    }

    /// Returns the event under which an act is tried: the one of the last time, where the act says the same.
    pub(super) fn event(self, kind: Kind, says: &str) -> Id {
        let name = self.name(kind, EVENT);
        let mut hasher = DefaultHasher::new();
        says.hash(&mut hasher);
        let mark = hasher.finish().to_string();
        let before = self.kept(&name).text;
        let same = before.split_once(' ').filter(|(_, before)| *before == mark);
        if let Some(event) = same.and_then(|(event, _)| Id::parse(event).ok()) {
            return event;
        }
        let event = new_id();
        self.keep(&name, &[event.as_str(), " ", &mark].concat());
        event
    }

    /// Returns the event under which an act was tried last, if it was.
    pub(super) fn tried(self, kind: Kind) -> Option<Id> {
        Id::parse(self.kept(&self.name(kind, EVENT)).text.split_once(' ')?.0).ok()
    }

    /// Returns the texts and choices of an act as they are on the screen, about to leave.
    pub(super) fn leaving(self, kind: Kind) -> Leaving {
        let controls = match kind {
            Kind::ChangesRequested => self.remarked.get_untracked().into_iter().map(remark).collect(),
            Kind::Message => vec![FILES.to_owned()],
            _ => Vec::new(),
        };
        let text = |control: &str| {
            let typed = self.typed(kind, control);
            (self.name(kind, control), typed.get_untracked(), typed)
        };
        let texts = controls.iter().map(String::as_str).chain([TEXT]).map(text).collect();
        let of_act = self.name(kind, CHOICE);
        let mut choices = self.chosen.get_value();
        choices.retain(|name, _| name.starts_with(&of_act));
        Leaving { device: self.device.get_value(), texts, choices, event: self.name(kind, EVENT) }
    }

    /// Takes away the controls of remarks in which nothing is written.
    pub(super) fn close_empty(self) {
        let is_written = |field: &Field| !self.read(Kind::ChangesRequested, &remark(*field)).is_empty();
        self.remarked.update(|remarked| remarked.retain(is_written));
    }
}

/// Texts and choices of an act that leaves. They outlast the page.
#[derive(Clone)]
pub(super) struct Leaving {
    device: DeviceStorage,
    /// Name on the device, text that leaves, and text on the screen.
    texts: Vec<(String, String, ArcRwSignal<String>)>,
    /// Choices that leave, by their names on the device. Those on the screen are forgotten there.
    choices: BTreeMap<String, String>,
    event: String,
}

impl Leaving {
    /// Erases the texts and choices once they have arrived, unless they were changed meanwhile, here or in another tab.
    pub(super) fn erase(&self) {
        for (name, text, typed) in &self.texts {
            if typed.get_untracked() == *text {
                typed.set(String::new());
            }
            self.erase_same(name, text);
        }
        self.choices.iter().for_each(|(name, choice)| self.erase_same(name, choice));
        self.forget_event();
    }

    /// Erases the entry of a name from the device, where it is the same that left.
    fn erase_same(&self, name: &str, left: &str) {
        if self.device.read(name).is_some_and(|kept| Kept::read(&kept).text == left) {
            self.device.erase(name);
        }
    }

    /// Forgets the event: the same act again is another one.
    pub(super) fn forget_event(&self) {
        self.device.erase(&self.event);
    }
}

/// Text as the device keeps it.
struct Kept {
    /// Time at which it was written, in milliseconds since 1970.
    written_at: Option<u64>,
    /// Rank of the submission that was shown.
    submission: Option<u32>,
    text: String,
}

impl Kept {
    fn read(kept: &str) -> Self {
        let (head, text) = kept.split_once('\n').unwrap_or_default();
        let (written_at, submission) = head.split_once(' ').unwrap_or((head, ""));
        Self { written_at: written_at.parse().ok(), submission: submission.parse().ok(), text: text.to_owned() }
    }
}

/// Erases the texts of everybody that were written too long ago: nobody is about to send them.
pub(crate) fn erase_expired(device: &DeviceStorage) {
    for name in device.names(TEXTS) {
        let kept = device.read(&name).unwrap_or_default();
        if Kept::read(&kept).written_at.is_none_or(|written_at| written_at + KEPT_FOR < clock::now()) {
            device.erase(&name);
        }
    }
}

/// Returns the name of the control for a remark at a field.
pub(super) fn remark(field: Field) -> String {
    [REMARK, field.path()].concat()
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::Field;
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};

    fn about(app: &TestApp, last: u8) -> Writing {
        app.with(|| Writing::about(Session::get(), &Id::new(0, [last; 10])))
    }

    #[test]
    fn what_is_written_is_kept_by_request_and_act_until_it_is_sent_or_a_month_old() {
        let app = app(Place::Requests, false);
        let (one, other) = (about(&app, 1), about(&app, 2));
        let again = || about(&app, 1);
        app.with(|| {
            one.write(Kind::Refused, TEXT, "Deux\nlignes");
            assert_eq!(again().read(Kind::Refused, TEXT), "Deux\nlignes");
            assert_eq!((one.read(Kind::Accepted, TEXT), other.read(Kind::Refused, TEXT)), Default::default());
        });
        app.wait(29 * 24 * 60 * 60);
        app.with(|| erase_expired(&Session::get().device()));
        assert_ne!(app.with(|| again().read(Kind::Refused, TEXT)), "");
        app.wait(2 * 24 * 60 * 60);
        app.with(|| erase_expired(&Session::get().device()));
        assert_eq!(app.with(|| again().read(Kind::Refused, TEXT)), "");
        app.end();
    }

    #[test]
    fn remarks_are_about_the_submission_that_was_shown() {
        let app = app(Place::Requests, false);
        let shown = |submission| {
            let writing = about(&app, 1);
            app.with(|| writing.show(submission));
            writing
        };
        let writing = shown(1);
        app.with(|| {
            writing.write(Kind::ChangesRequested, &remark(Field::Description), "Lesquelles\nexactement ?");
            writing.write(Kind::ChangesRequested, &remark(Field::ProjectName), "Lequel ?");
        });
        assert_eq!(app.with(|| shown(1).remarks().len()), 2);
        let (field, text) = app.with(|| shown(1).remarks()).remove(0);
        assert_eq!((field, text.as_str()), (Field::ProjectName, "Lequel ?"));
        let later = shown(2);
        assert_eq!(app.with(|| later.remarks()), []);
        assert_eq!(app.with(|| later.read(Kind::ChangesRequested, &remark(Field::ProjectName))), "Lequel ?");
        app.end();
    }

    #[test]
    fn each_tab_sends_its_own_text_and_erases_no_other() {
        let app = app(Place::Requests, false);
        let (one, other) = (about(&app, 1), about(&app, 1));
        app.with(|| {
            one.write(Kind::Message, TEXT, "Un");
            other.write(Kind::Message, TEXT, "Deux");
            assert_eq!(one.read(Kind::Message, TEXT), "Un");
            one.leaving(Kind::Message).erase();
            assert_eq!(
                (one.read(Kind::Message, TEXT), other.read(Kind::Message, TEXT).as_str()),
                (String::new(), "Deux")
            );
            assert_eq!(about(&app, 1).read(Kind::Message, TEXT), "Deux", "it did not leave");

            let leaving = other.leaving(Kind::Message);
            other.write(Kind::Message, TEXT, "Deux, et trois");
            leaving.erase();
            assert_eq!(other.read(Kind::Message, TEXT), "Deux, et trois", "it was written meanwhile");
        });
        app.end();
    }

    #[test]
    fn an_act_is_tried_under_one_event_as_long_as_it_says_the_same() {
        let app = app(Place::Requests, false);
        let event = |says: &str| app.with(|| about(&app, 1).event(Kind::Message, says));
        let first = event("Bonjour");
        assert_eq!(event("Bonjour"), first, "also once the page was closed");
        assert_ne!(event("Bonsoir"), first);
        let second = event("Bonsoir");
        app.with(|| about(&app, 1).leaving(Kind::Message).erase());
        assert_ne!(event("Bonsoir"), second);
        app.end();
    }
}
