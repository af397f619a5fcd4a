//! Recoveries: colleagues who ask for requests whose owner does not answer for them any more.
//!
//! A call is kept before anything is looked up, so that neither the answer nor its time tells what is there. The owner then has
//! [15 days](ANSWER_DAYS); silence, or mails that come back, leave it to the team, or to the operator where nothing was sent yet.
//! Their grants may be contested for [30 days](CONTEST_DAYS).

use async_trait::async_trait;
use habilitation_model::Id;
use habilitation_model::lifecycle::By;
use habilitation_model::wire::{RecoveriesToDecide, RecoveryDecision, RecoveryList, RecoveryToAsk};
use jiff::{SignedDuration, Timestamp};

use super::{StoreFailure, StoreRefusal};
use crate::team::Member;

/// Days in which the owner may answer.
pub(crate) const ANSWER_DAYS: i32 = 15;
/// Days after the call on which the owner is reminded.
pub(crate) const REMINDER_DAYS: [i32; 3] = [1, 7, 14];
/// Days in which a former owner may contest.
pub(crate) const CONTEST_DAYS: i32 = 30;
/// Time in which one person asks once.
pub(crate) const ASKED_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Most drafts that one call asks for, the last touched first.
pub(crate) const DRAFTS_MAX: u32 = 20;
/// Most recoveries that are listed at once.
pub(crate) const LISTED_MAX: u32 = 100;

/// Person who asks, as they are signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asker {
    /// Identifier of the person.
    pub(crate) person: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: String,
    /// Name of the organisation.
    pub(crate) organisation: String,
    /// Number of the organisation; none where it is not known.
    pub(crate) siren: Option<String>,
    /// Set for a made-up person, whose tie to their organisation needs no proof.
    pub(crate) is_made_up: bool,
}

/// Whoever decides where the owner does not.
#[derive(Clone, Debug)]
pub(crate) enum Decider {
    /// Member of the team, for requests that were sent.
    Team(Member),
    /// Operator of the program, for drafts that never were.
    Operator(By),
}

/// E-mail addresses of those who decide; empty where none is set.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeciderAddresses {
    pub(crate) team: String,
    pub(crate) operator: String,
}

/// Calls for requests whose owner does not answer for them.
#[async_trait]
pub(crate) trait Recoveries: Send + Sync {
    /// Keeps a call. Nothing is looked up, whatever it asks for.
    ///
    /// Refuses: `Absent` (the tie to the organisation is not verified), `TooManyActs` (they asked less than a week ago).
    async fn ask(&self, asker: &Asker, call: &RecoveryToAsk, at: Timestamp) -> Result<(), StoreRefusal>;

    /// Looks up what the calls ask for that were kept, and writes to the owners.
    async fn look_up(&self, at: Timestamp) -> Result<(), StoreFailure>;

    /// Returns the recoveries that a person may answer. Whoever has a verified tie is told how many drafts their organisation has.
    async fn recoveries(&self, asker: &Asker) -> Result<RecoveryList, StoreFailure>;

    /// Takes the answer of the owner, or of the former one.
    ///
    /// Refuses: `Absent`.
    async fn answer(&self, person: &str, id: &Id, allow: bool, at: Timestamp) -> Result<(), StoreRefusal>;

    /// Returns the recoveries that wait for a decision of the team.
    async fn to_decide(&self, member: &Member) -> Result<RecoveriesToDecide, StoreFailure>;

    /// Writes to the team, or to the operator about drafts, what began to wait for them. Each is told once for each time that it
    /// waits. Returns the number of those that nobody is told, since there is no address: they are told once there is one.
    async fn tell_deciders(&self, addresses: &DeciderAddresses, at: Timestamp) -> Result<u32, StoreFailure>;

    /// Decides where the owner did not answer, or contests.
    ///
    /// Refuses, in this order: `Absent`, `ReadOnly`, `OwnRequest`.
    async fn decide(
        &self,
        decider: &Decider,
        id: &Id,
        decision: &RecoveryDecision,
        at: Timestamp,
    ) -> Result<(), StoreRefusal>;
}
