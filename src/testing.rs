//! Support for tests of the page's logic: an executor that runs when told, an application without a view, a scripted API.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use leptos::prelude::*;

use crate::api::examination::Examination;
use crate::api::service::Provider;
use crate::api::sharing::Sharing;
use crate::api::{Api, ApiError, ApiFuture, Filter, Progress, Service, Upload};
use crate::browser::file::File;
use crate::browser::time::set_now;
use crate::context::{Contexts, CurrentDraft, Identity, Session};
use crate::device::{DeviceStorage, Persistence};
use crate::draft::{DeviceCopies, DraftToOpen, OpenDraft};
use crate::form::Form;
use crate::ids::new_id;
use crate::lazy::Part;
use crate::model::place::team::QueueFilter;
use crate::model::saving::{BaseRevision, Machine};
use crate::model::siret::Siret;
use crate::model::statistics::Period;
use crate::model::wire::{
    self, Act, Card, CardAnswer, DemoPeople, EventList, ExaminedRequest, FollowedInvitation, GrantRequest,
    HandOverToOffer, InvitationList, InvitationToFollow, InvitationToSend, IssuedGrant, OrganisationFound, Outlets,
    PageConfig, PeopleList, Problem, Queue, RequestList, RequestSummary, Statistics, StoredRequest, Submission,
    SubmissionBody, TeamList, Template, TemplateList, TemplateToSave,
};
use crate::model::{self, ClosedList, Field, Id};
use crate::navigation::memory;
use crate::navigation::{Navigation, Place};
use crate::portal::Portal;

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static TASKS: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
}

/// Executor that keeps the tasks of each thread until [`run`].
struct Tasks;

impl CustomExecutor for Tasks {
    fn spawn(&self, task: PinnedFuture<()>) {
        TASKS.with_borrow_mut(|tasks| tasks.push(task));
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        TASKS.with_borrow_mut(|tasks| tasks.push(task));
    }

    fn poll_local(&self) {}
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs the tasks and effects of this thread until all of them wait.
pub(crate) fn run() {
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&woken));
    let mut waiting: Vec<Task> = Vec::new();
    while woken.0.swap(false, Ordering::Relaxed) || TASKS.with_borrow(|tasks| !tasks.is_empty()) {
        waiting.append(&mut TASKS.take());
        waiting.retain_mut(|task| task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    TASKS.with_borrow_mut(|tasks| tasks.append(&mut waiting));
}

/// Runs a test under an owner of its own, on this executor.
pub(crate) fn with_owner(test: impl FnOnce()) {
    // Refused where another test of this process was first.
    let _ = Executor::init_custom_executor(Tasks);
    let owner = Owner::new();
    owner.with(test);
    owner.cleanup();
    run();
}

/// Application of a test.
pub(crate) struct TestApp {
    pub(crate) api: Rc<ScriptedApi>,
    pub(crate) portal: Portal,
    owner: Owner,
}

/// Returns an application, on a device of its own, for a person who is signed in.
pub(crate) fn app(place: Place, is_guest: bool) -> TestApp {
    // Refused where another test of this process was first.
    let _ = Executor::init_custom_executor(Tasks);
    set_now(1_800_000_000_000);
    let (api, portal, owner) = (ScriptedApi::new(), Portal::default(), Owner::new());
    owner.with(|| {
        let guard: memory::NavigationGuard =
            if is_guest { crate::guest::navigation_guard(portal.clone()) } else { Box::new(|_| true) };
        let navigation = memory::navigation(place, guard);
        let device = DeviceStorage::new(new_id().as_str(), Persistence::Local);
        let session = Session::new(Rc::clone(&api) as Rc<dyn Api>, device, None, None);
        Contexts::provide(navigation, session, is_guest.then(|| portal.clone()), None, &Part::ALL);
        session.set_identity(Identity::Person(Box::new(person("1"))));
    });
    TestApp { api, portal, owner }
}

impl TestApp {
    /// Runs a function under the owner of the application, then its tasks.
    pub(crate) fn with<T>(&self, call: impl FnOnce() -> T) -> T {
        let value = self.owner.with(call);
        run();
        value
    }

    /// Ends the application.
    pub(crate) fn end(self) -> (Rc<ScriptedApi>, Portal) {
        self.owner.cleanup();
        run();
        (self.api, self.portal)
    }

    /// Opens a new request.
    pub(crate) fn open_request(&self) -> OpenDraft {
        self.with(|| {
            let session = Session::get();
            let draft = OpenDraft::open(DraftToOpen {
                id: new_id(),
                copies: session.copies().unwrap(),
                api: session.api(),
                form: Form::new(model::Draft::default()),
                machine: Machine::new(1, model::Draft::default()),
                since: None,
                arrived: Some(Vec::new()),
            });
            CurrentDraft::get().draft().set(Some(draft));
            draft
        })
    }

    /// Types the name of the project into a request.
    pub(crate) fn type_name(&self, draft: OpenDraft, name: &str) {
        self.with(|| _ = draft.form().edit_text(Field::ProjectName, name));
    }

    /// Lets time pass, for timers and for what they start.
    pub(crate) fn wait(&self, seconds: u64) {
        set_now(crate::clock::now() + seconds * 1_000);
        self.with(|| crate::browser::timers::advance(std::time::Duration::from_secs(seconds)));
    }

    pub(crate) fn copies(&self) -> Option<DeviceCopies> {
        self.with(|| Session::get().copies())
    }

    pub(crate) fn place(&self) -> Place {
        self.with(|| Navigation::get().place().get_untracked())
    }
}

/// Returns the session of a person.
pub(crate) fn person(id: &str) -> wire::Session {
    let user = wire::User {
        id: id.to_owned(),
        given_name: "Camille".to_owned(),
        family_name: "Exemple".to_owned(),
        email: "camille@mairie.example".to_owned(),
        phone: "01 99 00 12 34".to_owned(),
        job_title: "Cheffe de projet".to_owned(),
    };
    let organisation = wire::Organisation { siret: String::new(), name: String::new(), kind: None };
    wire::Session { user, organisation, ends_at: String::new(), role: None }
}

/// Upload that a test drives. Clones are one.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) document: Id,
    progress: Progress,
    outcome: Rc<RefCell<Option<Result<(), ApiError>>>>,
}

