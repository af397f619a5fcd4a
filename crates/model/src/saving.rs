//! How a draft is kept: the machine that decides what is written, sent and said, and when.
//!
//! It is pure: events go in, effects come out, and whoever drives it carries them out in their order and decides
//! nothing. A [`DeviceCopy`] outlives a crash; the rest of the machine is about the moment.
//!
//! - A tab has one save under way at most, and one tab of a browser sends at a time. A save is never given up for a newer
//!   one, only once its time is over: what was typed meanwhile goes with the next one.
//! - A field that was changed to two different values is a conflict. Both values are kept, the server keeps its own,
//!   and a person chooses. Whoever types over a value that they saw replaces it: that is no conflict.
//! - What the server lacks is on the device, whatever happens: no network, nobody signed in, the request submitted or
//!   deleted elsewhere.
//! - A server that came back from a backup is met field by field like another device: what it lost is sent again, what
//!   differs and is not known to be older waits for a choice. A draft that it does not know stays on the device.
//!
//! One thing cannot be known from drafts and revisions alone. The answer to a save is lost, and before the next try
//! somebody undoes its change to the letter: this looks like a save that never arrived. It is sent again. Taken for
//! undone instead, what was typed without a network would be lost whenever others had saved twice meanwhile. Sending
//! again loses no answer, since the value that gives way was on the screen when it was typed over. Nor is it silent:
//! whoever undid the change sees it return, marked as changed elsewhere.
//!
//! # States
//!
//! One line for each event that changes the state or orders something; a test compares them with what the machine does.
//!
//! - `asking`: for the turn. A turn that is no longer needed is given back at once.
//! - `cut off`: tries again, later and later.
//! - `stopped`: waits for a sign-in or, where the draft was refused, for an edit.
//! - `ended`: submitted or deleted elsewhere while something never reached the server, or no longer known there.
//!
//! ```text
//! state          event                next state     orders
//! untouched      Edited               waiting        Keep, Wake
//! untouched      Offline              cut off
//! untouched      Elsewhere            waiting        Show, Wake
//! untouched      Submitting           submitting
//! untouched      Submitted            over           Forget
//! untouched      Unknown              ended          Keep
//! at rest        Edited               waiting        Keep, Wake
//! at rest        Offline              cut off
//! at rest        Elsewhere            waiting        Show, Wake
//! at rest        Submitting           submitting
//! at rest        Submitted            over           Forget
//! at rest        Unknown              ended          Keep
//! waiting        Woken                asking         Wake, AskTurn
//! waiting        Flush                asking         Wake, AskTurn
//! waiting        Hidden               sending        Keep, Send
//! waiting        Offline              cut off        Wake
//! waiting        Online               asking         Wake, AskTurn
//! waiting        SignedIn             asking         Wake, AskTurn
//! waiting        Elsewhere            waiting        Keep, Ask
//! waiting        Submitting           submitting
//! waiting        NotSubmitted         asking         Wake, AskTurn
//! waiting        Submitted            ended          Keep
//! waiting        Unknown              ended          Keep
//! asking         Woken                sending        Keep, Send
//! asking         Flush                asking         Wake
//! asking         Hidden               sending        Keep, Send
//! asking         Offline              asking         Wake
//! asking         Online               asking         Wake
//! asking         SignedIn             asking         Wake
//! asking         Turn                 sending        Keep, Send
//! asking         Elsewhere            asking         Keep, Ask
//! asking         Submitting           submitting
//! asking         NotSubmitted         asking         Wake
//! asking         Submitted            ended          Keep
//! asking         Unknown              ended          Keep
//! sending        Hidden               sending        Keep
//! sending        Online               sending        Wake
//! sending        SignedIn             sending        Wake
//! sending        Elsewhere            sending, news  Keep, Ask
//! sending        Saved                at rest        Keep, EndTurn
//! sending        Refused: as sent     at rest        Keep, EndTurn
//! sending        Refused: other       at rest        Keep, Ask, EndTurn
//! sending        Failed: Unreachable  cut off        EndTurn, Wake
//! sending        Failed: SignedOut    stopped        EndTurn
//! sending        Failed: Gone         ended          EndTurn
//! sending        Submitting           submitting
//! sending        Submitted            ended          Keep
//! sending        Unknown              ended          Keep
//! sending, news  Edited               sending        Keep
//! sending, news  Hidden               sending, news  Keep
//! sending, news  Elsewhere            sending, news  Keep, Ask
//! sending, news  Saved                waiting        Keep, EndTurn
//! sending, news  Refused: as sent     asking         Keep, EndTurn, Wake, AskTurn
//! sending, news  Refused: other       waiting        Keep, Ask, EndTurn
//! sending, news  Failed: Unreachable  cut off        EndTurn, Wake
//! sending, news  Failed: SignedOut    stopped        EndTurn
//! sending, news  Failed: Gone         ended          EndTurn
//! sending, news  Submitting           submitting
//! sending, news  Submitted            ended          Keep
//! sending, news  Unknown              ended          Keep
//! cut off        Woken                asking         Wake, AskTurn
//! cut off        Flush                asking         Wake, AskTurn
//! cut off        Hidden               sending        Keep, Send
//! cut off        Offline              cut off        Wake
//! cut off        Online               asking         Wake, AskTurn
//! cut off        SignedIn             asking         Wake, AskTurn
//! cut off        Elsewhere            cut off        Keep, Ask
//! cut off        Submitting           submitting
//! cut off        NotSubmitted         asking         Wake, AskTurn
//! cut off        Submitted            ended          Keep
//! cut off        Unknown              ended          Keep
//! stopped        Hidden               stopped        Keep
//! stopped        SignedIn             asking         Wake, AskTurn
//! stopped        Elsewhere            stopped        Keep, Ask
//! stopped        Submitted            ended          Keep
//! stopped        Unknown              ended          Keep
//! ended          Hidden               ended          Keep
//! ended          Elsewhere            ended          Keep, Ask
//! ended          Submitted            ended          Keep
//! submitting     Edited               submitting     Keep
//! submitting     Elsewhere            submitting     Show
//! submitting     NotSubmitted         at rest
//! submitting     Submitted            over           Forget
//! submitting     Unknown              ended          Keep
//! ```
//!
//! # How to drive it
//!
//! To begin:
//!
//! - Build it with [`Machine::new`], [`Machine::from_server`], [`Machine::from_device`] or, where both have the draft,
//!   [`Machine::open`]. Then hand in [`Event::Flush`].
//!
//! The device's copy:
//!
//! - To look at it is to read it and, where its text is not the one last read or written, to hand it in as
//!   [`Event::Elsewhere`] and carry out what that orders. Where it is gone, there is nothing to hand in.
//! - Look at it before an event that [looks first](Event::looks_first), when another tab sends a message, at a
//!   `storage` event, and when the page is shown again. What a message carries is never used: it may be late.
//! - [`Effect::Keep`]: look at it, then write [`Machine::device_copy`] and, where that succeeded, hand in
//!   [`Event::Kept`].
//!
//! Sending:
//!
//! - [`Effect::AskTurn`]: ask for the lock of this draft, and hand in [`Event::Turn`] once it is held; at once where
//!   there are no locks. [`Effect::EndTurn`]: let it go. A lock that a hidden page let go by itself needs no word.
//! - [`Effect::Send`]: the body is in the effect. Exactly one of [`Event::Saved`], [`Event::Refused`] and
//!   [`Event::Failed`] answers it, the last one after a limit of time too: a call that is never answered failed. What the
//!   server is found to hold by another way, such as a submission that is refused, is [`Event::Found`].
//! - What a status means stands in [`Failure::of_problem`]. An answer that is not a problem document of ours is somebody
//!   else's: [`Failure::of_stranger`].
//!   Where it [asks](Effect::Send::asks), there is nothing to save: ask for the request instead, and hand in
//!   [`Event::Saved`] where it is the revision that was named, [`Event::Refused`] where it is another one. A save that is
//!   sent before the answer takes the question's place: then nothing answers the question any more.
//! - [`Effect::Wake`]: there is one timer, and a later order replaces the one before. Hand in [`Event::Woken`].
//! - Hand in [`Event::SignedIn`] also whenever somebody looks at the page again: they may have signed in where the page
//!   could not hear of it.
//!
//! The person:
//!
//! - What stands in a control is an edit, whatever event told of it or did not: hand it in before an event that may
//!   [show something else](Event::may_show), lest that be overwritten unseen.
//! - [`Effect::Show`]: put all of these answers in the form. Whatever differs from [`Machine::mine`] in the next
//!   [`Event::Edited`] counts as changed by the person.
//! - [`Effect::Ask`]: tell once that these fields have two values.
//!
//! The end:
//!
//! - Hand in [`Event::Submitting`] before a submission leaves, then [`Event::Submitted`] or [`Event::NotSubmitted`].
//!   Tabs that hear of a submission or a deletion hand in the same event.
//! - After [`Failure::Gone`], [`Failure::Unknown`] and [`Failure::Submitted`], what is left can only be kept as another request:
//!   [`DeviceCopy::anew`] under a new id. Then, or where the person gives it up, hand in [`Event::LetGo`].

