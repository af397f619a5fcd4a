//! Lines of the queue: what lists tell of a request that was ever submitted. A line follows from the history of its request and from
//! its last submission.

use habilitation_model::assurance::AssuranceLevel;
use habilitation_model::draft::OrganisationKind;
use habilitation_model::finding::Circumstances;
use habilitation_model::lifecycle::act::habilitation_number;
use habilitation_model::lifecycle::{Event, History, Side};
use habilitation_model::normalize::normalized;
use habilitation_model::siret::Siret;
use habilitation_model::wire::{Habilitation, QueueKind};
use habilitation_model::{ClosedList, Date, Draft, Id};
use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params, params};

use super::values::{changed, corrupt, milliseconds, shown_line};
use crate::clock::utc_day;
use crate::store::StoreFailure;

/// Day of the lines without one. It comes after all others.
pub(super) const NO_DAY: &str = "9999-12-31";

/// Most pages of the index of words that are written at once to join its parts.
const JOINED_PAGES: u32 = 64;

/// Digits of a SIRET number that name the organisation.
const SIREN_LENGTH: usize = 9;

/// A submission as its line tells it.
pub(super) struct Sent {
    n: u32,
    at: Timestamp,
    kind: QueueKind,
    level: Option<AssuranceLevel>,
    organisation_kind: Option<OrganisationKind>,
    name: String,
    organisation: String,
    siret: String,
    warnings: usize,
}

impl Sent {
    /// Reads the draft that is sent, which adds a submission to the history before.
    pub(super) fn of(draft: &Draft, before: &History, contacts_only: bool, at: Timestamp) -> Self {
        let findings = draft.findings(&Circumstances::on(utc_day(at)));
        Self {
            n: before.last_submission() + 1,
            at,
            kind: match before.active() {
                None => QueueKind::First,
                Some(_) if contacts_only => QueueKind::Contacts,
                Some(_) => QueueKind::Modification,
            },
            level: draft.assurance.level.value(),
            organisation_kind: draft.organisation.kind.value(),
            name: shown_line(&draft.project.name),
            organisation: shown_line(&draft.organisation.name),
            siret: Siret::parse(draft.organisation.siret.as_str())
                .map(|siret| siret.as_str().to_owned())
                .unwrap_or_default(),
            warnings: findings.iter().filter(|finding| !finding.is_error()).count(),
        }
    }
}

/// Numbers of events that are news to each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    pub(super) to_team: u32,
    pub(super) to_applicant: u32,
}

impl News {
    /// Returns the news in one event.
    pub(super) fn of(event: &Event) -> Self {
        Self {
            to_team: event.is_news_to(Side::Examiner).into(),
            to_applicant: event.is_news_to(Side::Applicant).into(),
        }
    }
}

/// Brings the line of a request up to its history, to which an event was added. A submission comes with what was sent.
pub(super) fn refresh(
    connection: &Connection,
    request: &Id,
    history: &History,
    sent: Option<&Sent>,
    news: News,
    at: (Timestamp, Date),
) -> Result<(), StoreFailure> {
    if let Some(sent) = sent {
        send(connection, request, sent)?;
    }
    let (at, today) = at;
    let goes_on = history.answer_by.filter(|_| history.is_suspended(today));
    let examiner = history.examiner.as_ref();
    let active = history.active();
    changed(
        connection,
        "UPDATE queue
         SET state = :state, due_on = coalesce(:due_on, :no_day), goes_on = :goes_on, due_then = :due_then,
             examiner = :examiner, examiner_name = :examiner_name, examiner_title = :examiner_title,
             awaiting_reply = :awaiting_reply, last_event = :last_event, activity = :at, rank = :rank,
             accepted_submission = :accepted_submission, accepted_at = :accepted_at,
             unread_by_team = unread_by_team + :to_team, unread_by_applicant = unread_by_applicant + :to_applicant
         WHERE request = :request",
        named_params! {
            ":request": request.as_str(), ":state": history.state.as_str(), ":no_day": NO_DAY,
            ":due_on": history.due_on(today).map(|day| day.to_string()),
            ":goes_on": goes_on.map(|day| day.to_string()),
            ":due_then": goes_on.and_then(|day| history.due_on(day)).map(|day| day.to_string()),
            ":examiner": examiner.and_then(|examiner| examiner.id.as_deref()).unwrap_or_default(),
            ":examiner_name": examiner.map_or("", |examiner| &examiner.name),
            ":examiner_title": examiner.map_or("", |examiner| &examiner.job_title),
            ":awaiting_reply": history.awaits_reply, ":last_event": history.last_event, ":at": milliseconds(at),
            ":rank": active.map(|acceptance| acceptance.rank),
            ":accepted_submission": active.map(|acceptance| acceptance.submission),
            ":accepted_at": active.map(|acceptance| &acceptance.at),
            ":to_team": news.to_team, ":to_applicant": news.to_applicant,
        },
    )?;
    Ok(())
}

