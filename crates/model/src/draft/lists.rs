//! Answers that are chosen in the form.

use crate::choice::closed_list;

closed_list! {
    /// Kind of the body that asks. Eligibility depends on it (arrêté of 8 November 2018).
    pub enum OrganisationKind {
        /// A public body, or a private one entrusted with a public service.
        Administration = "administration",
        /// A company.
        Company = "company",
        /// An association.
        Association = "association",
    }
}

impl OrganisationKind {
    /// Returns whether the body is private, and so eligible on two grounds only.
    #[must_use]
    pub fn is_private(self) -> bool {
        self != Self::Administration
    }
}

closed_list! {
    /// Basis on which a private body is eligible (arrêté of 8 November 2018).
    pub enum PrivateBasis {
        /// Online services tied to a change of address.
        AddressChange = "address_change",
        /// A rule makes the body check its users' identity.
        IdentityVerification = "identity_verification",
        /// Neither: probably not eligible.
        Other = "other",
    }
}

closed_list! {
    /// Kind of the data controller: a natural or a legal person.
    pub enum ControllerKind {
        /// A natural person.
        Person = "person",
        /// A legal person.
        Organisation = "organisation",
    }
}
