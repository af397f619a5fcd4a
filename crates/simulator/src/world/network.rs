//! Calls, the responses of the server, and the events that a tab makes of them.

use habilitation_model::Draft;
use habilitation_model::saving::{BaseRevision, DeviceCopy, Event, Failure, Machine, SavedDraft, Snapshot};

use super::tabs::number;
use super::{Call, Message, SECOND_PERSONS, Session, World, trace};
use crate::action::{DeviceNumber, TabNumber};
use crate::mutant::Mutant;
use crate::oracle::{self, List, TypedId};
use crate::server::{Request, Response};

impl World {
    pub(super) fn call(&mut self, tab: TabNumber, request: Request) {
        let device = self.tabs[tab].device;
        self.calls.push(Call { tab, device, request, response: None, awaited: true, hangs: false });
    }

    pub(super) fn send(&mut self, tab: TabNumber, base: Option<BaseRevision>, mut draft: Box<Draft>) {
        self.check_may_call(tab);
        if let Some(early) = self.tabs[tab].early.take() {
            *draft = early;
        }
        // A save takes the place of a verification.
        let is_awaited_verification =
            |call: &&mut Call| call.tab == tab && matches!(call.request, Request::Read { .. });
        self.calls.iter_mut().filter(is_awaited_verification).for_each(|call| call.awaited = false);
        self.tabs[tab].saving = true;
        self.call(tab, Request::Save { base, draft });
        self.forget_what_was_sent(tab);
    }

    pub(super) fn verify(&mut self, tab: TabNumber, base: BaseRevision) {
        self.check_may_call(tab);
        self.tabs[tab].early = None;
        self.call(tab, Request::Read { base });
        self.forget_what_was_sent(tab);
    }

    fn check_may_call(&mut self, tab: TabNumber) {
        if self.tabs[tab].saving {
            self.violate(|| format!("one save is under way at a time: tab {tab} sends a second one"));
        }
        if self.tabs[tab].submitted {
            self.violate(|| format!("nothing is sent after the submission: tab {tab} does"));
        }
    }

    /// Erases the device's copy once a call has left, as a mutant does.
    fn forget_what_was_sent(&mut self, tab: TabNumber) {
        if self.is(Mutant::ForgetsWhenSent) {
            let device = &mut self.devices[self.tabs[tab].device];
            device.writes += 1;
            device.stored = None;
        }
    }

    /// Drops the save in flight and forgets what was sent, as a mutant does.
    pub(super) fn abort(&mut self, tab: TabNumber) {
        let copy = DeviceCopy { sent_marks: Vec::new(), ..self.tabs[tab].machine.device_copy(0) };
        self.stop_waiting(tab);
        self.release(tab);
        self.tabs[tab].saving = false;
        self.tabs[tab].asking = false;
        self.tabs[tab].timer = false;
        self.tabs[tab].machine = Machine::from_device(number(tab), copy);
    }

    /// Returns whether the server serves the owner on this device.
    pub(super) fn is_served(&self, device: DeviceNumber) -> bool {
        let device = &self.devices[device];
        !device.is_offline && device.session == Session::Owner && self.server.is_up
    }

    /// Gives up waiting for the responses to a tab's calls.
    pub(super) fn stop_waiting(&mut self, tab: TabNumber) {
        for call in self.calls.iter_mut().filter(|call| call.tab == tab && call.awaited) {
            call.awaited = false;
            if let Request::Save { draft, .. } = &call.request {
                self.oracle.mark_uncertain(oracle::elements(draft));
            }
        }
    }

    pub(super) fn reaches_the_server(&self, call: usize) -> bool {
        !self.devices[self.calls[call].device].is_offline
    }

    pub(super) fn deliver_call(&mut self, number: usize) {
        let call = &self.calls[number];
        let (request, device) = (call.request.clone(), call.device);
        let response = match self.devices[device].session {
            Session::Owner => self.serve(&request, device),
            Session::Another if self.is(Mutant::SavesForWhoeverIsThere) => self.server.respond_to_another(&request),
            Session::Another | Session::Nobody => Response::SignedOut,
        };
        self.note(|| format!("    server: {}", trace::response(&response)));
        self.calls[number].response = Some(response);
    }

    /// Delivers a call a second time. No tab receives the response.
    pub(super) fn deliver_call_again(&mut self, number: usize) {
        let Call { request, device, .. } = &self.calls[number];
        let (request, device) = (request.clone(), *device);
        if !self.reaches_the_server(number) {
            return;
        }
        if let (Response::Saved { .. }, Request::Save { draft, .. }) = (self.serve(&request, device), &request) {
            self.oracle.mark_uncertain(oracle::elements(draft));
        }
    }

