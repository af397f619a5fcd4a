//! Handing a request over: its owner names a participant of the same organisation, who accepts.

use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::lifecycle::{Kind, NamedPerson, Part};
use habilitation_model::rights::Action;
use habilitation_model::wire::{HandOverToOffer, Mail, ReceivedHandOver};
use habilitation_model::{Id, Text};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, named_params, params};

use super::{PeopleScope, Told, known, owner_address, participant, transfer};
use crate::clock::{paris_day, rfc3339};
use crate::store::people::{Made, full_name};
use crate::store::sqlite::personal::{self, PersonalMail};
use crate::store::sqlite::values::{changed, corrupt, milliseconds, time};
use crate::store::{Hindrance, StoreFailure, StoreRefusal};

/// Most hand-overs that are told.
const TOLD_MAX: u32 = 100;

impl PeopleScope<'_> {
    /// Returns the person who may accept a request, and until when.
    pub(super) fn open_hand_over(&self, request: &Id) -> Result<Option<(String, Timestamp)>, StoreFailure> {
        let sql = "SELECT person, expires_at FROM hand_overs WHERE request = ?1 AND expires_at > ?2";
        let parameters = params![request.as_str(), milliseconds(self.at)];
        let found: Option<(String, i64)> = self
            .connection
            .prepare_cached(sql)?
            .query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        found.map(|(person, expires_at)| Ok((person, time(expires_at)?))).transpose()
    }

    /// Names the participant who is to own a request.
    pub(in crate::store::sqlite) fn offer(
        &self,
        request: &Id,
        offer: &HandOverToOffer,
    ) -> Result<Made<()>, StoreRefusal> {
        let access = self.access(request, Action::HandOver)?;
        let HandOverToOffer { to, text } = offer;
        let is_colleague = match participant(self.connection, request, to)? {
            // Where that of the request is not known, it is the owner's.
            Some((_, siren)) => {
                siren.is_some() && siren.as_deref() == access.siren.as_deref().or(self.who.owner.siren())
            }
            None => false,
        };
        let findings = offer.findings(is_colleague);
        if !findings.is_empty() {
            return Err(StoreRefusal::Unfit(findings));
        }
        if self.open_hand_over(request)?.is_some_and(|(person, _)| person == *to) {
            return Ok(Made::Before(()));
        }
        self.note_sending("hand_over")?;
        let expires_at = self.expiry();
        changed(
            self.connection,
            "INSERT INTO hand_overs (request, person, reason, offered_at, expires_at)
             VALUES (:request, :person, :reason, :at, :expires_at)
             ON CONFLICT (request) DO UPDATE SET person = excluded.person, reason = excluded.reason,
                 offered_at = excluded.offered_at, expires_at = excluded.expires_at",
            named_params! {
                ":request": request.as_str(), ":person": to, ":reason": text.lines(),
                ":at": milliseconds(self.at), ":expires_at": milliseconds(expires_at),
            },
        )?;
        let about = about(request);
        personal::take_back(self.connection, &about)?;
        let facts = PersonalFacts {
            text: Text::from(text.lines().as_str()),
            until: Some(paris_day(expires_at)),
            ..self.facts(request, known(self.connection, to)?.email)?
        };
        self.write_about(request, &about, Mail::HandOverOffered, &facts)?;
        Ok(Made::Now(()))
    }

    fn write_about(&self, request: &Id, about: &str, mail: Mail, facts: &PersonalFacts) -> Result<(), StoreFailure> {
        let mail = PersonalMail { mail, request: Some(request), about, facts, secret: None };
        personal::post(self.connection, &mail, self.at)
    }

    /// Takes back that somebody is to own a request.
    pub(in crate::store::sqlite) fn withdraw_offer(&self, request: &Id) -> Result<(), StoreRefusal> {
        self.access(request, Action::HandOver)?;
        changed(self.connection, "DELETE FROM hand_overs WHERE request = ?1", [request.as_str()])?;
        Ok(personal::take_back(self.connection, &about(request))?)
    }

    /// Makes the caller the owner of a request.
    pub(in crate::store::sqlite) fn accept(&self, request: &Id) -> Result<(), StoreRefusal> {
        let access = self.access(request, Action::Read)?;
        if access.part == Part::Owner {
            return Ok(());
        }
        let is_offered = self.open_hand_over(request)?.is_some_and(|(person, _)| person == self.person());
        if !is_offered {
            return Err(StoreRefusal::Absent);
        }
        let of_caller = participant(self.connection, request, self.person())?.and_then(|(_, siren)| siren);
        let siren = access.siren.as_deref().or(of_caller.as_deref());
        if access.is_elsewhere || siren.is_none() || siren != self.who.owner.siren() {
            return Err(StoreRefusal::NotPermitted(Hindrance::Elsewhere));
        }
        if access.condition.is_contestable {
            return Err(StoreRefusal::NotPermitted(Hindrance::Contestable));
        }
        let sql = "SELECT reason FROM hand_overs WHERE request = ?1";
        let reason: String = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([request.as_str()], |row| row.get(0)))
            .map_err(StoreFailure::from)?;
        // It was compared with the owner's when the request was offered.
        let sql = "UPDATE requests SET siren = ?2 WHERE id = ?1 AND siren IS NULL";
        changed(self.connection, sql, params![request.as_str(), siren])?;
        let former_address = owner_address(self.connection, request)?;
        let former = transfer(self.connection, request, self.person(), Some(Part::Reader), self.at)?;
        let former = known(self.connection, &former)?;
        let name = self.who.name();
        let told = Told {
            kind: Kind::HandedOver,
            person: Some(NamedPerson { name: name.clone(), role: Some(Part::Owner), external: false }),
            former: Some(former.name()),
            text: Text::from(reason.as_str()),
            ..Told::default()
        };
        self.tell(request, told)?;
        let on = Some(paris_day(self.at));
        let to_former = PersonalFacts {
            person: name,
            person_organisation: self.who.organisation.name.clone(),
            on,
            ..self.facts(request, former_address)?
        };
        let about = ["handed-over/", request.as_str()].concat();
        self.write_about(request, &about, Mail::HandedOver, &to_former)?;
        let to_new = PersonalFacts {
            by: former.name(),
            by_organisation: former.organisation,
            on,
            ..self.facts(request, self.who.user.email.clone())?
        };
        Ok(self.write_about(request, &about, Mail::NewOwner, &to_new)?)
    }

    /// Returns the requests that are handed over to the caller.
    pub(super) fn received_hand_overs(&self) -> Result<Vec<ReceivedHandOver>, StoreFailure> {
        let sql = "SELECT request, number, name, expires_at, given_name, family_name
                   FROM hand_overs JOIN requests ON requests.id = request LEFT JOIN people ON people.person = owner
                   WHERE hand_overs.person = ?1 AND expires_at > ?2 AND state <> 'archived' ORDER BY offered_at LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![self.person(), milliseconds(self.at), TOLD_MAX])?;
        let mut received = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get("request")?;
            let text =
                |name| -> Result<String, StoreFailure> { Ok(row.get::<_, Option<String>>(name)?.unwrap_or_default()) };
            received.push(ReceivedHandOver {
                request: Id::parse(&id).map_err(|_| corrupt("an identifier"))?,
                number: row.get("number")?,
                name: row.get("name")?,
                by: full_name(&text("given_name")?, &text("family_name")?),
                expires_at: rfc3339(time(row.get("expires_at")?)?),
            });
        }
        Ok(received)
    }
}

/// Returns the name of an offer to hand a request over among the mails.
pub(super) fn about(request: &Id) -> String {
    ["hand-over/", request.as_str()].concat()
}
