//! The steps in which a request is filled in.

use crate::choice::closed_list;

closed_list! {
    /// One step of the form; all but the last are a section of the draft.
    pub enum Step {
        /// Who asks.
        Organisation = "organisation",
        /// The service.
        Project = "project",
        /// Which data, and what becomes of them.
        Data = "data",
        /// Level of assurance.
        Assurance = "assurance",
        /// Legal basis.
        Legal = "legal",
        /// Who is involved.
        People = "people",
        /// Commitments.
        Terms = "terms",
        /// Read back and send.
        Review = "review",
    }
}
