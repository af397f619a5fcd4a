//! The connections to one SQLite file: a few that read, one that writes, each used by one thread at a time.

use std::ffi::c_int;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::{Semaphore, oneshot};

use crate::metering;
use crate::store::{DiskFull, StoreFailure};

/// Longest wait for a free connection, and longest time of one reading.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// Instructions of SQLite's virtual machine between two looks at the time of a reading.
const TIME_CHECK_EVERY: c_int = 10_000;
/// Longest wait for a lock that another connection holds.
pub(super) const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// Most changes that share one commit.
const CHANGES_PER_COMMIT: usize = 64;

impl From<rusqlite::Error> for StoreFailure {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::OperationInterrupted) => Self::Busy,
            // The message names tables and conditions, never values.
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// Opens the file with the settings on which the promises of the store rest.
///
/// `synchronous = FULL` in WAL mode: a commit is on disk when it returns. `secure_delete`: what is deleted is overwritten.
pub(super) fn open(path: &Path) -> Result<Connection, StoreFailure> {
    let connection = Connection::open_with_flags(path, OpenFlags::default())?;
    connection.busy_timeout(LOCK_TIMEOUT)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update_and_check(None, "secure_delete", true, |row| row.get::<_, i64>(0))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Opens a file that is there, to read it beside the process that writes.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreFailure> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(LOCK_TIMEOUT)?;
    Ok(connection)
}

/// The connections that read.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl Readers {
    /// Opens `count` connections, one for each reading that may go on at the same time.
    pub(super) fn open(path: &Path, count: usize) -> Result<Self, StoreFailure> {
        let connections = (0..count).map(|_| {
            let connection = open(path)?;
            connection.pragma_update(None, "query_only", true)?;
            Ok(connection)
        });
        let idle = connections.collect::<Result<Vec<_>, StoreFailure>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(idle)), free: Arc::new(Semaphore::new(count)) })
    }

    /// Reads in one transaction, on a thread that may block. A reading that takes longer than [`READ_TIMEOUT`] is broken off,
    /// since it would keep others out.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreFailure> + Send + 'static,
    ) -> Result<T, StoreFailure> {
        self.read_within(READ_TIMEOUT, work).await
    }

    async fn read_within<T: Send + 'static>(
        &self,
        timeout: Duration,
        work: impl FnOnce(&Connection) -> Result<T, StoreFailure> + Send + 'static,
    ) -> Result<T, StoreFailure> {
        let asked = Instant::now();
        let turn = tokio::time::timeout(timeout, Arc::clone(&self.free).acquire_owned());
        let permit = turn.await.map_err(|_| StoreFailure::Busy)?.map_err(|_| closed())?;
        metering::note_wait("read", asked);
        let idle = Arc::clone(&self.idle);
        let reading = tokio::task::spawn_blocking(move || {
            let connection = lock(&idle).pop();
            let borrowed = BorrowedConnection { connection, idle };
            let outcome = borrowed.connection.as_ref().ok_or_else(closed).and_then(|connection| {
                let begun = Instant::now();
                connection.progress_handler(TIME_CHECK_EVERY, Some(move || begun.elapsed() > timeout))?;
                let transaction = connection.unchecked_transaction()?;
                let outcome = work(&transaction);
                metering::note_work("read", begun);
                outcome
            });
            drop(borrowed);
            drop(permit);
            outcome
        });
        reading.await.map_err(|_| interrupted())?
    }

    pub(super) fn close(&self) {
        self.free.close();
        lock(&self.idle).clear();
    }
}

