//! The queue: pages of it, and how many requests there are.

#[cfg(test)]
mod costs;
#[cfg(test)]
mod filled;

use habilitation_model::lifecycle::{Examiner, State};
use habilitation_model::wire::{QueueCounts, QueueOrder, QueuedRequest};
use habilitation_model::{ClosedList, Date, Id};
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::TeamScope;
use crate::clock::rfc3339;
use crate::store::sqlite::queue::Clock;
use crate::store::sqlite::search::{FOUND_MAX, Search};
use crate::store::sqlite::values::{corrupt, time};
use crate::store::{Assigned, QueueFilter, QueuePage, QueuePosition, StoreFailure};

/// Days before the end of a term from which a request is due soon.
const SOON_DAYS: u32 = 14;

impl TeamScope<'_> {
    /// Returns a page of the queue, as it is told on a day.
    pub(in crate::store::sqlite) fn queue(&self, filter: &QueueFilter, today: Date) -> Result<QueuePage, StoreFailure> {
        let (mut page, mut found) = (QueuePage { counts: self.counts(today)?, ..QueuePage::default() }, Vec::new());
        let caller = &self.member.person;
        let statement = match Search::of(&filter.words) {
            Search::Nothing => return Ok(page),
            Search::All => {
                let totals = self.totals(filter)?;
                page.total = totals.iter().map(|(_, n)| n).sum();
                // A state without any request would be walked to its end.
                let states: Vec<State> = totals.into_iter().map(|(state, _)| state).collect();
                if states.is_empty() {
                    return Ok(page);
                }
                walk_statement(caller, filter, &states)
            }
            search => {
                page.is_cut = self.is_cut(&search)?;
                found_statement(caller, filter, &search)
            }
        };
        let (sql, values) = statement;
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if let Some(total) = row.get("total")? {
                page.total = total;
            }
            if let Some(position) = position(row, filter.order)? {
                found.push((line(row, today)?, position));
            }
        }
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        page.next = found.last().filter(|_| more).map(|(_, position)| position.clone());
        page.requests = found.into_iter().map(|(line, _)| line).collect();
        Ok(page)
    }

    /// Returns whether more requests have the words of a search than it looks at.
    fn is_cut(&self, search: &Search) -> Result<bool, StoreFailure> {
        let Search::Words(expression) = search else { return Ok(false) };
        let sql = "SELECT 1 FROM queue_words WHERE queue_words MATCH ?1 LIMIT 1 OFFSET ?2";
        Ok(self.connection.prepare_cached(sql)?.exists(params![expression, FOUND_MAX])?)
    }

    /// Returns the numbers of the requests that a filter without words lets through, by their states.
    fn totals(&self, filter: &QueueFilter) -> Result<Vec<(State, u64)>, StoreFailure> {
        let (sql, values) = totals_statement(&self.member.person, filter);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut totals = Vec::new();
        while let Some(row) = rows.next()? {
            let state: String = row.get(0)?;
            totals.push((State::parse(&state).ok_or_else(|| corrupt("a state"))?, row.get(1)?));
        }
        Ok(totals)
    }

    /// Returns the numbers of requests for the whole team, and for the member.
    fn counts(&self, today: Date) -> Result<QueueCounts, StoreFailure> {
        let states = State::ALL.iter().map(|state| state.as_str());
        let sql = format!(
            "SELECT state, n FROM queue_counts WHERE state IN ('{}') AND due_on = '*' AND examiner = '*'",
            states.collect::<Vec<_>>().join("', '")
        );
        let mut counts = QueueCounts::default();
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (state, n): (String, u64) = (row.get(0)?, row.get(1)?);
            counts.all += n;
            match State::parse(&state) {
                Some(State::Submitted) => counts.to_examine = n,
                Some(State::ChangesRequested) => counts.waiting = n,
                _ => {}
            }
        }
        let number = |sql: &str, value: &str| -> Result<u64, StoreFailure> {
            Ok(self.connection.prepare_cached(sql)?.query_row(params![value], |row| row.get(0))?)
        };
        let of_examiner = "SELECT coalesce(sum(n), 0) FROM queue_counts
                           WHERE state = 'submitted' AND due_on = '*' AND examiner = ?1";
        counts.mine = number(of_examiner, &self.member.person)?;
        counts.unassigned = number(of_examiner, "")?;
        let until_day = "SELECT coalesce(sum(n), 0) FROM queue_counts
                         WHERE state = 'submitted' AND due_on > '*' AND due_on <= '*' || ?1";
        counts.due_soon = number(until_day, &today.plus_days(SOON_DAYS).to_string())?;
        let of_turn = "SELECT coalesce(sum(n), 0) FROM queue_counts WHERE state = '*' AND awaiting_reply = ?1";
        counts.awaiting_reply = number(of_turn, "1")?;
        Ok(counts)
    }
}

