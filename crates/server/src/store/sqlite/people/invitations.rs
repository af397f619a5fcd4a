//! Invitations to take part: sent to one address, followed once.

use habilitation_model::email::Email;
use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::lifecycle::{Kind, NamedPerson, Part};
use habilitation_model::rights::Action;
use habilitation_model::wire::{
    FollowedInvitation, INVITATIONS_MAX, InvitationList, InvitationToSend, Joining, Mail, Newcomer, OpenInvitation,
    PARTICIPANTS_MAX, ReceivedInvitation,
};
use habilitation_model::{ClosedList, Id};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use sha2::{Digest, Sha256};

use super::{PeopleScope, Told, known, owner_address, participant};
use crate::clock::{paris_day, rfc3339};
use crate::secret::Secret;
use crate::store::accounts::folded_email;
use crate::store::people::{Following, Made, full_name};
use crate::store::sqlite::access::Access;
use crate::store::sqlite::accounts::is_tie_verified;
use crate::store::sqlite::personal::{self, PersonalMail};
use crate::store::sqlite::values::{changed, corrupt, milliseconds, time};
use crate::store::{Quota, StoreFailure, StoreRefusal};

/// Most invitations that are told to the person to whom they were sent.
const TOLD_MAX: u32 = 100;

/// Invitation that is open.
struct Open {
    request: Id,
    id: Id,
    email: String,
    folded_email: String,
    part: Part,
    sent_at: i64,
    expires_at: Timestamp,
    newcomer: Option<String>,
    newcomer_email: Option<String>,
    newcomer_siren: Option<String>,
    newcomer_organisation: Option<String>,
}

const COLUMNS: &str =
    "invitations.request, invitations.id, email, folded_email, part, sent_at, expires_at, newcomer, newcomer_email,
    newcomer_siren, newcomer_organisation";

fn open(row: &Row<'_>) -> Result<Open, StoreFailure> {
    let id = |name| -> Result<Id, StoreFailure> {
        let text: String = row.get(name)?;
        Id::parse(&text).map_err(|_| corrupt("an identifier"))
    };
    let part: String = row.get("part")?;
    Ok(Open {
        request: id("request")?,
        id: id("id")?,
        email: row.get("email")?,
        folded_email: row.get("folded_email")?,
        part: Part::parse(&part).ok_or_else(|| corrupt("a part"))?,
        sent_at: row.get("sent_at")?,
        expires_at: time(row.get("expires_at")?)?,
        newcomer: row.get("newcomer")?,
        newcomer_email: row.get("newcomer_email")?,
        newcomer_siren: row.get("newcomer_siren")?,
        newcomer_organisation: row.get("newcomer_organisation")?,
    })
}

/// Person who joins, and the organisation for which they do.
struct Joiner<'a> {
    person: &'a str,
    siren: Option<&'a str>,
    organisation: &'a str,
}

