//! Accounts: people who signed in through an identity provider, by an identifier of our own.
//!
//! An issuer and a subject are one handle of an account. A provider may give the same person another subject, and an e-mail address
//! may be somebody else's: a new subject is added to an account by the [rule](is_same_person) alone, and accounts are never merged.

use std::sync::Arc;

use habilitation_model::Id;
use habilitation_model::normalize::normalized;
use jiff::{SignedDuration, Timestamp};

use crate::identification::Identification;
use crate::secret::Secret;
use crate::team::Subject;

/// Beginning of the identifiers of people who have an account.
pub(crate) const PREFIX: &str = "proconnect:";

/// Person as an identity provider describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) issuer: String,
    /// Identifier that the issuer gives.
    pub(crate) subject: String,
    /// E-mail address as it is written there: neither verified nor unique.
    pub(crate) email: String,
    pub(crate) given_name: String,
    pub(crate) usual_name: String,
    /// Number of the organisation for which they signed in.
    pub(crate) siren: String,
    /// Set where somebody verified that they belong to it.
    pub(crate) is_tie_verified: bool,
}

/// Account of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: Id,
    pub(crate) email: String,
    pub(crate) given_name: String,
    pub(crate) usual_name: String,
    /// Number of the organisation for which they signed in last.
    pub(crate) siren: String,
    /// Set where all that is told of the person here was told with a verified tie.
    pub(crate) is_tie_verified: bool,
}

/// Wish of somebody to get an earlier account of theirs.
#[derive(Clone, Debug)]
pub(crate) struct AskedAccount {
    /// Handle by which they signed in.
    pub(crate) by: Identification,
    /// First and last name.
    pub(crate) name: String,
    /// Address that they have now.
    pub(crate) email: String,
    /// Address of the earlier account, as they typed it.
    pub(crate) former_email: String,
    /// Token of the link.
    pub(crate) token: Arc<Secret>,
    pub(crate) at: Timestamp,
    /// Handles of the team, who are given no account, and whose accounts nobody is given.
    pub(crate) team: Vec<Subject>,
}

/// Effect of a link about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// Takes a subject out of the account, and ends its sessions.
    Refuse,
    /// Gives the account to a subject, in place of the one that it has.
    Move,
}

impl LinkKind {
    /// Returns the time for which such a link is good.
    pub(crate) fn lifetime(self) -> SignedDuration {
        match self {
            Self::Refuse => SignedDuration::from_hours(30 * 24),
            Self::Move => SignedDuration::from_hours(24),
        }
    }
}

/// Outcome of following a link about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    /// The link is unknown, used or old.
    Nothing,
    /// The link takes a session of the person who asked for it, and stays good.
    NotTheirs,
    /// The account that the person has now has requests, which nobody would reach any more; the link stays good.
    HasRequests,
    /// The subject is out of the account.
    Refused(Moved),
    /// The subject has the account.
    Moved(Moved),
}

/// Subject that has another account now, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// Identifier of the person to whom the account of the link belongs.
    pub(crate) person: String,
}

/// Subject of an account, as an operator reads of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountSubject {
    pub(crate) account: Account,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// Time at which the account was used last, by whichever subject.
    pub(crate) seen_at: Timestamp,
}

/// Way in which a visitor came to their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The subject was known.
    Known,
    /// The subject is new, and was added to the one account that is the visitor's.
    Linked,
    /// The account is new.
    Opened,
}

/// Returns an e-mail address as addresses are compared: without regard to case.
pub(crate) fn folded_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Returns a name as names are compared: without regard to case and accents.
pub(crate) fn folded_name(name: &str) -> String {
    normalized(name.trim())
}

/// Returns whether a visitor is the person of an account, by all that is told of both.
///
/// Either side has to be verified: somebody of whom another provider says the same may have opened the account before. Whether it was
/// used lately, and is the only one, is for the caller to know.
pub(crate) fn is_same_person(visitor: &Visitor, account: &Account) -> bool {
    let alike = |one: String, other: String| !one.is_empty() && one == other;
    visitor.is_tie_verified
        && account.is_tie_verified
        && alike(folded_email(&visitor.email), folded_email(&account.email))
        && alike(visitor.siren.clone(), account.siren.clone())
        && alike(folded_name(&visitor.usual_name), folded_name(&account.usual_name))
}

