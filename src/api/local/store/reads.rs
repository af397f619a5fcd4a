//! Reading of histories by both sides: up to which event, since when, and who of the team looked last.

use super::traces::{Look, Read};
use super::{KeptRequest, LocalStore, RecordStorage};
use crate::api::ApiError;
use crate::model::Id;
use crate::model::wire::{Event, Side, TeamMember, Viewed};

impl KeptRequest {
    /// Notes that a side has read the history up to a rank. It never goes back, nor past the last event.
    fn note_read(&mut self, side: Side, seq: u64, now: &str) {
        let seq = seq.min(self.events.last().map_or(0, |event| event.seq));
        let seen = if side == Side::Applicant { &mut self.applicant_seen } else { &mut self.team_seen };
        if seq > *seen {
            *seen = seq;
            self.reads.push(Read { is_of_team: side == Side::Examiner, seq, at: now.to_owned() });
        }
    }

    /// Returns when the side that did not make an event had read it.
    pub(super) fn read_at(&self, event: &Event) -> Option<&str> {
        let reader = if event.by.side == Side::Applicant { Side::Examiner } else { Side::Applicant };
        let is_of_both = event.by.side != Side::Clock && event.is_news_to(reader);
        let first = self
            .reads
            .iter()
            .find(|read| is_of_both && read.is_of_team == (reader == Side::Examiner) && read.seq >= event.seq)?;
        Some(&first.at)
    }

    /// Returns the events, each with the time at which the other side had read it.
    pub(super) fn told_events(&self) -> Vec<Event> {
        let told = |event: &Event| Event { read_at: self.read_at(event).map(str::to_owned), ..event.clone() };
        self.events.iter().map(told).collect()
    }

    /// Returns the last look of the team, beside those of the member who asks.
    pub(super) fn viewed_beside(&self, me: &str) -> Option<Viewed> {
        let Look { name, at, .. } = self.looks.iter().rfind(|look| look.member != me)?;
        Some(Viewed { name: name.clone(), at: at.clone() })
    }
}

impl<D: RecordStorage> LocalStore<D> {
    /// Notes up to which rank the applicant has seen the events of a request.
    pub fn see(&self, id: &Id, seq: u64, now: &str) -> Result<(), ApiError> {
        let mut kept = self.kept(id)?;
        kept.note_read(Side::Applicant, seq, now);
        self.put(*kept);
        Ok(())
    }

    /// Notes that a member looked at a request, and up to which rank the team has seen its events.
    pub fn see_for_team(&self, id: &Id, member: &TeamMember, seq: u64, now: &str) -> Result<(), ApiError> {
        let mut kept = self.sent_once(id)?;
        kept.note_read(Side::Examiner, seq, now);
        kept.looks.retain(|look| look.member != member.id);
        kept.looks.push(Look { member: member.id.clone(), name: member.name.clone(), at: now.to_owned() });
        self.put(*kept);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use habilitation_contract::life::Sides;
    use habilitation_contract::{Caller, START, ready};

    use super::super::tests::{StoreCaller, claire, new_store};
    use super::*;
    use crate::model::wire::{Act, Kind, TeamRole};

    fn read_at(events: &[Event]) -> Vec<Option<&str>> {
        events.iter().map(|event| event.read_at.as_deref()).collect()
    }

    fn viewed(caller: &StoreCaller, id: &Id, me: &str) -> Option<(String, String)> {
        let viewed = caller.store.examined(id, me, START).unwrap().viewed;
        viewed.map(|Viewed { name, at }| (name, at))
    }

    #[test]
    fn each_side_is_told_when_the_other_one_read_and_the_team_who_of_it_looked_last() {
        let mut caller = new_store();
        let id = Id::new(0, [1; 10]);
        caller.save(&id, None, &ready()).unwrap();
        caller.submit(&id, 1).unwrap();
        let message = Act { text: "Bonjour".into(), ..Act::new(Kind::Message) };
        caller.decide(&id, &Id::new(1, [1; 10]), 2, &message).unwrap();
        caller.decide(&id, &Id::new(2, [1; 10]), 2, &Act { text: "Note".into(), ..Act::new(Kind::Note) }).unwrap();
        assert_eq!(read_at(&caller.store.events(&id, 0).unwrap().events), [None, None]);
        let odile = TeamMember {
            id: "odile".to_owned(),
            name: "Odile Kervella".to_owned(),
            role: TeamRole::Reader,
            ..claire()
        };

        let first = caller.now();
        caller.store.see_for_team(&id, &claire(), 1, &first).unwrap();
        caller.wait(60);
        let second = caller.now();
        caller.store.see(&id, 2, &second).unwrap();
        caller.store.see_for_team(&id, &odile, 3, &second).unwrap();
        let told = caller.store.events(&id, 0).unwrap().events;
        assert_eq!(read_at(&told), [Some(first.as_str()), Some(second.as_str())], "the first reading counts");
        let told = caller.store.examined_events(&id).unwrap().events;
        assert_eq!(read_at(&told), [Some(first.as_str()), Some(second.as_str()), None], "nobody reads a note");

        assert_eq!(viewed(&caller, &id, "claire"), Some((odile.name.clone(), second.clone())));
        assert_eq!(viewed(&caller, &id, "odile"), Some((claire().name, first)));
        caller.wait(60);
        caller.store.see_for_team(&id, &claire(), 3, &caller.now()).unwrap();
        assert_eq!(viewed(&caller, &id, "idris"), Some((claire().name, caller.now())), "though there was nothing new");
    }
}
