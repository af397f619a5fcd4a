//! Actions of a schedule: what people do, what the network does with their calls, and what days bring.

use habilitation_model::lifecycle::{Kind, Start};

use crate::random::Random;

/// Number of a page.
pub(super) type PageNumber = usize;

/// Pages of the applicant; those of the examiners follow.
pub(super) const APPLICANTS: usize = 2;
/// Pages in all.
pub(super) const PAGES: usize = 4;

/// Answers that an applicant gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answers {
    /// Name of the project, one of a few.
    pub(super) project: usize,
    /// Phone number of a contact, one of a few.
    pub(super) contact: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// A page reads the request as it is.
    Load(PageNumber),
    /// The applicant saves other answers.
    Save(PageNumber, Answers),
    /// The applicant sends the request, with or without a word.
    Submit(PageNumber, bool),
    /// Makes an act of a kind.
    Act(PageNumber, Kind),
    /// An examiner asks for changes until a day that many days ahead.
    AskWithin(PageNumber, u32),
    /// The applicant takes the request up again, with answers of their choice.
    Reopen(PageNumber, Option<Start>),
    /// A call arrives, for the first time or once more.
    Deliver(usize),
    /// Makes an act by the identifier of another call.
    StealId(PageNumber, usize),
    /// So many days pass.
    Wait(u32),
    /// The clock looks.
    RunClock,
    /// The purge looks.
    RunPurge,
}

const BY_APPLICANT: [Kind; 3] = [Kind::Withdrawn, Kind::Archived, Kind::Message];
const BY_EXAMINER: [Kind; 8] = [
    Kind::ChangesRequested,
    Kind::Accepted,
    Kind::Accepted,
    Kind::Refused,
    Kind::Resumed,
    Kind::Revoked,
    Kind::Message,
    Kind::Note,
];
const DAYS: [u32; 10] = [1, 1, 2, 11, 15, 31, 46, 61, 190, 430];

impl Action {
    /// Returns the page that makes a call.
    pub(super) fn page(self) -> Option<PageNumber> {
        match self {
            Self::Save(page, _)
            | Self::Submit(page, _)
            | Self::Act(page, _)
            | Self::AskWithin(page, _)
            | Self::Reopen(page, _)
            | Self::StealId(page, _) => Some(page),
            Self::Load(_) | Self::Deliver(_) | Self::Wait(_) | Self::RunClock | Self::RunPurge => None,
        }
    }

    /// Draws an action, where so many calls are under way.
    pub(super) fn draw(random: &mut Random, calls: usize) -> Self {
        let applicant = random.below(APPLICANTS);
        let examiner = APPLICANTS + random.below(PAGES - APPLICANTS);
        // The last calls are the likely ones; older ones come late.
        let call = if random.one_in(3) { random.below(calls) } else { calls.saturating_sub(1 + random.below(2)) };
        match random.below(30) {
            0..2 => Self::Load(random.below(PAGES)),
            2..6 => Self::Save(applicant, Answers { project: random.below(3), contact: random.below(2) }),
            6..10 => Self::Submit(applicant, random.one_in(2)),
            10..16 => Self::Act(examiner, BY_EXAMINER[random.below(BY_EXAMINER.len())]),
            16 => Self::AskWithin(examiner, DAYS[random.below(DAYS.len())]),
            17 | 18 => Self::Act(applicant, BY_APPLICANT[random.below(BY_APPLICANT.len())]),
            19 | 20 => Self::Reopen(
                applicant,
                match random.below(4) {
                    0 => Some(Start::Draft),
                    1 => Some(Start::Submission(1)),
                    _ => None,
                },
            ),
            21..25 => Self::Deliver(call),
            25 => Self::StealId(random.below(PAGES), call),
            26 | 27 => Self::Wait(DAYS[random.below(DAYS.len())]),
            28 => Self::RunPurge,
            _ => Self::RunClock,
        }
    }
}
