//! Requests as the team sees them, and what the team does with them, by the rules of the API. Nothing of a draft is told.

use super::{KeptRequest, LocalStore, RecordStorage, problem, refused, unfit};
use crate::api::ApiError;
use crate::model::draft::OrganisationKind;
use crate::model::finding::Circumstances;
use crate::model::lifecycle::submission::Earlier;
use crate::model::lifecycle::tally::Tally;
use crate::model::lifecycle::{ActFinding, Examiner, Refusal, Role, Stamp};
use crate::model::normalize::normalized;
use crate::model::place::team::QueueFilter;
use crate::model::statistics::{MonthlyCounts, Period};
use crate::model::wire::{
    Act, Backlog, By, EventList, ExaminedRequest, Queue, QueueCounts, QueueKind, QueueOrder, QueuedRequest,
    RelatedRequest, Side, State, Statistics, TeamMember, TeamRole,
};
use crate::model::{Code, Date, Draft, Id, Params};

/// Number of requests on a page of the queue.
const PAGE: usize = 20;
/// Days ahead within which the end of the legal clock is near.
const NEAR: i32 = 14;
/// Most other requests of an organisation that are told.
const RELATED_MAX: usize = 20;
/// Digits of a SIRET that name the organisation: its SIREN.
const SIREN: usize = 9;

/// Act of a member of the team, with the event that it is to make.
pub struct ToMake<'a> {
    /// Identifier of the event.
    pub event: &'a Id,
    /// Revision that the act is over.
    pub revision: Option<u64>,
    /// The act.
    pub act: &'a Act,
    /// Member who acts.
    pub member: &'a TeamMember,
    /// Members of the team.
    pub team: &'a [TeamMember],
}

impl<D: RecordStorage> LocalStore<D> {
    /// Reads a request that was sent, for the member of an identifier.
    pub fn examined(&self, id: &Id, me: &str, now: &str) -> Result<ExaminedRequest, ApiError> {
        let kept = self.sent_once(id)?;
        let request = to_wire(&kept, (self.day)(now));
        let siren = kept.sent.last().map(siren).unwrap_or_default();
        let mut related: Vec<(String, RelatedRequest)> = Vec::new();
        for other in self.all_sent().filter(|other| other.request.id != *id) {
            let Some(last) = other.sent.last().filter(|last| !siren.is_empty() && self::siren(last) == siren) else {
                continue;
            };
            let name = last.project.name.line();
            let state = other.history().state;
            let number = other.request.number.clone().unwrap_or_default();
            related.push((other.request.updated_at, RelatedRequest { id: other.request.id, number, state, name }));
        }
        related.sort_by(|(one, _), (other, _)| other.cmp(one));
        let related = related.into_iter().take(RELATED_MAX).map(|(_, other)| other).collect();
        Ok(ExaminedRequest { related, viewed: kept.viewed_beside(me), ..request })
    }

    /// Reads the whole history of a request that was sent.
    pub fn examined_events(&self, id: &Id) -> Result<EventList, ApiError> {
        let kept = self.sent_once(id)?;
        Ok(EventList { seen: kept.team_seen, events: kept.told_events() })
    }

    /// Counts the figures of every request that was sent.
    pub fn statistics(&self, period: Option<Period>, now: &str) -> Statistics {
        let (mut counts, mut backlog, today) = (MonthlyCounts::default(), Backlog::default(), (self.day)(now));
        for kept in self.all_sent() {
            let mut tally = Tally::default();
            kept.events.iter().flat_map(|event| tally.add(event)).for_each(|figure| counts.add(&figure));
            let history = kept.history();
            if history.state == State::Submitted {
                backlog.waiting += 1;
                backlog.overdue += u64::from(history.due_on(today).is_some_and(|day| day < today));
            }
        }
        counts.told(period.unwrap_or_else(|| Period::usual(today)), counts.since(), backlog)
    }

