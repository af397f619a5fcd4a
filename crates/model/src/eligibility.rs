//! Eligibility for FranceConnect: a help before the form that bars nobody. DINUM decides when it examines the request.

use crate::choice::closed_list;
use crate::draft::PrivateBasis;

closed_list! {
    /// Body or person that wants to use FranceConnect.
    pub enum Asker {
        /// A private person.
        Individual = "individual",
        /// A public body, or a private one entrusted with a public service.
        Administration = "administration",
        /// A company or an association.
        PrivateBody = "private_body",
    }
}

/// Eligibility of an asker by the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// May file a request.
    Eligible,
    /// Probably outside the rules; may file one all the same.
    ProbablyNot,
    /// A private person cannot file one.
    Not,
    /// The basis on which the body asks has to be known first.
    NeedsBasis,
}

/// Returns the eligibility by the arrêté of 8 November 2018 on the service called FranceConnect.
#[must_use]
pub fn of(asker: Asker, basis: Option<PrivateBasis>) -> Eligibility {
    match (asker, basis) {
        (Asker::Individual, _) => Eligibility::Not,
        (Asker::Administration, _)
        | (Asker::PrivateBody, Some(PrivateBasis::AddressChange | PrivateBasis::IdentityVerification)) => {
            Eligibility::Eligible
        }
        (Asker::PrivateBody, Some(PrivateBasis::Other)) => Eligibility::ProbablyNot,
        (Asker::PrivateBody, None) => Eligibility::NeedsBasis,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_private_bodies_need_a_basis() {
        for (asker, basis, expected) in [
            (Asker::Individual, None, Eligibility::Not),
            (Asker::Individual, Some(PrivateBasis::AddressChange), Eligibility::Not),
            (Asker::Administration, None, Eligibility::Eligible),
            (Asker::PrivateBody, None, Eligibility::NeedsBasis),
            (Asker::PrivateBody, Some(PrivateBasis::AddressChange), Eligibility::Eligible),
            (Asker::PrivateBody, Some(PrivateBasis::IdentityVerification), Eligibility::Eligible),
            (Asker::PrivateBody, Some(PrivateBasis::Other), Eligibility::ProbablyNot),
        ] {
            assert_eq!(of(asker, basis), expected, "{asker:?} {basis:?}");
        }
    }
}
