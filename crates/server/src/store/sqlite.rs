//! The store in one SQLite file.
//!
//! Access of a person is decided in one place, [`access`]; whatever they may do to a request is done as its owner does it, in
//! [`OwnerScope`], which alone reads and changes the tables of requests and documents on behalf of a person. That of the team is in
//! [`TeamScope`], which reaches no draft.

mod access;
mod account_rows;
mod accounts;
mod cards;
mod connections;
mod contest;
mod deliveries;
mod described;
mod erasing;
mod filling;
mod forewarnings;
mod found;
mod gauges;
mod grants;
mod habilitations;
mod history;
mod inspecting;
mod links;
pub(crate) mod operating;
mod outbox;
mod owner_scope;
mod pace;
mod passing;
mod people;
mod personal;
mod purge;
mod queue;
mod reads;
mod recoveries;
mod search;
mod session_cache;
mod sessions;
mod snapshot;
mod statistics;
mod team_scope;
mod values;

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::lifecycle::{Kind, Part};
use habilitation_model::rights::Action;
use habilitation_model::statistics::Period;
use habilitation_model::wire::{
    Card, CardAnswer, Delivery, EventList, OrganisationFound, PublicStatistics, RecoveriesToDecide, RecoveryDecision,
    RecoveryList, RecoveryToAsk, Statistics, Template, TemplateToSave,
};
use habilitation_model::{Draft, Id};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations, SchemaVersion};

use self::connections::{Readers, Writer};
pub(crate) use self::inspecting::Inspected;
use self::owner_scope::OwnerScope;
use self::session_cache::SessionCache;
pub(crate) use self::snapshot::{end_sessions, snapshot};
use self::team_scope::TeamScope;
use super::accounts::AccountSubject;
use super::cards::{CardKey, CardToSend, Cards};
use super::outbox::{
    Attempt, Channel, DeliveryFilter, Leased, Material, Outbox, OutlookMaterial, PersonalMaterial, SentDelivery,
};
use super::recoveries::{Asker, Decider, DeciderAddresses, Recoveries};
use super::{
    Account, ActOfTeam, ActToMake, Acted, ActedByTeam, AskedAccount, Claim, Claimed, Entry, Examined, Expected, Filter,
    Followed, Found, Gauges, Grant, LinkKind, OpenSession, Owner, Page, Passed, PublicFilter, PublicPage, PurgeCutoff,
    Purged, QueueFilter, QueuePage, Quotas, ReadDraft, ReceivedFile, Recorded, Saved, SavedTemplate, Sending,
    SessionKey, SignIn, Store, StoreFailure, StoreRefusal, StoredDocument, Submitted, WholeSubmission,
};
use crate::clock::paris_day;
use crate::files::FileName;
use crate::identification::Identification;
use crate::team::Member;

