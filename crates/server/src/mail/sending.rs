//! Outcome of sending a mail or a notice.

/// Outcome of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sending {
    /// The mail was taken.
    Taken,
    /// The mail is refused for good; the number is that of the relay's answer.
    Refused(Option<u16>),
    /// The mail was not taken this time.
    NotNow(Option<u16>),
    /// The way is closed: no other mail would be taken either.
    Closed(Option<u16>),
}
