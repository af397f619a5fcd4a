//! Mails of the requests of a demonstration, as a server would have sent them by now. Nothing is kept of them: the same histories
//! give the same mails.

use std::hash::{DefaultHasher, Hash, Hasher};

use habilitation_words::{Facts, Letter, Outlook, Service, letter, outlook};

use super::KeptRequest;
use crate::browser::time::Moment;
use crate::model::lifecycle::History;
use crate::model::lifecycle::act::habilitation_number;
use crate::model::lifecycle::keeping::{Loss, Prospect, Told};
use crate::model::lifecycle::mail::{Addresses, Due, Posting, earlier_submission, mails_of};
use crate::model::wire::{CaughtMail, CaughtMails, Event, Kind, Mail, Recipient};
use crate::model::{Draft, Id, Text};

/// Most mails that are told.
const TOLD: usize = 100;
/// Milliseconds for which messages wait for those that follow, so that one mail holds them all.
const GATHERING: f64 = 5.0 * 60_000.0;
/// Time in UTC at which mails of a day leave: eight in the morning in Paris, nine in summer.
const MORNING: &str = "T07:00:00.000Z";

/// Returns the mails of requests that were sent before a moment, the last one first.
#[must_use]
pub fn mails(requests: &[KeptRequest], service: &Service, now: &str) -> CaughtMails {
    let of_request = |kept| Mailing { kept, service, now }.mails();
    let mut mails: Vec<CaughtMail> = requests.iter().flat_map(of_request).collect();
    // Of one moment, the mail that was written last comes first.
    mails.reverse();
    mails.sort_by(|one, other| other.at.cmp(&one.at));
    mails.truncate(TOLD);
    CaughtMails { mails }
}

/// Mails of one request.
struct Mailing<'a> {
    kept: &'a KeptRequest,
    service: &'a Service,
    now: &'a str,
}