    /// Acts on a request as a member of the team. The same act again, under one identifier, changes nothing.
    pub fn act_for_team(&self, id: &Id, to_make: &ToMake<'_>, now: &str) -> Result<ExaminedRequest, ApiError> {
        let ToMake { event, revision, act, member, team } = *to_make;
        let mut kept = self.sent_once(id)?;
        let (history, today) = (kept.history(), (self.day)(now));
        let by = By { side: Side::Examiner, name: member.name.clone(), job_title: member.job_title.clone() };
        if let Some(made) = kept.events.iter().find(|made| made.id == *event) {
            let is_same = made.by == by && act.is_told_by(made);
            return if is_same { self.examined(id, &member.id, now) } else { Err(refused(409, "id-taken")) };
        }
        if member.role == TeamRole::Reader {
            return Err(refused(403, "read-only"));
        }
        if act.kind.moves_state() && revision != Some(kept.request.revision) {
            return Err(if revision.is_some() { problem(412) } else { problem(428) });
        }
        act.outcome(&history, Role::Examiner).map_err(|refusal| match refusal {
            Refusal::ReadOnly => refused(403, "read-only"),
            Refusal::NotAllowed | Refusal::WrongState => refused(409, "wrong-state"),
            Refusal::Unseen => refused(409, "unseen"),
            Refusal::AssignedElsewhere => refused(409, "assigned-elsewhere"),
        })?;
        let examiner = act.examiner.as_ref().and_then(|asked| examiner(team, asked));
        let mut findings = act.findings(&history, Role::Examiner, today);
        if act.examiner.is_some() && examiner.is_none() {
            let (pointer, code) = ("/examiner".to_owned(), Code::UnknownValue);
            findings.push(ActFinding { pointer, code, params: Params::default() });
        }
        findings.extend(kept.missing(act));
        if !findings.is_empty() {
            return Err(unfit(&findings));
        }
        let stamp = Stamp { id: event.clone(), at: now.to_owned(), on: today, by };
        let number = kept.request.number.clone().unwrap_or_default();
        let made = act.event(stamp, &history, &number, examiner);
        if act.kind.moves_state() {
            kept.raise(now);
        }
        kept.events.push(made);
        kept.follow(today);
        self.put(*kept);
        self.examined(id, &member.id, now)
    }

    /// Lists a page of the queue, for the member of an identifier.
    pub fn queue(&self, filter: &QueueFilter, me: &str, now: &str) -> Queue {
        let today = (self.day)(now);
        let all: Vec<Line> = self.all_sent().filter_map(|kept| Line::of(&kept, today)).collect();
        let counts = counts(&all, me, today);
        let mut found: Vec<Line> = all.into_iter().filter(|line| line.passes(filter, me)).collect();
        found.sort_by(|one, other| one.key(filter.order).cmp(&other.key(filter.order)));
        if filter.is_descending {
            found.reverse();
        }
        let (total, start) = (found.len(), filter.cursor.parse().unwrap_or(0));
        let requests = found.into_iter().skip(start).take(PAGE).map(|line| line.request).collect();
        let next = (start + PAGE < total).then(|| (start + PAGE).to_string());
        Queue { requests, next, total: total as u64, is_cut: false, counts }
    }

    /// Reads a request that was sent once; any other is not there.
    pub(super) fn sent_once(&self, id: &Id) -> Result<Box<KeptRequest>, ApiError> {
        self.kept(id).ok().filter(|kept| !kept.sent.is_empty()).ok_or_else(|| problem(404))
    }

    /// Returns all requests that were sent once.
    pub fn all_sent(&self) -> impl Iterator<Item = Box<KeptRequest>> {
        self.records.ids().into_iter().filter_map(|id| self.sent_once(&id).ok())
    }
}

/// Returns a request as the team is told of it.
fn to_wire(kept: &KeptRequest, today: Date) -> ExaminedRequest {
    let number = kept.request.number.clone().unwrap_or_default();
    let revision = (kept.request.revision, kept.request.updated_at.clone());
    ExaminedRequest::of(kept.request.id.clone(), number, revision, &kept.events, kept.team_seen, today)
}

