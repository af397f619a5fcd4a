//! What the machine orders.

use super::copy::Basis;
use crate::draft::Draft;
use crate::field::Field;

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write [`super::Machine::device_copy`] to the device.
    Keep,
    /// Erase the device's copy.
    Forget,
    /// Ask for this draft's turn to send among the tabs of this browser.
    AskTurn,
    /// Give the turn back, or up.
    EndTurn,
    /// Send this draft. The answer comes back as `Saved`, `Refused` or `Failed`.
    Send {
        /// The revision to match; none creates the draft.
        over: Option<Basis>,
        /// What to send.
        draft: Box<Draft>,
        /// There is nothing to save: the server is only asked whether it still holds this.
        asks: bool,
    },
    /// Send [`super::Event::Woken`] in so many milliseconds, in place of any wake-up asked for before.
    Wake {
        /// Milliseconds.
        after: u32,
    },
    /// These answers changed under the person's hands: show [`super::Machine::mine`] again.
    Show(Vec<Field>),
    /// These fields have two values now: a person has to choose.
    Ask(Vec<Field>),
}