mod copy;
mod mark;
mod merge;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;

use copy::Relation;
pub use copy::{Base, Basis, Conflict, DeviceCopy, Snapshot, Version};

use crate::draft::Draft;
use crate::field::Field;
use crate::wire;

/// Milliseconds from the first edit after a save to the next save: short enough, with [`TURN_PATIENCE`], for the
/// promise of two seconds, long enough for a few words. Further edits do not put it off.
pub const SAVE_DELAY: u32 = 900;
/// Milliseconds after which a save leaves without its turn: a frozen tab may hold the lock, and revisions protect
/// anyway.
pub const TURN_PATIENCE: u32 = 800;
/// Milliseconds before the first retry; it doubles up to [`RETRY_LONGEST`].
const RETRY_SHORTEST: u32 = 1_000;
/// Milliseconds between retries at most.
const RETRY_LONGEST: u32 = 60_000;
/// After so many failures in a row, somebody else's answers are told as such.
const INTERCEPTED_AFTER: u32 = 2;
/// How many copies are remembered, to tell what another tab knew when it wrote.
const SEEN_MAX: usize = 8;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The person changed an answer; the whole draft as it is now.
    Edited(Draft),
    /// The time asked for by [`Effect::Wake`] has come.
    Woken,
    /// Something is about to need that everything is on the server.
    Flush,
    /// The page is hidden or closing.
    Hidden,
    /// The device lost the network.
    Offline,
    /// The device is back on the network.
    Online,
    /// The person is signed in again, or may be: they look at the page.
    SignedIn,
    /// It is this tab's turn to send.
    Turn,
    /// The copy asked for by [`Effect::Keep`] is on the device: other tabs can see it.
    Kept,
    /// The device holds this copy, which another tab wrote.
    Elsewhere(Box<DeviceCopy>),
    /// The server acknowledged what was sent.
    Saved {
        /// The revision it made.
        revision: u64,
        /// When, RFC 3339.
        saved_at: String,
    },
    /// The save was refused: the server holds another revision than the one that it named.
    Refused(Snapshot),
    /// The server was found to hold this, by another way than a save.
    Found {
        /// The draft as the server holds it.
        current: Snapshot,
        /// [`Machine::basis`] when the question left.
        asked: Basis,
    },
    /// The save did not get through.
    Failed {
        /// Why.
        failure: Failure,
        /// Any number, to spread retries.
        random: u32,
        /// Milliseconds that the server asks to wait (`Retry-After`); 0 where it says nothing. More than
        /// a minute is not waited.
        pause: u32,
    },
    /// The person chose between two values of a field.
    Chosen {
        /// The field.
        field: Field,
        /// Which value stays.
        side: Side,
    },
    /// A submission is about to leave.
    Submitting,
    /// The submission was refused or got lost.
    NotSubmitted,
    /// The request was submitted, here or elsewhere.
    Submitted,
    /// The draft was deleted, here or elsewhere.
    Deleted,
    /// The server does not know the draft that it once acknowledged: it came back from a backup.
    Unknown,
    /// The person gives up what only this device has.
    LetGo,
}

