//! Orders of the machine to its driver.

use super::copy::BaseRevision;
use crate::draft::Draft;
use crate::field::Field;

/// Order to the driver, to be carried out before the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write [`super::Machine::device_copy`] to the device.
    WriteDevice,
    /// Erase the device's copy.
    EraseDevice,
    /// Ask for the lock of this draft, by which one tab of this browser sends at a time.
    RequestLock,
    /// Release the lock, or wait for it no longer.
    ReleaseLock,
    /// Send this draft. The response comes back as `Saved`, `Stale` or `Failed`.
    Send {
        /// Revision to match; none creates the draft.
        base: Option<BaseRevision>,
        /// Body of the save.
        draft: Box<Draft>,
    },
    /// Ask the server whether it still holds this revision. The response comes back as `Saved`, `Stale` or `Failed`.
    Verify(BaseRevision),
    /// Hand in [`super::Event::Woken`] in so many milliseconds, in place of any earlier order.
    Wake {
        /// Milliseconds.
        after: u32,
    },
    /// Show [`super::Machine::mine`] again: these answers changed without the person.
    ShowAnswers(Vec<Field>),
    /// Tell that these fields have two values, of which a person has to choose one.
    ShowConflicts(Vec<Field>),
}
