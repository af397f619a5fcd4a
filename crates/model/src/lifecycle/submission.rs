//! Submissions: what goes with a draft that is sent, and when there is nothing new in it.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::changes::{changes, is_contacts_only};
use crate::code::Code;
use crate::draft::Draft;
use crate::lifecycle::act::{self, TEXT_MAX};
use crate::lifecycle::event::{Event, Reply, Stamp};
use crate::lifecycle::finding::ActFinding;
use crate::lifecycle::history::History;
use crate::lifecycle::kind::Kind;
use crate::lifecycle::state::State;
use crate::text::Text;

/// Words that go with a submission: the body of `POST /api/requests/{id}/submission`, which may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmissionBody {
    /// Text to the team.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub text: Text,
    /// Replies to open remarks, one a field at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
}

/// Drafts that were sent before, with which a submission is compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Earlier<'a> {
    /// Draft of the last submission.
    pub last: Option<&'a Draft>,
    /// Draft of the submission whose habilitation is active.
    pub active: Option<&'a Draft>,
}

impl Earlier<'_> {
    /// Returns whether a draft changes nothing but contacts of the active habilitation.
    #[must_use]
    pub fn is_contacts_only(&self, draft: &Draft) -> bool {
        self.active.is_some_and(|active| is_contacts_only(&changes(active, draft)))
    }
}

impl SubmissionBody {
    /// Returns the errors of the words, and of a submission in which there is nothing new. Those of the draft are
    /// [`Draft::errors`].
    #[must_use]
    pub fn findings(&self, history: &History, draft: &Draft, earlier: Earlier<'_>) -> Vec<ActFinding> {
        let mut findings = Vec::new();
        act::check_text(&mut findings, "/text".to_owned(), &self.text, TEXT_MAX, false);
        let is_open = |pointer: &str| history.open_remarks.iter().any(|remark| remark.pointer == pointer);
        let replies = self.replies.iter().map(|reply| (reply.pointer.as_str(), &reply.text));
        act::check_at_fields(&mut findings, "/replies/", replies, is_open);

        let is_equal = |sent: &Draft| changes(sent, draft).is_empty();
        let is_wordless = self.text.is_empty() && self.replies.is_empty();
        if earlier.active.is_some_and(is_equal) {
            findings.push(ActFinding::bare("", Code::Unchanged));
        } else if history.state == State::ChangesRequested && is_wordless && earlier.last.is_some_and(is_equal) {
            findings.push(ActFinding::bare("", Code::Unanswered));
        }
        findings
    }

    /// Returns the event of the submission.
    #[must_use]
    pub fn event(&self, stamp: Stamp, history: &History) -> Event {
        let clean = |reply: &Reply| Reply { pointer: reply.pointer.clone(), text: act::cleaned(&reply.text) };
        Event {
            submission: Some(history.last_submission() + 1),
            text: act::cleaned(&self.text),
            replies: self.replies.iter().map(clean).collect(),
            ..Event::new(stamp, history.last_event + 1, Kind::Submitted)
        }
    }
}