impl Sent {
    /// Tells how many bytes are sent.
    pub(crate) fn progress(&self, bytes: u64) {
        (self.progress)(bytes);
    }

    /// Ends the upload.
    pub(crate) fn end(&self, outcome: Result<(), ApiError>) {
        self.outcome.replace(Some(outcome));
        run();
    }

    /// Returns whether the upload was cancelled.
    pub(crate) fn is_cancelled(&self) -> bool {
        *self.outcome.borrow() == Some(Err(ApiError::Aborted))
    }
}

/// API that answers as a test says.
pub(crate) struct ScriptedApi {
    provider: Provider,
    script: Rc<Script>,
}

/// Answers of a [`ScriptedApi`].
#[derive(Default)]
pub(crate) struct Script {
    /// Error of every save from now on.
    pub(crate) save_error: RefCell<Option<ApiError>>,
    /// Error of signing out.
    pub(crate) sign_out_error: RefCell<Option<ApiError>>,
    /// Address at which signing out goes on.
    pub(crate) sign_out_address: RefCell<Option<String>>,
    /// Establishments by their numbers, as the service answers; without one, it lets wait.
    pub(crate) found: RefCell<BTreeMap<String, Result<OrganisationFound, ApiError>>>,
    /// Numbers of the establishments that were asked for so far.
    pub(crate) asked_for: RefCell<Vec<String>>,
    /// Requests as the server has them.
    pub(crate) stored: RefCell<Vec<RequestSummary>>,
    /// History of every request; without one, the service does not respond.
    pub(crate) history: RefCell<Option<EventList>>,
    /// Every request, as it is read; without one, the API does not respond.
    pub(crate) request: RefCell<Option<StoredRequest>>,
    /// Set while the API lets wait whoever reads a request.
    pub(crate) request_waits: Cell<bool>,
    /// Request as the team reads it; without one, the service does not respond.
    pub(crate) examined: RefCell<Option<ExaminedRequest>>,
    /// Submissions of every request, by their numbers.
    pub(crate) submissions: RefCell<Vec<Submission>>,
    /// Words of the submissions so far.
    pub(crate) words: RefCell<Vec<SubmissionBody>>,
    /// Acts so far, by their identifiers.
    pub(crate) acts: RefCell<Vec<(Id, Act)>>,
    /// Ranks up to which the history was seen so far.
    pub(crate) seen: RefCell<Vec<u64>>,
    /// Error of every act from now on.
    pub(crate) act_error: RefCell<Option<ApiError>>,
    /// Templates of the team; without them, the service does not respond.
    pub(crate) templates: RefCell<Option<Vec<Template>>>,
    /// Error of the next save or deletion of a template, which may be done all the same.
    pub(crate) template_error: RefCell<Option<ApiError>>,
    /// People of every request; without them, nothing is shared.
    pub(crate) people: RefCell<Option<PeopleList>>,
    /// Invitations that wait for the person; without them, the service does not respond.
    pub(crate) invitations: RefCell<Option<InvitationList>>,
    /// Answer to whoever follows an invitation; without one, the service does not respond.
    pub(crate) followed: RefCell<Option<Result<FollowedInvitation, ApiError>>>,
    /// Acts about people so far, in the words of [`Sharing`].
    pub(crate) shared: RefCell<Vec<String>>,
    /// Error of every act about people from now on.
    pub(crate) sharing_error: RefCell<Option<ApiError>>,
    /// Card of every token; without one, a link opens nothing.
    pub(crate) card: RefCell<Option<Card>>,
    /// Answers of contacts so far.
    pub(crate) card_answers: RefCell<Vec<CardAnswer>>,
    /// Uploads so far.
    pub(crate) uploads: RefCell<Vec<Sent>>,
    /// Documents that the page removed.
    pub(crate) removed: RefCell<Vec<Id>>,
    /// Number of times that the session was ended.
    pub(crate) sign_outs: Cell<u32>,
    token: RefCell<Option<String>>,
    user: RefCell<Option<String>>,
}