impl Mailing<'_> {
    fn mails(&self) -> Vec<CaughtMail> {
        let events = &self.kept.events;
        let mut mails = Vec::new();
        for (place, event) in events.iter().enumerate() {
            let before = History::of(&events[..place]);
            let replaced = self.replaced(event, &before);
            let postings = mails_of(event, &before, replaced.as_ref().map(|(were, are)| (were, are)));
            mails.extend(postings.into_iter().filter_map(|posting| self.mail(place, &before, posting)));
        }
        mails.extend(self.kept.told.iter().filter_map(|told| self.outlook(told)));
        mails
    }

    /// Returns the mail that told of the withdrawal of a reopened draft, as it was written.
    fn outlook(&self, told: &Told) -> Option<CaughtMail> {
        let kept = self.kept;
        let known = kept.events.iter().take_while(|event| event.at <= told.at).count();
        let history = History::of(kept.events.get(..known)?);
        let (number, draft) = (kept.request.number.as_deref()?, kept.sent(history.last_submission())?);
        let habilitation = history.active().map(|active| habilitation_number(number, active.rank));
        let (mail, recipient, request) = (Mail::Erasure, Recipient::Applicant, Some(kept.request.id.clone()));
        let prospect = Prospect { loss: Loss::Withdrawal, on: told.of };
        let facts = Outlook {
            service: self.service,
            request: &kept.request.id,
            number: Some(number),
            habilitation: habilitation.as_deref(),
            draft,
            arrived: &[],
            to: &draft.organisation.applicant.email.line(),
            since: told.since,
            loss: prospect.loss,
            on: prospect.day_told_on(told.on),
        };
        let Letter { to, subject, body } = outlook(mail, &facts);
        let id = hashed(history.last_event, (kept.request.id.as_str(), &told.at));
        Some(CaughtMail { id, request, mail, recipient, at: told.at.clone(), to, subject, body })
    }

    /// Returns the addresses of the habilitation that an acceptance replaces, and those of the new one.
    fn replaced(&self, event: &Event, before: &History) -> Option<(Addresses, Addresses)> {
        let active = before.active().filter(|_| event.kind == Kind::Accepted)?;
        let addresses = |number| self.kept.sent(number).map(addresses);
        Some((addresses(active.submission)?, addresses(event.submission?)?))
    }

    /// Returns a mail of the event at a place; none where it is not due yet, or moot.
    fn mail(&self, place: usize, before: &History, posting: Posting) -> Option<CaughtMail> {
        let (kept, event) = (self.kept, self.kept.events.get(place)?);
        let Posting { mail, recipient, due } = posting;
        let at = due_at(event, due);
        let messages = if mail == Mail::Message { self.gathered(place)? } else { Vec::new() };
        if at.as_str() > self.now || self.is_moot(place, mail, &messages, &at) {
            return None;
        }
        let history = History::of(kept.events.get(..=place)?);
        let facts = Facts {
            service: self.service,
            request: &kept.request.id,
            number: kept.request.number.as_deref()?,
            event,
            before,
            history: &history,
            messages: &messages,
            sent: kept.sent(history.last_submission())?,
            earlier: earlier_submission(event, before).and_then(|number| kept.sent(number)),
        };
        let Letter { to, subject, body } = letter(mail, recipient, &facts);
        let (id, request) = (id_of(event, mail, recipient), Some(kept.request.id.clone()));
        Some(CaughtMail { id, request, mail, recipient, at, to, subject, body })
    }

    /// Returns the messages of the mail that the message at a place begins; none where an earlier mail holds it.
    fn gathered(&self, place: usize) -> Option<Vec<Event>> {
        let event = self.kept.events.get(place)?;
        let is_of_side = |other: &&Event| other.kind == Kind::Message && other.by.side == event.by.side;
        let mut mail: Vec<Event> = Vec::new();
        for message in self.kept.events.iter().filter(is_of_side) {
            if mail.first().is_some_and(|first| message.at > due_at(first, Due::Soon)) {
                if mail.first().is_some_and(|first| first.seq == event.seq) {
                    break;
                }
                mail.clear();
            }
            mail.push(message.clone());
        }
        (mail.first()?.seq == event.seq).then_some(mail)
    }

    /// Returns whether a mail told nothing any more when it was due: its messages were read, or the answer of which it reminds was
    /// given.
    fn is_moot(&self, place: usize, mail: Mail, messages: &[Event], at: &str) -> bool {
        if mail.days_left().is_some() {
            let later = self.kept.events.get(place + 1..).unwrap_or_default();
            return later.iter().any(|event| event.kind.moves_state() && event.at.as_str() <= at);
        }
        messages.last().and_then(|last| self.kept.read_at(last)).is_some_and(|read_at| read_at <= at)
    }
}

/// Returns the moment at which a mail of an event is due.
fn due_at(event: &Event, due: Due) -> String {
    let later = |moment: Moment| Moment::at(moment.milliseconds() + GATHERING).rfc3339();
    match due {
        Due::AtOnce => event.at.clone(),
        Due::Soon => Moment::parse(&event.at).map_or_else(|| event.at.clone(), later),
        Due::On(day) => [&day.to_string(), MORNING].concat(),
    }
}

/// Returns the addresses of the contacts of a draft.
fn addresses(draft: &Draft) -> Addresses {
    let people = &draft.people;
    [&people.controller.email, &people.dpo.email, &people.technical.email].map(Text::line)
}

/// Returns the identifier of a mail, made of all that it is.
fn id_of(event: &Event, mail: Mail, recipient: Recipient) -> Id {
    hashed(event.seq, (event.id.as_str(), mail as u8, recipient as u8))
}

/// Returns the identifier that is made of a number and of whatever else is told.
fn hashed(number: u64, parts: impl Hash) -> Id {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    Id::new(number, bytes)
}

#[cfg(test)]
mod tests {
    use habilitation_contract::life::Sides;
    use habilitation_contract::{Caller, ready};

    use super::super::tests::{StoreCaller, new_store, told};
    use super::*;
    use crate::model::Field;
    use crate::model::field::Value;
    use crate::model::wire::Act;

    fn id() -> Id {
        Id::new(0, [1; 10])
    }

    fn names(mails: &[CaughtMail]) -> Vec<Mail> {
        mails.iter().map(|mail| mail.mail).collect()
    }

    fn sent() -> StoreCaller {
        let caller = new_store();
        caller.save(&id(), None, &ready()).unwrap();
        caller.submit(&id(), 1).unwrap();
        caller
    }

