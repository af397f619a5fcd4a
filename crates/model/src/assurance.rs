//! Levels of assurance, and the help to choose one.

use crate::choice::closed_list;

closed_list! {
    /// Level at which a person's identity was checked, after eIDAS (Regulation (EU) 910/2014, article 8).
    pub enum AssuranceLevel {
        /// Low: FranceConnect.
        Eidas1 = "eidas1",
        /// Substantial: FranceConnect+.
        Eidas2 = "eidas2",
        /// High: FranceConnect+.
        Eidas3 = "eidas3",
    }
}

impl AssuranceLevel {
    /// Returns whether the level is one of FranceConnect+.
    #[must_use]
    pub fn is_plus(self) -> bool {
        self != Self::Eidas1
    }
}

/// Answers that tell how sensitive a service is. They are never stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sensitivity {
    /// Identity documents are kept.
    pub identity_documents: Option<bool>,
    /// Money moves.
    pub money: Option<bool>,
    /// Health data are handled.
    pub health: Option<bool>,
}

/// Returns the level to suggest, once enough answers are known. A migration overrides the others; the highest level is
/// never suggested.
#[must_use]
pub fn suggestion(sensitivity: Sensitivity, migration: Option<bool>) -> Option<AssuranceLevel> {
    let answers = [sensitivity.identity_documents, sensitivity.money, sensitivity.health];
    if migration == Some(true) {
        Some(AssuranceLevel::Eidas1)
    } else if answers.contains(&Some(true)) {
        Some(AssuranceLevel::Eidas2)
    } else if answers.iter().all(|answer| *answer == Some(false)) {
        Some(AssuranceLevel::Eidas1)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(identity_documents: Option<bool>, money: Option<bool>, health: Option<bool>) -> Sensitivity {
        Sensitivity { identity_documents, money, health }
    }

    #[test]
    fn one_sensitive_answer_suggests_the_substantial_level() {
        for yes in
            [answers(Some(true), None, None), answers(Some(false), Some(true), None), answers(None, None, Some(true))]
        {
            assert_eq!(suggestion(yes, Some(false)), Some(AssuranceLevel::Eidas2));
        }
    }

    #[test]
    fn three_times_no_suggests_the_low_level_and_doubt_suggests_nothing() {
        let no = Some(false);
        assert_eq!(suggestion(answers(no, no, no), None), Some(AssuranceLevel::Eidas1));
        assert_eq!(suggestion(answers(no, None, no), None), None);
    }

    #[test]
    fn a_migration_overrides_every_answer() {
        let yes = Some(true);
        assert_eq!(suggestion(answers(yes, yes, yes), yes), Some(AssuranceLevel::Eidas1));
    }
}