impl PeopleScope<'_> {
    /// Returns the invitations of a request that are open, the oldest first.
    pub(super) fn open_invitations(&self, request: &Id) -> Result<Vec<OpenInvitation>, StoreFailure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM invitations
             WHERE request = ?1 AND token IS NOT NULL AND expires_at > ?2 ORDER BY sent_at, id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![request.as_str(), milliseconds(self.at)])?;
        let mut invitations = Vec::new();
        while let Some(row) = rows.next()? {
            invitations.push(self.told(open(row)?)?);
        }
        Ok(invitations)
    }

    fn told(&self, open: Open) -> Result<OpenInvitation, StoreFailure> {
        let to_confirm = match open.newcomer {
            Some(id) => {
                let known = known(self.connection, &id)?;
                Some(Newcomer {
                    id,
                    given_name: known.given_name,
                    family_name: known.family_name,
                    email: open.newcomer_email.unwrap_or_default(),
                    organisation: open.newcomer_organisation.unwrap_or_default(),
                })
            }
            None => None,
        };
        let expires_at = rfc3339(open.expires_at);
        let about = about(&open.request, &open.id);
        let undelivered = personal::did_not_arrive(self.connection, &about, Mail::Invitation)?;
        Ok(OpenInvitation { id: open.id, email: open.email, role: open.part, expires_at, to_confirm, undelivered })
    }

    /// Invites somebody.
    pub(in crate::store::sqlite) fn invite(
        &self,
        request: &Id,
        id: &Id,
        to_send: &InvitationToSend,
        secret: &Secret,
    ) -> Result<Made<OpenInvitation>, StoreRefusal> {
        self.access(request, Action::Invite)?;
        let email = match Email::parse(&to_send.email) {
            Ok(email) if to_send.role != Part::Owner => email.as_str().to_owned(),
            _ => return Err(StoreRefusal::Unfit(to_send.findings())),
        };
        let folded = folded_email(&email);
        let asked = asked(id, &folded, to_send.role);
        let sent = self.sent_before(request, id)?;
        let mut open = self.open_invitations(request)?;
        if let Some(sent) = sent {
            if sent.asked != asked {
                return Err(StoreRefusal::IdTaken);
            }
            let known = open.into_iter().find(|known| known.id == *id);
            // Somebody joined by it meanwhile: what was asked for is done.
            let done = || {
                let (id, role, expires_at) = (id.clone(), to_send.role, sent.expires_at);
                sent.is_joined.then_some(OpenInvitation {
                    id,
                    email,
                    role,
                    expires_at,
                    to_confirm: None,
                    undelivered: false,
                })
            };
            return known.or_else(done).map(Made::Before).ok_or(StoreRefusal::IdTaken);
        }
        self.note_sending("invitation")?;
        let same: Vec<Id> =
            open.extract_if(.., |known| folded_email(&known.email) == folded).map(|replaced| replaced.id).collect();
        if open.len() as u64 >= INVITATIONS_MAX {
            return Err(StoreRefusal::QuotaReached(Quota::Invitations));
        }
        if self.participants(request)? >= PARTICIPANTS_MAX {
            return Err(StoreRefusal::QuotaReached(Quota::Participants));
        }
        for replaced in same {
            self.close(request, &replaced)?;
        }
        let (part, expires_at) = (to_send.role, self.expiry());
        changed(
            self.connection,
            "INSERT INTO invitations (request, id, email, folded_email, part, token, sent_by, sent_at, expires_at, asked)
             VALUES (:request, :id, :email, :folded, :part, :token, :by, :at, :expires_at, :asked)",
            named_params! {
                ":request": request.as_str(), ":id": id.as_str(), ":email": email, ":folded": folded,
                ":part": part.as_str(), ":token": secret.hash(), ":by": self.person(), ":at": milliseconds(self.at),
                ":expires_at": milliseconds(expires_at), ":asked": asked,
            },
        )?;
        let facts = PersonalFacts {
            role: Some(part),
            until: Some(paris_day(expires_at)),
            ..self.facts(request, email.clone())?
        };
        self.write(request, id, Mail::Invitation, &facts, Some(secret))?;
        // The history stays for ever and is read by many: no address is in it.
        let person = NamedPerson { name: String::new(), role: Some(part), external: false };
        self.tell(request, Told { kind: Kind::Invited, person: Some(person), ..Told::default() })?;
        let expires_at = rfc3339(expires_at);
        let (id, role) = (id.clone(), part);
        Ok(Made::Now(OpenInvitation { id, email, role, expires_at, to_confirm: None, undelivered: false }))
    }

    /// Returns the invitation that had this name, if one did.
    fn sent_before(&self, request: &Id, id: &Id) -> Result<Option<Sent>, StoreFailure> {
        let sql = "SELECT asked, joiner IS NOT NULL, expires_at FROM invitations WHERE request = ?1 AND id = ?2";
        let parameters = params![request.as_str(), id.as_str()];
        let found: Option<([u8; 32], bool, i64)> = self
            .connection
            .prepare_cached(sql)?
            .query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let sent =
            |(asked, is_joined, expires_at)| Ok(Sent { asked, is_joined, expires_at: rfc3339(time(expires_at)?) });
        found.map(sent).transpose()
    }

    fn participants(&self, request: &Id) -> Result<u64, StoreFailure> {
        let sql = "SELECT count(*) FROM participants WHERE request = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([request.as_str()], |row| row.get(0))?)
    }

    fn write(
        &self,
        request: &Id,
        id: &Id,
        mail: Mail,
        facts: &PersonalFacts,
        secret: Option<&Secret>,
    ) -> Result<(), StoreFailure> {
        let mail = PersonalMail { mail, request: Some(request), about: &about(request, id), facts, secret };
        personal::post(self.connection, &mail, self.at)
    }

    fn close(&self, request: &Id, id: &Id) -> Result<bool, StoreFailure> {
        close(self.connection, request, id)
    }

    /// Takes an invitation back.
    pub(in crate::store::sqlite) fn take_back(&self, request: &Id, id: &Id) -> Result<(), StoreRefusal> {
        self.access(request, Action::Invite)?;
        if self.close(request, id)? { Ok(()) } else { Err(StoreRefusal::Absent) }
    }

    /// Returns the invitations and hand-overs that wait for the caller.
    pub(in crate::store::sqlite) fn received(&self) -> Result<InvitationList, StoreFailure> {
        if self.who.owner.portal().is_some() {
            return Ok(InvitationList::default());
        }
        let sql = "SELECT invitations.id, part, expires_at, given_name, family_name, people.organisation AS of_owner,
                          requests.organisation AS typed
                   FROM invitations JOIN requests ON requests.id = request LEFT JOIN people ON people.person = owner
                   WHERE folded_email = ?1 AND folded_email <> '' AND token IS NOT NULL AND expires_at > ?2
                       AND owner <> ?3 AND state <> 'archived'
                   ORDER BY sent_at LIMIT ?4";
        let folded = folded_email(&self.who.user.email);
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![folded, milliseconds(self.at), self.person(), TOLD_MAX])?;
        let mut invitations = Vec::new();
        while let Some(row) = rows.next()? {
            let text =
                |name| -> Result<String, StoreFailure> { Ok(row.get::<_, Option<String>>(name)?.unwrap_or_default()) };
            let (id, part, of_owner) = (text("id")?, text("part")?, text("of_owner")?);
            invitations.push(ReceivedInvitation {
                id: Id::parse(&id).map_err(|_| corrupt("an identifier"))?,
                by: full_name(&text("given_name")?, &text("family_name")?),
                organisation: if of_owner.is_empty() { text("typed")? } else { of_owner },
                role: Part::parse(&part).ok_or_else(|| corrupt("a part"))?,
                expires_at: rfc3339(time(row.get("expires_at")?)?),
            });
        }
        Ok(InvitationList { invitations, hand_overs: self.received_hand_overs()? })
    }

    /// Follows an invitation.
    pub(in crate::store::sqlite) fn follow(&self, following: &Following) -> Result<FollowedInvitation, StoreRefusal> {
        let Some(open) = self.to_follow(following)? else {
            let request = Some(self.joined_by(following)?.ok_or(StoreRefusal::Absent)?);
            return Ok(FollowedInvitation { state: Joining::Joined, request });
        };
        let siren = self.who.owner.siren();
        let (owner, of_request) = self.owner_and_siren(&open.request)?;
        let joined = |request: &Id| FollowedInvitation { state: Joining::Joined, request: Some(request.clone()) };
        let is_of_address = folded_email(&self.who.user.email) == open.folded_email;
        let takes_part = owner == self.person()
            || participant(self.connection, &open.request, self.person())?.is_some_and(|_| !is_of_address);
        // Whoever takes part already needs no invitation that was sent to somebody else.
        if takes_part {
            return Ok(joined(&open.request));
        }
        let is_believed = match following {
            Following::Link(_) => is_of_address,
            Following::Address(_, is_believed) => match siren.filter(|siren| Some(*siren) == of_request.as_deref()) {
                Some(siren) => *is_believed || is_tie_verified(self.connection, self.person(), siren)?,
                None => false,
            },
        };
        if is_believed {
            let joiner = Joiner { person: self.person(), siren, organisation: &self.who.organisation.name };
            self.join(&open, &joiner, of_request.as_deref())?;
            return Ok(joined(&open.request));
        }
        // An address of the invitation comes before another one; otherwise the first who comes waits.
        let is_free = is_of_address || open.newcomer.as_deref().is_none_or(|newcomer| newcomer == self.person());
        if !is_free {
            return Err(StoreRefusal::Absent);
        }
        if open.newcomer.as_deref() != Some(self.person()) {
            self.wait_for_owner(&open)?;
        }
        Ok(FollowedInvitation { state: Joining::ToConfirm, request: None })
    }

    /// Returns the open invitation that is followed.
    fn to_follow(&self, following: &Following) -> Result<Option<Open>, StoreFailure> {
        if self.who.owner.portal().is_some() {
            return Ok(None);
        }
        let which = match following {
            Following::Link(_) => "token = :token",
            Following::Address(..) => "folded_email = :email AND folded_email <> '' AND invitations.id = :id",
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM invitations JOIN requests ON requests.id = request
             WHERE {which} AND token IS NOT NULL AND expires_at > :at AND state <> 'archived' ORDER BY sent_at"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let at = milliseconds(self.at);
        let mut rows = match following {
            Following::Link(token) => statement.query(named_params! { ":token": token, ":at": at })?,
            Following::Address(id, _) => {
                let email = folded_email(&self.who.user.email);
                statement.query(named_params! { ":email": email, ":id": id.as_str(), ":at": at })?
            }
        };
        rows.next()?.map(open).transpose()
    }

    /// Returns the request in which the caller takes part by an invitation that they followed before: repeating that is harmless.
    fn joined_by(&self, following: &Following) -> Result<Option<Id>, StoreFailure> {
        let sql = "SELECT invitations.request FROM invitations
                   JOIN participants ON participants.request = invitations.request AND person = joiner
                   JOIN requests ON requests.id = invitations.request
                   WHERE joiner = ?1 AND expires_at > ?2 AND requests.state <> 'archived'
                       AND (followed = ?3 OR invitations.id = ?4)";
        let (token, id) = match following {
            Following::Link(token) => (Some(token), None),
            Following::Address(id, _) => (None, Some(id.as_str())),
        };
        if self.who.owner.portal().is_some() {
            return Ok(None);
        }
        let parameters = params![self.person(), milliseconds(self.at), token, id];
        let found: Option<String> =
            self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
        found.map(|id| Id::parse(&id).map_err(|_| corrupt("an identifier"))).transpose()
    }

    fn owner_and_siren(&self, request: &Id) -> Result<(String, Option<String>), StoreFailure> {
        let sql = "SELECT owner, siren FROM requests WHERE id = ?1";
        let parameters = [request.as_str()];
        Ok(self.connection.prepare_cached(sql)?.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Notes the caller as waiting for the owner's word, and writes to the owner.
    fn wait_for_owner(&self, open: &Open) -> Result<(), StoreFailure> {
        changed(
            self.connection,
            "UPDATE invitations
             SET newcomer = :person, newcomer_email = :email, newcomer_siren = :siren, newcomer_organisation = :organisation
             WHERE request = :request AND id = :id",
            named_params! {
                ":request": open.request.as_str(), ":id": open.id.as_str(), ":person": self.person(),
                ":email": self.who.user.email, ":siren": self.who.owner.siren(),
                ":organisation": self.who.organisation.name,
            },
        )?;
        let facts = PersonalFacts {
            invited: open.email.clone(),
            person: self.who.name(),
            person_email: self.who.user.email.clone(),
            person_organisation: self.who.organisation.name.clone(),
            role: Some(open.part),
            until: Some(paris_day(open.expires_at)),
            ..self.facts(&open.request, owner_address(self.connection, &open.request)?)?
        };
        self.write(&open.request, &open.id, Mail::InvitationToConfirm, &facts, None)
    }

    /// Lets a person take part by an invitation, which is over then.
    ///
    /// An invitation that was sent before they joined changes nothing of their part.
    fn join(&self, open: &Open, joiner: &Joiner<'_>, of_request: Option<&str>) -> Result<(), StoreRefusal> {
        let Joiner { person, siren, organisation } = *joiner;
        let is_new = participant(self.connection, &open.request, person)?.is_none();
        if is_new && self.participants(&open.request)? >= PARTICIPANTS_MAX {
            return Err(StoreRefusal::QuotaReached(Quota::Participants));
        }
        changed(
            self.connection,
            "INSERT INTO participants (request, person, part, siren, organisation, joined_at, updated_at, state, portal)
             SELECT id, :person, :part, :siren, :organisation, :at, updated_at, state, portal
             FROM requests WHERE id = :request
             ON CONFLICT (request, person) DO UPDATE SET part = excluded.part, siren = excluded.siren,
                 organisation = excluded.organisation WHERE joined_at < :sent_at",
            named_params! {
                ":request": open.request.as_str(), ":person": person, ":part": open.part.as_str(), ":siren": siren,
                ":organisation": organisation, ":at": milliseconds(self.at), ":sent_at": open.sent_at,
            },
        )?;
        let sql = "UPDATE invitations SET joiner = ?3, followed = token WHERE request = ?1 AND id = ?2";
        changed(self.connection, sql, params![open.request.as_str(), open.id.as_str(), person])?;
        self.close(&open.request, &open.id)?;
        let external = siren.zip(of_request).is_some_and(|(one, other)| one != other);
        let name = if person == self.person() { self.who.name() } else { known(self.connection, person)?.name() };
        let person = NamedPerson { name, role: Some(open.part), external };
        self.tell(&open.request, Told { kind: Kind::Joined, person: Some(person), ..Told::default() })
    }

    /// Lets a person take part who followed an invitation by another address, or turns them away.
    pub(in crate::store::sqlite) fn confirm(
        &self,
        request: &Id,
        person: &str,
        is_meant: bool,
    ) -> Result<(), StoreRefusal> {
        let access: Access = self.access(request, Action::Invite)?;
        let waiting = self.waiting(request, person)?;
        let takes_part = access.owner.person() == person || participant(self.connection, request, person)?.is_some();
        match waiting {
            Some(open) if is_meant && !takes_part => {
                let organisation = open.newcomer_organisation.clone().unwrap_or_default();
                let siren = open.newcomer_siren.clone();
                let joiner = Joiner { person, siren: siren.as_deref(), organisation: &organisation };
                self.join(&open, &joiner, access.siren.as_deref())
            }
            Some(open) => Ok(self.close(request, &open.id).map(drop)?),
            None if is_meant && takes_part => Ok(()),
            None => Err(StoreRefusal::Absent),
        }
    }

    /// Returns the open invitation by which a person waits.
    fn waiting(&self, request: &Id, person: &str) -> Result<Option<Open>, StoreFailure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM invitations
             WHERE request = ?1 AND newcomer = ?2 AND token IS NOT NULL AND expires_at > ?3 ORDER BY sent_at"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![request.as_str(), person, milliseconds(self.at)])?;
        rows.next()?.map(open).transpose()
    }
}

/// Invitation that was sent under a name.
struct Sent {
    asked: [u8; 32],
    is_joined: bool,
    /// Time after which it opens nothing (RFC 3339).
    expires_at: String,
}

/// Returns the address to which an invitation was sent that can still be followed.
pub(super) fn invited_address(
    connection: &Connection,
    token: [u8; 32],
    at: Timestamp,
) -> Result<Option<String>, StoreFailure> {
    let sql = "SELECT email FROM invitations JOIN requests ON requests.id = request
               WHERE token = ?1 AND expires_at > ?2 AND state <> 'archived'";
    Ok(connection.prepare_cached(sql)?.query_row(params![token, milliseconds(at)], |row| row.get(0)).optional()?)
}

/// Returns the hash of what an invitation asks for, by which a repeated call is told from another one.
fn asked(id: &Id, folded_email: &str, part: Part) -> [u8; 32] {
    let parts = [id.as_str(), folded_email, part.as_str()];
    parts.into_iter().fold(Sha256::new(), |hash, part| hash.chain_update(part).chain_update([0])).finalize().into()
}

/// Ends an invitation: its link opens nothing, and nothing tells to whom it was sent. Returns whether there ever was such a one.
fn close(connection: &Connection, request: &Id, id: &Id) -> Result<bool, StoreFailure> {
    let sql = "UPDATE invitations
               SET email = '', folded_email = '', token = NULL, newcomer = NULL, newcomer_email = NULL,
                   newcomer_siren = NULL, newcomer_organisation = NULL
               WHERE request = ?1 AND id = ?2";
    let is_known = changed(connection, sql, params![request.as_str(), id.as_str()])? > 0;
    personal::take_back(connection, &about(request, id))?;
    Ok(is_known)
}

/// Ends the open invitations to a request that were sent to a person, or by which they wait.
pub(super) fn close_those_to(connection: &Connection, request: &Id, person: &str) -> Result<(), StoreFailure> {
    let folded = folded_email(&known(connection, person)?.email);
    let sql = "SELECT id FROM invitations
               WHERE request = ?1 AND token IS NOT NULL AND (newcomer = ?2 OR (folded_email = ?3 AND ?3 <> ''))";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![request.as_str(), person, folded], |row| row.get::<_, String>(0))?;
    for id in rows.collect::<Result<Vec<_>, _>>()? {
        close(connection, request, &Id::parse(&id).map_err(|_| corrupt("an identifier"))?)?;
    }
    Ok(())
}

/// Returns the name of an invitation among the mails.
fn about(request: &Id, id: &Id) -> String {
    [request.as_str(), "/", id.as_str()].concat()
}