impl ScriptedApi {
    fn new() -> Rc<Self> {
        let script = Rc::new(Script::default());
        let provider = Provider {
            service: Rc::new(ScriptedService(Rc::clone(&script))),
            examination: Rc::new(ScriptedService(Rc::clone(&script))),
            sharing: Rc::new(ScriptedService(Rc::clone(&script))),
        };
        Rc::new(Self { provider, script })
    }

    pub(crate) fn script(&self) -> &Script {
        &self.script
    }

    pub(crate) fn caller(&self) -> (Option<String>, Option<String>) {
        (self.script.token.borrow().clone(), self.script.user.borrow().clone())
    }
}

fn answer<T: 'static>(answer: Result<T, ApiError>) -> ApiFuture<T> {
    Box::pin(ready(answer))
}

impl Api for ScriptedApi {
    fn config(&self) -> ApiFuture<PageConfig> {
        answer(Ok(PageConfig::default()))
    }

    fn session(&self) -> ApiFuture<wire::Session> {
        answer(Ok(person("1")))
    }

    fn set_user(&self, user: Option<&str>) {
        self.script.user.replace(user.map(str::to_owned));
    }

    fn set_token(&self, token: Option<&str>) {
        self.script.token.replace(token.map(str::to_owned));
    }

    fn request(&self, _: &Id) -> ApiFuture<StoredRequest> {
        let script = Rc::clone(&self.script);
        // Wakes nothing: `run` polls every task.
        Box::pin(poll_fn(move |_| match script.request_waits.get() {
            true => Poll::Pending,
            false => Poll::Ready(script.request.borrow().clone().ok_or(ApiError::Unreachable)),
        }))
    }

    fn save(&self, id: &Id, base: Option<&BaseRevision>, draft: &model::Draft) -> ApiFuture<RequestSummary> {
        if let Some(error) = &*self.script.save_error.borrow() {
            return answer(Err(error.clone()));
        }
        let summary = RequestSummary {
            name: draft.project.name.line(),
            revision: base.map_or(1, |base| base.revision + 1),
            updated_at: crate::clock::now_rfc3339(),
            ..RequestSummary::begun(id.clone())
        };
        let mut stored = self.script.stored.borrow_mut();
        stored.retain(|other| other.id != *id);
        stored.push(summary.clone());
        answer(Ok(summary))
    }

    fn as_any(&self) -> &dyn Any {
        &self.provider
    }
}

struct ScriptedService(Rc<Script>);

impl Service for ScriptedService {
    fn demo_people(&self) -> ApiFuture<DemoPeople> {
        answer(Err(ApiError::Unreachable))
    }

    fn sign_in(&self, person: &str) -> ApiFuture<wire::Session> {
        answer(Ok(self::person(person)))
    }

    fn organisation(&self, siret: &Siret) -> Option<ApiFuture<OrganisationFound>> {
        let (script, siret) = (Rc::clone(&self.0), siret.as_str().to_owned());
        script.asked_for.borrow_mut().push(siret.clone());
        // Wakes nothing: `run` polls every task.
        Some(Box::pin(poll_fn(move |_| script.found.borrow().get(&siret).cloned().map_or(Poll::Pending, Poll::Ready))))
    }