/// A statement in the making, with the values of its parameters.
struct Conditions<'a> {
    caller: &'a str,
    sql: String,
    values: Vec<Value>,
}

impl<'a> Conditions<'a> {
    fn by(caller: &'a str) -> Self {
        Self { caller, sql: String::new(), values: Vec::new() }
    }

    /// Adds a parameter, and returns its name.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        let name = self.bind(value);
        self.sql += &format!(" AND {condition} {name}");
    }

    /// Adds the filters but those by state and day.
    fn narrow(&mut self, filter: &QueueFilter) {
        match &filter.examiner {
            Some(Assigned::Nobody) => self.and("examiner =", String::new()),
            Some(Assigned::ToCaller) => self.and("examiner =", self.caller.to_owned()),
            Some(Assigned::To(person)) => self.and("examiner =", person.clone()),
            None => {}
        }
        if let Some(kind) = filter.kind {
            self.and("kind =", kind.as_str().to_owned());
        }
        if let Some(level) = filter.level {
            self.and("level =", level.as_str().to_owned());
        }
        if let Some(kind) = filter.organisation_kind {
            self.and("organisation_kind =", kind.as_str().to_owned());
        }
        if let Some(awaiting) = filter.awaiting_reply {
            self.and("awaiting_reply =", i64::from(awaiting));
        }
    }

    /// Adds the words of a search, and the states. The number of a request is found in every state.
    fn find(&mut self, filter: &QueueFilter, search: &Search) {
        match search {
            Search::Number(number) => {
                self.and("number =", number.clone());
                return;
            }
            Search::Words(expression) => {
                let expression = self.bind(expression.clone());
                self.sql += &format!(
                    " AND place IN (SELECT rowid FROM queue_words WHERE queue_words MATCH {expression}
                                    ORDER BY rowid DESC LIMIT {FOUND_MAX})"
                );
            }
            Search::All | Search::Nothing => {}
        }
        let states = self.states(filter);
        // The plus sign keeps the indexes of orders out: what is found is looked at one by one.
        self.sql += &format!(" AND +state IN ({states})");
    }

    /// Adds the position after which the page begins, where it does.
    fn go_on(&mut self, filter: &QueueFilter, column: &str) {
        let Some(QueuePosition { key, number }) = &filter.after else { return };
        let key = match filter.order {
            QueueOrder::Due => self.bind(key.clone()),
            // What is no number stands nowhere.
            _ => self.bind(key.parse().unwrap_or(i64::MAX)),
        };
        let (number, (_, follows)) = (self.bind(number.clone()), direction(filter));
        self.sql += &format!(" AND ({column}, number) {follows} ({key}, {number})");
    }

    fn states(&mut self, filter: &QueueFilter) -> String {
        let names = filter.states.iter().map(|state| self.bind(state.as_str().to_owned()));
        names.collect::<Vec<_>>().join(", ")
    }
}

fn column(order: QueueOrder) -> &'static str {
    match order {
        QueueOrder::Due => "due_on",
        QueueOrder::Submitted => "submitted_at",
        QueueOrder::Activity => "activity",
    }
}

/// Words of SQL for a direction, and for what follows in it.
fn direction(filter: &QueueFilter) -> (&'static str, &'static str) {
    if filter.is_descending { ("DESC", "<") } else { ("ASC", ">") }
}

