//! Made-up requests of a demonstration, one in each state. What is done to them is done as people do it.

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
        let said = |kind| Act { text: "Ceci est un exemple.".into(), ..Act::new(kind) };
        let remark =
            Remark { pointer: Field::Description.pointer(), text: "Quelles démarches, exactement\u{a0}?".into() };
        let asked = Act { remarks: vec![remark], ..said(Kind::ChangesRequested) };
        let revoked = Act { ground: Some(Ground::AtRequest), ..said(Kind::Revoked) };
        let accepted = || Act::new(Kind::Accepted);
        let withdrawn = || Act::new(Kind::Withdrawn);
        self.begin(answers, "à envoyer")?;
        self.send(answers, "à examiner", &[])?;
        self.send(answers, "à compléter", &[asked])?;
        self.send(answers, "acceptée", &[accepted()])?;
        self.send(answers, "refusée", &[said(Kind::Refused)])?;
        self.send(answers, "retirée", &[withdrawn()])?;
        self.send(answers, "révoquée", &[accepted(), revoked])?;
        self.send(answers, "archivée", &[withdrawn(), Act::new(Kind::Archived)])
    }

    /// Begins a request with answers, under a name of its own.
    fn begin(&self, answers: &Draft, name: &str) -> Result<Id, ApiError> {
        let (id, mut draft) = ((self.new_id)(), answers.clone());
        draft.project.name = ["Exemple\u{a0}: demande ", name].concat().as_str().into();
        self.store.save(&id, None, &draft, 0, self.now)?;
        Ok(id)
    }

    /// Sends a request, then does acts on it.
    fn send(&self, answers: &Draft, name: &str, acts: &[Act]) -> Result<(), ApiError> {
        let Self { store, new_id, now, .. } = *self;
        let mut draft = answers.clone();
        draft.organisation.member = true;
        draft.terms.accepted = true;
        draft.terms.dpo_informed = true;
        draft.terms.alternative_offered = true;
        let id = self.begin(&draft, name)?;
        store.submit(&id, 1, &new_id(), &SubmissionBody::default(), now)?;
        for (place, act) in acts.iter().enumerate() {
            self.act(&id, 2 + place as u64, act)?;
        }
        Ok(())
    }

    /// Does an act over a revision, as the side that may do it.
    fn act(&self, id: &Id, revision: u64, act: &Act) -> Result<(), ApiError> {
        let Self { store, member, team, new_id, now } = *self;
        if matches!(act.kind, Kind::Withdrawn | Kind::Archived) {
            return store.act(id, &new_id(), Some(revision), act, now).map(|_| ());
        }
        let (act, event) = (Act { seen: Some(1), ..act.clone() }, new_id());
        let to_make = ToMake { event: &event, revision: Some(revision), act: &act, member, team };
        store.act_for_team(id, &to_make, now).map(|_| ())
    }
}
