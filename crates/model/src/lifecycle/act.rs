//! Acts: what a person or the clock does to a request, and the rules on what they say.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::code::{Code, Params};
use crate::date::Date;
use crate::document::Document;
use crate::field::Field;
use crate::lifecycle::event::{Event, Examiner, Remark, Stamp, Start};
use crate::lifecycle::finding::ActFinding;
use crate::lifecycle::history::{Acceptance, History};
use crate::lifecycle::kind::{Ground, Kind, Role};
use crate::lifecycle::machine::{Refusal, next};
use crate::lifecycle::run::{answer_days, usual_answer_day};
use crate::lifecycle::state::State;
use crate::rules;
use crate::text::Text;

/// Most characters in the text of an act, or of a message.
pub const TEXT_MAX: u64 = 5_000;
/// Most characters in a remark, or in the reply to one.
pub const REMARK_MAX: u64 = 2_000;
/// Most documents in a message.
pub const DOCUMENTS_MAX: u64 = 3;
/// Months in which an unlawful acceptance can be revoked (CRPA L. 242-1).
pub const ILLEGAL_MONTHS: u16 = 4;

/// Act on a request: the body of `PUT …/events/{event}`. Each kind has members of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Act {
    /// Kind of the act, any but `submitted`.
    pub kind: Kind,
    /// Rank of the last event that the page of an examiner showed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<u64>,
    /// Text to the other side; of a note, to the team.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub text: Text,
    /// Remarks of a request for changes, one a field at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Last day to answer a request for changes; two months ahead if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Date>,
    /// Answers with which the request is reopened; those of the active habilitation if absent, else the last sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Start>,
    /// Ground of a revocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// Day by which the organisation could present its observations on a revocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_on: Option<Date>,
    /// Set for a revocation that cannot wait for observations.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Documents of a message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Field that a note concerns, as a JSON pointer into the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Identifier of the examiner to whom the request is entrusted; none if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examiner: Option<String>,
    /// Identifier of the examiner who has the request now; none if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