    pub(super) fn serve(&mut self, request: &Request, device: DeviceNumber) -> Response {
        let was_closed = self.server.is_closed();
        let is_second = device == SECOND_PERSONS;
        if is_second && matches!(request, Request::Delete { .. }) {
            return self.server.respond_to_second(request);
        }
        if let (Request::Delete { .. }, Some(saved)) = (request, self.server.draft().cloned()) {
            let response = self.server.respond(request);
            if matches!(response, Response::Deleted) {
                // The person who deletes a revision gives up all that it holds.
                self.oracle.given_up(oracle::values(&saved.draft));
            }
            return response;
        }
        let before = self.server.draft().map(|saved| saved.draft.clone());
        let response = if is_second { self.server.respond_to_second(request) } else { self.server.respond(request) };
        if let (Response::Saved { .. }, Request::Save { draft, .. }) = (&response, request) {
            if is_second && !self.server.second_person_edits {
                self.violate(|| "nothing is saved of a person who only reads".to_owned());
            }
            self.oracle.reached_the_server(draft);
            if let Some(before) = before {
                self.removed(&before, draft);
            }
            if was_closed {
                self.violate(|| "nothing is saved after a submission, and nothing deleted returns".to_owned());
            }
        }
        response
    }

    /// Marks removed elements as uncertain while a call that brings them is on its way: its sender takes them for not
    /// arrived.
    fn removed(&mut self, before: &Draft, after: &Draft) {
        let left: Vec<TypedId> = oracle::elements(after).collect();
        for element in oracle::elements(before).filter(|element| !left.contains(element)) {
            let brings_it = |call: &Call| match &call.request {
                Request::Save { draft, .. } => oracle::elements(draft).any(|other| other == element),
                _ => false,
            };
            if self.calls.iter().any(brings_it) {
                self.oracle.mark_uncertain([element]);
            }
        }
    }

    pub(super) fn time_out_call(&mut self, number: usize) {
        let call = &mut self.calls[number];
        if !std::mem::replace(&mut call.awaited, false) {
            return;
        }
        let (tab, request) = (call.tab, call.request.clone());
        if let Request::Save { draft, .. } = &request {
            self.oracle.mark_uncertain(oracle::elements(draft));
        }
        self.finish_call(tab, &request, Response::Away);
    }

    pub(super) fn deliver_response(&mut self, number: usize) {
        let call = self.calls.swap_remove(number);
        if let (true, Some(response)) = (call.awaited, call.response) {
            self.finish_call(call.tab, &call.request, response);
        }
    }

    /// Answers a call in the place of the server, which may have acted on it all the same.
    pub(super) fn intercept(&mut self, number: usize, status: u16, acted: bool) {
        if let Request::Save { draft, .. } = &self.calls[number].request {
            self.oracle.mark_uncertain(oracle::elements(draft));
        }
        if acted && self.reaches_the_server(number) {
            self.deliver_call(number);
        }
        self.calls[number].response = Some(Response::Intercepted(status));
    }

    /// Restores the server from its backup. The values that it alone held are lost, and no tab could have kept them.
    pub(super) fn restore_server(&mut self) {
        let held: Vec<TypedId> = self.server.state.held().into_iter().flat_map(oracle::values).collect();
        self.server.restore();
        self.oracle.set_back(self.server.state.held());
        let there = self.visible_values();
        self.oracle.given_up(held.into_iter().filter(|value| !there.contains(value)));
    }

    /// Tells the tab how its call ended.
    pub(super) fn finish_call(&mut self, tab: TabNumber, request: &Request, response: Response) {
        if matches!(request, Request::Save { .. } | Request::Read { .. }) {
            self.tabs[tab].saving = false;
            let before = self.tabs[tab].machine.mine().clone();
            let event = self.outcome_of_save(tab, response);
            self.dispatch(tab, event);
            if self.is(Mutant::BringsBackWhatWasRemoved) {
                self.bring_back_elements(tab, &before);
            }
            return;
        }
        self.tabs[tab].asking = false;
        self.read_device_copy(tab);
        let response = match (response, request) {
            (Response::Intercepted(200..300), Request::Submit { .. }) if self.is(Mutant::BelievesIntercepted) => {
                Response::Submitted
            }
            (Response::Intercepted(200..300 | 404 | 410), Request::Delete { .. })
                if self.is(Mutant::BelievesIntercepted) =>
            {
                Response::Deleted
            }
            (response, _) => response,
        };
        match response {
            Response::Submitted => {
                self.learn_of_submission(tab);
                self.send_to_others(tab, &Message::Submitted);
            }
            Response::SubmittedBefore => {
                self.dispatch(tab, Event::NotSubmitted);
                self.learn_of_submission(tab);
            }
            Response::Deleted => {
                self.send_to_others(tab, &Message::Deleted);
                self.give_up_all(tab);
                self.dispatch(tab, Event::Erased);
            }
            Response::Gone => self.dispatch(tab, Event::Deleted),
            Response::NotOnServer => self.dispatch(tab, Event::NotOnServer),
            Response::Stale(current) => {
                self.dispatch(tab, Event::NotSubmitted);
                if let Request::Submit { base } | Request::Delete { base } = request {
                    self.dispatch(tab, Event::Found { current: *current, asked: base.clone() });
                }
            }
            _ => self.dispatch(tab, Event::NotSubmitted),
        }
    }