    fn grant(&self, _: &GrantRequest) -> ApiFuture<IssuedGrant> {
        answer(Err(ApiError::Unreachable))
    }

    fn sign_out(&self) -> ApiFuture<Option<String>> {
        self.0.sign_outs.set(self.0.sign_outs.get() + 1);
        let address = self.0.sign_out_address.borrow().clone();
        answer(self.0.sign_out_error.borrow().clone().map_or(Ok(address), Err))
    }

    fn requests(&self, _: &Filter) -> ApiFuture<RequestList> {
        answer(Ok(RequestList { requests: self.0.stored.borrow().clone(), next: None }))
    }

    fn delete(&self, _: &Id, _: &BaseRevision) -> ApiFuture<()> {
        answer(Ok(()))
    }

    fn submit(&self, _: &Id, _: &BaseRevision, words: &SubmissionBody) -> ApiFuture<()> {
        self.0.words.borrow_mut().push(words.clone());
        answer(Ok(()))
    }

    fn events(&self, _: &Id, _: u64) -> ApiFuture<EventList> {
        answer(self.0.history.borrow().clone().ok_or(ApiError::Unreachable))
    }

    fn submission(&self, _: &Id, number: u32) -> ApiFuture<Submission> {
        let submissions = self.0.submissions.borrow();
        answer(submissions.iter().find(|sent| sent.n == number).cloned().ok_or(ApiError::Unreachable))
    }

    fn act(&self, request: &Id, event: &Id, _: Option<&BaseRevision>, act: &Act) -> ApiFuture<StoredRequest> {
        self.0.acts.borrow_mut().push((event.clone(), act.clone()));
        answer(self.0.act_error.borrow().clone().map_or_else(|| Ok(StoredRequest::begun(request.clone())), Err))
    }

    fn see(&self, _: &Id, seq: u64) -> ApiFuture<()> {
        self.0.seen.borrow_mut().push(seq);
        answer(Ok(()))
    }

    fn upload(&self, _: &Id, document: &Id, _: &File, progress: Progress) -> Upload {
        let sent = Sent { document: document.clone(), progress, outcome: Rc::default() };
        self.0.uploads.borrow_mut().push(sent.clone());
        let outcome = Rc::clone(&sent.outcome);
        // Wakes nothing: `run` polls every task.
        let answer = Box::pin(poll_fn(move |_| outcome.borrow().clone().map_or(Poll::Pending, Poll::Ready)));
        Upload { answer, abort: Box::new(move || _ = sent.outcome.replace(Some(Err(ApiError::Aborted)))) }
    }

    fn remove_document(&self, _: &Id, document: &Id) -> ApiFuture<()> {
        self.0.removed.borrow_mut().push(document.clone());
        answer(Ok(()))
    }

    fn document_address(&self, _: &Id, document: &Id) -> ApiFuture<String> {
        answer(Ok(document.as_str().to_owned()))
    }
}

impl ScriptedService {
    fn shared(&self, act: String) -> ApiFuture<()> {
        self.0.shared.borrow_mut().push(act);
        answer(self.0.sharing_error.borrow().clone().map_or(Ok(()), Err))
    }
}

impl Sharing for ScriptedService {
    fn people(&self, _: &Id) -> ApiFuture<PeopleList> {
        let missing = || ApiError::Problem(Box::new(Problem::of(404)));
        answer(self.0.people.borrow().clone().ok_or_else(missing))
    }

    fn invite(&self, _: &Id, _: &Id, to_send: &InvitationToSend) -> ApiFuture<()> {
        self.shared(format!("invite {} {}", to_send.email, to_send.role.as_str()))
    }

    fn take_invitation_back(&self, _: &Id, _: &Id) -> ApiFuture<()> {
        self.shared("take invitation back".to_owned())
    }

    fn answer_newcomer(&self, _: &Id, person: &str, confirmed: bool) -> ApiFuture<()> {
        self.shared(format!("answer {person} {confirmed}"))
    }

    fn remove_person(&self, _: &Id, person: &str) -> ApiFuture<()> {
        self.shared(format!("remove {person}"))
    }

    fn offer_hand_over(&self, _: &Id, offer: &HandOverToOffer) -> ApiFuture<()> {
        self.shared(format!("hand over to {}: {}", offer.to, offer.text))
    }