impl Act {
    /// Makes an act that says nothing but its kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            seen: None,
            text: Text::default(),
            remarks: Vec::new(),
            answer_by: None,
            from: None,
            ground: None,
            heard_on: None,
            urgent: false,
            documents: Vec::new(),
            pointer: None,
            examiner: None,
            was: None,
        }
    }

    /// Returns the state to which the act leads.
    ///
    /// # Errors
    /// When the act is refused whatever it says. From an examiner, an act that moves the state has to tell what was seen.
    pub fn outcome(&self, history: &History, role: Role) -> Result<State, Refusal> {
        let state = next(&history.standing(), self.kind, role)?;
        if role == Role::Examiner
            && self.kind.moves_state()
            && self.seen.unwrap_or_default() < history.last_of_applicant
        {
            return Err(Refusal::Unseen);
        }
        let holder = history.examiner.as_ref().and_then(|examiner| examiner.id.as_ref());
        if self.kind == Kind::Assignment && self.was.as_ref() != holder {
            return Err(Refusal::AssignedElsewhere);
        }
        Ok(state)
    }

    /// Returns the errors of what the act says, in the order of its members.
    #[must_use]
    pub fn findings(&self, history: &History, role: Role, today: Date) -> Vec<ActFinding> {
        let mut findings = Vec::new();
        let has_a_call_of_its_own =
            matches!(self.kind, Kind::Submitted | Kind::Deadline | Kind::Delivery) || self.kind.is_about_people();
        if has_a_call_of_its_own && role != Role::Clock {
            findings.push(ActFinding::bare("/kind", Code::UnknownValue));
            return findings;
        }
        self.check_members(&mut findings);
        check_text(&mut findings, "/text".to_owned(), &self.text, TEXT_MAX, self.needs_text(role));
        match self.kind {
            Kind::ChangesRequested => self.check_changes_requested(&mut findings, today),
            Kind::Reopened => self.check_start(&mut findings, history),
            Kind::Revoked => self.check_revocation(&mut findings, history.active(), today),
            Kind::Message => self.check_documents(&mut findings),
            Kind::Note => self.check_pointer(&mut findings),
            _ => {}
        }
        findings
    }

    fn needs_text(&self, role: Role) -> bool {
        match self.kind {
            Kind::Refused | Kind::Revoked | Kind::Message | Kind::Note => true,
            Kind::Resumed => role != Role::Clock,
            _ => false,
        }
    }

    /// Finds members of other kinds: dropped without a word, they would be lost to whoever wrote them.
    fn check_members(&self, findings: &mut Vec<ActFinding>) {
        use Kind::{
            Accepted, Assignment, ChangesRequested, Message, Note, Refused, Reopened, Resumed, Revoked, Withdrawn,
        };
        let (kind, mut refuse) = (self.kind, |is_said: bool, pointer: &str, belongs: bool| {
            if is_said && !belongs {
                findings.push(ActFinding::bare(pointer, Code::NotAsked));
            }
        });
        let has_text =
            matches!(kind, ChangesRequested | Resumed | Accepted | Refused | Withdrawn | Revoked | Message | Note);
        refuse(!self.text.is_empty(), "/text", has_text);
        refuse(!self.remarks.is_empty(), "/remarks", kind == ChangesRequested);
        refuse(self.answer_by.is_some(), "/answer_by", kind == ChangesRequested);
        refuse(self.from.is_some(), "/from", kind == Reopened);
        refuse(self.ground.is_some(), "/ground", kind == Revoked);
        refuse(self.heard_on.is_some(), "/heard_on", kind == Revoked);
        refuse(self.urgent, "/urgent", kind == Revoked);
        refuse(!self.documents.is_empty(), "/documents", kind == Message);
        refuse(self.pointer.is_some(), "/pointer", kind == Note);
        refuse(self.examiner.is_some(), "/examiner", kind == Assignment);
        refuse(self.was.is_some(), "/was", kind == Assignment);
    }

    fn check_changes_requested(&self, findings: &mut Vec<ActFinding>, today: Date) {
        if self.text.is_empty() && self.remarks.is_empty() {
            let paths = ["text", "remarks"].map(Into::into).to_vec();
            findings.push(ActFinding::new("/text", Code::OneOf, Params { paths, ..Params::default() }));
        }
        let remarks = self.remarks.iter().map(|remark| (remark.pointer.as_str(), &remark.text));
        check_at_fields(findings, "/remarks/", remarks, |pointer| Field::from_pointer(pointer).is_some());
        let (first, last) = answer_days(today);
        if self.answer_by.is_some_and(|day| !(first..=last).contains(&day)) {
            let example = Some(usual_answer_day(today).to_string().into());
            findings.push(ActFinding::new("/answer_by", Code::OutOfRange, Params { example, ..Params::default() }));
        }
    }

    fn check_start(&self, findings: &mut Vec<ActFinding>, history: &History) {
        if let Some(Start::Submission(number)) = self.from
            && !(1..=history.last_submission()).contains(&number)
        {
            findings.push(ActFinding::bare("/from", Code::UnknownValue));
        }
    }

    fn check_revocation(&self, findings: &mut Vec<ActFinding>, active: Option<&Acceptance>, today: Date) {
        let is_too_late = active.is_some_and(|acceptance| acceptance.on.plus_months(ILLEGAL_MONTHS) < today);
        match self.ground {
            None => findings.push(ActFinding::bare("/ground", Code::Required)),
            Some(Ground::Illegal) if is_too_late => {
                let params = Params::max(u64::from(ILLEGAL_MONTHS));
                findings.push(ActFinding::new("/ground", Code::TooLate, params));
            }
            Some(_) => {}
        }
        match self.heard_on {
            Some(day) if day > today => findings.push(ActFinding::bare("/heard_on", Code::FutureDate)),
            None if !self.urgent && self.ground != Some(Ground::AtRequest) => {
                findings.push(ActFinding::bare("/heard_on", Code::Required));
            }
            _ => {}
        }
    }

    fn check_pointer(&self, findings: &mut Vec<ActFinding>) {
        if self.pointer.as_deref().is_some_and(|pointer| Field::from_pointer(pointer).is_none()) {
            findings.push(ActFinding::bare("/pointer", Code::UnknownValue));
        }
    }

    fn check_documents(&self, findings: &mut Vec<ActFinding>) {
        if self.documents.len() as u64 > DOCUMENTS_MAX {
            findings.push(ActFinding::new("/documents", Code::TooMany, Params::max(DOCUMENTS_MAX)));
        }
        for (index, document) in self.documents.iter().enumerate() {
            if let Some((code, params)) = document.error() {
                findings.push(ActFinding::new(["/documents/", &index.to_string()].concat(), code, params));
            }
        }
    }

    /// Returns the event that the act makes, where nothing refuses it. `number` is that of the request.
    ///
    /// `examiner` is the person whom an assignment names.
    #[must_use]
    pub fn event(&self, stamp: Stamp, history: &History, number: &str, examiner: Option<Examiner>) -> Event {
        let (kind, today) = (self.kind, stamp.on);
        let active = history.active();
        let last = Some(history.last_submission()).filter(|_| kind.moves_state());
        let rank = match kind {
            Kind::Accepted => Some(history.acceptances.last().map_or(1, |acceptance| acceptance.rank + 1)),
            Kind::Revoked => active.map(|acceptance| acceptance.rank),
            _ => None,
        };
        let about = if kind == Kind::Revoked { active.map(|acceptance| acceptance.submission) } else { last };
        let start = || {
            let submission = active.map_or_else(|| history.last_submission(), |acceptance| acceptance.submission);
            self.from.unwrap_or(Start::Submission(submission))
        };
        let answer_by = || self.answer_by.unwrap_or_else(|| usual_answer_day(today));
        let clean = |remark: &Remark| Remark { pointer: remark.pointer.clone(), text: cleaned(&remark.text) };
        Event {
            submission: about,
            text: cleaned(&self.text),
            remarks: self.remarks.iter().map(clean).collect(),
            answer_by: (kind == Kind::ChangesRequested).then(answer_by),
            habilitation: rank.map(|rank| habilitation_number(number, rank)),
            from: (kind == Kind::Reopened).then(start),
            ground: self.ground,
            heard_on: self.heard_on,
            urgent: self.urgent,
            documents: self.documents.clone(),
            pointer: self.pointer.clone(),
            examiner,
            was: history.examiner.clone().filter(|_| kind == Kind::Assignment),
            ..Event::new(stamp, history.last_event + 1, kind)
        }
    }

    /// Returns whether an event is the one that this act made, when it is sent a second time. Defaults that were filled in then
    /// do not count.
    #[must_use]
    pub fn is_told_by(&self, event: &Event) -> bool {
        let id = |examiner: &Option<Examiner>| examiner.as_ref().and_then(|examiner| examiner.id.clone());
        let is_same =
            |remark: &Remark, kept: &Remark| remark.pointer == kept.pointer && cleaned(&remark.text) == kept.text;
        self.kind == event.kind
            && cleaned(&self.text) == event.text
            && self.remarks.len() == event.remarks.len()
            && self.remarks.iter().zip(&event.remarks).all(|(remark, kept)| is_same(remark, kept))
            && (self.answer_by.is_none() || self.answer_by == event.answer_by)
            && (self.from.is_none() || self.from == event.from)
            && (self.ground, self.heard_on, self.urgent) == (event.ground, event.heard_on, event.urgent)
            && self.documents == event.documents
            && self.pointer == event.pointer
            && self.examiner == id(&event.examiner)
            && self.was == id(&event.was)
    }
}

