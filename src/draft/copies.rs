//! Copies of a person's drafts on this device. The page shows them to no other person who signs in in the same browser.

use std::rc::Rc;

use super::browser::AnyStorage;
#[cfg(not(test))]
use super::ports::CopyStorage as _;
use super::ports::TabMessage;
use crate::clock;
use crate::device::{DeviceStorage, Persistence};
use crate::model::Id;
use crate::model::saving::DeviceCopy;
use crate::model::schema::{self, Unreadable};

/// Beginning of the names of all copies.
const COPIES: &str = "draft:";
/// Beginning of the names of texts of the team about requests. The person and the request follow.
pub const TEAM_TEXTS: &str = "examination:";
/// Beginning of the last part of the names of choices beside those texts.
pub const TEAM_CHOICE: &str = "choice.";

/// Text that this device keeps beside the copy of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The request as the service told it last, without its draft.
    Request,
    /// The last submission.
    Sent,
    /// Words for the next submission.
    Words,
    /// A message that is being written. It outlasts the copy.
    Message,
    /// The reason of a hand-over that is being written. It outlasts the copy.
    HandOver,
    /// Mark of a request in which the person takes part by an invitation.
    Invited,
    /// Mark of a request that the person took over, and whose former owner may still get it back.
    TakenOver,
}

impl Note {
    /// Notes that are erased with the copy.
    const OF_COPY: [Self; 5] = [Self::Request, Self::Sent, Self::Words, Self::Invited, Self::TakenOver];
    /// Notes of what the person typed, which the service lacks.
    pub(super) const TYPED: [Self; 3] = [Self::Words, Self::Message, Self::HandOver];

    /// Returns the name of the note beside the copy of a name.
    fn name(self, copy: &str) -> String {
        let note = match self {
            Self::Request => "request",
            Self::Sent => "sent",
            Self::Words => "words",
            Self::Message => "message",
            Self::HandOver => "hand-over",
            Self::Invited => "invited",
            Self::TakenOver => "taken-over",
        };
        [copy, ":", note].concat()
    }
}

/// The copies of one person.
#[derive(Clone)]
pub struct DeviceCopies {
    storage: Rc<AnyStorage>,
    user: String,
}

impl DeviceCopies {
    /// Returns the copies of a user.
    #[must_use]
    pub fn new(device: DeviceStorage, user: &str) -> Self {
        Self::in_storage(Rc::new(device), user)
    }

    /// Returns the copies of a user in a given storage.
    #[must_use]
    pub fn in_storage(storage: Rc<AnyStorage>, user: &str) -> Self {
        Self { storage, user: user.to_owned() }
    }

    /// Returns the time for which copies stay.
    #[must_use]
    pub fn persistence(&self) -> Persistence {
        self.storage.persistence()
    }

    fn prefix(&self) -> String {
        [COPIES, &self.user, ":"].concat()
    }

    fn copy_name(&self, id: &Id) -> String {
        [&self.prefix(), id.as_str()].concat()
    }

    fn begun_mark(&self, id: &Id) -> String {
        ["begun:", &self.user, ":", id.as_str()].concat()
    }

    /// Returns the key of the messages that tabs send each other about a draft.
    #[must_use]
    pub fn key(&self, id: &Id) -> String {
        self.storage.key(&self.copy_name(id))
    }

    /// Tells other tabs that the person is signed in.
    pub fn tell_signed_in(&self) {
        self.storage.tell_tabs(&self.session_key(), TabMessage::SignedIn);
    }

    /// Returns the key of the messages that tabs send each other about the session.
    #[must_use]
    pub fn session_key(&self) -> String {
        self.storage.key("session")
    }

    /// Returns the JSON text of a copy.
    #[must_use]
    pub fn text(&self, id: &Id) -> Option<String> {
        self.storage.read(&self.copy_name(id))
    }

    /// Reads a copy; none where there is none.
    #[must_use]
    pub fn read(&self, id: &Id) -> Option<Result<DeviceCopy, Unreadable>> {
        Some(parse(&self.text(id)?))
    }