/// Returns the examiner of an identifier.
fn examiner(team: &[TeamMember], id: &str) -> Option<Examiner> {
    let is_meant = |member: &&TeamMember| member.id == id && member.role == TeamRole::Examiner;
    let TeamMember { id, name, job_title, .. } = team.iter().find(is_meant)?.clone();
    Some(Examiner { id: Some(id), name, job_title })
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Returns the number of the organisation; empty where there is none.
fn siren(draft: &Draft) -> String {
    let mut digits = digits(draft.organisation.siret.as_str());
    digits.truncate(SIREN);
    digits
}

/// Returns the kind of the last submission: what it changes, by what was in force then.
fn kind(kept: &KeptRequest) -> QueueKind {
    let active = kept.active_before(kept.history().last_submission());
    let is_contacts_only =
        || kept.sent.last().is_some_and(|last| Earlier { last: None, active }.is_contacts_only(last));
    match active {
        None => QueueKind::First,
        Some(_) if is_contacts_only() => QueueKind::Contacts,
        Some(_) => QueueKind::Modification,
    }
}

/// Request of the queue, with what it is found and ordered by.
struct Line {
    request: QueuedRequest,
    organisation_kind: Option<OrganisationKind>,
    active_at: String,
}

impl Line {
    fn of(kept: &KeptRequest, today: Date) -> Option<Self> {
        let ExaminedRequest { id, number, state, due_on, suspended, examiner, awaiting_reply, unread, .. } =
            to_wire(kept, today);
        let (draft, submission) = (kept.sent.last()?, kept.history().submissions.pop()?);
        let warnings = draft.findings(&Circumstances::on(today)).iter().filter(|found| !found.is_error()).count();
        Some(Self {
            organisation_kind: draft.organisation.kind.value(),
            active_at: kept.events.last()?.at.clone(),
            request: QueuedRequest {
                id,
                number,
                state,
                name: draft.project.name.line(),
                organisation: draft.organisation.name.line(),
                siret: draft.organisation.siret.line(),
                level: draft.assurance.level.value(),
                kind: kind(kept),
                submission: submission.n,
                submitted_at: submission.at,
                due_on,
                suspended,
                examiner,
                unread,
                awaiting_reply,
                warnings: u32::try_from(warnings).unwrap_or(u32::MAX),
                revision: kept.request.revision,
                last_event: kept.events.last()?.seq,
            },
        })
    }

    fn is_held_by(&self, examiner: &str, me: &str) -> bool {
        let holder = self.request.examiner.as_ref().and_then(|examiner| examiner.id.as_deref());
        match examiner {
            "" => true,
            QueueFilter::NOBODY => holder.is_none(),
            QueueFilter::ME => holder == Some(me),
            examiner => holder == Some(examiner),
        }
    }

    fn passes(&self, filter: &QueueFilter, me: &str) -> bool {
        let Self { request, organisation_kind, .. } = self;
        let words = normalized(filter.words.trim());
        // A number is found in every state.
        let is_named = !words.is_empty() && normalized(&request.number) == words;
        let in_text = [&request.name, &request.organisation, &request.number]
            .into_iter()
            .any(|text| normalized(text).contains(&words));
        let number = digits(&words);
        let in_siret = !number.is_empty() && digits(&request.siret).contains(&number);
        (is_named || filter.state.is_none_or(|state| state == request.state))
            && (in_text || in_siret)
            && self.is_held_by(&filter.examiner, me)
            && filter.kind.is_none_or(|kind| kind == request.kind)
            && (filter.level.is_none() || filter.level == request.level)
            && (filter.organisation_kind.is_none() || filter.organisation_kind == *organisation_kind)
            && (!filter.awaiting_reply || request.awaiting_reply)
            && filter.due_before.is_none_or(|day| request.due_on.is_some_and(|due_on| due_on < day))
    }

    /// Returns the key by which the line is ordered; of two alike, the older number comes first.
    fn key(&self, order: QueueOrder) -> (bool, String, &str) {
        let Self { request, active_at, .. } = self;
        let (is_last, key) = match order {
            QueueOrder::Due => {
                (request.due_on.is_none(), request.due_on.map(|day| day.to_string()).unwrap_or_default())
            }
            QueueOrder::Submitted => (false, request.submitted_at.clone()),
            QueueOrder::Activity => (false, active_at.clone()),
        };
        (is_last, key, &request.number)
    }
}

fn counts(all: &[Line], me: &str, today: Date) -> QueueCounts {
    let count = |is_counted: &dyn Fn(&Line) -> bool| all.iter().filter(|line| is_counted(line)).count() as u64;
    let to_examine = |line: &Line| line.request.state == State::Submitted;
    let is_near = |line: &Line| line.request.due_on.is_some_and(|day| today.days_until(day) <= NEAR);
    QueueCounts {
        to_examine: count(&to_examine),
        mine: count(&|line| to_examine(line) && line.is_held_by(QueueFilter::ME, me)),
        unassigned: count(&|line| to_examine(line) && line.is_held_by(QueueFilter::NOBODY, me)),
        waiting: count(&|line| line.request.state == State::ChangesRequested),
        due_soon: count(&|line| to_examine(line) && is_near(line)),
        awaiting_reply: count(&|line| line.request.awaiting_reply),
        all: all.len() as u64,
    }
}
