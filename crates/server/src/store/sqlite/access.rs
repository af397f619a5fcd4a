//! Access to requests: the one place that finds out which part a person has in a request, and asks what they may do there.

use habilitation_model::lifecycle::{Part, Standing, State};
use habilitation_model::rights::{Action, Actor, Caller, Condition, allows, allows_in_some_state};
use habilitation_model::{ClosedList, Id};
use rusqlite::{Connection, named_params};

use super::contest;
use super::values::corrupt;
use crate::portal::Portal;
use crate::store::{Hindrance, Owner, StoreFailure, StoreRefusal};

/// Access of a person to a request in which they take part.
pub(super) struct Access {
    /// Owner of the request, as they would come the way that the person comes.
    pub(super) owner: Owner,
    pub(super) part: Part,
    /// Set where the person is signed in for another organisation than the one for which they take part.
    pub(super) is_elsewhere: bool,
    /// Number of the organisation to which the request belongs, where it is known.
    pub(super) siren: Option<String>,
    pub(super) condition: Condition,
    caller: Caller,
}

/// Finds the access of a person to a request; none where they take no part in it. Through a portal, there is none to what was begun
/// elsewhere.
pub(super) fn find(connection: &Connection, who: &Owner, request: &Id) -> Result<Option<Access>, StoreFailure> {
    let sql = "SELECT requests.owner, requests.siren, requests.state, requests.number IS NOT NULL AS was_submitted,
                      participants.part, participants.siren AS own_siren
               FROM requests LEFT JOIN participants ON participants.request = requests.id AND participants.person = :person
               WHERE requests.id = :id AND (requests.owner = :person OR participants.part IS NOT NULL)
                   AND (:portal IS NULL OR requests.portal = :portal)";
    let mut statement = connection.prepare_cached(sql)?;
    let portal = who.portal().map(Portal::as_str);
    let mut rows =
        statement.query(named_params! { ":id": request.as_str(), ":person": who.person(), ":portal": portal })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let owner: String = row.get("owner")?;
    let (siren, state): (Option<String>, String) = (row.get("siren")?, row.get("state")?);
    let (part, own_siren) = if owner == who.person() {
        (Part::Owner, siren.clone())
    } else {
        let part: String = row.get("part")?;
        (Part::parse(&part).ok_or_else(|| corrupt("a part"))?, row.get("own_siren")?)
    };
    let state = State::parse(&state).ok_or_else(|| corrupt("a state"))?;
    let is_elsewhere = is_elsewhere(own_siren.as_deref(), who);
    Ok(Some(Access {
        owner: who.standing_for(owner),
        part,
        is_elsewhere,
        siren,
        // No right of those who take part depends on a habilitation.
        condition: Condition {
            standing: Standing { state, is_habilitated: false, was_submitted: row.get("was_submitted")? },
            is_contestable: contest::is_contestable(connection, request)?,
        },
        caller: Caller {
            acts_for_organisation: !is_elsewhere,
            is_through_portal: who.portal().is_some(),
            ..Caller::of(Actor::Participant(part))
        },
    }))
}

/// Returns whether a person is signed in for another organisation than the one for which they take part. One that is not known
/// restricts nobody.
pub(super) fn is_elsewhere(siren: Option<&str>, who: &Owner) -> bool {
    siren.is_some_and(|siren| who.siren() != Some(siren))
}

impl Access {
    pub(super) fn allows(&self, action: Action) -> bool {
        allows(&self.caller, action, &self.condition)
    }

    /// Refuses an action that the person may not do in any state of the request.
    pub(super) fn check(&self, action: Action) -> Result<(), StoreRefusal> {
        let Condition { is_contestable, .. } = self.condition;
        if allows_in_some_state(&self.caller, action, is_contestable) {
            return Ok(());
        }
        let at_home = Caller { acts_for_organisation: true, ..self.caller };
        Err(StoreRefusal::NotPermitted(if allows_in_some_state(&at_home, action, is_contestable) {
            Hindrance::Elsewhere
        } else if allows_in_some_state(&self.caller, action, false) {
            Hindrance::Contestable
        } else {
            Hindrance::Part
        }))
    }

    /// Refuses an action that the person may not do in the present state of the request.
    pub(super) fn check_now(&self, action: Action) -> Result<(), StoreRefusal> {
        self.check(action)?;
        if self.allows(action) { Ok(()) } else { Err(StoreRefusal::WrongState(self.condition.standing.state)) }
    }
}
