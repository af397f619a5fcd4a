//! Made-up requests of a demonstration, one in each state that the team sees.

use super::team::ToMake;
use super::{LocalStore, RecordStorage};
use crate::api::ApiError;
use crate::model::wire::{Act, Ground, Kind, Remark, SubmissionBody, TeamMember};
use crate::model::{Draft, Field, Id};

/// Maker of examples.
pub struct Examples<'a, D: RecordStorage> {
    /// Store to which they are added.
    pub store: &'a LocalStore<D>,
    /// Examiner who acted on them.
    pub member: &'a TeamMember,
    /// Members of the team.
    pub team: &'a [TeamMember],
    /// Makes an identifier.
    pub new_id: fn() -> Id,
    /// Moment of the examples.
    pub now: &'a str,
}

impl<D: RecordStorage> Examples<'_, D> {
    /// Adds the examples, with the answers of a draft.
    pub fn add(&self, answers: &Draft) -> Result<(), ApiError> {
        let mut draft = answers.clone();
        draft.organisation.member = true;
        draft.terms.accepted = true;
        draft.terms.dpo_informed = true;
        draft.terms.alternative_offered = true;
        let text = "Ceci est un exemple.";
        let said = |kind| Act { text: text.into(), ..Act::new(kind) };
        let remark =
            Remark { pointer: Field::Description.pointer(), text: "Quelles démarches, exactement\u{a0}?".into() };
        let asked = Act { remarks: vec![remark], ..said(Kind::ChangesRequested) };
        let revoked = Act { ground: Some(Ground::AtRequest), ..said(Kind::Revoked) };
        let accepted = || Act::new(Kind::Accepted);
        let examples = [
            ("À examiner", vec![]),
            ("À compléter", vec![asked]),
            ("Acceptée", vec![accepted()]),
            ("Refusée", vec![said(Kind::Refused)]),
            ("Révoquée", vec![accepted(), revoked]),
        ];
        for (name, acts) in examples {
            draft.project.name = ["Exemple\u{a0}: ", name].concat().as_str().into();
            self.add_one(&draft, &acts)?;
        }
        Ok(())
    }

    fn add_one(&self, draft: &Draft, acts: &[Act]) -> Result<(), ApiError> {
        let Self { store, member, team, new_id, now } = *self;
        let id = new_id();
        store.save(&id, None, draft, 0, now)?;
        store.submit(&id, 1, &new_id(), &SubmissionBody::default(), now)?;
        for (place, act) in acts.iter().enumerate() {
            let (act, event) = (Act { seen: Some(1), ..act.clone() }, new_id());
            let revision = Some(2 + place as u64);
            store.act_for_team(&id, &ToMake { event: &event, revision, act: &act, member, team }, now)?;
        }
        Ok(())
    }
}
