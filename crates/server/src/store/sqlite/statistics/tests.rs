//! Rows of statistics after many lives of requests, and how they are found.

use habilitation_fixtures::ready;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::wire::{Act, By, Ground, Kind, Side, SubmissionBody, TeamRole};
use habilitation_model::{Field, Id, field, schema};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::store::sqlite::history::read_events;
use crate::store::sqlite::{MIGRATIONS, SqliteStore, connections};
use crate::store::{ActOfTeam, ActToMake, Expected, Found, Owner, Quotas, Saved, Sending, Store, StoreRefusal};
use crate::team::Member;

const REQUESTS: u64 = 12;
const TURNS: u64 = 500;

/// Numbers that look random, the same ones in each run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// People who act on requests, each applicant on one.
struct Lives {
    store: SqliteStore,
    claire: Member,
    now: Timestamp,
}

fn id(number: u64) -> Id {
    Id::new(number, [1; 10])
}

fn owner(number: u64) -> Owner {
    Owner::named(&format!("owner {number}"))
}

fn author() -> By {
    By { side: Side::Applicant, name: "Alice Noël".to_owned(), job_title: String::new() }
}

/// Returns whether an act was made. Most are refused: it is not their time.
fn is_made<T>(outcome: Result<T, StoreRefusal>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(StoreRefusal::Failure(failure)) => panic!("{failure}"),
        Err(_) => false,
    }
}

fn words(kind: Kind) -> Act {
    let text = if matches!(kind, Kind::Accepted | Kind::Reopened) { "" } else { "Voici pourquoi." };
    Act { text: text.into(), ground: (kind == Kind::Revoked).then_some(Ground::AtRequest), ..Act::new(kind) }
}

impl Lives {
    /// Saves other answers than before, and sends them.
    async fn send(&self, number: u64, turn: u64) -> bool {
        let (owner, id) = (owner(number), id(number));
        let Some(Found::Request(request)) = self.store.request(&owner, &id, self.now).await.unwrap() else {
            panic!("it is gone")
        };
        let mut draft = ready();
        Field::ProjectName.set(&mut draft, field::Value::Text(&format!("Guichet {turn}")));
        let known = Expected::revision(request.revision);
        let Ok(Saved::Changed(saved)) = self.store.save(&owner, &id, &draft, &known, self.now).await else {
            return false;
        };
        let sending = Sending { by: author(), words: SubmissionBody::default() };
        is_made(self.store.submit(&owner, &id, &Expected::revision(saved.revision), &sending, self.now).await)
    }

    /// Does something to a request, and returns whether it was its time.
    async fn go_on(&self, number: u64, event: Id, turn: u64, draws: &mut Draws) -> bool {
        let one_in_three = turn.is_multiple_of(3);
        match draws.below(12) {
            0..4 => self.send(number, turn).await,
            4 => self.act(number, event, Kind::Reopened).await,
            5 => self.act(number, event, if one_in_three { Kind::Withdrawn } else { Kind::Message }).await,
            6 => self.decide(number, event, Kind::ChangesRequested).await,
            7 | 8 => self.decide(number, event, Kind::Accepted).await,
            9 => self.decide(number, event, Kind::Refused).await,
            10 => self.decide(number, event, if one_in_three { Kind::Note } else { Kind::Resumed }).await,
            _ if one_in_three => self.decide(number, event, Kind::Revoked).await,
            _ => self.store.let_days_pass(Keeping::default(), self.now).await.unwrap().events > 0,
        }
    }

    async fn act(&self, number: u64, event: Id, kind: Kind) -> bool {
        let Some(Found::Request(request)) = self.store.request(&owner(number), &id(number), self.now).await.unwrap()
        else {
            panic!("it is gone")
        };
        let (act, expected) = (words(kind), Expected::revision(request.revision));
        let to_make = ActToMake { event, act, by: author() };
        is_made(self.store.act(&owner(number), &id(number), &to_make, &expected, self.now).await)
    }