impl Event {
    /// Whether to look at the device's copy before handing this in. What another tab wrote comes before what is sent,
    /// erased or answered by the server. What the person did comes before what another tab wrote: they had not seen it.
    /// What tells of the copy itself needs no second look.
    #[must_use]
    pub fn looks_first(&self) -> bool {
        !matches!(self, Self::Edited(_) | Self::Chosen { .. } | Self::Kept | Self::Elsewhere(_))
    }

    /// Whether it may bring other answers than the person sees.
    #[must_use]
    pub fn may_show(&self) -> bool {
        matches!(self, Self::Elsewhere(_) | Self::Refused(_) | Self::Found { .. })
    }
}

/// Which of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one typed here.
    Mine,
    /// The other one.
    Theirs,
}

/// Why answers are on this device only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer: the network or the server is away. Tried again later and later, and when the network is back.
    Unreachable,
    /// Something between here and the server answers in its place, again and again. Tried again like the above.
    Intercepted,
    /// The person has as many drafts as they may. Tried again like the above: they may delete one.
    QuotaReached,
    /// Nobody is signed in any more. Waits for [`Event::SignedIn`].
    SignedOut,
    /// The draft was deleted elsewhere. Nothing is sent again.
    Gone,
    /// The server does not know the draft that it once acknowledged. Nothing is sent again.
    Unknown,
    /// The request was submitted elsewhere. Nothing is sent again.
    Submitted,
    /// The draft is larger than the server takes. Waits for an edit.
    TooLarge,
    /// The server does not understand the draft. Waits for an edit.
    NotUnderstood,
    /// The server is of a newer version, or holds what a newer one wrote. Nothing is sent again: the page is to be loaded anew.
    Outdated,
}