/// Writes a submission into the line of its request, which it makes if it is the first one.
fn send(connection: &Connection, request: &Id, sent: &Sent) -> Result<(), StoreFailure> {
    let Sent { n, at, kind, level, organisation_kind, name, organisation, siret, warnings } = sent;
    let siren = siret.get(..SIREN_LENGTH).unwrap_or_default();
    changed(
        connection,
        "INSERT INTO queue (request, number, submission, submitted_at, kind, level, organisation_kind, name, organisation,
                            siret, siren, warnings, words)
         SELECT id, number, :submission, :submitted_at, :kind, :level, :organisation_kind, :name, :organisation,
                :siret, :siren, :warnings, :words || char(10) || lower(number)
         FROM requests WHERE id = :request
         ON CONFLICT (request) DO UPDATE SET
             submission = excluded.submission, submitted_at = excluded.submitted_at, kind = excluded.kind,
             level = excluded.level, organisation_kind = excluded.organisation_kind, name = excluded.name,
             organisation = excluded.organisation, siret = excluded.siret, siren = excluded.siren,
             warnings = excluded.warnings, words = excluded.words",
        named_params! {
            ":request": request.as_str(), ":submission": n, ":submitted_at": milliseconds(*at), ":kind": kind.as_str(),
            ":level": level.map_or("", ClosedList::as_str),
            ":organisation_kind": organisation_kind.map_or("", ClosedList::as_str),
            ":name": name, ":organisation": organisation, ":siret": siret,
            ":siren": siren, ":warnings": warnings,
            ":words": normalized(&[name.as_str(), organisation, siret, siren].join("\n")),
        },
    )?;
    Ok(())
}

/// Joins parts of the index of words, a little at a time. Returns whether there was something to join.
pub(super) fn join_words(connection: &Connection) -> Result<bool, StoreFailure> {
    let before = connection.total_changes();
    let sql = "INSERT INTO queue_words (queue_words, rank) VALUES ('merge', ?1)";
    changed(connection, sql, [JOINED_PAGES])?;
    // The statement itself counts as one change.
    Ok(connection.total_changes() > before + 1)
}

/// Gives a line its day once the legal clock, which was stopped, has gone on by itself.
pub(super) fn go_on(connection: &Connection, request: &Id, today: Date) -> Result<(), StoreFailure> {
    let sql =
        "UPDATE queue SET due_on = due_then, goes_on = NULL, due_then = NULL WHERE request = ?1 AND goes_on <= ?2";
    changed(connection, sql, params![request.as_str(), today.to_string()])?;
    Ok(())
}

/// Sets the number of events that are news to a side and unread there.
pub(super) fn set_unread(connection: &Connection, request: &Id, side: Side, unread: u32) -> Result<(), StoreFailure> {
    let sql = match side {
        Side::Applicant => "UPDATE queue SET unread_by_applicant = ?1 WHERE request = ?2",
        _ => "UPDATE queue SET unread_by_team = ?1 WHERE request = ?2",
    };
    changed(connection, sql, params![unread, request.as_str()])?;
    Ok(())
}

/// Legal clock as a line keeps it.
pub(super) struct Clock {
    due_on: Option<Date>,
    /// While it is stopped: the day on which it goes on by itself, and the day that is due then.
    stop: Option<(Date, Option<Date>)>,
}

impl Clock {
    /// Reads the columns `due_on`, `goes_on` and `due_then`.
    pub(super) fn of(row: &Row<'_>) -> Result<Self, StoreFailure> {
        let day = |column| -> Result<Option<Date>, StoreFailure> {
            let text: Option<String> = row.get(column)?;
            text.filter(|text| text != NO_DAY).map(|text| Date::parse(&text).map_err(|_| corrupt("a day"))).transpose()
        };
        let due_then = day("due_then")?;
        Ok(Self { due_on: day("due_on")?, stop: day("goes_on")?.map(|goes_on| (goes_on, due_then)) })
    }

    /// Returns whether the clock is stopped on a day.
    pub(super) fn is_suspended(&self, today: Date) -> bool {
        self.stop.is_some_and(|(goes_on, _)| today < goes_on)
    }

    /// Returns the day of the clock, as it is told on a day.
    pub(super) fn due_on(&self, today: Date) -> Option<Date> {
        match self.stop {
            Some((goes_on, due_then)) if today >= goes_on => due_then,
            _ => self.due_on,
        }
    }
}