    async fn decide(&self, number: u64, event: Id, kind: Kind) -> bool {
        let Ok(examined) = self.store.examined(&self.claire, &id(number)).await else { return false };
        let seen = examined.events.last().map(|event| event.seq);
        let to_make = ActOfTeam { event, act: Act { seen, ..words(kind) }, examiner: None };
        let expected = Expected::revision(examined.revision);
        is_made(self.store.act_for_team(&self.claire, &id(number), &to_make, &expected, self.now).await)
    }
}

/// Returns the rows of both tables.
fn rows(connection: &Connection) -> Vec<[String; 3]> {
    let sql = "SELECT month, measure, counts FROM statistics
               UNION ALL SELECT day, '', counts FROM first_answers ORDER BY 1, 2";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?])).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn rows_are_those_of_the_histories_whatever_happens_to_requests() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("habilitation.sqlite");
    let store = SqliteStore::open(&path, Quotas::ample(), schema::read_draft, false).unwrap();
    let claire = Member {
        person: "claire".to_owned(),
        name: "Claire Marchand".to_owned(),
        office: String::new(),
        role: TeamRole::Examiner,
    };
    let mut lives = Lives { store, claire, now: "2026-11-22T12:00:00Z".parse().unwrap() };
    for number in 0..REQUESTS {
        let created = lives.store.save(&owner(number), &id(number), &ready(), &Expected::Absent, lives.now).await;
        assert!(is_made(created));
    }
    let mut draws = Draws(7);
    let mut made = 0_u64;
    for turn in 0..TURNS {
        lives.now += SignedDuration::from_hours(i64::try_from(draws.below(60)).unwrap());
        let number = draws.below(REQUESTS);
        // What is refused is followed by something else.
        for attempt in 0..5 {
            let event = Id::new(turn * 5 + attempt, [2; 10]);
            if lives.go_on(number, event, turn, &mut draws).await {
                made += 1;
                break;
            }
        }
    }
    assert!(made > TURNS / 2, "{made}");

    let connection = connections::open(&path).unwrap();
    let kept = rows(&connection);
    for measure in Measure::ALL {
        assert!(kept.iter().any(|row| row[1] == measure.as_str()), "{measure:?} was never counted");
    }
    connection.execute_batch("DELETE FROM statistics; DELETE FROM first_answers").unwrap();
    for number in 0..REQUESTS {
        count_all(&connection, &read_events(&connection, None, &id(number), 0).unwrap()).unwrap();
    }
    assert_eq!(kept, rows(&connection));

    let all = |sql: &str| {
        let mut all = DayCounts::default();
        let mut statement = connection.prepare(sql).unwrap();
        for counts in statement.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            all.merge(&read(&counts.unwrap()).unwrap());
        }
        all
    };
    let by_month = all("SELECT counts FROM statistics WHERE measure = 'first_answer'");
    assert_eq!(by_month, all("SELECT counts FROM first_answers"));
}

#[test]
fn no_figure_is_looked_for_in_a_whole_table() {
    let mut connection = Connection::open_in_memory().unwrap();
    MIGRATIONS.to_latest(&mut connection).unwrap();
    for (sql, search) in [
        (OF_PERIOD, "SEARCH statistics USING PRIMARY KEY (month>? AND month<?)"),
        (SINCE, "SEARCH statistics USING PRIMARY KEY"),
        (SINCE_DAY, "SEARCH first_answers USING PRIMARY KEY (day>? AND day<?)"),
        (WAITING, "SEARCH queue_counts USING PRIMARY KEY (state=? AND due_on=? AND examiner=?)"),
        (OVERDUE, "SEARCH queue_counts USING PRIMARY KEY (state=? AND due_on>? AND due_on<?)"),
    ] {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut steps = Vec::new();
        let mut rows = plan.raw_query();
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get::<_, String>("detail").unwrap());
        }
        assert_eq!(steps, [search], "{sql}");
    }
}
