//! Machines, tabs and servers that are broken on purpose: the simulation has to catch each.
//!
//! The breakage stands around the machine, never in it: what is shipped knows nothing of mutants.

/// A rule, broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// Saves name no revision, and the server takes them.
    NoIfMatch,
    /// An edit aborts the save under way, and what was sent is forgotten.
    AbortsInFlight,
    /// The body is what was typed when the turn was asked for.
    ReadsBodyEarly,
    /// Theirs is taken where both sides changed a field.
    PrefersTheirs,
    /// Mine is taken where both sides changed a field.
    PrefersMine,
    /// A tab goes on saving after the submission.
    SavesAfterSubmission,
    /// A refused save is sent again over the new revision, without a look at what is there.
    RetriesWithoutComparing,
    /// A tab writes its copy over another tab's without reading it.
    OverwritesOtherTabs,
    /// A draft that was deleted elsewhere is created again, and the server forgets what was deleted.
    DeletedReturns,
    /// Another tab's message is taken at its word, however late it is.
    TrustsLateMessages,
    /// A copy on the device counts as written in knowledge of this tab's own.
    TrustsEveryWriter,
    /// The device learns what was typed when it is sent, not before.
    KeepsLate,
    /// The device's copy is erased once the save has left, not once it was acknowledged.
    ForgetsWhenSent,
    /// A tab that lost its session waits for ever.
    StaysSignedOut,
    /// A tab that is opened forgets that two values wait for a choice.
    OpensWithoutConflicts,
    /// Of a list that both sides changed, mine is taken whole.
    TakesListsWhole,
    /// Of a list that both sides changed, everything is kept that was ever in it.
    BringsBackWhatWasRemoved,
    /// Calls do not say whose draft they bring: whoever is signed in gets it.
    SavesForWhoeverIsThere,
    /// The tab replaces what the server does not take by what the server has.
    DropsWhatIsRefused,
    /// A page that is come back to writes what it shows to the device before it reads what is there.
    ComesBackWithoutReading,
    /// A copy that is no longer on the device counts as given up.
    TakesWipedForDeleted,
    /// The device's copy of a request that the server does not know is erased.
    ForgetsWhatIsUnknown,
    /// A copy goes 30 days after its last edit, by the device's clock, whether or not the server has it.
    ExpiresUnsent,
    /// The status of an intercepted call means what it would mean from the server.
    BelievesIntercepted,
    /// A status that invites to come again counts as a refusal of what was sent.
    StopsWhenAskedToComeAgain,
    /// A call without an answer is waited for without a limit.
    WaitsForEver,
    /// A refusal with a revision that is not higher than the known one is no news.
    IgnoresLowerRevisions,
    /// Revisions are told apart by their numbers alone.
    TrustsNumbers,
    /// A control that is left loses what stands in it, unless an event told of it.
    WipesAtBlur,
    /// A control is not read before something else is shown in it: it overwrites that later, unseen.
    OverwritesUnseen,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Self; 30] = [
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
        Self::DropsWhatIsRefused,
        Self::ComesBackWithoutReading,
        Self::TakesWipedForDeleted,
        Self::ForgetsWhatIsUnknown,
        Self::ExpiresUnsent,
        Self::BelievesIntercepted,
        Self::StopsWhenAskedToComeAgain,
        Self::WaitsForEver,
        Self::IgnoresLowerRevisions,
        Self::TrustsNumbers,
        Self::WipesAtBlur,
        Self::OverwritesUnseen,
    ];
}