impl Account {
    /// Returns the new account of a visitor.
    pub(crate) fn of(visitor: &Visitor, id: Id) -> Self {
        let Visitor { email, given_name, usual_name, siren, is_tie_verified, .. } = visitor.clone();
        Self { id, email, given_name, usual_name, siren, is_tie_verified }
    }

    /// Returns the identifier of the person to whom it belongs.
    pub(crate) fn person(&self) -> String {
        [PREFIX, self.id.as_str()].concat()
    }

    /// Takes over what is told of the person today. What is empty replaces nothing.
    pub(crate) fn update(&mut self, visitor: &Visitor) {
        let told = [&visitor.email, &visitor.given_name, &visitor.usual_name, &visitor.siren];
        let kept = [&mut self.email, &mut self.given_name, &mut self.usual_name, &mut self.siren];
        for (kept, told) in kept.into_iter().zip(told).filter(|(_, told)| !told.is_empty()) {
            kept.clone_from(told);
        }
        // What is kept of an earlier visit may not have been verified.
        let is_all_told = ![&visitor.email, &visitor.usual_name, &visitor.siren].iter().any(|told| told.is_empty());
        self.is_tie_verified = visitor.is_tie_verified && is_all_told;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor() -> Visitor {
        Visitor {
            issuer: "https://auth.example".to_owned(),
            subject: "2".to_owned(),
            email: "Noemie.Loeb@vallon.example".to_owned(),
            given_name: "Noémie".to_owned(),
            usual_name: "LOEB".to_owned(),
            siren: "219900420".to_owned(),
            is_tie_verified: true,
        }
    }

    fn account() -> Account {
        Account {
            id: Id::new(0, [0; 10]),
            email: "noemie.loeb@VALLON.example".to_owned(),
            given_name: "Noémie".to_owned(),
            usual_name: "Lœb".to_owned(),
            siren: "219900420".to_owned(),
            is_tie_verified: true,
        }
    }

    #[test]
    fn a_person_is_known_by_address_organisation_and_name_with_a_verified_tie() {
        assert!(is_same_person(&visitor(), &account()));
        type Change = fn(&mut Visitor);
        let changes: [(&str, Change); 7] = [
            ("tie", |visitor| visitor.is_tie_verified = false),
            ("address", |visitor| visitor.email = "noemie.lob@vallon.example".to_owned()),
            ("organisation", |visitor| visitor.siren = "999001738".to_owned()),
            ("name", |visitor| visitor.usual_name = "Lob".to_owned()),
            ("no name", |visitor| visitor.usual_name = String::new()),
            ("no address", |visitor| visitor.email = String::new()),
            ("no organisation", |visitor| visitor.siren = String::new()),
        ];
        for (what, change) in changes {
            let mut other = visitor();
            change(&mut other);
            assert!(!is_same_person(&other, &account()), "{what}");
        }
        let prepared = Account { is_tie_verified: false, ..account() };
        assert!(!is_same_person(&visitor(), &prepared), "what an account says of itself may be made up");
        let nobody = Account { usual_name: String::new(), ..account() };
        assert!(!is_same_person(&Visitor { usual_name: String::new(), ..visitor() }, &nobody), "empty is not alike");
    }

    #[test]
    fn what_is_empty_replaces_nothing() {
        let mut known = account();
        known.update(&Visitor { given_name: String::new(), email: "n.loeb@vallon.example".to_owned(), ..visitor() });
        assert_eq!((&*known.given_name, &*known.email), ("Noémie", "n.loeb@vallon.example"));
    }

    #[test]
    fn an_account_is_as_verified_as_the_last_visit() {
        let mut known = account();
        for (visit, is_verified) in [
            (Visitor { is_tie_verified: false, ..visitor() }, false),
            (Visitor { usual_name: String::new(), ..visitor() }, false),
            (visitor(), true),
        ] {
            known.update(&visit);
            assert_eq!(known.is_tie_verified, is_verified, "{visit:?}");
        }
    }
}