impl Failure {
    /// The meaning of a refusal of ours for a save, by the status and the kind of the problem (`type`, RFC 9457).
    #[must_use]
    pub fn of_problem(status: u16, kind: &str) -> Self {
        match kind.strip_prefix(wire::PROBLEMS).unwrap_or_default() {
            "signed-out" => Self::SignedOut,
            "deleted" => Self::Gone,
            "not-found" | "stale" => Self::Unknown,
            "submitted" => Self::Submitted,
            "quota-reached" => Self::QuotaReached,
            "too-large" => Self::TooLarge,
            "invalid-body" => Self::NotUnderstood,
            // Our own page asks for none of these: somebody changed the call on its way.
            "foreign-origin"
            | "invalid-parameter"
            | "length-required"
            | "method-not-allowed"
            | "misdirected"
            | "precondition-required"
            | "unsupported-media-type" => Self::Intercepted,
            _ if invites_again(status) => Self::Unreachable,
            // A newer server may know kinds that this page does not.
            _ => match status {
                401 => Self::SignedOut,
                410 => Self::Gone,
                413 => Self::TooLarge,
                400 | 422 => Self::NotUnderstood,
                _ => Self::Intercepted,
            },
        }
    }

    /// The meaning of an answer that is none of ours, by its status: a gateway without a server behind it, or a program that
    /// answers in the server's place.
    #[must_use]
    pub fn of_stranger(status: u16) -> Self {
        if invites_again(status) { Self::Unreachable } else { Self::Intercepted }
    }

    /// Whether it may pass without anybody doing anything here: the save is tried again.
    #[must_use]
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Unreachable | Self::Intercepted | Self::QuotaReached)
    }
}

/// Whether a status says to come again: too slow, too early, too many calls, or a server out of order. 511 is of a network
/// that wants to be signed in to (RFC 6585, section 6).
#[must_use]
pub fn invites_again(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=510 | 512..)
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write [`Machine::device_copy`] to the device.
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
    /// Send [`Event::Woken`] in so many milliseconds, in place of any wake-up asked for before.
    Wake {
        /// Milliseconds.
        after: u32,
    },
    /// These answers changed under the person's hands: show [`Machine::mine`] again.
    Show(Vec<Field>),
    /// These fields have two values now: a person has to choose.
    Ask(Vec<Field>),
}

/// Where the answers are. Fields with [two values](Machine::conflicts) are on the device, whatever is said here of the
/// others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Nothing was typed yet.
    Nowhere,
    /// Everything is on the server.
    Server,
    /// On this device, and about to be sent.
    OnTheWay,
    /// On this device only, until the trouble ends.
    Device(Failure),
    /// Submitted or deleted: there is nothing to save.
    Over,
}

/// Who sends, among the tabs of one browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    NotAsked,
    Asked,
    Held,
}

/// What the one timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Timer {
    /// Something was typed.
    Save,
    /// The turn does not come.
    Turn,
    /// The last attempt failed.
    Retry,
}

/// A save without an answer so far.
#[derive(Clone, Debug)]
struct Sent {
    draft: Draft,
    over: Basis,
    /// Nothing is brought: the server is asked whether it still holds what it acknowledged.
    asks: bool,
}

/// The machine of one draft in one tab.
#[derive(Clone, Debug)]
pub struct Machine {
    tab: u32,
    copy: DeviceCopy,
    /// The last copies on the device that this tab wrote or took in, the newest last.
    seen: Vec<DeviceCopy>,
    /// The person changed something, now or before: a draft exists from its first edit on.
    touched: bool,
    /// The server was heard to hold the base, since this machine began.
    confirmed: bool,
    /// What a save whose answer has not come brings.
    under_way: Option<Sent>,
    /// The time to save came while a save was under way.
    due: bool,
    turn: Turn,
    timer: Option<Timer>,
    failure: Option<Failure>,
    /// Attempts in a row that were not answered.
    failures: u32,
    /// Attempts in a row that were refused for what the server holds.
    refusals: u32,
    /// The person signed in again while a save was under way, which may still be answered that nobody is.
    welcome: bool,
    submitting: bool,
    over: bool,
}

impl Machine {
    /// A draft that nobody touched yet; `mine` is what the form is filled with beforehand. `tab` is any number that no
    /// other tab of the browser has, here and below.
    #[must_use]
    pub fn new(tab: u32, mine: Draft) -> Self {
        let copy = DeviceCopy { prefilled: mine.clone(), ..DeviceCopy::begun(mine, 0) };
        Self { touched: false, ..Self::from_device(tab, copy) }
    }

