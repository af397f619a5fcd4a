//! Histories for tests: one act after the other, each on its day.

use crate::date::Date;
use crate::id::Id;
use crate::lifecycle::{Act, By, Event, Examiner, History, Kind, Reply, Role, Side, Stamp, SubmissionBody, deadline};

pub(super) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A history that is being made, of acts that are all allowed.
#[derive(Default)]
pub(super) struct Story {
    pub(super) events: Vec<Event>,
}

pub(super) fn by(side: Side) -> By {
    let (name, job_title) = match side {
        Side::Applicant => ("Maëlle Le Fur", "Chargée de mission"),
        Side::Examiner => ("Claire Marchand", "Chargée des habilitations"),
        Side::Clock => return By::clock(),
        Side::Operator => ("Yann Kerbrat", ""),
    };
    By { side, name: name.to_owned(), job_title: job_title.to_owned() }
}

pub(super) fn claire() -> Examiner {
    Examiner {
        id: Some("claire".to_owned()),
        name: "Claire Marchand".to_owned(),
        job_title: "Chargée des habilitations".to_owned(),
    }
}

impl Story {
    /// Returns the history so far.
    pub(super) fn history(&self) -> History {
        History::of(&self.events)
    }

    pub(super) fn stamp(&self, side: Side, on: &str) -> Stamp {
        let on = day(on);
        let seq = u8::try_from(self.events.len()).unwrap();
        Stamp { id: Id::new(1, [seq; 10]), at: format!("{on}T10:00:00.000Z"), on, by: by(side) }
    }

    /// Adds the event of an act that says what it has to.
    pub(super) fn act(mut self, side: Side, act: &Act, on: &str) -> Self {
        let history = self.history();
        let mut act = act.clone();
        act.seen = Some(history.last_event);
        let role = Role::from(side);
        assert_eq!(act.outcome(&history, role).err(), None, "{act:?}");
        assert_eq!(act.findings(&history, role, day(on)), [], "{act:?}");
        let examiner = act.examiner.is_some().then(claire);
        let event = act.event(self.stamp(side, on), &history, "FC-2026-000123", examiner);
        assert!(act.is_told_by(&event));
        self.events.push(event);
        self
    }

    /// Adds an act of a kind, with the words that it needs.
    pub(super) fn then(self, side: Side, kind: Kind, on: &str) -> Self {
        self.act(side, &worded(kind, side), on)
    }

    /// Sends the draft, which is not looked at, with replies.
    pub(super) fn submit_with(mut self, replies: &[Reply], on: &str) -> Self {
        let body = SubmissionBody { replies: replies.to_vec(), ..SubmissionBody::default() };
        let event = body.event(self.stamp(Side::Applicant, on), &self.history());
        self.events.push(event);
        self
    }

    pub(super) fn submit(self, on: &str) -> Self {
        self.submit_with(&[], on)
    }

    /// Adds the reminder of the legal clock that is due, if there is one.
    pub(super) fn remind(mut self, on: &str) -> Self {
        if let Some(days) = deadline::due_reminder(&self.history(), day(on)) {
            let event = deadline::reminder(self.stamp(Side::Clock, on), &self.history(), days);
            self.events.push(event);
        }
        self
    }
}

/// Returns an act of a kind with the words that it needs.
pub(super) fn worded(kind: Kind, side: Side) -> Act {
    let mut act = Act::new(kind);
    let needs_words = matches!(
        kind,
        Kind::ChangesRequested | Kind::Resumed | Kind::Refused | Kind::Revoked | Kind::Message | Kind::Note
    );
    if needs_words && side != Side::Clock {
        act.text = "Voici pourquoi.".into();
    }
    if kind == Kind::Revoked {
        act.ground = Some(crate::lifecycle::Ground::AtRequest);
    }
    act
}
