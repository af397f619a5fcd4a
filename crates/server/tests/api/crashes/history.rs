//! Knowledge of a client about one of its requests, and the states that may be found after a crash.

use std::collections::BTreeMap;

use habilitation_model::Id;

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// An acknowledged change is missing.
    Lost(String),
    /// A change is there in part.
    HalfWritten(String),
    /// A state is there that was never asked for.
    MadeUp(String),
}

/// State of a request. Contents are numbers, of which the client makes drafts and files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) stage: Stage,
    /// The documents that arrived.
    pub(super) documents: BTreeMap<Id, u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// The request was never made.
    #[default]
    Nothing,
    Draft {
        revision: u64,
        content: u32,
    },
    Submitted {
        revision: u64,
        content: u32,
    },
    Deleted,
}

/// A call that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Save(u32),
    Submit,
    Delete,
    Send(Id, u32),
    Remove(Id),
}

impl Request {
    /// The revision that a client names next.
    pub(super) fn revision(&self) -> Option<u64> {
        match self.stage {
            Stage::Draft { revision, .. } | Stage::Submitted { revision, .. } => Some(revision),
            Stage::Nothing | Stage::Deleted => None,
        }
    }

    /// Returns the state after a change.
    pub(super) fn with(&self, change: &Change) -> Self {
        let mut after = self.clone();
        match (change, &self.stage) {
            (Change::Save(content), _) => {
                let revision = self.revision().unwrap_or(0) + 1;
                after.stage = Stage::Draft { revision, content: *content };
            }
            (Change::Submit, Stage::Draft { revision, content }) => {
                after.stage = Stage::Submitted { revision: revision + 1, content: *content };
            }
            (Change::Delete, _) => after = Self { stage: Stage::Deleted, documents: BTreeMap::new() },
            (Change::Send(document, content), _) => {
                after.documents.insert(document.clone(), *content);
            }
            (Change::Remove(document), _) => {
                after.documents.remove(document);
            }
            (Change::Submit, _) => {}
        }
        after
    }
}

/// Knowledge of a client about one request.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) acknowledged: Request,
    /// The call that was not answered, if one was not.
    pub(super) under_way: Option<Change>,
    /// Set when the state was read, and not only told by an answer.
    looked_at: bool,
}

impl History {
    /// Set when nothing changes the request any more, and it was read since.
    pub(super) fn is_over(&self) -> bool {
        self.looked_at
            && self.under_way.is_none()
            && matches!(self.acknowledged.stage, Stage::Submitted { .. } | Stage::Deleted)
    }

    /// A response came.
    pub(super) fn acknowledge(&mut self) {
        if let Some(change) = self.under_way.take() {
            self.acknowledged = self.acknowledged.with(&change);
            self.looked_at = false;
        }
    }

    /// Compares the state found after a crash with the history, and goes on from there.
    pub(super) fn find(&mut self, id: &Id, found: &Request) -> Option<Wrong> {
        let known = std::mem::take(self);
        let perhaps = known.under_way.as_ref().map(|change| known.acknowledged.with(change));
        self.acknowledged = found.clone();
        self.looked_at = true;
        if *found == known.acknowledged || Some(found) == perhaps.as_ref() {
            return None;
        }
        let what = format!("{id} is {found:?}, after {known:?}");
        // Whether it is behind what was acknowledged, or ahead of all that was asked for.
        let rank = |request: &Request| match request.stage {
            Stage::Nothing => 0,
            Stage::Draft { revision, .. } | Stage::Submitted { revision, .. } => revision,
            Stage::Deleted => u64::MAX,
        };
        let asked = perhaps.as_ref().map_or(0, rank).max(rank(&known.acknowledged));
        Some(if rank(found) > asked { Wrong::MadeUp(what) } else { Wrong::Lost(what) })
    }
}