    /// Makes an act of the team, a minute after what was done before.
    fn decide(caller: &mut StoreCaller, event: u64, act: Act) {
        caller.wait(60);
        let request = caller.examined(&id()).unwrap();
        let act = Act { seen: Some(request.last_event), ..act };
        caller.decide(&id(), &Id::new(event, [1; 10]), request.revision, &act).unwrap();
    }

    fn said(kind: Kind) -> Act {
        Act { text: "Deux points à préciser.".into(), ..Act::new(kind) }
    }

    #[test]
    fn each_act_sends_its_mails_and_what_is_not_due_yet_sends_none() {
        let mut caller = sent();
        let first = told(&caller);
        assert_eq!(names(&first), [Mail::Ack, Mail::NewRequest]);
        assert!(first[0].to.contains('@') && first[0].subject.contains("FC-2026-000001"), "{first:?}");
        assert_eq!(first[1].to, "equipe@service.example");
        assert!(first[0].body.contains("https://service.example/?demande="), "{}", first[0].body);

        decide(&mut caller, 1, said(Kind::ChangesRequested));
        assert_eq!(names(&told(&caller))[2..], [Mail::Changes]);
        caller.let_days_pass(62);
        let later = told(&caller);
        assert_eq!(names(&later)[3..], [Mail::ChangesReminder14, Mail::ChangesReminder3, Mail::Resumed]);
        assert_eq!(later[3].at, "2027-01-08T07:00:00.000Z");

        decide(&mut caller, 2, Act::new(Kind::Accepted));
        let accepted = told(&caller);
        let expected = [Mail::Accepted, Mail::Controller, Mail::Dpo, Mail::Technical];
        assert_eq!(names(&accepted)[6..], expected);
        let mut ids: Vec<Id> = accepted.into_iter().map(|mail| mail.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 10, "each has an identifier of its own");
    }

    #[test]
    fn an_answer_spares_the_reminders() {
        let mut caller = sent();
        decide(&mut caller, 1, said(Kind::ChangesRequested));
        let mut draft = ready();
        Field::ProjectName.set(&mut draft, Value::Text("Le guichet"));
        let saved = caller.save(&id(), Some(3), &draft).unwrap();
        caller.wait(60);
        caller.submit(&id(), saved.revision).unwrap();
        caller.let_days_pass(50);
        assert_eq!(names(&told(&caller))[3..5], [Mail::AckAgain, Mail::Completed]);
        assert!(!names(&told(&caller)).iter().any(|mail| mail.days_left().is_some()));
    }

    #[test]
    fn messages_of_five_minutes_come_in_one_mail_and_in_none_once_they_were_read() {
        let mut caller = sent();
        for event in 1..=3 {
            decide(&mut caller, event, said(Kind::Message));
        }
        assert_eq!(told(&caller).len(), 2, "it waits for more");
        caller.wait(5 * 60);
        assert_eq!(names(&told(&caller))[2..], [Mail::Message]);
        assert_eq!(told(&caller)[2].body.matches("Deux points à préciser.").count(), 3);

        decide(&mut caller, 4, said(Kind::Message));
        caller.store.see(&id(), 5, &caller.now()).unwrap();
        caller.wait(10 * 60);
        assert_eq!(told(&caller).len(), 3);
    }

    #[test]
    fn a_contact_who_is_replaced_is_told() {
        let mut caller = sent();
        decide(&mut caller, 1, Act::new(Kind::Accepted));
        caller.wait(60);
        let reopened = caller.act(&id(), &Id::new(2, [1; 10]), 3, &Act::new(Kind::Reopened)).unwrap();
        let mut draft = ready();
        Field::TechnicalEmail.set(&mut draft, Value::Text("autre@marais-bleu.example"));
        let saved = caller.save(&id(), Some(reopened.revision), &draft).unwrap();
        caller.submit(&id(), saved.revision).unwrap();
        decide(&mut caller, 3, Act::new(Kind::Accepted));
        let mails = told(&caller);
        let gone: Vec<&CaughtMail> = mails.iter().filter(|mail| mail.mail == Mail::NoLongerNamed).collect();
        let [gone] = &*gone else { panic!("{mails:?}") };
        assert_eq!(gone.to, ready().people.technical.email.as_str());
    }
}