    pub(super) fn outcome_of_save(&mut self, tab: TabNumber, response: Response) -> Event {
        let failure = match response {
            Response::Saved { revision, saved_at } => return Event::Saved { revision, saved_at },
            Response::Stale(current) if self.is(Mutant::RetriesWithoutComparing) => {
                let draft = self.tabs[tab].machine.base().map(|base| base.draft.clone()).unwrap_or_default();
                let Snapshot { saved, .. } = *current;
                return Event::Stale(Snapshot { saved: SavedDraft { draft, ..saved }, ..*current });
            }
            Response::Stale(current) if self.is(Mutant::IgnoresLowerRevisions) && self.is_lower(tab, &current) => {
                Failure::Unreachable
            }
            Response::Stale(mut current) if self.is(Mutant::TakesListsWhole) => {
                let mine = self.tabs[tab].machine.mine();
                current.saved.draft.data.scopes = mine.data.scopes.clone();
                current.saved.draft.legal.documents.clone_from(&mine.legal.documents);
                return Event::Stale(*current);
            }
            Response::Stale(current) => return Event::Stale(*current),
            Response::TooLarge | Response::NotUnderstood if self.is(Mutant::DropsRejectedAnswers) => {
                let base = self.tabs[tab].machine.base().cloned();
                self.release(tab);
                self.tabs[tab].machine = base.map_or_else(
                    || Machine::new(number(tab), Draft::default()),
                    |base| Machine::from_server(number(tab), base),
                );
                return Event::Flush;
            }
            Response::TooLarge => Failure::TooLarge,
            Response::NotUnderstood => Failure::NotUnderstood,
            Response::Gone if self.is(Mutant::DeletedReturns) => {
                let copy = self.tabs[tab].machine.device_copy(0).as_new_request(0);
                self.release(tab);
                self.tabs[tab].machine = Machine::from_device(number(tab), copy);
                return Event::Flush;
            }
            Response::Gone => Failure::Gone,
            Response::NotOnServer if self.is(Mutant::ForgetsWhatIsNotOnServer) => {
                self.erase(self.tabs[tab].device);
                Failure::Gone
            }
            Response::NotOnServer => Failure::NotOnServer,
            Response::ComeAgain(_) if self.is(Mutant::StopsWhenAskedToComeAgain) => Failure::NotUnderstood,
            Response::ComeAgain(status) => Failure::of_problem(status, "/problems/too-slow"),
            Response::Intercepted(status) if self.is(Mutant::BelievesIntercepted) => match status {
                401 => Failure::SignedOut,
                404 | 410 | 412 => Failure::Gone,
                409 => Failure::Submitted,
                413 => Failure::TooLarge,
                400..500 => Failure::NotUnderstood,
                _ => Failure::Unreachable,
            },
            Response::Intercepted(status) => Failure::of_intercepted(status),
            Response::SubmittedBefore => {
                self.tabs[tab].submitted = true;
                Failure::Submitted
            }
            Response::SignedOut => Failure::SignedOut,
            Response::NotPermitted if self.is(Mutant::ForgetsWithoutRight) => {
                self.erase(self.tabs[tab].device);
                Failure::Gone
            }
            Response::NotPermitted if self.is(Mutant::GivesUpWithoutRight) => Failure::Outdated,
            Response::NotPermitted => Failure::of_problem(403, "/problems/not-permitted"),
            Response::Away | Response::Submitted | Response::Deleted => Failure::Unreachable,
        };
        Event::Failed { failure, random: 0, pause: 0 }
    }

    /// Lets the second person change answers again. They look at their tabs once they are told.
    pub(super) fn give_right(&mut self) {
        self.server.second_person_edits = true;
        for tab in self.awake_tabs_of(SECOND_PERSONS) {
            self.tell_looked_at(tab);
        }
    }

    fn is_lower(&self, tab: TabNumber, current: &Snapshot) -> bool {
        self.tabs[tab].machine.base().is_some_and(|base| current.saved.revision <= base.revision)
    }

    /// Adds the elements again that a tab showed before, as a mutant does.
    fn bring_back_elements(&mut self, tab: TabNumber, before: &Draft) {
        let mut draft = self.tabs[tab].machine.mine().clone();
        for list in List::ALL {
            let there: Vec<TypedId> = list.elements(&draft).collect();
            list.elements(before).filter(|element| !there.contains(element)).for_each(|one| list.add(one, &mut draft));
        }
        self.edit(tab, draft);
    }

    pub(super) fn toggle_network(&mut self, number: DeviceNumber) {
        let device = &mut self.devices[number];
        device.is_offline = !device.is_offline;
        let is_offline = device.is_offline;
        for tab in self.awake_tabs_of(number) {
            self.dispatch(tab, if is_offline { Event::Offline } else { Event::Online });
        }
    }

    pub(super) fn sign_in(&mut self, number: DeviceNumber, session: Session) {
        self.devices[number].session = session;
        for tab in self.awake_tabs_of(number) {
            self.tell_looked_at(tab);
        }
    }
}