/// Migrations, each of which brings the tables one version further. One that was released never changes: others come after it.
const MIGRATION_STEPS: &[M<'static>] = &[
    M::up(include_str!("sqlite/1-first.sql")),
    M::up(include_str!("sqlite/2-portals.sql")),
    M::up(include_str!("sqlite/3-earlier.sql")),
    M::up(include_str!("sqlite/4-limits.sql")),
    M::up(include_str!("sqlite/5-history.sql")),
    M::up(include_str!("sqlite/6-queue.sql")),
    M::up(include_str!("sqlite/7-outbox.sql")),
    M::up(include_str!("sqlite/8-keeping.sql")),
    M::up(include_str!("sqlite/9-statistics.sql")),
    M::up(include_str!("sqlite/10-accounts.sql")),
    M::up(include_str!("sqlite/11-people.sql")),
    M::up(include_str!("sqlite/12-recoveries.sql")),
    M::up(include_str!("sqlite/13-links.sql")),
    M::up(include_str!("sqlite/14-organisations.sql")),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(MIGRATION_STEPS);

/// Name of the file in the data folder.
pub(crate) const DATABASE: &str = "habilitation.sqlite";

/// Connections that read at the same time.
const READERS: usize = 4;

/// An open SQLite file.
pub(crate) struct SqliteStore {
    readers: Readers,
    /// Connection for probes, so that they are answered while all others read.
    probe: Readers,
    writer: Writer,
    sessions: Arc<SessionCache>,
    quotas: Quotas,
    read_draft: ReadDraft,
}

impl SqliteStore {
    /// Opens the file, makes it if it is not there, and brings its tables to this version. Notices to a partner are kept where there
    /// is a webhook.
    ///
    /// # Errors
    /// When it cannot be opened, or was written by a later version.
    pub(crate) fn open(
        path: &Path,
        quotas: Quotas,
        read_draft: ReadDraft,
        has_webhook: bool,
    ) -> Result<Self, StoreFailure> {
        make_private(path).map_err(|error| StoreFailure::Broken(error.to_string()))?;
        let mut connection = connections::open(path)?;
        MIGRATIONS.to_latest(&mut connection).map_err(|error| StoreFailure::Broken(error.to_string()))?;
        filling::fill(&mut connection, read_draft)?;
        deliveries::release(&connection)?;
        outbox::set_webhook(&connection, has_webhook)?;
        let (readers, probe) = (Readers::open(path, READERS)?, Readers::open(path, 1)?);
        Ok(Self { readers, probe, writer: Writer::start(connection)?, sessions: Arc::default(), quotas, read_draft })
    }
}

/// Returns the subjects of the accounts with an e-mail address, from a file that another process may have open.
///
/// # Errors
/// When the file is not there, cannot be read, or has no accounts yet.
pub(crate) fn accounts_of(path: &Path, email: &str) -> Result<Vec<AccountSubject>, StoreFailure> {
    accounts::of_email(&connections::open_to_read(path)?, email)
}

/// Inspects a database that somebody may be using. One that is damaged, or of a later release, is a failure.
///
/// # Errors
/// With a sentence that names no value.
pub(crate) fn inspect(path: &Path) -> Result<Inspected, StoreFailure> {
    inspecting::inspect(path, &MIGRATIONS)
}

/// Makes the file, if it is not there, for this user alone, whatever the folder's permissions. SQLite gives its journal the
/// same permissions.
fn make_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[async_trait]
impl Store for SqliteStore {
    async fn gauges(&self, at: Timestamp) -> Result<Gauges, StoreFailure> {
        self.probe.read(move |connection| gauges::read(connection, at)).await
    }

    async fn ready(&self) -> Result<(), StoreFailure> {
        let version = self.probe.read(|connection| {
            MIGRATIONS.current_version(connection).map_err(|error| StoreFailure::Broken(error.to_string()))
        });
        match version.await? {
            SchemaVersion::Inside(_) => Ok(()),
            _ => Err(StoreFailure::Broken("the tables are of another version".to_owned())),
        }
    }

    async fn save(
        &self,
        owner: &Owner,
        id: &Id,
        draft: &Draft,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<Saved, StoreRefusal> {
        let (name, draft, expected) = (id.clone(), draft.clone(), expected.clone());
        let (id, quotas) = (id.clone(), self.quotas);
        let prepare = move |scope: &OwnerScope<'_>| scope.prepare_save(&name, &draft, &expected);
        let to = (id.clone(), Action::Edit);
        self.change(owner, to, prepare, move |scope, save| scope.save(&id, save, &quotas, at)).await
    }

    async fn request(&self, owner: &Owner, id: &Id, at: Timestamp) -> Result<Option<Found>, StoreRefusal> {
        let today = paris_day(at);
        self.read(owner, (id, Action::Read), move |scope, id| Ok(scope.told(id, today)?)).await
    }

    async fn list(&self, owner: &Owner, filter: &Filter, at: Timestamp) -> Result<Page, StoreFailure> {
        let (filter, today) = (filter.clone(), paris_day(at));
        let (owner, read_draft) = (owner.clone(), self.read_draft);
        self.readers.read(move |connection| OwnerScope::list(connection, &owner, read_draft, &filter, today)).await
    }

    async fn events(&self, owner: &Owner, id: &Id, after: u64) -> Result<EventList, StoreRefusal> {
        self.read(owner, (id, Action::Read), move |scope, id| scope.shown_events(id, after)).await
    }

    async fn submission(&self, owner: &Owner, id: &Id, n: u32) -> Result<WholeSubmission, StoreRefusal> {
        self.read(owner, (id, Action::Read), move |scope, id| scope.submission(id, n)).await
    }

    async fn delete(
        &self,
        owner: &Owner,
        id: &Id,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<Vec<FileName>, StoreRefusal> {
        let (name, id, expected) = (id.clone(), id.clone(), expected.clone());
        let prepare = move |scope: &OwnerScope<'_>| scope.prepare_deletion(&name, &expected);
        let to = (id.clone(), Action::Delete);
        self.change(owner, to, prepare, move |scope, deletion| scope.delete(&id, deletion, at)).await
    }

    async fn submit(
        &self,
        owner: &Owner,
        id: &Id,
        expected: &Expected,
        sending: &Sending,
        at: Timestamp,
    ) -> Result<Submitted, StoreRefusal> {
        let (name, id, expected, sending) = (id.clone(), id.clone(), expected.clone(), sending.clone());
        let (quotas, sent) = (self.quotas, sending.clone());
        let prepare = move |scope: &OwnerScope<'_>| scope.prepare_submission(&name, &expected, &sent.words, at);
        let to = (id.clone(), Action::Submit);
        self.change(owner, to, prepare, move |scope, submission| {
            let submitted = scope.submit(&id, submission, &quotas, &sending, at)?;
            recoveries::pass_to_team(scope.connection, &id)?;
            Ok(submitted)
        })
        .await
    }

    async fn act(
        &self,
        owner: &Owner,
        id: &Id,
        act: &ActToMake,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<Acted, StoreRefusal> {
        let (name, id, act, expected) = (id.clone(), id.clone(), act.clone(), expected.clone());
        let to = (id.clone(), action_of(act.act.kind));
        let prepare = move |scope: &OwnerScope<'_>| scope.prepare_act(&name, &act, &expected, at);
        self.change(owner, to, prepare, move |scope, prepared| scope.act(&id, prepared, at)).await
    }

    async fn see(&self, owner: &Owner, id: &Id, seq: u64, at: Timestamp) -> Result<(), StoreRefusal> {
        let (id, to) = (id.clone(), (id.clone(), Action::Read));
        self.change(owner, to, |_| Ok(()), move |scope, ()| scope.see(&id, seq, at).map(Some)).await
    }

    async fn queue(&self, member: &Member, filter: &QueueFilter, at: Timestamp) -> Result<QueuePage, StoreFailure> {
        let (member, read_draft) = (member.clone(), self.read_draft);
        let (filter, today) = (filter.clone(), paris_day(at));
        let list =
            move |connection: &Connection| TeamScope { connection, member: &member, read_draft }.queue(&filter, today);
        self.readers.read(list).await
    }

    async fn examined(&self, member: &Member, id: &Id) -> Result<Examined, StoreRefusal> {
        let id = id.clone();
        self.read_for_team(member, move |scope| scope.examined(&id)).await
    }

    async fn note_organisation(&self, request: &Id, n: u32, found: &OrganisationFound) -> Result<(), StoreFailure> {
        let (request, found) = (request.clone(), found.clone());
        self.writer.write(move |connection: &Connection| found::note(connection, &request, n, &found)).await
    }

    async fn examined_events(&self, member: &Member, id: &Id, after: u64) -> Result<EventList, StoreRefusal> {
        let id = id.clone();
        self.read_for_team(member, move |scope| scope.events(&id, after)).await
    }

    async fn examined_submission(&self, member: &Member, id: &Id, n: u32) -> Result<WholeSubmission, StoreRefusal> {
        let id = id.clone();
        self.read_for_team(member, move |scope| scope.submission(&id, n)).await
    }

    async fn examined_document(
        &self,
        member: &Member,
        request: &Id,
        document: &Id,
    ) -> Result<StoredDocument, StoreRefusal> {
        let (request, document) = (request.clone(), document.clone());
        self.read_for_team(member, move |scope| scope.document(&request, &document)).await
    }

    async fn act_for_team(
        &self,
        member: &Member,
        id: &Id,
        act: &ActOfTeam,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<ActedByTeam, StoreRefusal> {
        loop {
            let (name, act, expected) = (id.clone(), act.clone(), expected.clone());
            let prepare = move |scope: &TeamScope<'_>| scope.prepare_act(&name, &act, &expected, at);
            let prepared = self.read_for_team(member, prepare).await?;
            let (id, member, read_draft) = (id.clone(), member.clone(), self.read_draft);
            let make = move |connection: &Connection| {
                TeamScope { connection, member: &member, read_draft }.act(&id, &prepared, at)
            };
            if let Some(acted) = self.writer.write(make).await? {
                return Ok(acted);
            }
        }
    }

    async fn reserve_document_for_team(
        &self,
        member: &Member,
        request: &Id,
        document: &Id,
        size: u64,
    ) -> Result<(), StoreRefusal> {
        let (request, document, quotas) = (request.clone(), document.clone(), self.quotas);
        self.read_for_team(member, move |scope| scope.reserve_document(&request, &document, size, &quotas)).await
    }

    async fn record_document_for_team(
        &self,
        member: &Member,
        request: &Id,
        arrived: &ReceivedFile,
        at: Timestamp,
    ) -> Result<Recorded, StoreRefusal> {
        let (request, arrived, quotas) = (request.clone(), arrived.clone(), self.quotas);
        let (member, read_draft) = (member.clone(), self.read_draft);
        let record = move |connection: &Connection| {
            TeamScope { connection, member: &member, read_draft }.record_document(&request, &arrived, &quotas, at)
        };
        self.writer.write(record).await
    }

    async fn see_for_team(&self, member: &Member, id: &Id, seq: u64, at: Timestamp) -> Result<(), StoreRefusal> {
        let (id, member, read_draft) = (id.clone(), member.clone(), self.read_draft);
        let see =
            move |connection: &Connection| TeamScope { connection, member: &member, read_draft }.see(&id, seq, at);
        self.writer.write(see).await
    }

    async fn reserve_document(
        &self,
        owner: &Owner,
        request: &Id,
        document: &Id,
        size: u64,
    ) -> Result<(), StoreRefusal> {
        let (document, quotas) = (document.clone(), self.quotas);
        let reserve =
            move |scope: &OwnerScope<'_>, request: &Id| scope.reserve_document(request, &document, size, &quotas);
        self.read(owner, (request, Action::Edit), reserve).await
    }

    async fn record_document(
        &self,
        owner: &Owner,
        request: &Id,
        arrived: &ReceivedFile,
        at: Timestamp,
    ) -> Result<Recorded, StoreRefusal> {
        let (to, name, document) = (request.clone(), request.clone(), arrived.document.clone());
        let (request, arrived, quotas) = (request.clone(), arrived.clone(), self.quotas);
        let prepare = move |scope: &OwnerScope<'_>| scope.prepare_document(&name, &document, true);
        let record = move |scope: &OwnerScope<'_>, prepared: &_| {
            scope.record_document(&request, &arrived, prepared, &quotas, at)
        };
        self.change(owner, (to, Action::Edit), prepare, record).await
    }

    async fn document(
        &self,
        owner: &Owner,
        request: &Id,
        document: &Id,
    ) -> Result<Option<StoredDocument>, StoreRefusal> {
        let document = document.clone();
        let read = move |scope: &OwnerScope<'_>, request: &Id| Ok(scope.document(request, &document)?);
        self.read(owner, (request, Action::Read), read).await
    }

    async fn remove_document(&self, owner: &Owner, request: &Id, document: &Id) -> Result<FileName, StoreRefusal> {
        let (name, going) = (request.clone(), document.clone());
        let (request, document) = (request.clone(), document.clone());
        let prepare = move |scope: &OwnerScope<'_>| scope.prepare_document(&name, &going, false);
        let to = (request.clone(), Action::Edit);
        self.change(owner, to, prepare, move |scope, prepared| scope.remove_document(&request, &document, prepared))
            .await
    }

    async fn templates(&self, member: &Member) -> Result<Vec<Template>, StoreFailure> {
        let (member, read_draft) = (member.clone(), self.read_draft);
        let read = move |connection: &Connection| TeamScope { connection, member: &member, read_draft }.templates();
        self.readers.read(read).await
    }

    async fn template(&self, member: &Member, id: &Id) -> Result<Option<Template>, StoreFailure> {
        let (id, member, read_draft) = (id.clone(), member.clone(), self.read_draft);
        let read = move |connection: &Connection| TeamScope { connection, member: &member, read_draft }.template(&id);
        self.readers.read(read).await
    }

    async fn save_template(
        &self,
        member: &Member,
        id: &Id,
        template: &TemplateToSave,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<SavedTemplate, StoreRefusal> {
        let (id, member, read_draft) = (id.clone(), member.clone(), self.read_draft);
        let (template, expected) = (template.clone(), expected.clone());
        let save = move |connection: &Connection| {
            TeamScope { connection, member: &member, read_draft }.save_template(&id, &template, &expected, at)
        };
        self.writer.write(save).await
    }

    async fn delete_template(&self, member: &Member, id: &Id, expected: &Expected) -> Result<(), StoreRefusal> {
        let (id, member, read_draft, expected) = (id.clone(), member.clone(), self.read_draft, expected.clone());
        let delete = move |connection: &Connection| {
            TeamScope { connection, member: &member, read_draft }.delete_template(&id, &expected)
        };
        self.writer.write(delete).await
    }

    async fn habilitations(&self, filter: &PublicFilter) -> Result<PublicPage, StoreFailure> {
        let filter = filter.clone();
        self.readers.read(move |connection| habilitations::list(connection, &filter)).await
    }

    async fn statistics(&self, period: Period, at: Timestamp) -> Result<Statistics, StoreFailure> {
        self.readers.read(move |connection| statistics::told(connection, period, paris_day(at))).await
    }

    async fn public_statistics(&self, at: Timestamp) -> Result<PublicStatistics, StoreFailure> {
        self.readers.read(move |connection| statistics::told_to_everybody(connection, paris_day(at))).await
    }

    async fn version_of_habilitations(&self) -> Result<u64, StoreFailure> {
        self.readers.read(habilitations::version).await
    }

    async fn orphans(&self, files: &[FileName]) -> Result<Vec<FileName>, StoreFailure> {
        let files = files.to_vec();
        self.readers.read(move |connection| purge::orphans(connection, files)).await
    }

    async fn enter(&self, sign_in: &SignIn) -> Result<(Account, Entry), StoreFailure> {
        let sign_in = sign_in.clone();
        self.writer.write(move |connection| accounts::enter(connection, &sign_in)).await
    }

    async fn ask_for_account(&self, asked: &AskedAccount) -> Result<(), StoreFailure> {
        let asked = asked.clone();
        self.writer.write(move |connection| links::ask(connection, &asked)).await
    }

    async fn account_link(&self, key: &[u8; 32], at: Timestamp) -> Result<Option<LinkKind>, StoreFailure> {
        let key = *key;
        self.readers.read(move |connection| links::kind(connection, key, at)).await
    }

    async fn follow_link(
        &self,
        key: &[u8; 32],
        by: Option<&Identification>,
        at: Timestamp,
    ) -> Result<Followed, StoreFailure> {
        let (key, by, known) = (*key, by.cloned(), Arc::clone(&self.sessions));
        let follow = move |connection: &Connection| links::follow(connection, key, by.as_ref(), at);
        self.writer.write_then(follow, move || known.forget_all()).await
    }

    async fn account_of(&self, issuer: &str, subject: &str) -> Result<Option<Account>, StoreFailure> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.readers.read(move |connection| accounts::of_subject(connection, &issuer, &subject)).await
    }

    async fn open_session(&self, key: &SessionKey, session: &OpenSession) -> Result<(), StoreFailure> {
        let (key, session) = (*key, session.clone());
        self.writer.write(move |connection| sessions::open(connection, &key, &session)).await
    }

    async fn session(&self, key: &SessionKey) -> Result<Option<OpenSession>, StoreFailure> {
        if let Some(session) = self.sessions.get(key) {
            return Ok(Some(session));
        }
        let (key, epoch) = (*key, self.sessions.epoch());
        let found = self.readers.read(move |connection| sessions::find(connection, &key)).await?;
        if let Some(session) = &found {
            self.sessions.remember(key, session.clone(), epoch);
        }
        Ok(found)
    }

    async fn touch_session(&self, key: &SessionKey, at: Timestamp) -> Result<(), StoreFailure> {
        let (key, known) = (*key, Arc::clone(&self.sessions));
        let touch = move |connection: &Connection| sessions::touch(connection, &key, at);
        self.writer.write_then(touch, move || known.forget(&key)).await
    }

    async fn sessions_of(&self, person: &str) -> Result<Vec<(SessionKey, OpenSession)>, StoreFailure> {
        let person = person.to_owned();
        self.readers.read(move |connection| sessions::of_person(connection, &person)).await
    }

    async fn end_other_sessions(&self, person: &str, key: &SessionKey) -> Result<(), StoreFailure> {
        let (person, key, known) = (person.to_owned(), *key, Arc::clone(&self.sessions));
        let close = move |connection: &Connection| sessions::end_others(connection, &person, &key);
        self.writer.write_then(close, move || known.forget_all()).await
    }

    async fn end_session(&self, key: &SessionKey) -> Result<(), StoreFailure> {
        let (key, known) = (*key, Arc::clone(&self.sessions));
        let close = move |connection: &Connection| sessions::end(connection, &key);
        self.writer.write_then(close, move || known.forget_with_granted(&key)).await
    }

    async fn issue_grant(&self, grant: &Grant) -> Result<bool, StoreFailure> {
        let grant = grant.clone();
        self.writer.write(move |connection| grants::issue(connection, &grant)).await
    }

    async fn claim_token(&self, claim: &Claim, key: &SessionKey, at: Timestamp) -> Result<Claimed, StoreFailure> {
        let (claim, key) = (claim.clone(), *key);
        // A portal polls until it is answered: only a grant that exists takes a turn of the writer.
        let challenge = claim.challenge;
        if !self.readers.read(move |connection| grants::is_there(connection, challenge)).await? {
            return Ok(Claimed::Nothing);
        }
        self.writer.write(move |connection| grants::claim(connection, &claim, &key, at)).await
    }

    async fn let_days_pass(&self, keeping: Keeping, at: Timestamp) -> Result<Passed, StoreFailure> {
        let mut all = Passed::default();
        for batch in [passing::pass_batch, passing::tell_of_drafts, recoveries::pass_batch] {
            let mut after = String::new();
            loop {
                let begin = after.clone();
                let pass = move |connection: &Connection| batch(connection, &begin, keeping, at);
                let part = self.writer.write(pass).await?;
                all.add(part.passed);
                match part.last {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        let (mut after, read_draft) = (String::new(), self.read_draft);
        loop {
            let blank =
                move |connection: &Connection| erasing::blank_batch(connection, read_draft, &after, keeping, at);
            let part = self.writer.write(blank).await?;
            all.blanked += part.blanked;
            match part.last {
                Some(last) => after = last,
                None => return Ok(all),
            }
        }
    }

    async fn purge(&self, cutoff: &PurgeCutoff, at: Timestamp) -> Result<Purged, StoreFailure> {
        let cutoff = *cutoff;
        let mut all = Purged::default();
        loop {
            let known = Arc::clone(&self.sessions);
            let purge_batch = move |connection: &Connection| purge::purge_batch(connection, &cutoff, at);
            let part = self.writer.write_then(purge_batch, move || known.forget_all()).await?;
            if part == Purged::default() {
                self.writer.write(queue::join_words).await?;
                let forget = move |connection: &Connection| accounts::purge(connection, cutoff.accounts);
                self.writer.write(forget).await?;
                self.writer.write(move |connection| cards::purge(connection, at)).await?;
                self.writer.write(move |connection| recoveries::purge(connection, at)).await?;
                // Deleted rows are still in the journal.
                if !self.writer.empty_journal().await? {
                    tracing::info!("the journal is in use, and will be emptied with the next purge");
                }
                return Ok(all);
            }
            all.drafts += part.drafts;
            all.tombstones += part.tombstones;
            all.documents += part.documents;
            all.sessions += part.sessions;
            all.grants += part.grants;
            all.people += part.people;
            all.invitations += part.invitations;
            all.files.extend(part.files);
        }
    }

    async fn close(&self) -> Result<(), StoreFailure> {
        self.readers.close();
        self.probe.close();
        self.writer.close();
        Ok(())
    }
}

#[async_trait]
impl Outbox for SqliteStore {
    async fn lease(&self, channel: Channel, at: Timestamp, until: Timestamp) -> Result<Option<Leased>, StoreFailure> {
        // Most of the time nothing is due: then no turn of the writer is taken.
        if !self.readers.read(move |connection| deliveries::is_due(connection, channel, at)).await? {
            return Ok(None);
        }
        self.writer.write(move |connection| deliveries::lease(connection, channel, at, until)).await
    }

    async fn outlook(&self, delivery: &Id, keeping: Keeping) -> Result<Option<OutlookMaterial>, StoreFailure> {
        let (delivery, read_draft) = (delivery.clone(), self.read_draft);
        self.readers.read(move |connection| forewarnings::material(connection, read_draft, &delivery, keeping)).await
    }

    async fn personal(&self, delivery: &Id) -> Result<Option<PersonalMaterial>, StoreFailure> {
        let delivery = delivery.clone();
        self.readers.read(move |connection| personal::material(connection, &delivery)).await
    }

    async fn pass_over(&self, channel: Channel, at: Timestamp) -> Result<u64, StoreFailure> {
        let mut all = 0;
        loop {
            let pass_over = move |connection: &Connection| deliveries::pass_over_batch(connection, channel, at);
            match self.writer.write(pass_over).await? {
                0 => return Ok(all),
                given_up => all += given_up,
            }
        }
    }

    async fn tell_operator(&self, delivery: &Id, at: Timestamp) -> Result<(), StoreFailure> {
        let delivery = delivery.clone();
        self.writer.write(move |connection| outbox::tell_operator(connection, &delivery, at)).await
    }

    async fn material(&self, delivery: &Id) -> Result<Option<Material>, StoreFailure> {
        let (delivery, read_draft) = (delivery.clone(), self.read_draft);
        self.readers.read(move |connection| deliveries::material(connection, read_draft, &delivery)).await
    }

    async fn settle(
        &self,
        delivery: &Id,
        attempt: Attempt,
        code: Option<u16>,
        at: Timestamp,
    ) -> Result<(), StoreFailure> {
        let id = delivery.clone();
        let is_over = matches!(attempt, Attempt::Failed | Attempt::GivenUp);
        let settling = self.writer.write(move |connection| {
            if deliveries::settle(connection, &id, attempt, code, at)? && is_over {
                deliveries::tell(connection, &id, at)?;
            }
            Ok(())
        });
        match settling.await {
            // A history that cannot be read is told nothing; the attempt is over all the same.
            Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) if is_over => {
                tracing::error!(delivery = delivery.as_str(), %failure, "a delivery that failed cannot be told");
                let id = delivery.clone();
                let settling = move |connection: &Connection| deliveries::settle(connection, &id, attempt, code, at);
                self.writer.write(settling).await.map(drop)
            }
            settled => settled,
        }
    }

    async fn last_sent(&self, most: u32) -> Result<Vec<SentDelivery>, StoreFailure> {
        self.readers.read(move |connection| deliveries::last_sent(connection, most)).await
    }

    async fn bounce(&self, delivery: &Id, at: Timestamp) -> Result<bool, StoreFailure> {
        let delivery = delivery.clone();
        self.writer.write(move |connection| deliveries::bounce(connection, &delivery, at)).await
    }

    async fn retry(&self, delivery: &Id, at: Timestamp) -> Result<bool, StoreFailure> {
        let delivery = delivery.clone();
        self.writer.write(move |connection| deliveries::retry(connection, &delivery, at)).await
    }

    async fn ping(&self, delivery: &Id, at: Timestamp) -> Result<(), StoreFailure> {
        let delivery = delivery.clone();
        self.writer.write(move |connection| outbox::ping(connection, &delivery, at)).await
    }

    async fn forget(&self, ended_before: Timestamp, attempted_before: Timestamp) -> Result<u64, StoreFailure> {
        let mut all = 0;
        loop {
            let forget =
                move |connection: &Connection| deliveries::forget_batch(connection, ended_before, attempted_before);
            let (forgotten, is_last) = self.writer.write(forget).await?;
            all += forgotten;
            if is_last {
                return Ok(all);
            }
        }
    }

    async fn gone(&self, deliveries: Vec<Id>) -> Result<Vec<Id>, StoreFailure> {
        self.readers.read(move |connection| deliveries::gone(connection, deliveries)).await
    }

    async fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreFailure> {
        let filter = filter.clone();
        self.readers.read(move |connection| deliveries::list(connection, &filter)).await
    }
}

#[async_trait]
impl Cards for SqliteStore {
    async fn send_card(
        &self,
        owner: &Owner,
        request: &Id,
        card: &CardToSend,
        at: Timestamp,
    ) -> Result<(), StoreRefusal> {
        let (name, id, card) = (request.clone(), request.clone(), card.clone());
        let contact = card.contact;
        let prepare = move |scope: &OwnerScope<'_>| cards::prepare_sending(scope, &name, contact, at);
        let send = move |scope: &OwnerScope<'_>, prepared: &cards::PreparedSending| {
            cards::send(scope, &id, &card, prepared, at)
        };
        self.change(owner, (request.clone(), Action::Invite), prepare, send).await
    }

    async fn card(&self, key: &CardKey, at: Timestamp) -> Result<Option<Card>, StoreFailure> {
        let (key, read_draft) = (*key, self.read_draft);
        self.readers.read(move |connection| cards::card(connection, read_draft, &key, at)).await
    }

    async fn answer_card(&self, key: &CardKey, answer: &CardAnswer, at: Timestamp) -> Result<(), StoreRefusal> {
        let (key, read_draft, quotas) = (*key, self.read_draft, self.quotas);
        loop {
            let answer = answer.clone();
            let prepare =
                move |connection: &Connection| Ok(cards::prepare_answer(connection, read_draft, &key, &answer, at));
            let prepared = self.readers.read(prepare).await??;
            let keep =
                move |connection: &Connection| cards::answer(connection, read_draft, &key, &prepared, &quotas, at);
            if self.writer.write(keep).await?.is_some() {
                return Ok(());
            }
        }
    }
}

#[async_trait]
impl Recoveries for SqliteStore {
    async fn ask(&self, asker: &Asker, call: &RecoveryToAsk, at: Timestamp) -> Result<(), StoreRefusal> {
        let (asker, call) = (asker.clone(), call.clone());
        self.writer.write(move |connection| recoveries::ask(connection, &asker, &call, at)).await
    }

    async fn look_up(&self, at: Timestamp) -> Result<(), StoreFailure> {
        while self.readers.read(recoveries::is_asked).await? {
            self.writer.write(move |connection| recoveries::look_up_batch(connection, at)).await?;
        }
        Ok(())
    }

    async fn recoveries(&self, asker: &Asker) -> Result<RecoveryList, StoreFailure> {
        let asker = asker.clone();
        self.readers.read(move |connection| recoveries::list(connection, &asker)).await
    }

    async fn answer(&self, person: &str, id: &Id, allow: bool, at: Timestamp) -> Result<(), StoreRefusal> {
        let (person, id) = (person.to_owned(), id.clone());
        self.writer.write(move |connection| recoveries::answer(connection, &person, &id, allow, at)).await
    }

    async fn to_decide(&self, _: &Member) -> Result<RecoveriesToDecide, StoreFailure> {
        self.readers.read(recoveries::to_decide).await
    }

    async fn tell_deciders(&self, addresses: &DeciderAddresses, at: Timestamp) -> Result<u32, StoreFailure> {
        loop {
            let known = addresses.clone();
            if !self.readers.read(move |connection| recoveries::is_to_be_told(connection, &known)).await? {
                return self.readers.read(recoveries::count_untold).await;
            }
            let known = addresses.clone();
            self.writer.write(move |connection| recoveries::tell_deciders_batch(connection, &known, at)).await?;
        }
    }

    async fn decide(
        &self,
        decider: &Decider,
        id: &Id,
        decision: &RecoveryDecision,
        at: Timestamp,
    ) -> Result<(), StoreRefusal> {
        let (decider, id, decision) = (decider.clone(), id.clone(), decision.clone());
        self.writer
            .write(move |connection| recoveries::decide(connection, &decider, &id, &decision, at))
            .await
            .map(|_| ())
    }
}

/// Returns the right that an act of the applicant takes.
fn action_of(kind: Kind) -> Action {
    match kind {
        Kind::Withdrawn => Action::Withdraw,
        Kind::Reopened => Action::Reopen,
        Kind::Archived => Action::Archive,
        // The routes let no other kind through, and the model refuses them.
        _ => Action::Write,
    }
}

/// Does something to a request as its owner would, where the caller may do it in some state. Whoever does it looks at the present
/// one. To whoever may not read it, the request is as absent as one of other people.
fn through<T>(
    connection: &Connection,
    read_draft: ReadDraft,
    who: &Owner,
    (request, action): (&Id, Action),
    work: impl FnOnce(&OwnerScope<'_>) -> Result<T, StoreRefusal>,
) -> Result<T, StoreRefusal> {
    let access = access::find(connection, who, request)?.filter(|access| access.allows(Action::Read));
    if let Some(access) = &access {
        access.check(action)?;
    }
    let (owner, part, is_elsewhere) = match &access {
        Some(access) => (&access.owner, access.part, access.is_elsewhere),
        None => (who, Part::Owner, false),
    };
    work(&OwnerScope { connection, owner, caller: who.person(), part, is_elsewhere, read_draft })
}

impl SqliteStore {
    /// Reads a request on behalf of a person who may do something to it.
    async fn read<T: Send + 'static>(
        &self,
        who: &Owner,
        (request, action): (&Id, Action),
        work: impl FnOnce(&OwnerScope<'_>, &Id) -> Result<T, StoreRefusal> + Send + 'static,
    ) -> Result<T, StoreRefusal> {
        let (who, request, read_draft) = (who.clone(), request.clone(), self.read_draft);
        // A refusal is an answer here, not a failure of the reading.
        let read = move |connection: &Connection| {
            let work = |scope: &OwnerScope<'_>| work(scope, &request);
            Ok(through(connection, read_draft, &who, (&request, action), work))
        };
        self.readers.read(read).await?
    }

    async fn read_for_team<T: Send + 'static>(
        &self,
        member: &Member,
        work: impl FnOnce(&TeamScope<'_>) -> Result<T, StoreRefusal> + Send + 'static,
    ) -> Result<T, StoreRefusal> {
        let (member, read_draft) = (member.clone(), self.read_draft);
        // A refusal is an answer here, not a failure of the reading.
        self.readers.read(move |connection| Ok(work(&TeamScope { connection, member: &member, read_draft }))).await?
    }

    /// Prepares a change of a request on a connection that reads, and makes it on the one that writes. Both are repeated if the draft
    /// changed in between. What the person may do is found out each time.
    async fn change<P: Send + 'static, T: Send + 'static>(
        &self,
        who: &Owner,
        (request, action): (Id, Action),
        prepare: impl Fn(&OwnerScope<'_>) -> Result<P, StoreRefusal> + Send + Sync + 'static,
        make: impl Fn(&OwnerScope<'_>, &P) -> Result<Option<T>, StoreRefusal> + Send + Sync + 'static,
    ) -> Result<T, StoreRefusal> {
        let (prepare, make, read_draft) = (Arc::new(prepare), Arc::new(make), self.read_draft);
        loop {
            let (preparing, making) = (Arc::clone(&prepare), Arc::clone(&make));
            let prepared = self.read(who, (&request, action), move |scope, _| preparing(scope)).await?;
            let (who, request) = (who.clone(), request.clone());
            let make = move |connection: &Connection| {
                let make = |scope: &OwnerScope<'_>| making(scope, &prepared);
                through(connection, read_draft, &who, (&request, action), make)
            };
            let made = self.writer.write(make).await?;
            if let Some(made) = made {
                return Ok(made);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use habilitation_model::schema;
    use habilitation_model::wire::TeamRole;

    use super::*;
    use crate::team::{Entrance, ListedMember, Subject, Team};

    #[test]
    fn the_migrations_are_valid() {
        MIGRATIONS.validate().unwrap();
    }

    #[tokio::test]
    async fn nobody_is_of_the_team_in_a_session_of_a_release_that_knew_no_identifications() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("habilitation.sqlite");
        let mut connection = connections::open(&path).unwrap();
        Migrations::from_slice(&MIGRATION_STEPS[..10]).to_latest(&mut connection).unwrap();
        let person = "proconnect:01a22317-4831-7d54-a657-26b3d4fd5ca4";
        connection
            .execute_batch(
                r#"INSERT INTO accounts
                       (id, email, given_name, usual_name, siren, is_tie_verified, folded_email, opened_at, seen_at)
                   VALUES ('01a22317-4831-7d54-a657-26b3d4fd5ca4', 'c@equipe.example', 'Claire', 'Fontaine', '130025265', 1,
                           'c@equipe.example', 1795348800000, 1795348800000);
                   INSERT INTO account_subjects (iss, sub, account, added_at)
                   VALUES ('https://auth.example', 'claire', '01a22317-4831-7d54-a657-26b3d4fd5ca4', 1795348800000);
                   INSERT INTO sessions (key, opened_at, seen_at, user, organisation, person)
                   VALUES (zeroblob(32), 1795348800000, 1795348800000,
                           '{"id": "proconnect:01a22317-4831-7d54-a657-26b3d4fd5ca4", "given_name": "", "family_name": "",
                             "email": "", "phone": "", "job_title": ""}',
                           '{"siret": "", "name": "", "kind": null}', 'proconnect:01a22317-4831-7d54-a657-26b3d4fd5ca4')"#,
            )
            .unwrap();
        drop(connection);
        let store = SqliteStore::open(&path, Quotas::ample(), schema::read_draft, false).unwrap();
        let version: usize =
            connections::open(&path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, MIGRATION_STEPS.len());
        let session = store.session(&SessionKey([0; 32])).await.unwrap().unwrap();
        assert_eq!((&*session.user.id, &session.identification), (person, &None));
        let account = store.account_of("https://auth.example", "claire").await.unwrap().unwrap();
        assert_eq!(account.person(), person);
        let member = ListedMember {
            subject: Subject { issuer: "https://auth.example".to_owned(), subject: "claire".to_owned() },
            name: "Claire Fontaine".to_owned(),
            office: "Instructrice".to_owned(),
            role: TeamRole::Examiner,
        };
        let team = Team::listed(vec![member], Entrance::default());
        team.bind("https://auth.example", "claire", Some(account.person()));
        assert!(team.named(person).is_some());
        assert_eq!(team.member(person, session.identification.as_ref()), None);
    }

    #[tokio::test]
    async fn what_the_first_release_stored_is_read_and_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("habilitation.sqlite");
        let mut connection = connections::open(&path).unwrap();
        Migrations::from_slice(&MIGRATION_STEPS[..2]).to_latest(&mut connection).unwrap();
        connection
            .execute_batch(
                r#"INSERT INTO requests
                   (id, owner, state, schema, revision, created_at, updated_at, errors, name, organisation, search, draft)
                   VALUES ('01a22317-4831-7d54-a657-26b3d4fd5ca4', 'alice', 'draft', 1, 3, 1795348800000, 1795348860000,
                           40, 'Guichet', '', 'guichet', '{"project": {"name": "Guichet"}}');
                   INSERT INTO requests
                   (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation,
                    search, draft, request)
                   VALUES ('01a22317-4831-7d54-a657-26b3d4fd5ca5', 'bob', 'submitted', 'FC-2026-000001', 1, 2, 1795348800000,
                           1795348860000, 1795348860000, 0, 'Carte', '', 'carte', '{}', '{"project": "é"}');
                   INSERT INTO sessions (key, opened_at, seen_at, user, organisation)
                   VALUES (zeroblob(32), 1795348800000, 1795348800000,
                           '{"id": "alice", "given_name": "", "family_name": "", "email": "", "phone": "", "job_title": ""}',
                           '{"siret": "", "name": "", "kind": null}')"#,
            )
            .unwrap();
        drop(connection);
        let quotas = Quotas::ample();
        let store = SqliteStore::open(&path, quotas, schema::read_draft, false).unwrap();
        let (owner, id) = (Owner::named("alice"), Id::parse("01a22317-4831-7d54-a657-26b3d4fd5ca4").unwrap());
        let at = Timestamp::from_millisecond(1_795_348_920_000).unwrap();
        let Some(Found::Request(request)) = store.request(&owner, &id, at).await.unwrap() else { panic!("it is gone") };
        assert_eq!((request.revision, request.earlier.len()), (3, 0));
        assert_eq!(request.draft.project.name.as_str(), "Guichet");
        let known = Expected::revision(3).saved_at(&request.updated_at);
        assert!(matches!(store.save(&owner, &id, &request.draft, &known, at).await, Ok(Saved::Changed(_))));
        let Some(Found::Request(changed)) = store.request(&owner, &id, at).await.unwrap() else { panic!("it is gone") };
        assert_eq!((changed.revision, changed.earlier), (4, vec![request.updated_at]));
        let kept = "SELECT bytes = (SELECT octet_length(draft) FROM requests) FROM kept WHERE owner = 'alice'";
        let sessions = store.sessions_of("alice").await.unwrap();
        assert_eq!((sessions.len(), sessions[0].1.device), (1, crate::store::Device::default()));
        let of_submitted = "SELECT bytes FROM kept WHERE owner = 'bob'";
        let bytes: usize = connections::open(&path).unwrap().query_row(of_submitted, [], |row| row.get(0)).unwrap();
        assert_eq!(bytes, 2 * "{}".len() + r#"{"project": "é"}"#.len(), "the draft, and what was sent");
        assert!(connections::open(&path).unwrap().query_row(kept, [], |row| row.get::<_, bool>(0)).unwrap());
    }

    #[tokio::test]
    async fn a_request_belongs_to_the_organisation_of_the_session_in_which_it_was_begun() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("habilitation.sqlite");
        let mut connection = connections::open(&path).unwrap();
        // Before there were accounts.
        Migrations::from_slice(&MIGRATION_STEPS[..7]).to_latest(&mut connection).unwrap();
        let insert = "INSERT INTO requests
            (id, owner, state, schema, revision, created_at, updated_at, errors, name, organisation, search, draft)
            VALUES (?1, ?2, 'draft', 1, 1, 0, 0, 0, '', '', '', '{\"organisation\": {\"siret\": \"13002526500013\"}}')";
        for (id, owner) in [("1", "alice"), ("2", "bob"), ("3", "carol")] {
            connection.execute(insert, [id, owner]).unwrap();
        }
        let insert = "INSERT INTO sessions (key, opened_at, seen_at, user, organisation, person)
            VALUES (?1, 0, ?2,
                    '{\"id\": \"alice\", \"given_name\": \"\", \"family_name\": \"\", \"email\": \"\", \"phone\": \"\", \"job_title\": \"\"}', json_object('siret', ?3, 'name', '', 'kind', null), ?4)";
        for (key, seen, siret, person) in
            [(1_u8, 5, "99900173800031", "alice"), (2, 9, "21990042000015", "alice"), (3, 9, "", "bob")]
        {
            connection.execute(insert, rusqlite::params![[key; 32], seen, siret, person]).unwrap();
        }
        drop(connection);
        let store = SqliteStore::open(&path, Quotas::ample(), schema::read_draft, false).unwrap();
        let new = Id::parse("01a22317-4831-7d54-a657-26b3d4fd5ca4").unwrap();
        let (_, session) = store.sessions_of("alice").await.unwrap().remove(0);
        let at = Timestamp::from_millisecond(1_795_348_920_000).unwrap();
        store.save(&Owner::of(&session), &new, &Draft::default(), &Expected::Absent, at).await.unwrap();
        let connection = connections::open(&path).unwrap();
        let mut statement = connection.prepare("SELECT siren FROM requests ORDER BY length(id), id").unwrap();
        let sirens: Vec<Option<String>> =
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let town = || Some("219900420".to_owned());
        assert_eq!(sirens, [town(), None, None, town()], "the last session counts, and nothing that was typed");
    }

    #[test]
    fn what_was_submitted_before_there_were_histories_counts_for_its_day_in_paris() {
        let mut connection = Connection::open_in_memory().unwrap();
        Migrations::from_slice(&MIGRATION_STEPS[..4]).to_latest(&mut connection).unwrap();
        let mut times = Vec::new();
        for year in 2024..2030 {
            for place in ["03-24", "06-30", "10-24", "12-31"] {
                // Each hour of eight days, its first and its last millisecond.
                let first: Timestamp = format!("{year}-{place}T00:00:00Z").parse().unwrap();
                times.extend((0..8 * 24).flat_map(|hour| {
                    let begins = first.as_millisecond() + hour * 3_600_000;
                    [begins, begins + 3_599_999]
                }));
            }
        }
        times.sort_unstable();
        times.dedup();
        let insert = "INSERT INTO requests
            (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation,
             search, draft, request)
            VALUES ('request ' || ?1, 'alice', 'submitted', ?1, 1, 2, ?1, ?1, ?1, 0, '', '', '', '{}', '{}')";
        for time in &times {
            connection.execute(insert, [time]).unwrap();
        }
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let sql = "SELECT submissions.at, submissions.day, events.day FROM submissions JOIN events USING (request) ORDER BY 1";
        let mut statement = connection.prepare(sql).unwrap();
        let days = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let days: Vec<(i64, String, String)> = days.map(Result::unwrap).collect();
        let day = |time: i64| paris_day(Timestamp::from_millisecond(time).unwrap()).to_string();
        let expected: Vec<_> = times.into_iter().map(|time| (time, day(time), day(time))).collect();
        assert_eq!(days, expected);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_the_machine_reads_what_is_kept() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let quotas = Quotas::ample();
        let _store =
            SqliteStore::open(&folder.path().join("habilitation.sqlite"), quotas, schema::read_draft, false).unwrap();
        let modes: Vec<u32> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
            .collect();
        assert!(modes.len() >= 2 && modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
    }

    async fn make(folder: &Path, quotas: Quotas) -> SqliteStore {
        SqliteStore::open(&folder.join("habilitation.sqlite"), quotas, schema::read_draft, false).unwrap()
    }

    crate::store::contract::obeyed_by!(make);
}
