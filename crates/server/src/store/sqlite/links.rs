//! The tables of links about accounts, and of subjects that were refused.

use habilitation_model::Id;
use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::wire::Mail;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::account_rows::{COLUMNS, is_of_team, read};
use super::personal::{PersonalMail, post};
use super::values::{changed, corrupt, milliseconds};
use crate::clock::paris_day;
use crate::identification::Identification;
use crate::secret::Secret;
use crate::store::StoreFailure;
use crate::store::accounts::{Account, AskedAccount, Followed, LinkKind, Moved, PREFIX, Visitor, folded_email};

/// Most links of a day by which one subject asks for an account, and to one account.
const ASKED_A_DAY: u64 = 3;

const REFUSE: &str = "refuse";
const MOVE: &str = "move";

fn name(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Refuse => REFUSE,
        LinkKind::Move => MOVE,
    }
}

fn insert(
    connection: &Connection,
    kind: LinkKind,
    account: &Account,
    (issuer, subject): (&str, &str),
    token: &Secret,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    // Whoever adds a link clears away those that are of no use any more.
    for kind in [LinkKind::Refuse, LinkKind::Move] {
        let sql = "DELETE FROM account_links WHERE kind = ?1 AND made_at < ?2";
        changed(connection, sql, params![name(kind), milliseconds(begin(kind, at))])?;
    }
    let sql = "INSERT INTO account_links (key, kind, account, iss, sub, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let key = token.hash();
    changed(connection, sql, params![key, name(kind), account.id.as_str(), issuer, subject, milliseconds(at)])?;
    Ok(())
}

/// Returns the time since which links of a kind are good.
fn begin(kind: LinkKind, at: Timestamp) -> Timestamp {
    at.saturating_sub(kind.lifetime()).unwrap_or(Timestamp::MIN)
}

/// Tells the address of an account that a subject was added, with the link that takes it out again.
pub(super) fn tell_of_subject(
    connection: &Connection,
    account: &Account,
    visitor: &Visitor,
    (to, token): (&str, &Secret),
    at: Timestamp,
) -> Result<(), StoreFailure> {
    insert(connection, LinkKind::Refuse, account, (&visitor.issuer, &visitor.subject), token, at)?;
    let facts = PersonalFacts { to: to.to_owned(), on: Some(paris_day(at)), ..PersonalFacts::default() };
    write(connection, Mail::SubjectLinked, account, &facts, Some(token), at)
}

/// Tells the former address of an account and the new one that it changed.
pub(super) fn tell_of_address(
    connection: &Connection,
    account: &Account,
    former: &str,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    for to in [former, &account.email] {
        let facts = PersonalFacts {
            to: to.to_owned(),
            invited: former.to_owned(),
            person_email: account.email.clone(),
            ..PersonalFacts::default()
        };
        write(connection, Mail::AddressChanged, account, &facts, None, at)?;
    }
    Ok(())
}

fn write(
    connection: &Connection,
    mail: Mail,
    account: &Account,
    facts: &PersonalFacts,
    secret: Option<&Secret>,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    post(connection, &PersonalMail { mail, request: None, about: &account.person(), facts, secret }, at)
}

/// Returns whether the person of an account said that a subject is not theirs.
pub(super) fn is_refused(connection: &Connection, visitor: &Visitor, account: &Account) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM refused_subjects WHERE iss = ?1 AND sub = ?2 AND account = ?3";
    Ok(connection.prepare_cached(sql)?.exists(params![visitor.issuer, visitor.subject, account.id.as_str()])?)
}

/// Sends a link to the address of an earlier account: that which was used last, of several. Where either is of the team, none is sent.
pub(super) fn ask(connection: &Connection, asked: &AskedAccount) -> Result<(), StoreFailure> {
    let AskedAccount { by, name: who, email, former_email, token, at, team } = asked;
    let sql = format!(
        "SELECT {COLUMNS} FROM accounts
         WHERE folded_email = ?1
             AND id NOT IN (SELECT account FROM account_subjects WHERE iss = ?2 AND sub = ?3)
             AND id NOT IN (SELECT account FROM refused_subjects WHERE iss = ?2 AND sub = ?3)
         ORDER BY seen_at DESC LIMIT 1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![folded_email(former_email), by.issuer, by.subject])?;
    let Some(account) = rows.next()?.map(read).transpose()? else { return Ok(()) };
    let is_member = team.iter().any(|listed| listed.issuer == by.issuer && listed.subject == by.subject);
    if is_member || is_of_team(connection, &account, team)? {
        return Ok(());
    }
    let since = milliseconds(begin(LinkKind::Move, *at));
    let of_subject =
        "SELECT count(*) FROM account_links WHERE kind = 'move' AND iss = ?1 AND sub = ?2 AND made_at >= ?3";
    let by_subject: u64 = connection.query_row(of_subject, params![by.issuer, by.subject, since], |row| row.get(0))?;
    let of_account = "SELECT count(*) FROM account_links WHERE kind = 'move' AND account = ?1 AND made_at >= ?2";
    let to_account: u64 = connection.query_row(of_account, params![account.id.as_str(), since], |row| row.get(0))?;
    if by_subject.max(to_account) >= ASKED_A_DAY {
        return Ok(());
    }
    insert(connection, LinkKind::Move, &account, (&by.issuer, &by.subject), token, *at)?;
    let facts = PersonalFacts {
        to: account.email.clone(),
        by: who.clone(),
        by_email: email.clone(),
        ..PersonalFacts::default()
    };
    write(connection, Mail::FormerAccount, &account, &facts, Some(token), *at)
}