/// Checks that the numbers that were given, by request, are those from 1 on, each once.
pub(super) fn numbers_are_whole(numbers: &BTreeMap<Id, String>) -> Option<Wrong> {
    let mut given: Vec<&str> = numbers.values().map(String::as_str).collect();
    given.sort_unstable();
    let year = given.first()?.get(..8)?;
    let expected: Vec<String> = (1..=given.len()).map(|number| format!("{year}{number:06}")).collect();
    (given != expected).then(|| Wrong::Lost(format!("the numbers are {given:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> Id {
        Id::new(1_700_000_000_000, [number; 10])
    }

    fn draft(revision: u64, content: u32) -> Request {
        Request { stage: Stage::Draft { revision, content }, documents: BTreeMap::new() }
    }

    /// Three saves acknowledged, and perhaps a change under way.
    fn history(under_way: Option<Change>) -> History {
        let mut history = History::default();
        for content in [11, 12, 13] {
            history.under_way = Some(Change::Save(content));
            history.acknowledge();
        }
        History { under_way, ..history }
    }

    fn found(under_way: Option<Change>, found: &Request) -> Option<Wrong> {
        let mut history = history(under_way);
        let wrong = history.find(&id(1), found);
        assert_eq!((&history.acknowledged, &history.under_way), (found, &None), "the client goes on from there");
        wrong
    }

    #[test]
    fn what_was_acknowledged_may_be_there_with_or_without_the_call_under_way() {
        assert_eq!(found(None, &draft(3, 13)), None);
        assert_eq!(found(Some(Change::Save(14)), &draft(3, 13)), None);
        assert_eq!(found(Some(Change::Save(14)), &draft(4, 14)), None);
        let submitted = Request { stage: Stage::Submitted { revision: 4, content: 13 }, ..Request::default() };
        assert_eq!(found(Some(Change::Submit), &submitted), None);
        let deleted = Request { stage: Stage::Deleted, ..Request::default() };
        assert_eq!(found(Some(Change::Delete), &deleted), None);
        let sent = Request { documents: [(id(9), 5)].into(), ..draft(3, 13) };
        assert_eq!(found(Some(Change::Send(id(9), 5)), &sent), None);
    }

    #[test]
    fn a_revision_that_was_acknowledged_and_is_not_there_is_lost() {
        for there in [Request::default(), draft(2, 12), draft(1, 11)] {
            assert!(matches!(found(None, &there), Some(Wrong::Lost(_))), "{there:?}");
            assert!(matches!(found(Some(Change::Save(14)), &there), Some(Wrong::Lost(_))), "{there:?}");
        }
    }

    #[test]
    fn a_revision_with_other_answers_is_not_the_one_that_was_acknowledged() {
        for there in [draft(3, 12), draft(3, 14), draft(4, 13)] {
            assert!(found(Some(Change::Save(14)), &there).is_some(), "{there:?}");
        }
    }

    #[test]
    fn what_nobody_asked_for_is_made_up() {
        assert!(matches!(found(None, &draft(4, 14)), Some(Wrong::MadeUp(_))));
        assert!(matches!(found(Some(Change::Save(14)), &draft(5, 14)), Some(Wrong::MadeUp(_))));
        let deleted = Request { stage: Stage::Deleted, ..Request::default() };
        assert!(matches!(found(None, &deleted), Some(Wrong::MadeUp(_))));
    }

    #[test]
    fn a_submission_or_a_deletion_that_was_acknowledged_is_not_undone() {
        for (change, expected) in
            [(Change::Submit, Stage::Submitted { revision: 4, content: 13 }), (Change::Delete, Stage::Deleted)]
        {
            let mut history = history(Some(change));
            history.acknowledge();
            assert_eq!(history.acknowledged.stage, expected);
            assert!(matches!(history.find(&id(1), &draft(3, 13)), Some(Wrong::Lost(_))), "{expected:?}");
        }
    }

    #[test]
    fn a_document_that_was_acknowledged_is_there_as_it_was_sent() {
        let known = || {
            let mut history = history(Some(Change::Send(id(9), 5)));
            history.acknowledge();
            history
        };
        let with = |documents: &[(Id, u32)]| Request { documents: documents.iter().cloned().collect(), ..draft(3, 13) };
        assert_eq!(known().find(&id(1), &with(&[(id(9), 5)])), None);
        for there in [with(&[]), with(&[(id(9), 6)]), with(&[(id(8), 5)])] {
            assert!(known().find(&id(1), &there).is_some(), "{there:?}");
        }
    }

    #[test]
    fn numbers_have_no_gap_and_none_is_given_twice() {
        let given = |numbers: &[&str]| {
            let all: BTreeMap<Id, String> =
                (1..).zip(numbers).map(|(index, number)| (id(index), (*number).to_owned())).collect();
            numbers_are_whole(&all)
        };
        assert_eq!(given(&[]), None);
        assert_eq!(given(&["FC-2026-000002", "FC-2026-000001"]), None);
        assert!(given(&["FC-2026-000001", "FC-2026-000003"]).is_some());
        assert!(given(&["FC-2026-000001", "FC-2026-000001"]).is_some());
        assert!(given(&["FC-2026-000002"]).is_some());
    }
}
