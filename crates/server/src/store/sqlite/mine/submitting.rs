//! Submitting, and numbering what is submitted.

use habilitation_model::wire::{Receipt, State, StoredRequest, request_number};
use habilitation_model::{Id, Request};
use jiff::Timestamp;
use rusqlite::named_params;

use super::Mine;
use super::digest::Digest;
use super::saving::{EARLIER_LENGTH, judge};
use crate::clock::{rfc3339, utc_day};
use crate::preconditions::Preconditions;
use crate::store::sqlite::{changed, json, milliseconds};
use crate::store::{Failure, Refusal, Submitted};

impl Mine<'_> {
    pub(in crate::store::sqlite) fn submit(
        &self,
        id: &Id,
        preconditions: &Preconditions,
        at: Timestamp,
    ) -> Result<Submitted, Refusal> {
        let request = self.existing(id)?;
        if let (State::Submitted, Some(number), Some(submitted_at)) =
            (request.state, &request.number, &request.submitted_at)
        {
            let (number, submitted_at) = (number.clone(), submitted_at.clone());
            return Ok(Submitted::Before(Receipt { number, submitted_at, request: *request }));
        }
        judge(preconditions, Some(&request))?;
        let received = self.as_received(id, &request.draft)?;
        let parsed = Request::new(&received, &request.arrived).map_err(Refusal::Incomplete)?;
        let number = self.next_number(at)?;
        let revision = request.revision + 1;
        let digest = Digest::of(&request.draft, &request.arrived);
        changed(
            self.connection,
            "UPDATE requests
             SET state = 'submitted', number = :number, revision = :revision, updated_at = :at, submitted_at = :at,
                 search = :search, request = :request, earlier = substr(updated_at || ' ' || earlier, 1, :earlier)
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":number": number, ":revision": revision,
                ":at": milliseconds(at), ":search": digest.search(Some(&number)), ":request": json(&parsed)?,
                ":earlier": EARLIER_LENGTH,
            },
        )
        .map_err(Refusal::from)?;
        let submitted_at = rfc3339(at);
        let request = StoredRequest {
            number: Some(number.clone()),
            state: State::Submitted,
            revision,
            updated_at: submitted_at.clone(),
            earlier: request.earlier_of_next(),
            submitted_at: Some(submitted_at.clone()),
            ..*request
        };
        Ok(Submitted::Now(Receipt { number, submitted_at, request }))
    }

    /// Counted per year in the table, so that a number is given if and only if the submission is kept.
    fn next_number(&self, at: Timestamp) -> Result<String, Failure> {
        let year = utc_day(at).year();
        let sql = "INSERT INTO numbers (year, last) VALUES (?1, 1)
                   ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
        let last: u64 = self.connection.prepare_cached(sql)?.query_row([year], |row| row.get(0))?;
        Ok(request_number(&format!("{year:04}"), last))
    }
}
