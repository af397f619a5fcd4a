//! Control state of the machine, apart from the answers themselves.

use super::copy::BaseRevision;
use super::failure::{End, Failure, Obstacle, Outage};
use crate::draft::Draft;

/// State of saving. The table in the module's documentation lists what each event makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// No call is in flight, and the server is not known to be out of reach.
    Ready,
    /// A save or a question waits for its answer.
    Sending(InFlight),
    /// No call is in flight: the last attempt had no answer, or the network is gone. Tried again.
    CutOff(Outage),
    /// No call is in flight, and nothing is sent before the person does something.
    Stopped(Obstacle),
    /// No save is ever sent again, and the device holds what the server lacks. The last attempt may still be answered.
    Ended(End, Option<InFlight>),
    /// There is nothing to save any more.
    Over,
}

/// A save, or a question, without an answer so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InFlight {
    /// Body of the save.
    pub(super) draft: Draft,
    /// Revision that the save builds on.
    pub(super) over: BaseRevision,
    /// A question brings no answers: the server is asked whether it still holds what it acknowledged.
    pub(super) is_question: bool,
    /// The person signed in since it left: it may still be answered that nobody is.
    pub(super) signed_in_since: bool,
    /// Outage that this attempt may end: it is told of until the answer comes.
    pub(super) outage: Option<Outage>,
}

impl State {
    /// Returns what is in flight.
    pub(super) fn in_flight(&self) -> Option<&InFlight> {
        match self {
            Self::Sending(in_flight) | Self::Ended(_, Some(in_flight)) => Some(in_flight),
            _ => None,
        }
    }

    /// Returns what keeps the answers from the server.
    pub(super) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Ready | Self::Over => None,
            Self::Sending(in_flight) => in_flight.outage.map(Failure::from),
            Self::CutOff(outage) => Some((*outage).into()),
            Self::Stopped(obstacle) => Some((*obstacle).into()),
            Self::Ended(end, _) => Some((*end).into()),
        }
    }

    /// Takes what is in flight, whose answer has come.
    pub(super) fn take_in_flight(&mut self) -> Option<InFlight> {
        match self {
            Self::Sending(_) => {
                let Self::Sending(in_flight) = std::mem::replace(self, Self::Ready) else { return None };
                if let Some(outage) = in_flight.outage {
                    *self = Self::CutOff(outage);
                }
                Some(in_flight)
            }
            Self::Ended(_, in_flight) => in_flight.take(),
            _ => None,
        }
    }

    /// Goes on as if nothing had ever been in the way, but for an end, which is for good.
    pub(super) fn recover(&mut self) {
        match self {
            Self::Sending(in_flight) => in_flight.outage = None,
            Self::CutOff(_) | Self::Stopped(_) => *self = Self::Ready,
            Self::Ready | Self::Ended(..) | Self::Over => {}
        }
    }

    /// Ends for good, though what is in flight may still be answered.
    pub(super) fn end(&mut self, end: End) {
        let in_flight = match std::mem::replace(self, Self::Over) {
            Self::Sending(in_flight) => Some(in_flight),
            Self::Ended(_, in_flight) => in_flight,
            _ => None,
        };
        *self = Self::Ended(end, in_flight);
    }
}

/// The lock by which one tab of a browser sends at a time. It stands beside the state because a lock that was asked for may be granted
/// in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// The tab has no lock, and waits for none.
    Free,
    /// The lock was asked for.
    Requested,
    /// The tab sends.
    Held,
}

/// Purpose of the one timer. It stands beside the state because it runs on, whatever happens before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The answers changed.
    Save,
    /// The lock does not come.
    Lock,
    /// The last attempt failed.
    Retry,
}