/// Connection that goes back to the idle ones when it is dropped, even by a panic.
struct BorrowedConnection {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Drop for BorrowedConnection {
    fn drop(&mut self) {
        lock(&self.idle).extend(self.connection.take());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Change that was made, or refused, in a transaction that is still open.
struct UncommittedChange {
    /// Answers the caller, once the commit is done or has failed.
    answer: Box<dyn FnOnce(Result<(), StoreFailure>) + Send>,
    /// Set when the disk had no room for the change.
    disk_full: bool,
}

/// Work of one caller on the connection.
type Change = Box<dyn FnOnce(&mut Connection) -> UncommittedChange + Send>;

/// Message to the writing thread.
enum WriterMessage {
    Change(Change),
    /// Brings the journal into the database and empties it; the answer is whether it is empty.
    EmptyJournal(oneshot::Sender<bool>),
}

/// The connection that writes, on a thread of its own.
///
/// Changes that wait while another is on its way to the disk share the next commit: with many callers, one flush of the disk
/// serves several. Each change is a savepoint of its own, undone alone if it is refused, and answered once the commit is done
/// that holds it.
pub(super) struct Writer {
    messages: Mutex<Option<Sender<WriterMessage>>>,
    thread: Mutex<Option<thread::JoinHandle<()>>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    pub(super) fn start(mut connection: Connection) -> Result<Self, StoreFailure> {
        let (sender, messages) = channel();
        let thread = thread::Builder::new()
            .name("database writer".to_owned())
            .spawn(move || write_until_closed(&mut connection, &messages))
            .map_err(|error| StoreFailure::Broken(error.to_string()))?;
        Ok(Self { messages: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)) })
    }

    /// Does work in a transaction, and returns when it is committed. An error undoes all of the work.
    pub(super) async fn write<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreFailure> + DiskFull + Send + 'static,
    {
        self.write_then(work, || {}).await
    }

    /// Does work as [`write`](Self::write) does, and runs `then` before the caller is answered. `then` runs once the commit is done
    /// or has failed, even if the future was dropped.
    pub(super) async fn write_then<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        then: impl FnOnce() + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreFailure> + DiskFull + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let asked = Instant::now();
        let change: Change = Box::new(move |connection| {
            metering::note_wait("write", asked);
            let outcome = in_savepoint(connection, work);
            let disk_full = outcome.as_ref().is_err_and(DiskFull::is_disk_full);
            let answer = Box::new(move |committed: Result<(), StoreFailure>| {
                then();
                let told = match committed {
                    Ok(()) => outcome,
                    Err(failure) => Err(E::from(failure)),
                };
                // Whoever asked may have gone; what is committed stays committed.
                let _ = answer.send(told);
            });
            UncommittedChange { answer, disk_full }
        });
        self.send(WriterMessage::Change(change))?;
        answered.await.map_err(|_| E::from(interrupted()))?
    }

    /// Empties the journal, which holds rows that were deleted since it was last emptied. Returns false while a reading uses it.
    pub(super) async fn empty_journal(&self) -> Result<bool, StoreFailure> {
        let (answer, answered) = oneshot::channel();
        self.send(WriterMessage::EmptyJournal(answer))?;
        answered.await.map_err(|_| interrupted())
    }

    fn send(&self, message: WriterMessage) -> Result<(), StoreFailure> {
        let sent = lock(&self.messages).as_ref().is_some_and(|messages| messages.send(message).is_ok());
        if sent { Ok(()) } else { Err(closed()) }
    }

    /// Finishes the changes that wait and closes the connection.
    pub(super) fn close(&self) {
        lock(&self.messages).take();
        if let Some(thread) = lock(&self.thread).take() {
            // A panic there was told to whoever waited.
            let _ = thread.join();
        }
    }
}

fn write_until_closed(connection: &mut Connection, messages: &Receiver<WriterMessage>) {
    while let Ok(message) = messages.recv() {
        match message {
            WriterMessage::Change(first) => write(connection, first, messages),
            WriterMessage::EmptyJournal(answer) => {
                // Whoever asked may have gone.
                let _ = answer.send(empty_journal(connection));
            }
        }
    }
    if !empty_journal(connection) {
        tracing::warn!("the journal stays beside the database; it will be read at the next start");
    }
}

/// Commits a change together with those that wait behind it.
fn write(connection: &mut Connection, first: Change, messages: &Receiver<WriterMessage>) {
    let begun = Instant::now();
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        tracing::error!(%error, "a transaction cannot begin");
        return;
    }
    let mut made: Vec<UncommittedChange> = Vec::new();
    let mut emptied_for = None;
    let mut next = Some(first);
    while let Some(change) = next.take() {
        // A change that panics answers nobody: its caller sees the channel close.
        made.extend(catch_unwind(AssertUnwindSafe(|| change(connection))).ok());
        // Some failures, a full disk among them, undo the whole transaction. What waits must not be done outside of one.
        if connection.is_autocommit() || made.len() >= CHANGES_PER_COMMIT {
            break;
        }
        match messages.try_recv() {
            Ok(WriterMessage::Change(change)) => next = Some(change),
            Ok(WriterMessage::EmptyJournal(answer)) => emptied_for = Some(answer),
            Err(_) => {}
        }
    }
    let disk_full = made.iter().any(|change| change.disk_full);
    let committed = connection.execute_batch("COMMIT").map_err(|error| {
        tracing::error!(%error, "a transaction cannot be committed");
        // Some failures end the transaction, some leave it open.
        let _ = connection.execute_batch("ROLLBACK");
        // What a full disk has undone cannot be committed: this tells the consequence, not the cause.
        if disk_full { StoreFailure::DiskFull } else { error.into() }
    });
    metering::note_work("write", begun);
    for change in made {
        (change.answer)(committed.clone());
    }
    if let Some(answer) = emptied_for {
        let _ = answer.send(empty_journal(connection));
    }
}