/// Returns the statement of one page and its parameters. It walks the index of each state in the order of the queue, from the
/// beginning of the page to its end, so that other pages cost nothing.
fn walk_statement(caller: &str, filter: &QueueFilter, states: &[State]) -> (String, Vec<Value>) {
    let (column, (direction, _)) = (column(filter.order), direction(filter));
    let mut conditions = Conditions::by(caller);
    // One more than asked for tells whether more follow.
    let limit = conditions.bind(i64::from(filter.limit) + 1);
    let mut parts = Vec::new();
    for state in states {
        conditions.sql.clear();
        conditions.and("state =", state.as_str().to_owned());
        conditions.narrow(filter);
        if let Some(day) = filter.due_before {
            // The plus sign keeps the order's own index.
            let day_column = if filter.order == QueueOrder::Due { "due_on" } else { "+due_on" };
            conditions.and(&format!("{day_column} <"), day.to_string());
        }
        conditions.go_on(filter, column);
        parts.push(format!(
            "SELECT * FROM (SELECT place, number, {column} AS key FROM queue WHERE true{}
                            ORDER BY {column} {direction}, number {direction} LIMIT {limit})",
            conditions.sql
        ));
    }
    let sql = format!(
        "SELECT queue.*, page.key, requests.revision, NULL AS total
         FROM (SELECT * FROM ({}) ORDER BY key {direction}, number {direction} LIMIT {limit}) AS page
              CROSS JOIN queue USING (place) CROSS JOIN requests ON requests.id = queue.request
         ORDER BY page.key {direction}, page.number {direction}",
        parts.join(" UNION ALL ")
    );
    (sql, conditions.values)
}

/// Returns the statement of one page of a search and its parameters. All that is found is put in order, and counted.
fn found_statement(caller: &str, filter: &QueueFilter, search: &Search) -> (String, Vec<Value>) {
    let (column, (direction, _)) = (column(filter.order), direction(filter));
    let mut conditions = Conditions::by(caller);
    let limit = conditions.bind(i64::from(filter.limit) + 1);
    conditions.find(filter, search);
    conditions.narrow(filter);
    if let Some(day) = filter.due_before {
        conditions.and("+due_on <", day.to_string());
    }
    let found = std::mem::take(&mut conditions.sql);
    conditions.go_on(filter, "key");
    let sql = format!(
        "WITH found AS MATERIALIZED (SELECT place, number, {column} AS key FROM queue WHERE true{found})
         SELECT queue.*, page.key, requests.revision, total
         FROM (SELECT count(*) AS total FROM found)
              LEFT JOIN (SELECT * FROM found WHERE true{} ORDER BY key {direction}, number {direction} LIMIT {limit}) AS page
              LEFT JOIN queue ON queue.place = page.place LEFT JOIN requests ON requests.id = queue.request
         ORDER BY page.key {direction}, page.number {direction}",
        conditions.sql
    );
    (sql, conditions.values)
}

/// Returns the statement of the numbers of requests that a filter without words lets through, by their states.
fn totals_statement(caller: &str, filter: &QueueFilter) -> (String, Vec<Value>) {
    let mut conditions = Conditions::by(caller);
    let states = conditions.states(filter);
    conditions.narrow(filter);
    let is_narrowed = !conditions.sql.is_empty();
    match (filter.due_before, is_narrowed) {
        (None, _) => conditions.sql += " AND due_on = '*'",
        (Some(day), false) => conditions.and("due_on > '*' AND due_on < '*' ||", day.to_string()),
        (Some(day), true) => conditions.and("due_on > '/' AND due_on <", day.to_string()),
    }
    conditions.sql += if is_narrowed { " AND examiner <> '*'" } else { " AND examiner = '*'" };
    let sql =
        format!("SELECT state, sum(n) FROM queue_counts WHERE state IN ({states}){} GROUP BY state", conditions.sql);
    (sql, conditions.values)
}

fn line(row: &Row<'_>, today: Date) -> Result<QueuedRequest, StoreFailure> {
    let text = |column| -> Result<String, StoreFailure> { Ok(row.get(column)?) };
    let clock = Clock::of(row)?;
    let examiner = Some(text("examiner")?).filter(|id| !id.is_empty());
    let examiner = match examiner {
        Some(id) => Some(Examiner { id: Some(id), name: text("examiner_name")?, job_title: text("examiner_title")? }),
        None => None,
    };
    Ok(QueuedRequest {
        id: Id::parse(&text("request")?).map_err(|_| corrupt("an identifier"))?,
        number: text("number")?,
        state: State::parse(&text("state")?).ok_or_else(|| corrupt("a state"))?,
        name: text("name")?,
        organisation: text("organisation")?,
        siret: text("siret")?,
        level: ClosedList::parse(&text("level")?),
        kind: ClosedList::parse(&text("kind")?).ok_or_else(|| corrupt("a kind"))?,
        submission: row.get("submission")?,
        submitted_at: rfc3339(time(row.get("submitted_at")?)?),
        due_on: clock.due_on(today),
        suspended: clock.is_suspended(today),
        examiner,
        unread: row.get("unread_by_team")?,
        awaiting_reply: row.get("awaiting_reply")?,
        warnings: row.get("warnings")?,
        revision: row.get("revision")?,
        last_event: row.get("last_event")?,
    })
}