    fn invitations(&self) -> ApiFuture<InvitationList> {
        answer(self.0.invitations.borrow().clone().ok_or(ApiError::Unreachable))
    }

    fn follow_invitation(&self, followed: &InvitationToFollow) -> ApiFuture<FollowedInvitation> {
        self.0.shared.borrow_mut().push(format!("follow {}", followed.token.as_deref().unwrap_or("the listed one")));
        answer(self.0.followed.borrow().clone().unwrap_or(Err(ApiError::Unreachable)))
    }

    fn card(&self, _: &str) -> ApiFuture<Card> {
        let missing = || ApiError::Problem(Box::new(Problem::of(404)));
        answer(self.0.card.borrow().clone().ok_or_else(missing))
    }

    fn answer_card(&self, _: &str, given: &CardAnswer) -> ApiFuture<()> {
        self.0.card_answers.borrow_mut().push(given.clone());
        answer(self.0.sharing_error.borrow().clone().map_or(Ok(()), Err))
    }
}

impl Examination for ScriptedService {
    fn upload(&self, request: &Id, document: &Id, file: &File, progress: Progress) -> Upload {
        Service::upload(self, request, document, file, progress)
    }

    fn queue(&self, _: &QueueFilter) -> ApiFuture<Queue> {
        answer(Err(ApiError::Unreachable))
    }

    fn team(&self) -> ApiFuture<TeamList> {
        answer(Ok(TeamList { people: Vec::new() }))
    }

    fn request(&self, _: &Id) -> ApiFuture<ExaminedRequest> {
        answer(self.0.examined.borrow().clone().ok_or(ApiError::Unreachable))
    }

    fn events(&self, _: &Id) -> ApiFuture<EventList> {
        answer(self.0.history.borrow().clone().ok_or(ApiError::Unreachable))
    }

    fn submission(&self, _: &Id, number: u32) -> ApiFuture<Submission> {
        let submissions = self.0.submissions.borrow();
        answer(submissions.iter().find(|sent| sent.n == number).cloned().ok_or(ApiError::Unreachable))
    }

    fn act(&self, _: &Id, event: &Id, _: Option<&BaseRevision>, act: &Act) -> ApiFuture<ExaminedRequest> {
        self.0.acts.borrow_mut().push((event.clone(), act.clone()));
        let error = self.0.act_error.borrow().clone();
        answer(error.map_or_else(|| self.0.examined.borrow().clone().ok_or(ApiError::Unreachable), Err))
    }

    fn see(&self, _: &Id, _: u64) -> ApiFuture<()> {
        answer(Ok(()))
    }

    fn statistics(&self, _: Option<Period>) -> ApiFuture<Statistics> {
        answer(Err(ApiError::Unreachable))
    }

    fn statistics_file(&self, _: &Statistics) -> String {
        String::new()
    }

    fn document_address(&self, _: &Id, document: &Id) -> ApiFuture<String> {
        answer(Ok(document.as_str().to_owned()))
    }

    fn outlets(&self) -> ApiFuture<Outlets> {
        answer(Err(ApiError::Unreachable))
    }

    fn templates(&self) -> ApiFuture<TemplateList> {
        let templates = self.0.templates.borrow().clone();
        answer(templates.map(|templates| TemplateList { templates }).ok_or(ApiError::Unreachable))
    }

    fn save_template(&self, id: &Id, base: Option<&BaseRevision>, to_save: &TemplateToSave) -> ApiFuture<Template> {
        if let Some(error) = self.0.template_error.take() {
            return answer(Err(error));
        }
        let TemplateToSave { title, purpose, text } = to_save.clone();
        let (revision, updated_at) = (base.map_or(1, |base| base.revision + 1), crate::clock::now_rfc3339());
        let saved = Template {
            id: id.clone(),
            title,
            purpose,
            text,
            revision,
            updated_at,
            saved_by: "Idris Benali".to_owned(),
        };
        let mut templates = self.0.templates.borrow_mut();
        let templates = templates.get_or_insert_default();
        templates.retain(|other| other.id != *id);
        templates.push(saved.clone());
        answer(Ok(saved))
    }

    fn delete_template(&self, id: &Id, _: &BaseRevision) -> ApiFuture<()> {
        if let Some(error) = self.0.template_error.take() {
            return answer(Err(error));
        }
        self.0.templates.borrow_mut().get_or_insert_default().retain(|other| other.id != *id);
        answer(Ok(()))
    }
}
