//! An S3 server for tests: it keeps objects in a folder, verifies signatures and checksums, and fails as it is told to.
//!
//! The server runs on a thread of its own, so that a test may wait for a program that calls it.

#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "all of this crate is for tests")]

mod fault;
mod objects;

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use self::fault::Fault;
use self::fault::Faults;
use self::objects::{Objects, Uploads};

/// Name of the bucket.
pub const NAME: &str = "documents";
const KEY: &str = "test-key";
/// Secret key, which no output of a program may repeat.
pub const SECRET: &str = "secret-motdepasse-secret";

/// A bucket that is empty, with its server.
pub struct Bucket {
    folder: TempDir,
    address: SocketAddr,
    uploads: Uploads,
    faults: Arc<Faults>,
    running: Option<Running>,
}

/// A server that runs.
struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Default for Bucket {
    fn default() -> Self {
        Self::start()
    }
}

impl Bucket {
    /// Starts a server with an empty bucket.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(NAME)).unwrap();
        let mut bucket = Self {
            folder,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            uploads: Uploads::default(),
            faults: Arc::default(),
            running: None,
        };
        bucket.start_again();
        bucket
    }

    /// Starts the server again, on the same port and with what it holds.
    pub fn start_again(&mut self) {
        let service = self.service();
        let (faults, wanted) = (Arc::clone(&self.faults), self.address);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind(wanted).await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    () = serve(listener, service, faults) => {}
                    _ = stopped => {}
                }
            });
        });
        self.address = told.recv().unwrap();
        self.running = Some(Running { stop, thread });
    }

    /// Stops the server, and cuts all lines to it.
    pub fn stop(&mut self) {
        if let Some(Running { stop, thread }) = self.running.take() {
            // It may have ended by itself, which a test then sees.
            let _ = stop.send(());
            let _ = thread.join();
        }
    }

    fn service(&self) -> S3Service {
        let files = FileSystem::new(self.folder.path()).unwrap();
        let mut builder = S3ServiceBuilder::new(Objects::new(files, Arc::clone(&self.uploads)));
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        builder.build()
    }

    /// Lets calls fail in this way, until [`Self::mend`].
    pub fn fail(&self, fault: Fault) {
        self.faults.set(fault, u32::MAX);
    }

    /// Lets the next calls fail in this way, as many as told.
    pub fn fail_times(&self, fault: Fault, times: u32) {
        self.faults.set(fault, times);
    }

    /// Lets all calls do what they ask for.
    pub fn mend(&self) {
        self.faults.clear();
    }

    /// Returns the variables by which a program finds the server.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let variable = |name: &str, value: String| (name.to_owned(), value);
        vec![
            variable("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            variable("AWS_ALLOW_HTTP", "true".to_owned()),
            variable("AWS_REGION", "us-east-1".to_owned()),
            variable("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            variable("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ]
    }

    /// Returns the keys of all objects, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        let top = self.objects();
        let mut folders = vec![top.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    keys.push(path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        keys.sort();
        keys
    }

    /// Returns the folder in which objects are files, by their keys.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.folder.path().join(NAME)
    }

    /// Returns the number of uploads in parts that were begun and neither finished nor aborted.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        self.uploads.lock().unwrap().len()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn serve(listener: TcpListener, service: S3Service, faults: Arc<Faults>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (service, faults) = (service.clone(), Arc::clone(&faults));
        let answer = service_fn(move |call| {
            let (service, faults) = (service.clone(), Arc::clone(&faults));
            async move { faults.answer(call, &service).await }
        });
        tokio::spawn(async move {
            let mut server = hyper::server::conn::http1::Builder::new();
            // A line that breaks is what tests ask for.
            let _ = server.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}