/// Brings the journal into the database and empties it, unless a reading uses it: changes do not wait for readers.
fn empty_journal(connection: &Connection) -> bool {
    let emptied = connection.busy_timeout(Duration::ZERO).and_then(|()| {
        let is_busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(is_busy == 0)
    });
    let restored = connection.busy_timeout(LOCK_TIMEOUT);
    emptied.and_then(|emptied| restored.map(|()| emptied)).unwrap_or_else(|error| {
        tracing::warn!(%error, "the journal cannot be emptied");
        false
    })
}

/// Does work in a savepoint, which is rolled back if the work is refused or panics.
fn in_savepoint<T, E: From<StoreFailure>>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let savepoint = connection.savepoint().map_err(StoreFailure::from)?;
    let done = work(&savepoint)?;
    savepoint.commit().map_err(StoreFailure::from)?;
    Ok(done)
}

fn closed() -> StoreFailure {
    StoreFailure::Broken("it is closed".to_owned())
}

fn interrupted() -> StoreFailure {
    StoreFailure::Broken("the work was interrupted".to_owned())
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    const READERS: usize = 4;

    /// A writer of a table of numbers that must be even, and a connection that reads it.
    fn numbers() -> (tempfile::TempDir, Arc<Writer>, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers.sqlite");
        let connection = open(&path).unwrap();
        connection.execute_batch("CREATE TABLE numbers (number INTEGER) STRICT").unwrap();
        (folder, Arc::new(Writer::start(connection).unwrap()), open(&path).unwrap())
    }

    async fn write(writer: &Writer, number: i64) -> Result<(), StoreFailure> {
        let work = move |connection: &Connection| {
            connection.execute("INSERT INTO numbers VALUES (?1)", [number])?;
            assert!(number >= 0, "negative numbers make it panic");
            if number % 2 == 0 { Ok(()) } else { Err(StoreFailure::Broken("odd".to_owned())) }
        };
        writer.write(work).await
    }

    fn sum(connection: &Connection) -> i64 {
        connection.query_row("SELECT coalesce(sum(number), 0) FROM numbers", [], |row| row.get(0)).unwrap()
    }

    #[tokio::test]
    async fn what_is_answered_is_there_for_everyone() {
        let (_folder, writer, reader) = numbers();
        let mut expected = 0;
        for number in [2, 4, 6] {
            write(&writer, number).await.unwrap();
            expected += number;
            assert_eq!(sum(&reader), expected);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_change_that_is_refused_or_panics_is_undone_alone() {
        let (_folder, writer, reader) = numbers();
        let changes: Vec<_> = (-50..150)
            .map(|number| {
                let writer = Arc::clone(&writer);
                tokio::spawn(async move { (number, write(&writer, number).await.is_ok()) })
            })
            .collect();
        let mut expected = 0;
        for change in changes {
            let (number, kept) = change.await.unwrap();
            assert_eq!(kept, number >= 0 && number % 2 == 0, "{number}");
            expected += if kept { number } else { 0 };
        }
        assert_eq!(sum(&reader), expected);
    }

    #[tokio::test]
    async fn on_a_full_disk_what_is_answered_is_there_and_nothing_else_is() {
        let (_folder, writer, reader) = numbers();
        let limit = |connection: &Connection| -> Result<(), StoreFailure> {
            connection.execute_batch("CREATE TABLE ballast (bytes BLOB) STRICT; PRAGMA max_page_count = 10")?;
            Ok(())
        };
        writer.write(limit).await.unwrap();
        let (go, wait) = channel::<()>();
        let first = writer.write(move |connection: &Connection| -> Result<(), StoreFailure> {
            // Until the others wait for the same commit.
            wait.recv().map_err(|_| interrupted())?;
            connection.execute("INSERT INTO numbers VALUES (2)", [])?;
            Ok(())
        });
        let too_much = writer.write(|connection: &Connection| -> Result<(), StoreFailure> {
            connection.execute("INSERT INTO numbers VALUES (4)", [])?;
            connection.execute("INSERT INTO ballast VALUES (zeroblob(1000000))", [])?;
            Ok(())
        });
        let (mut first, mut too_much, mut last) = (Box::pin(first), Box::pin(too_much), Box::pin(write(&writer, 6)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(too_much.as_mut().poll(&mut context).is_pending());
        assert!(last.as_mut().poll(&mut context).is_pending());
        go.send(()).unwrap();
        let outcomes = [(2, first.await), (4, too_much.await), (6, last.await)];
        let answered: i64 = outcomes.iter().map(|(number, outcome)| if outcome.is_ok() { *number } else { 0 }).sum();
        assert_eq!(sum(&reader), answered, "{outcomes:?}");
        assert!(outcomes[2].1.is_ok(), "{outcomes:?}");
        for (_, outcome) in &outcomes[..2] {
            assert!(matches!(outcome, Ok(()) | Err(StoreFailure::DiskFull)), "{outcomes:?}");
        }
        assert!(outcomes[1].1.is_err(), "{outcomes:?}");
    }

    #[tokio::test]
    async fn changes_that_wait_are_done_before_it_closes_and_later_ones_refused() {
        let (_folder, writer, reader) = numbers();
        let mut waiting: Vec<_> = (1..=100).map(|number| Box::pin(write(&writer, 2 * number))).collect();
        for change in &mut waiting {
            // Each hands its change over when it is first asked.
            let _ = change.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        writer.close();
        for change in waiting {
            change.await.unwrap();
        }
        assert_eq!(sum(&reader), 2 * 5050);
        assert!(write(&writer, 2).await.is_err());
    }

    #[tokio::test]
    async fn a_reading_that_takes_too_long_is_broken_off_and_the_next_one_is_not() {
        let (folder, _writer, _) = numbers();
        let readers = Readers::open(&folder.path().join("numbers.sqlite"), READERS).unwrap();
        let endless = |connection: &Connection| -> Result<i64, StoreFailure> {
            let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        };
        for _ in 0..READERS {
            let outcome = readers.read_within(Duration::from_millis(20), endless).await;
            assert!(matches!(outcome, Err(StoreFailure::Busy)), "{outcome:?}");
        }
        let after = readers.read(|connection| Ok(sum(connection))).await;
        assert!(matches!(after, Ok(0)), "{after:?}");
    }

    #[tokio::test]
    async fn a_reading_whose_turn_does_not_come_is_told_so() {
        let (folder, _writer, _) = numbers();
        let readers = Readers::open(&folder.path().join("numbers.sqlite"), READERS).unwrap();
        let all = Arc::clone(&readers.free).acquire_many_owned(READERS.try_into().unwrap()).await.unwrap();
        let late = readers.read_within(Duration::from_millis(20), |connection| Ok(sum(connection))).await;
        assert!(matches!(late, Err(StoreFailure::Busy)), "{late:?}");
        drop(all);
        assert!(readers.read(|connection| Ok(sum(connection))).await.is_ok());
    }

    #[tokio::test]
    async fn more_readers_than_connections_wait_for_their_turn() {
        let (folder, _writer, _) = numbers();
        let readers = Arc::new(Readers::open(&folder.path().join("numbers.sqlite"), READERS).unwrap());
        let reading: Vec<_> = (0..5 * READERS)
            .map(|_| {
                let readers = Arc::clone(&readers);
                tokio::spawn(async move { readers.read(|connection| Ok(sum(connection))).await })
            })
            .collect();
        for read in reading {
            assert_eq!(read.await.unwrap().unwrap(), 0);
        }
        let panics = readers.read::<()>(|_| panic!("its connection comes back")).await;
        assert!(panics.is_err());
        assert_eq!(lock(&readers.idle).len(), READERS);
        let writes = readers.read(|connection| Ok(connection.execute("DELETE FROM numbers", [])?)).await;
        assert!(writes.is_err(), "they only read");
    }
}