/// Returns the number of a habilitation, by that of its request and its rank there: `FC-2026-000123-1`.
#[must_use]
pub fn habilitation_number(request: &str, rank: u32) -> String {
    [request, "-", &rank.to_string()].concat()
}

/// Returns a text as an event keeps it: clean, and without white space around it.
pub(crate) fn cleaned(text: &Text) -> Text {
    Text::from(text.lines().as_str())
}

/// Checks a text of several lines.
pub(crate) fn check_text(findings: &mut Vec<ActFinding>, pointer: String, text: &Text, max: u64, is_needed: bool) {
    let (code, params) = if text.is_empty() && is_needed {
        (Code::Required, Params::default())
    } else if rules::lines(text).is_err() {
        (Code::ControlCharacter, Params::default())
    } else if text.trimmed().chars().count() as u64 > max {
        (Code::TooLong, Params::max(max))
    } else {
        return;
    };
    findings.push(ActFinding::new(pointer, code, params));
}

/// Checks texts at fields, remarks or replies: one a field at most, and only where `is_known`.
pub(crate) fn check_at_fields<'a>(
    findings: &mut Vec<ActFinding>,
    prefix: &str,
    texts: impl Iterator<Item = (&'a str, &'a Text)>,
    is_known: impl Fn(&str) -> bool,
) {
    let mut before = Vec::new();
    for (index, (pointer, text)) in texts.enumerate() {
        let place = |member: &str| [prefix, &index.to_string(), member].concat();
        if !is_known(pointer) {
            findings.push(ActFinding::bare(place("/pointer"), Code::UnknownValue));
        } else if before.contains(&pointer) {
            findings.push(ActFinding::new(place("/pointer"), Code::TooMany, Params::max(1)));
        }
        check_text(findings, place("/text"), text, REMARK_MAX, true);
        before.push(pointer);
    }
}
