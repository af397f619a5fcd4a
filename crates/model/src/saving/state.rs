//! Control state of the machine, apart from the answers.

use super::copy::BaseRevision;
use super::failure::{CloseReason, Failure, Obstacle, PassingFailure};
use crate::draft::Draft;

/// State of saving. The table in the module's documentation lists the changes by each event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// No call is in flight, and the server is not known to be out of reach.
    Ready,
    /// A save or a verification waits for its response.
    Sending(InFlight),
    /// No call is in flight; what went wrong may pass by itself, and is tried again.
    CutOff(PassingFailure),
    /// No call is in flight, and nothing is sent before the person does something.
    Stopped(Obstacle),
    /// No save is ever sent again, and the device holds what the server lacks. The last attempt may still get a response.
    Closed(CloseReason, Option<InFlight>),
    /// The device's copy was erased, and nothing is left to be saved.
    Erased,
}

/// A save or a verification that has no response so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InFlight {
    /// Answers that the save brings, or that the verified revision holds.
    pub(super) draft: Draft,
    /// Revision that the save builds on, or that is verified.
    pub(super) base: BaseRevision,
    /// Set where no answers are sent: the server is asked whether it still holds the revision.
    pub(super) is_verification: bool,
    /// The person signed in since the call left, whose response may still say signed out.
    pub(super) signed_in_since: bool,
    /// Failure that this attempt may end, and that is told until the response comes.
    pub(super) failure: Option<PassingFailure>,
}

impl State {
    /// Returns the call in flight.
    pub(super) fn in_flight(&self) -> Option<&InFlight> {
        match self {
            Self::Sending(in_flight) | Self::Closed(_, Some(in_flight)) => Some(in_flight),
            _ => None,
        }
    }

    /// Returns the failure that keeps the answers from the server.
    pub(super) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Ready | Self::Erased => None,
            Self::Sending(in_flight) => in_flight.failure.map(Failure::from),
            Self::CutOff(failure) => Some((*failure).into()),
            Self::Stopped(obstacle) => Some((*obstacle).into()),
            Self::Closed(reason, _) => Some((*reason).into()),
        }
    }

    /// Takes the call in flight out of the state, since its response has come.
    pub(super) fn take_in_flight(&mut self) -> Option<InFlight> {
        match self {
            Self::Sending(_) => {
                let Self::Sending(in_flight) = std::mem::replace(self, Self::Ready) else { return None };
                if let Some(failure) = in_flight.failure {
                    *self = Self::CutOff(failure);
                }
                Some(in_flight)
            }
            Self::Closed(_, in_flight) => in_flight.take(),
            _ => None,
        }
    }

    /// Leaves a passing failure or an obstacle. A closed state stays.
    pub(super) fn recover(&mut self) {
        match self {
            Self::Sending(in_flight) => in_flight.failure = None,
            Self::CutOff(_) | Self::Stopped(_) => *self = Self::Ready,
            Self::Ready | Self::Closed(..) | Self::Erased => {}
        }
    }

    /// Closes the draft for good. The call in flight may still get a response.
    pub(super) fn close(&mut self, reason: CloseReason) {
        let in_flight = match std::mem::replace(self, Self::Erased) {
            Self::Sending(in_flight) => Some(in_flight),
            Self::Closed(_, in_flight) => in_flight,
            _ => None,
        };
        *self = Self::Closed(reason, in_flight);
    }
}

/// Lock by which one tab of a browser sends at a time. It is apart from the state because a requested lock may be granted in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// The tab neither holds nor waits for the lock.
    Free,
    /// The tab waits for the lock.
    Requested,
    /// The tab holds the lock.
    Held,
}

/// Purpose of the one timer. It is apart from the state because the timer outlives changes of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// Saves changed answers.
    Save,
    /// Sends without the lock, which does not come.
    Lock,
    /// Repeats an attempt that failed.
    Retry,
}