/// Link that is good.
struct Link {
    kind: LinkKind,
    account: Id,
    issuer: String,
    subject: String,
}

fn find(connection: &Connection, key: [u8; 32], at: Timestamp) -> Result<Option<Link>, StoreFailure> {
    let sql = "SELECT kind, account, iss, sub, made_at FROM account_links WHERE key = ?1";
    type Columns = (String, String, String, String, i64);
    let row = connection
        .prepare_cached(sql)?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let Some((kind, account, issuer, subject, made_at)): Option<Columns> = row else { return Ok(None) };
    let kind = match kind.as_str() {
        REFUSE => LinkKind::Refuse,
        MOVE => LinkKind::Move,
        _ => return Err(corrupt("a link")),
    };
    let account = Id::parse(&account).map_err(|_| corrupt("an account"))?;
    let is_good = made_at > milliseconds(begin(kind, at));
    Ok(is_good.then_some(Link { kind, account, issuer, subject }))
}

/// Returns the effect of a link; none where it is unknown, used or old.
pub(super) fn kind(connection: &Connection, key: [u8; 32], at: Timestamp) -> Result<Option<LinkKind>, StoreFailure> {
    Ok(find(connection, key, at)?.map(|link| link.kind))
}

/// Follows a link, for a person who is signed in by this identification.
pub(super) fn follow(
    connection: &Connection,
    key: [u8; 32],
    by: Option<&Identification>,
    at: Timestamp,
) -> Result<Followed, StoreFailure> {
    let Some(Link { kind, account, issuer, subject }) = find(connection, key, at)? else {
        return Ok(Followed::Nothing);
    };
    let of_subject = "SELECT account FROM account_subjects WHERE iss = ?1 AND sub = ?2";
    let has: Option<String> =
        connection.prepare_cached(of_subject)?.query_row([&issuer, &subject], |row| row.get(0)).optional()?;
    if kind == LinkKind::Move {
        // The mail alone would let a stranger be given the account of whoever presses: it takes the session of who asked, too.
        if by.is_none_or(|by| by.issuer != issuer || by.subject != subject) {
            return Ok(Followed::NotTheirs);
        }
        let owns = "SELECT 1 FROM requests WHERE owner = ?1 || ?2";
        if connection.prepare_cached(owns)?.exists(params![PREFIX, has.as_deref().unwrap_or_default()])? {
            return Ok(Followed::HasRequests);
        }
    }
    changed(connection, "DELETE FROM account_links WHERE key = ?1", [key])?;
    end_sessions(connection, &issuer, &subject)?;
    let person = [PREFIX, account.as_str()].concat();
    if kind == LinkKind::Refuse {
        let sql = "DELETE FROM account_subjects WHERE iss = ?1 AND sub = ?2 AND account = ?3";
        changed(connection, sql, params![issuer, subject, account.as_str()])?;
        let sql = "INSERT INTO refused_subjects (iss, sub, account) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        changed(connection, sql, params![issuer, subject, account.as_str()])?;
        return Ok(Followed::Refused(Moved { issuer, subject, person }));
    }
    let sql = "INSERT INTO account_subjects (iss, sub, account, added_at) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (iss, sub) DO UPDATE SET account = excluded.account, added_at = excluded.added_at";
    changed(connection, sql, params![issuer, subject, account.as_str(), milliseconds(at)])?;
    // Who presses the link reads the mails of that account: it is used.
    changed(connection, "UPDATE accounts SET seen_at = ?2 WHERE id = ?1", params![account.as_str(), milliseconds(at)])?;
    Ok(Followed::Moved(Moved { issuer, subject, person }))
}

/// Ends the sessions that began with a subject, with their grants and the sessions of portals that they granted.
fn end_sessions(connection: &Connection, issuer: &str, subject: &str) -> Result<(), StoreFailure> {
    let theirs = "SELECT key FROM sessions
                  WHERE identification ->> '$.issuer' = ?1 AND identification ->> '$.subject' = ?2";
    for sql in [
        format!("DELETE FROM grants WHERE given_by IN ({theirs})"),
        format!("DELETE FROM sessions WHERE given_by IN ({theirs})"),
        format!("DELETE FROM sessions WHERE key IN ({theirs})"),
    ] {
        changed(connection, &sql, [issuer, subject])?;
    }
    Ok(())
}