/// Returns the position of a row; none where a search has found nothing more.
fn position(row: &Row<'_>, order: QueueOrder) -> Result<Option<QueuePosition>, StoreFailure> {
    let key: Option<String> = match order {
        QueueOrder::Due => row.get("key")?,
        _ => row.get::<_, Option<i64>>("key")?.map(|time| time.to_string()),
    };
    Ok(match key {
        Some(key) => Some(QueuePosition { key, number: row.get("number")? }),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use habilitation_model::wire::QueueKind;
    use rusqlite::Connection;

    use super::*;
    use crate::store::sqlite::MIGRATIONS;

    fn database() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        connection
    }

    fn steps(connection: &Connection, (sql, values): (String, Vec<Value>)) -> Vec<String> {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = plan.query_map(params_from_iter(values), |row| row.get::<_, String>("detail")).unwrap();
        steps.map(Result::unwrap).collect()
    }

    #[test]
    fn whatever_is_asked_an_index_gives_the_order_and_the_position() {
        let connection = database();
        let position = QueuePosition { key: "7".to_owned(), number: "7".to_owned() };
        for (order, column, name) in [
            (QueueOrder::Due, "due_on", "due_day"),
            (QueueOrder::Submitted, "submitted_at", "submission"),
            (QueueOrder::Activity, "activity", "activity"),
        ] {
            for examiner in
                [None, Some(Assigned::Nobody), Some(Assigned::ToCaller), Some(Assigned::To("claire".to_owned()))]
            {
                for (after, is_descending) in [(None, false), (None, true), (Some(position.clone()), false)] {
                    let filter = QueueFilter {
                        states: vec![State::Submitted],
                        examiner: examiner.clone(),
                        kind: Some(QueueKind::Contacts),
                        due_before: Some(Date::FIRST).filter(|_| order != QueueOrder::Due),
                        order,
                        is_descending,
                        after: after.clone(),
                        ..QueueFilter::default()
                    };
                    let steps = steps(&connection, walk_statement("idris", &filter, &filter.states));
                    let (index, narrowed) = match examiner {
                        None => (format!("queue_by_{name}"), "state=?"),
                        Some(_) => (format!("queue_of_examiner_by_{name}"), "examiner=? AND state=?"),
                    };
                    let from = if after.is_some() { format!(" AND ({column},number)>(?,?)") } else { String::new() };
                    let walk = format!("SEARCH queue USING COVERING INDEX {index} ({narrowed}{from})");
                    assert!(steps.contains(&walk), "{walk} {steps:#?}");
                    assert!(!steps.iter().any(|step| step.starts_with("SCAN queue")), "{steps:#?}");
                }
            }
        }
    }

    #[test]
    fn totals_are_read_by_their_key_and_what_is_found_by_its_place() {
        let connection = database();
        let all = QueueFilter { states: State::ALL.to_vec(), ..QueueFilter::default() };
        let narrowed = QueueFilter { awaiting_reply: Some(true), ..all.clone() };
        let dated = QueueFilter { due_before: Some(Date::FIRST), ..narrowed.clone() };
        for filter in [all.clone(), narrowed, dated] {
            let steps = steps(&connection, totals_statement("idris", &filter));
            assert!(steps[0].starts_with("SEARCH queue_counts USING PRIMARY KEY (state=? AND due_on"), "{steps:?}");
        }
        let words = Search::of("guichet");
        let found = steps(&connection, found_statement("idris", &all, &words));
        assert!(found.contains(&"SEARCH queue USING INTEGER PRIMARY KEY (rowid=?)".to_owned()), "{found:#?}");
        let number = Search::of("fc-2026-000123");
        let steps = steps(&connection, found_statement("idris", &all, &number));
        assert!(steps.iter().any(|step| step.contains("(number=?)")), "{steps:#?}");
    }
}