    /// A draft as the server holds it.
    #[must_use]
    pub fn from_server(tab: u32, base: Base) -> Self {
        let copy = DeviceCopy { base: Some(base.clone()), ..DeviceCopy::begun(base.draft, 0) };
        Self { confirmed: true, ..Self::from_device(tab, copy) }
    }

    /// A draft as the device kept it. It counts as saved only once the server says that it holds it: a backup may have come
    /// back since.
    #[must_use]
    pub fn from_device(tab: u32, copy: DeviceCopy) -> Self {
        Self {
            tab,
            seen: vec![copy.clone()],
            copy,
            touched: true,
            confirmed: false,
            under_way: None,
            due: false,
            turn: Turn::NotAsked,
            timer: None,
            failure: None,
            failures: 0,
            refusals: 0,
            welcome: false,
            submitting: false,
            over: false,
        }
    }

    /// A draft as the device kept it and as the server holds it, merged: whoever changed what elsewhere meanwhile.
    #[must_use]
    pub fn open(tab: u32, copy: DeviceCopy, current: &Snapshot) -> Self {
        let mut machine = Self::from_device(tab, copy);
        machine.heard();
        let asked = machine.basis();
        machine.rebase(current, &asked, &[]);
        machine
    }

    /// What the person sees.
    #[must_use]
    pub fn mine(&self) -> &Draft {
        &self.copy.mine
    }

    /// What the server last acknowledged.
    #[must_use]
    pub fn base(&self) -> Option<&Base> {
        self.copy.base.as_ref()
    }