    /// Writes a copy, and returns the time for which it stays.
    pub fn write(&self, id: &Id, text: &str) -> Persistence {
        self.storage.write(&self.copy_name(id), text)
    }

    /// Writes the copy of a draft that is not open, and returns the time for which it stays.
    pub fn keep(&self, id: &Id, copy: &DeviceCopy) -> Persistence {
        serde_json::to_string(copy).map_or(Persistence::Memory, |text| self.write(id, &text))
    }

    /// Returns whether this device has answers or texts that the server lacks.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        !self.unsent().is_empty() || !self.typed_notes().is_empty() || self.has_team_texts()
    }

    /// Erases the copy in the storage, which a newer one could not be written over.
    pub fn erase_stored(&self, id: &Id) {
        self.storage.erase_stored(&self.copy_name(id));
    }

    /// Erases the copy of a draft that the person deleted, and tells the tabs where it is open.
    pub fn erase_deleted(&self, id: &Id) {
        self.storage.tell_tabs(&self.key(id), TabMessage::Deleted);
        self.erase(id);
    }

    /// Erases a copy at the wish of the person, in every tab.
    pub fn erase_in_all_tabs(&self, id: &Id) {
        self.storage.tell_tabs(&self.key(id), TabMessage::Erased);
        self.erase(id);
    }

    /// Erases a copy with its notes, and the mark that its draft was begun in this tab.
    pub fn erase(&self, id: &Id) {
        let name = self.copy_name(id);
        self.storage.erase(&name);
        Note::OF_COPY.iter().for_each(|note| self.storage.erase(&note.name(&name)));
        self.storage.erase(&self.begun_mark(id));
    }

    /// Returns a note.
    #[must_use]
    pub fn note(&self, id: &Id, note: Note) -> Option<String> {
        self.storage.read(&note.name(&self.copy_name(id)))
    }

    /// Writes a note, or erases it where its text is empty.
    pub fn set_note(&self, id: &Id, note: Note, text: &str) {
        let name = note.name(&self.copy_name(id));
        if text.is_empty() {
            self.storage.erase(&name);
        } else {
            self.storage.write(&name, text);
        }
    }

    /// Sets whether a mark stands beside the copy; nothing stands there where there is no copy.
    pub fn set_mark(&self, id: &Id, mark: Note, is_set: bool) {
        let is_set = is_set && self.text(id).is_some();
        if is_set != self.note(id, mark).is_some() {
            self.set_note(id, mark, if is_set { "1" } else { "" });
        }
    }

    /// Returns the requests for which something is typed beside the copies, which the service lacks.
    #[must_use]
    pub fn typed_notes(&self) -> Vec<Id> {
        let ids = self.ids();
        ids.into_iter().filter(|id| Note::TYPED.iter().any(|note| self.note(id, *note).is_some())).collect()
    }

    /// Erases everything that this device keeps of a request.
    pub fn erase_all_of(&self, id: &Id) {
        self.erase(id);
        Note::TYPED.iter().for_each(|note| self.set_note(id, *note, ""));
    }

    /// Returns the requests of which this device keeps something.
    fn ids(&self) -> Vec<Id> {
        let prefix = self.prefix();
        let mut ids: Vec<Id> = Vec::new();
        for name in self.storage.names(&prefix) {
            let id = name.strip_prefix(&prefix).and_then(|name| Id::parse(name.split(':').next()?).ok());
            ids.extend(id.filter(|id| !ids.contains(id)));
        }
        ids
    }

    /// Lists the copies that can be read, the oldest draft first.
    #[must_use]
    pub fn list(&self) -> Vec<(Id, DeviceCopy)> {
        let prefix = self.prefix();
        let ids =
            self.storage.names(&prefix).into_iter().filter_map(|name| Id::parse(name.strip_prefix(&prefix)?).ok());
        ids.filter_map(|id| self.read(&id)?.ok().map(|copy| (id, copy))).collect()
    }

    /// Lists the copies with answers that the server lacks.
    #[must_use]
    pub fn unsent(&self) -> Vec<(Id, DeviceCopy)> {
        self.list().into_iter().filter(|(_, copy)| copy.is_unsent()).collect()
    }

    /// Erases the copies and notes of which the server has everything: other people may use the device next.
    pub fn erase_saved(&self) {
        let mut kept: Vec<Id> = self.unsent().into_iter().map(|(id, _)| id).collect();
        kept.extend(self.typed_notes());
        // A copy that cannot be read may hold what the server lacks.
        let is_saved = |id: &Id| !kept.contains(id) && !matches!(self.read(id), Some(Err(_)));
        self.ids().iter().filter(|id| is_saved(id)).for_each(|id| self.erase(id));
        // What is kept beside texts for the team goes with the last of them.
        if !self.has_team_texts() {
            self.erase_team_texts();
        }
    }

    /// Erases the copies of other people that the server has too. Somebody else uses the device now, however the one before left.
    pub fn erase_saved_of_others(&self) {
        let mut others: Vec<String> = self.storage.names(COPIES).iter().filter_map(|name| user_of(name)).collect();
        others.sort_unstable();
        others.dedup();
        for user in others.into_iter().filter(|user| *user != self.user) {
            Self { storage: Rc::clone(&self.storage), user }.erase_saved();
        }
    }

    fn team_prefix(&self) -> String {
        [TEAM_TEXTS, &self.user, ":"].concat()
    }

    /// Returns whether the person wrote something about the requests that they examine, which is not sent.
    #[must_use]
    pub fn has_team_texts(&self) -> bool {
        // What is kept beside a text is none.
        let is_beside = |name: &String| {
            name.rsplit(':').next().is_some_and(|last| last == "event" || last.starts_with(TEAM_CHOICE))
        };
        self.storage.names(&self.team_prefix()).iter().any(|name| !is_beside(name))
    }

    /// Erases texts that the person wrote about the requests that they examine.
    pub fn erase_team_texts(&self) {
        self.storage.names(&self.team_prefix()).iter().for_each(|name| self.storage.erase(name));
    }

    /// Moves the copies and texts to the storage that a shared or a private computer calls for.
    pub fn set_shared(&self, shared: bool) {
        self.storage.set_shared(shared, &[&self.prefix(), &self.team_prefix()]);
    }

    /// Marks a request as begun in this tab: until something is typed, nothing else knows of it.
    pub fn mark_begun(&self, id: &Id) {
        self.storage.mark(&self.begun_mark(id));
    }

    /// Returns whether a request was begun in this tab.
    #[must_use]
    pub fn was_begun(&self, id: &Id) -> bool {
        self.storage.is_marked(&self.begun_mark(id))
    }
}

/// Returns the user of a copy, by its name or that of a note beside it.
fn user_of(name: &str) -> Option<String> {
    let (user, id) = name.strip_prefix(COPIES)?.rsplit_once(':')?;
    let user = if Id::parse(id).is_ok() { user } else { user.rsplit_once(':')?.0 };
    Some(user.to_owned())
}

/// Reads a copy from its text.
pub(super) fn parse(text: &str) -> Result<DeviceCopy, Unreadable> {
    // Tests have no browser that reads JSON.
    #[cfg(test)]
    return schema::read_copy(text);
    #[cfg(not(test))]
    schema::read_copy(&crate::json::JsonText(text))
}

/// Erases the expired copies of every user. A copy that cannot be read stays: it may hold what the server lacks.
pub fn erase_expired(device: &DeviceStorage) {
    for name in device.names(COPIES) {
        let copy = device.read(&name).and_then(|text| parse(&text).ok());
        if copy.is_some_and(|copy: DeviceCopy| copy.has_expired(clock::now())) {
            device.erase(&name);
            Note::OF_COPY.iter().for_each(|note| device.erase(&note.name(&name)));
        }
    }
}