/// Reads the active habilitation of the request with this number.
pub(super) fn habilitation(row: &Row<'_>, number: &str) -> Result<Option<Habilitation>, StoreFailure> {
    let Some(rank) = row.get("rank")? else { return Ok(None) };
    Ok(Some(Habilitation {
        number: habilitation_number(number, rank),
        submission: row.get("accepted_submission")?,
        accepted_at: row.get("accepted_at")?,
    }))
}

#[cfg(test)]
mod tests {
    use habilitation_model::lifecycle::{Examiner, State};

    use super::*;
    use crate::store::sqlite::MIGRATIONS;

    const KEY: &str = "state, due_on, examiner, kind, level, organisation_kind, awaiting_reply";

    /// Returns the rows of counts, and what they should be by the lines themselves.
    fn counted(connection: &Connection) -> [Vec<String>; 2] {
        let by_the_lines = format!(
            "SELECT state, '*', '*', '*', '*', '*', -1, count(*) FROM queue GROUP BY state
             UNION ALL SELECT state, '*' || due_on, '*', '*', '*', '*', -1, count(*) FROM queue GROUP BY state, due_on
             UNION ALL SELECT state, '*', examiner, kind, level, organisation_kind, awaiting_reply, count(*) FROM queue
                 GROUP BY state, examiner, kind, level, organisation_kind, awaiting_reply
             UNION ALL SELECT {KEY}, count(*) FROM queue GROUP BY {KEY}
             UNION ALL SELECT '*', '*', '*', '*', '*', '*', awaiting_reply, count(*) FROM queue GROUP BY awaiting_reply"
        );
        [format!("SELECT {KEY}, n FROM queue_counts"), by_the_lines].map(|sql| {
            let mut statement = connection.prepare(&sql).unwrap();
            let mut rows = statement.query([]).unwrap();
            let mut all = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                let columns = (0..8).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
                all.push(columns.collect::<Vec<_>>().join(" "));
            }
            all.sort();
            all
        })
    }

    #[test]
    fn numbers_are_those_of_the_lines_whatever_becomes_of_them() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let at = Timestamp::from_millisecond(1_795_348_800_000).unwrap();
        let today = Date::parse("2026-11-22").unwrap();
        let ids: Vec<Id> = (0..12).map(|number| Id::new(number, [1; 10])).collect();
        for (number, id) in (0..).zip(&ids) {
            let sql =
                "INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, errors,
                                             name, organisation, search, draft)
                       VALUES (?1, 'alice', 'submitted', ?2, 1, 1, 0, 0, 0, '', '', '', '{}')";
            connection.execute(sql, params![id.as_str(), format!("FC-2026-{number:06}")]).unwrap();
        }
        let level = |turn: usize| AssuranceLevel::ALL.get(turn % 4).copied();
        for turn in 0..400_usize {
            let id = &ids[(turn * 7) % ids.len()];
            let sent = Sent {
                n: 1,
                at,
                kind: QueueKind::ALL[turn % 3],
                level: level(turn / 3),
                organisation_kind: None,
                name: format!("Guichet {turn}"),
                organisation: String::new(),
                siret: String::new(),
                warnings: turn,
            };
            let name = format!("examiner {}", turn % 2);
            let examiner = Examiner { id: Some(name.clone()), name, job_title: String::new() };
            let history = History {
                state: State::ALL[turn % State::ALL.len()],
                examiner: (turn % 3 > 0).then_some(examiner),
                awaits_reply: turn % 5 == 0,
                ..History::default()
            };
            let is_sent = turn < ids.len() || turn % 4 == 0;
            refresh(&connection, id, &history, is_sent.then_some(&sent), News::default(), (at, today)).unwrap();
            let day = format!("2027-01-{:02}", 1 + turn % 3);
            connection
                .execute(
                    "UPDATE queue SET goes_on = '2026-11-01', due_then = ?1 WHERE request = ?2",
                    [&day, id.as_str()],
                )
                .unwrap();
            if turn % 2 == 0 {
                go_on(&connection, id, today).unwrap();
            }
            let [counts, lines] = counted(&connection);
            assert_eq!(counts, lines, "turn {turn}");
        }
        let found = "SELECT count(*) FROM queue_words WHERE queue_words MATCH ?1";
        let find = |words: &str| -> u32 { connection.query_row(found, [words], |row| row.get(0)).unwrap() };
        assert_eq!((find("\"guichet\"*"), find("\"396\""), find("\"0\""), find("\"000003\"")), (12, 1, 0, 1));
    }
}