    /// The revision that what the person sees builds on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.copy.basis()
    }

    /// Fields with two values, of which a person has to choose one. A field with more than two is listed again once the
    /// person chose between the first two.
    pub fn conflicts(&self) -> impl Iterator<Item = &Conflict> {
        let all = &self.copy.conflicts;
        all.iter().enumerate().filter_map(|(place, conflict)| {
            let is_first = all[..place].iter().all(|before| before.field != conflict.field);
            is_first.then_some(conflict)
        })
    }

    /// What keeps the answers from the server, or would if there were any to send.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.failure
    }

    /// Where the answers are.
    #[must_use]
    pub fn whereabouts(&self) -> Whereabouts {
        if self.over {
            Whereabouts::Over
        } else if !self.touched {
            Whereabouts::Nowhere
        } else if self.failure == Some(Failure::Unknown) {
            Whereabouts::Device(Failure::Unknown)
        } else if self.under_way.is_none() && !self.has_news() {
            Whereabouts::Server
        } else {
            self.failure.map_or(Whereabouts::OnTheWay, Whereabouts::Device)
        }
    }

    /// What the device is to keep.
    #[must_use]
    pub fn device_copy(&self, now: u64) -> DeviceCopy {
        let copy = self.seen.last().map_or_else(|| self.copy.clone(), |seen| self.copy.following(seen, self.tab));
        DeviceCopy { changed_at: now, ..copy }
    }

    /// Takes an event; the effects are to be carried out in order.
    #[must_use]
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.over {
            if matches!(event, Event::Turn) {
                effects.push(Effect::EndTurn);
            }
            return effects;
        }
        match event {
            Event::Edited(mine) => self.edited(mine, &mut effects),
            Event::Woken => self.woken(&mut effects),
            Event::Flush => self.start(&mut effects),
            Event::Hidden => self.hidden(&mut effects),
            Event::Offline => self.offline(&mut effects),
            Event::Online => self.resume(Failure::is_passing, &mut effects),
            Event::SignedIn => {
                self.welcome = self.under_way.is_some();
                self.resume(|failure| failure == Failure::SignedOut, &mut effects);
            }
            Event::Turn => self.turn(&mut effects),
            Event::Kept => self.see(self.device_copy(self.copy.changed_at)),
            Event::Elsewhere(copy) => self.elsewhere(*copy, &mut effects),
            Event::Saved { revision, saved_at } => self.saved(revision, saved_at, &mut effects),
            Event::Refused(current) => self.refused(&current, &mut effects),
            Event::Found { current, asked } => self.found(&current, &asked, &mut effects),
            Event::Failed { failure, random, pause } => self.failed(failure, random, pause, &mut effects),
            Event::Chosen { field, side } => self.chosen(field, side, &mut effects),
            Event::Submitting => self.submitting = true,
            Event::NotSubmitted => {
                self.submitting = false;
                self.start(&mut effects);
            }
            Event::Submitted => self.ended(Failure::Submitted, &mut effects),
            Event::Deleted => self.ended(Failure::Gone, &mut effects),
            Event::Unknown => self.unknown(&mut effects),
            Event::LetGo => self.end(&mut effects),
        }
        effects
    }

    // What the person does.

    fn edited(&mut self, mine: Draft, effects: &mut Vec<Effect>) {
        if mine == self.copy.mine {
            return;
        }
        self.copy.edit(mine);
        self.changed_here(effects);
    }

    fn chosen(&mut self, field: Field, side: Side, effects: &mut Vec<Effect>) {
        let Some(conflict) = self.copy.settle(field) else { return };
        if side == Side::Theirs {
            field.set(&mut self.copy.mine, conflict.other());
            effects.push(Effect::Show(vec![field]));
        }
        self.changed_here(effects);
    }

    fn changed_here(&mut self, effects: &mut Vec<Effect>) {
        self.touched = true;
        self.mend();
        effects.push(Effect::Keep);
        self.wake_soon(effects);
    }

    /// A draft that was too large or not understood may be mended by a change.
    fn mend(&mut self) {
        if matches!(self.failure, Some(Failure::TooLarge | Failure::NotUnderstood)) {
            self.failure = None;
        }
    }

    fn hidden(&mut self, effects: &mut Vec<Effect>) {
        if self.may_send() {
            // A page that may be closing cannot wait for its turn.
            self.send(effects);
        } else if self.is_unsent() {
            effects.push(Effect::Keep);
        }
    }

    // When to send.

    /// Whether there is something to send, if only to hear that the server still has it.
    fn has_news(&self) -> bool {
        self.touched && (self.copy.has_news() || !self.confirmed)
    }

    /// Whether the server never acknowledged something of it.
    fn is_unsent(&self) -> bool {
        self.touched && self.copy.is_unsent()
    }

    fn may_send(&self) -> bool {
        let nothing_stops_it = self.failure.is_none_or(Failure::is_passing) && !self.submitting;
        nothing_stops_it
            && match &self.under_way {
                None => self.has_news(),
                // A question that takes its time holds no answer up.
                Some(sent) => sent.asks && self.copy.has_news(),
            }
    }

    /// Whether a save is on its way; a question is none.
    fn is_saving(&self) -> bool {
        self.under_way.as_ref().is_some_and(|sent| !sent.asks)
    }

    fn wake(&mut self, timer: Timer, after: u32, effects: &mut Vec<Effect>) {
        self.timer = Some(timer);
        effects.push(Effect::Wake { after });
    }

    /// Sees to it that what was changed is sent in a moment.
    fn wake_soon(&mut self, effects: &mut Vec<Effect>) {
        let is_awaited = matches!(self.timer, Some(Timer::Save | Timer::Retry));
        // The body is read when the turn comes: what was changed until then goes with it.
        let goes_with_the_next = self.turn == Turn::Asked && self.under_way.is_none();
        if is_awaited || goes_with_the_next || self.submitting || !self.has_news() {
            return;
        }
        match self.failure {
            None => self.wake(Timer::Save, SAVE_DELAY, effects),
            Some(failure) if failure.is_passing() && self.under_way.is_none() => {
                self.wake(Timer::Retry, RETRY_SHORTEST, effects);
            }
            Some(_) => {}
        }
    }

    fn woken(&mut self, effects: &mut Vec<Effect>) {
        match self.timer.take() {
            Some(Timer::Turn) if self.turn == Turn::Asked && self.may_send() => self.send(effects),
            Some(Timer::Save) if self.is_saving() => self.due = true,
            _ => self.start(effects),
        }
    }

    /// Asks for the turn to send what there is.
    fn start(&mut self, effects: &mut Vec<Effect>) {
        if !self.may_send() {
            return;
        }
        if self.turn == Turn::Held {
            return self.send(effects);
        }
        self.wake(Timer::Turn, TURN_PATIENCE, effects);
        if self.turn == Turn::NotAsked {
            self.turn = Turn::Asked;
            effects.push(Effect::AskTurn);
        }
    }

    fn turn(&mut self, effects: &mut Vec<Effect>) {
        if self.turn == Turn::Held {
            return;
        }
        // Waiting for the network, or for the next retry.
        let waits = self.timer == Some(Timer::Retry);
        if self.turn == Turn::Asked && !waits && self.may_send() {
            self.turn = Turn::Held;
            self.send(effects);
        } else {
            self.turn = Turn::NotAsked;
            effects.push(Effect::EndTurn);
        }
    }

    /// The body is read here, when it leaves. It is on the device before: should the answer be lost, what comes back
    /// later is known to be ours.
    fn send(&mut self, effects: &mut Vec<Effect>) {
        let over = self.basis();
        let draft = self.copy.to_send();
        self.copy.remember_sent(&draft);
        self.due = false;
        self.welcome = false;
        let named = self.base().is_some().then(|| over.clone());
        let asks = self.base().is_some_and(|base| base.draft == draft);
        effects.extend([Effect::Keep, Effect::Send { over: named, draft: Box::new(draft.clone()), asks }]);
        self.under_way = Some(Sent { draft, over, asks });
    }

    fn offline(&mut self, effects: &mut Vec<Effect>) {
        if self.failure.is_none() {
            self.failure = Some(Failure::Unreachable);
        }
        // Browsers have been wrong about it: a try now and then.
        if self.failure.is_some_and(Failure::is_passing) && self.under_way.is_none() && self.has_news() {
            self.wake(Timer::Retry, RETRY_LONGEST, effects);
        }
    }

    fn resume(&mut self, ends: fn(Failure) -> bool, effects: &mut Vec<Effect>) {
        if self.failure.is_some_and(ends) {
            self.failure = None;
            self.failures = 0;
        }
        self.due = true;
        self.go_on(effects);
    }

    /// Sends what there is: at once if its time came, soon otherwise.
    fn go_on(&mut self, effects: &mut Vec<Effect>) {
        if self.due && !self.is_saving() {
            self.due = false;
            self.start(effects);
        } else {
            self.wake_soon(effects);
        }
    }

    // What the server answers.

    fn answered(&mut self, effects: &mut Vec<Effect>) -> Option<Sent> {
        let under_way = self.under_way.take();
        if self.turn == Turn::Held {
            self.turn = Turn::NotAsked;
            effects.push(Effect::EndTurn);
        }
        under_way
    }

    /// Whether nothing will ever be saved again.
    fn is_final(&self) -> bool {
        matches!(self.failure, Some(Failure::Gone | Failure::Unknown | Failure::Submitted))
    }

    /// The server told what it holds.
    fn heard(&mut self) {
        self.confirmed = true;
        self.copy.unknown = false;
    }

    fn reached(&mut self) {
        self.failures = 0;
        if !self.is_final() {
            self.failure = None;
        }
    }

    fn saved(&mut self, revision: u64, saved_at: String, effects: &mut Vec<Effect>) {
        let mut ends = Vec::new();
        let Some(Sent { draft, over, asks }) = self.answered(&mut ends) else { return };
        if asks {
            // What another tab has under way still is: only what brought something ends that.
            self.copy.unknown = false;
        } else if self.copy.is_ahead(revision, &over) {
            // Another tab may have saved and told since.
            self.copy.acknowledge_save(Base { revision, saved_at, draft }, &over);
        }
        self.refusals = 0;
        self.heard();
        self.reached();
        effects.push(Effect::Keep);
        effects.append(&mut ends);
        self.go_on(effects);
    }

    fn refused(&mut self, current: &Snapshot, effects: &mut Vec<Effect>) {
        let mut ends = Vec::new();
        let Some(Sent { draft, over, .. }) = self.answered(&mut ends) else { return };
        let relation = self.copy.relation(current, &over);
        self.heard();
        let is_news = matches!(relation, Relation::Later | Relation::Restored);
        if current.base.draft == draft && is_news {
            // The answer to an earlier attempt was lost: what is there is what was sent.
            self.copy.acknowledge(current.clone());
            self.copy.era += u64::from(relation == Relation::Restored);
            effects.push(Effect::Keep);
        } else if is_news {
            self.take_in(current, &over, effects);
        }
        let is_as_sent = current.base.draft == draft && is_news;
        self.reached();
        effects.append(&mut ends);
        let refusals = self.refusals;
        self.refusals = if is_as_sent { 0 } else { refusals.saturating_add(1) };
        if is_news && refusals == 0 {
            self.due = true;
            self.go_on(effects);
        } else if self.may_send() {
            // A server that refuses whatever it is told is not asked faster than one that is away.
            self.retry(refusals, self.tab, 0, effects);
        }
    }

    fn found(&mut self, current: &Snapshot, asked: &Basis, effects: &mut Vec<Effect>) {
        self.heard();
        self.refusals = 0;
        self.reached();
        self.take_in(current, asked, effects);
        self.due = true;
        self.go_on(effects);
    }

    /// Takes in what the server holds, if it is news.
    fn take_in(&mut self, current: &Snapshot, asked: &Basis, effects: &mut Vec<Effect>) {
        let before = self.copy.clone();
        let known = self.seen.clone();
        if self.rebase(current, asked, &known) {
            self.mend();
            effects.push(Effect::Keep);
            self.tell(&before, effects);
        }
    }

    /// Brings the copy to what the server holds; answers whether that is news.
    fn rebase(&mut self, current: &Snapshot, asked: &Basis, known: &[DeviceCopy]) -> bool {
        match self.copy.relation(current, asked) {
            Relation::Later => self.copy.rebase(current, known),
            Relation::Restored => self.copy.rebase_restored(current, known),
            Relation::Same | Relation::Overtaken => return false,
        }
        true
    }

    fn failed(&mut self, failure: Failure, random: u32, pause: u32, effects: &mut Vec<Effect>) {
        let Some(Sent { draft, .. }) = self.answered(effects).filter(|_| !self.is_final()) else { return };
        if matches!(failure, Failure::TooLarge | Failure::NotUnderstood) && draft != self.copy.to_send() {
            // It may have been mended meanwhile.
            return self.go_on(effects);
        }
        if failure == Failure::SignedOut && std::mem::take(&mut self.welcome) {
            return self.start(effects);
        }
        if matches!(failure, Failure::Gone | Failure::Submitted) && !self.is_unsent() {
            // Nothing of it was to be kept here: it was only asked for.
            return self.end(effects);
        }
        if failure == Failure::Unknown {
            return self.unknown(effects);
        }
        // One answer of somebody else may be chance.
        let is_chance = failure == Failure::Intercepted && self.failures < INTERCEPTED_AFTER;
        self.failure = Some(if is_chance { Failure::Unreachable } else { failure });
        if failure.is_passing() {
            let failures = self.failures;
            self.failures = failures.saturating_add(1);
            self.retry(failures, random, pause, effects);
        }
    }

    /// Tries again after a time that doubles with each failure.
    fn retry(&mut self, failures: u32, random: u32, pause: u32, effects: &mut Vec<Effect>) {
        let longest = RETRY_SHORTEST.saturating_mul(1 << failures.min(16)).min(RETRY_LONGEST);
        // Between half and the whole of it, so that clients cut off together do not come back together.
        let after = longest / 2 + random % (longest / 2);
        self.wake(Timer::Retry, after.max(pause.min(RETRY_LONGEST)), effects);
    }

    // What other tabs do.

    fn see(&mut self, copy: DeviceCopy) {
        if self.seen.len() == SEEN_MAX {
            self.seen.remove(0);
        }
        self.seen.push(copy);
    }

    fn elsewhere(&mut self, copy: DeviceCopy, effects: &mut Vec<Effect>) {
        let Some(last) = self.seen.last().filter(|last| !last.is(&copy)).cloned() else { return };
        let before = self.copy.clone();
        self.touched = true;
        self.copy.join(&self.seen, &copy);
        if self.copy.mine != before.mine {
            self.mend();
        }
        if !self.copy.shows_the_same(&copy) {
            effects.push(Effect::Keep);
        }
        self.see(copy.taken_into(&last));
        self.tell(&before, effects);
        // Another tab got through: so would this one.
        let got_through = before.basis() != self.basis();
        let may_pass = |failure: Failure| failure.is_passing() || failure == Failure::SignedOut;
        if got_through && self.failure.is_some_and(may_pass) {
            self.reached();
            self.due = true;
        }
        self.go_on(effects);
    }

    fn tell(&self, before: &DeviceCopy, effects: &mut Vec<Effect>) {
        let changes = self.copy.changes_since(before);
        if !changes.shown.is_empty() {
            effects.push(Effect::Show(changes.shown));
        }
        if !changes.asked.is_empty() {
            effects.push(Effect::Ask(changes.asked));
        }
    }

    // How it ends.

    /// Submitted or deleted. What never reached the server stays on the device until a person says what becomes of it.
    fn ended(&mut self, failure: Failure, effects: &mut Vec<Effect>) {
        self.submitting = false;
        if self.is_unsent() {
            self.failure = Some(failure);
            // Another tab may have erased it.
            effects.push(Effect::Keep);
        } else {
            self.end(effects);
        }
    }

    /// The server does not know it any more: this copy may be the last one, whatever was acknowledged.
    fn unknown(&mut self, effects: &mut Vec<Effect>) {
        self.submitting = false;
        if !self.is_final() {
            self.failure = Some(Failure::Unknown);
            self.copy.unknown = true;
            effects.push(Effect::Keep);
        }
    }

    fn end(&mut self, effects: &mut Vec<Effect>) {
        self.over = true;
        effects.push(Effect::Forget);
        self.answered(effects);
    }
}
