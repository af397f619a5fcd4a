//! Events that the driver hands to the machine.

use super::copy::{BaseRevision, DeviceCopy, Snapshot};
use super::failure::Failure;
use crate::draft::Draft;
use crate::field::Field;

/// Event in the life of an open draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The person changed an answer; the whole draft as it is now.
    Edited(Draft),
    /// The time asked for by [`super::Effect::Wake`] has come.
    Woken,
    /// Send now: the draft was opened, or what comes next needs everything on the server.
    Flush,
    /// The page is hidden or closing.
    Hidden,
    /// The device lost the network.
    Offline,
    /// The device is back on the network.
    Online,
    /// The person signed in again, or may have done so: they look at the page.
    SignedIn,
    /// The lock asked for by [`super::Effect::RequestLock`] is held: this tab may send.
    LockGranted,
    /// The copy asked for by [`super::Effect::WriteDevice`] is on the device: other tabs can see it.
    CopyWritten,
    /// The device holds this copy, which another tab wrote.
    OtherTabWrote(Box<DeviceCopy>),
    /// The server acknowledged the save, or holds the verified revision.
    Saved {
        /// Revision of the draft on the server.
        revision: u64,
        /// Time at which it was saved, RFC 3339.
        saved_at: String,
    },
    /// The save or verification was stale: the server holds another revision than the one that it named.
    Stale(Snapshot),
    /// The server holds this, by the response to another call than a save or a verification.
    Found {
        /// The draft as the server holds it.
        current: Snapshot,
        /// [`super::Machine::base_revision`] when the server was asked.
        asked: BaseRevision,
    },
    /// The save or verification failed.
    Failed {
        /// Reason.
        failure: Failure,
        /// Any number, to spread retries.
        random: u32,
        /// Milliseconds that the server asks to wait (`Retry-After`); 0 if it does not. The machine waits a minute at
        /// most.
        pause: u32,
    },
    /// The person chose between two values of a field.
    Chosen {
        /// The field.
        field: Field,
        /// Value that stays.
        side: Side,
    },
    /// A submission is about to leave.
    Submitting,
    /// The submission failed or got lost.
    NotSubmitted,
    /// The request was submitted, here or elsewhere.
    Submitted,
    /// The draft was deleted, here or elsewhere.
    Deleted,
    /// The server does not know the draft that it once acknowledged: it came back from a backup.
    NotOnServer,
    /// The device's copy is to go: the person erased it, or kept the answers in another request.
    Erased,
}

impl Event {
    /// Returns whether the driver must read the device's copy before this event. The write of another tab comes before
    /// anything is sent or erased, and before any response. An edit is handled before the other tab's write, which the
    /// person had not seen. Events about the copy itself need no second reading.
    #[must_use]
    pub fn reads_device_first(&self) -> bool {
        !matches!(self, Self::Edited(_) | Self::Chosen { .. } | Self::CopyWritten | Self::OtherTabWrote(_))
    }

    /// Returns whether the event may bring other answers than the person sees.
    #[must_use]
    pub fn may_change_answers(&self) -> bool {
        matches!(self, Self::OtherTabWrote(_) | Self::Stale(_) | Self::Found { .. })
    }
}

/// Side of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The value typed here.
    Mine,
    /// The other value.
    Theirs,
}
