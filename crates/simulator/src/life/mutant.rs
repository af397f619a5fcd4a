//! Mutants of the server: what the simulation of a request's life has to catch.
//!
//! A mutant changes the server around the model, never the model itself, so that shipped code knows no mutants.

/// Defect that the simulation is given on purpose, which it has to catch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// An examiner decides without having seen what the applicant wrote.
    DecidesUnseen,
    /// An act that moves the state is made whatever revision it names.
    DecidesStale,
    /// A call that comes a second time makes its act a second time.
    ActsAgain,
    /// An identifier that was used stands for whatever act comes with it.
    TakesAnyId,
    /// A submission that comes a second time is answered as taken, though the team has decided meanwhile.
    AnswersOutrun,
    /// A refusal puts the answers that were sent back into the draft.
    RestoresDraft,
    /// The clock takes a request back with the answers that were not sent.
    SendsUnsent,
    /// A refused modification ends the habilitation.
    ForgetsHabilitation,
    /// A request is reopened with whatever its draft holds.
    ReopensUnsent,
    /// Days of suspension are added twice.
    CountsSuspensionTwice,
    /// The legal clock begins anew once changes were made, as it does where this is not law.
    RestartsTheClock,
    /// The team is reminded each time that the clock looks.
    RemindsAlways,
    /// A reopened draft is withdrawn by the day of its reopening, though somebody works on it.
    ForgetsTouches,
    /// The purge of drafts deletes a request that was sent and is being changed.
    PurgesReopened,
    /// A submission without anything new is taken.
    TakesUnanswered,
    /// A request is erased by the day on which it was over first, though it was taken up again.
    ErasesReopened,
    /// A request is erased of which no mail told.
    ErasesUntold,
    /// A loss is told each time that the clock looks.
    TellsAlways,
    /// A reopened draft is withdrawn by a mail that told of an earlier term.
    WithdrawsUntold,
    /// Events of an erased request keep their texts.
    KeepsTexts,
    /// Submissions of an erased request stay.
    KeepsSubmissions,
    /// Whoever asks for an erased request is told that it never was.
    ForgetsErasure,
}

impl Mutant {
    /// Every mutant.
    pub const ALL: [Self; 22] = [
        Self::DecidesUnseen,
        Self::DecidesStale,
        Self::ActsAgain,
        Self::TakesAnyId,
        Self::AnswersOutrun,
        Self::RestoresDraft,
        Self::SendsUnsent,
        Self::ForgetsHabilitation,
        Self::ReopensUnsent,
        Self::CountsSuspensionTwice,
        Self::RestartsTheClock,
        Self::RemindsAlways,
        Self::ForgetsTouches,
        Self::PurgesReopened,
        Self::TakesUnanswered,
        Self::ErasesReopened,
        Self::ErasesUntold,
        Self::TellsAlways,
        Self::WithdrawsUntold,
        Self::KeepsTexts,
        Self::KeepsSubmissions,
        Self::ForgetsErasure,
    ];
}
