//! Mutants: machines, tabs and servers that are broken on purpose. The simulation has to catch each.
//!
//! A mutant changes the tab or the server around the machine, never the machine itself, so that shipped code knows no mutants.

/// Defect that the simulation is given on purpose, which it has to catch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// Saves name no revision, and the server takes them.
    NoIfMatch,
    /// An edit aborts the save in flight, and the tab forgets what was sent.
    AbortsInFlight,
    /// The body of a save is read when the lock is requested, not when it is granted.
    ReadsBodyEarly,
    /// A conflict is resolved at once with the other value.
    PrefersTheirs,
    /// A conflict is resolved at once with the own value.
    PrefersMine,
    /// A tab goes on saving after the submission.
    SavesAfterSubmission,
    /// A stale save is sent again over the new revision, without comparing the drafts.
    RetriesWithoutComparing,
    /// A tab writes its copy over another tab's without reading it.
    OverwritesOtherTabs,
    /// A draft that was deleted elsewhere is created again, and the server keeps no tombstone.
    DeletedReturns,
    /// The content of another tab's message counts as its newest copy, however late it arrives.
    TrustsLateMessages,
    /// A copy on the device counts as written in knowledge of this tab's own.
    TrustsEveryWriter,
    /// Answers are written to the device when they are sent, not when they are typed.
    KeepsLate,
    /// The device's copy is erased once the save has left, not once it was acknowledged.
    ForgetsWhenSent,
    /// A tab that lost its session never tries again.
    StaysSignedOut,
    /// A tab that is opened drops the conflicts of the copy.
    OpensWithoutConflicts,
    /// The own list replaces the other one where both sides changed it.
    TakesListsWhole,
    /// A merged list keeps every element that either side ever had.
    BringsBackWhatWasRemoved,
    /// Calls do not name the owner of their draft: the signed-in person gets it.
    SavesForWhoeverIsThere,
    /// The draft of the server replaces answers that it rejects.
    DropsRejectedAnswers,
    /// A page from the back/forward cache writes its answers to the device without reading the copy first.
    ComesBackWithoutReading,
    /// A copy that is no longer on the device counts as erased by the person.
    TakesWipedForDeleted,
    /// The device's copy of a request that the server does not know is erased.
    ForgetsWhatIsNotOnServer,
    /// A copy expires 30 days after its last edit, whether or not the server has it.
    ExpiresUnsent,
    /// The status of an intercepted call means what it would mean from the server.
    BelievesIntercepted,
    /// A status that invites to come again counts as a rejection of the draft.
    StopsWhenAskedToComeAgain,
    /// A call without a response has no time limit.
    WaitsForEver,
    /// A stale save is ignored where the server holds no higher revision than the known one.
    IgnoresLowerRevisions,
    /// Revisions are told apart by their numbers alone.
    TrustsNumbers,
    /// A control that is left loses a value that no event told of.
    WipesAtBlur,
    /// A control is not read before another value is shown in it.
    OverwritesUnseen,
    /// The device's copy is erased once the person lost the right to change the request.
    ForgetsWithoutRight,
    /// A tab whose person got their right back never tries again.
    GivesUpWithoutRight,
    /// The server saves what somebody sends who only reads.
    ServesWithoutRight,
}

impl Mutant {
    /// Every mutant.
    pub const ALL: [Self; 33] = [
        Self::NoIfMatch,
        Self::AbortsInFlight,
        Self::ReadsBodyEarly,
        Self::PrefersTheirs,
        Self::PrefersMine,
        Self::SavesAfterSubmission,
        Self::RetriesWithoutComparing,
        Self::OverwritesOtherTabs,
        Self::DeletedReturns,
        Self::TrustsLateMessages,
        Self::TrustsEveryWriter,
        Self::KeepsLate,
        Self::ForgetsWhenSent,
        Self::StaysSignedOut,
        Self::OpensWithoutConflicts,
        Self::TakesListsWhole,
        Self::BringsBackWhatWasRemoved,
        Self::SavesForWhoeverIsThere,
        Self::DropsRejectedAnswers,
        Self::ComesBackWithoutReading,
        Self::TakesWipedForDeleted,
        Self::ForgetsWhatIsNotOnServer,
        Self::ExpiresUnsent,
        Self::BelievesIntercepted,
        Self::StopsWhenAskedToComeAgain,
        Self::WaitsForEver,
        Self::IgnoresLowerRevisions,
        Self::TrustsNumbers,
        Self::WipesAtBlur,
        Self::OverwritesUnseen,
        Self::ForgetsWithoutRight,
        Self::GivesUpWithoutRight,
        Self::ServesWithoutRight,
    ];
}
