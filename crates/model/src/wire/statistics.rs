//! Statistics: what the team received and answered, and how long it took.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::month::Month;

/// Statistics of a period: the answer of `GET /api/examination/statistics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statistics {
    /// First month of the period.
    pub from: Month,
    /// Last month of the period.
    pub to: Month,
    /// First month of which anything is counted; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Month>,
    /// Figures of the whole period.
    pub totals: Totals,
    /// Figures of each month of the period, the first one first.
    pub months: Vec<MonthStatistics>,
    /// Requests that wait for the team now, whatever the period.
    pub backlog: Backlog,
}

/// Statistics of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthStatistics {
    /// The month, in Europe/Paris.
    pub month: Month,
    /// Figures of the month.
    pub totals: Totals,
}

/// Figures of some time. Each counts for the day on which it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Totals {
    /// Requests received, first ones and modifications. What is sent again after a request for changes does not count anew.
    pub received: u64,
    /// Modifications among the requests received.
    pub modifications: u64,
    /// Requests accepted.
    pub accepted: u64,
    /// Requests refused.
    pub refused: u64,
    /// Requests taken back by their applicants after they were received.
    pub withdrawn: u64,
    /// Habilitations revoked.
    pub revoked: u64,
    /// Days from a request to the first answer: a request for changes, an acceptance or a refusal.
    pub first_answer: Durations,
    /// Days until the acceptance or the refusal during which the request was in the team's hands.
    pub decision: Durations,
}

impl Totals {
    /// Returns whether nothing is counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Days that cases took, in short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Durations {
    /// Number of cases.
    pub count: u64,
    /// Days within which half of the cases are; absent without a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median: Option<u32>,
    /// Days within which nine cases in ten are; absent without a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ninth_decile: Option<u32>,
}

/// Requests that wait for the team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Backlog {
    /// Requests to examine: those in the state `submitted`.
    pub waiting: u64,
    /// Requests among them whose day is past.
    pub overdue: u64,
}

/// Statistics for everybody: the answer of `GET /api/statistics`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicStatistics {
    /// Median of the first answers of the last 90 days, in days; absent where fewer than ten were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_answer_days: Option<u32>,
}
