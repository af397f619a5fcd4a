//! Steps in which a request is filled in.

use crate::choice::closed_list;

closed_list! {
    /// A step of the form. All but the last are a section of the draft.
    pub enum Step {
        /// The body that asks, and the applicant.
        Organisation = "organisation",
        /// The service that will use FranceConnect.
        Project = "project",
        /// The data asked for, and their use.
        Data = "data",
        /// Level of assurance.
        Assurance = "assurance",
        /// Legal basis.
        Legal = "legal",
        /// People who are involved.
        People = "people",
        /// Commitments.
        Terms = "terms",
        /// Review and submission.
        Review = "review",
    }
}
