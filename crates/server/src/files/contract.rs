//! Contract of a [`BlobStore`], as tests that each implementation runs with [`obeyed_by`].

use std::any::Any;
use std::io;

use axum::body::Bytes;
use http_body_util::BodyExt;
use jiff::Timestamp;

use super::blob_store::BlobStore;
use super::name::FileName;

/// Declares the clauses, and `obeyed_by!(open)`, which runs each of them as a test.
macro_rules! declare {
    ($($(#[$doc:meta])* async fn $clause:ident($bench:ident: &Bench) $body:block)+) => {
        $($(#[$doc])* pub(crate) async fn $clause($bench: &Bench) $body)+

        /// Runs each clause against the store that `open()` makes.
        macro_rules! obeyed_by {
            ($open:path) => {
                $(#[tokio::test]
                async fn $clause() {
                    $crate::files::contract::$clause(&$open().await).await;
                })+
            };
        }
        pub(crate) use obeyed_by;
    };
}

/// A store that is empty.
pub(crate) struct Bench {
    store: Box<dyn BlobStore>,
    /// Keeps alive what the store stands in.
    _place: Box<dyn Any + Send + Sync>,
}

impl Bench {
    pub(crate) fn new(store: impl BlobStore + 'static, place: impl Any + Send + Sync) -> Self {
        Self { store: Box::new(store), _place: Box::new(place) }
    }

    async fn keep(&self, name: &FileName, parts: &[Bytes]) -> io::Result<()> {
        let mut upload = self.store.begin(name).await?;
        for part in parts {
            upload.take(part.clone()).await?;
        }
        upload.finish().await
    }

    async fn read(&self, name: &FileName) -> io::Result<Bytes> {
        Ok(self.store.read(name).await?.collect().await?.to_bytes())
    }

    async fn names(&self) -> Vec<FileName> {
        self.store.list(None).await.unwrap().files.into_iter().map(|file| file.name).collect()
    }
}

fn name(digit: char) -> FileName {
    FileName::parse(&digit.to_string().repeat(32)).unwrap()
}

/// Returns bytes of a length, which differ from place to place.
fn bytes(length: usize) -> Bytes {
    (0..length).map(|place| u8::try_from(place % 251).unwrap()).collect()
}

declare! {
    /// Sizes stand around those at which a store in parts begins another.
    async fn a_file_reads_back_byte_for_byte_whatever_its_size_and_however_it_came(bench: &Bench) {
        const MEBIBYTE: usize = 1024 * 1024;
        for (digit, length, step) in [
            ('0', 1, 1),
            ('1', 100_000, 777),
            ('2', 5 * MEBIBYTE - 1, 64 * 1024),
            ('3', 5 * MEBIBYTE, 64 * 1024),
            ('4', 5 * MEBIBYTE + 1, 1_000_003),
            ('5', 10 * MEBIBYTE, 64 * 1024),
            ('6', 10 * MEBIBYTE, 10 * MEBIBYTE),
        ] {
            let whole = bytes(length);
            let parts: Vec<Bytes> = whole.chunks(step).map(Bytes::copy_from_slice).collect();
            bench.keep(&name(digit), &parts).await.unwrap();
            assert!(bench.read(&name(digit)).await.unwrap() == whole, "{length} bytes in steps of {step}");
        }
    }

    async fn a_file_is_not_there_before_it_is_finished_nor_after_it_was_cut(bench: &Bench) {
        for length in [10, 6 * 1024 * 1024] {
            let mut upload = bench.store.begin(&name('a')).await.unwrap();
            upload.take(bytes(length)).await.unwrap();
            assert_eq!(bench.read(&name('a')).await.unwrap_err().kind(), io::ErrorKind::NotFound);
            assert_eq!(bench.names().await, []);
            drop(upload);
            assert_eq!(bench.names().await, []);
        }
        bench.keep(&name('a'), &[bytes(10)]).await.unwrap();
        assert_eq!(bench.names().await, [name('a')]);
    }

    async fn a_file_that_is_there_is_never_replaced(bench: &Bench) {
        bench.keep(&name('a'), &[bytes(10)]).await.unwrap();
        assert!(bench.keep(&name('a'), &[bytes(20)]).await.is_err());
        assert_eq!(bench.read(&name('a')).await.unwrap(), bytes(10));
    }

    async fn what_is_removed_is_gone_and_may_be_removed_again(bench: &Bench) {
        for digit in ['a', 'b', 'c'] {
            bench.keep(&name(digit), &[bytes(10)]).await.unwrap();
        }
        bench.store.remove(&[name('a'), name('d'), name('b')]).await.unwrap();
        assert_eq!(bench.read(&name('a')).await.unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(bench.names().await, [name('c')]);
        bench.store.remove(&[name('a')]).await.unwrap();
        bench.store.remove(&[]).await.unwrap();
    }

    async fn a_list_tells_names_in_order_sizes_and_times_and_goes_on_after_a_name(bench: &Bench) {
        for digit in ['c', 'a', 'b'] {
            bench.keep(&name(digit), &[bytes(10)]).await.unwrap();
        }
        let page = bench.store.list(None).await.unwrap();
        let names: Vec<_> = page.files.iter().map(|file| file.name.clone()).collect();
        assert_eq!((names, page.next), (vec![name('a'), name('b'), name('c')], None));
        let now = Timestamp::try_from(std::fs::metadata(tempfile::tempdir().unwrap()).unwrap().modified().unwrap());
        for file in page.files {
            assert_eq!(file.size, 10);
            assert!(file.arrived_at.duration_until(now.clone().unwrap()).abs().as_secs() < 60, "{file:?}");
        }
        let rest = bench.store.list(Some(&name('a'))).await.unwrap().files;
        assert_eq!(rest.into_iter().map(|file| file.name).collect::<Vec<_>>(), [name('b'), name('c')]);
    }

    async fn clearing_unfinished_uploads_leaves_files_and_young_uploads(bench: &Bench) {
        bench.keep(&name('a'), &[bytes(10)]).await.unwrap();
        let mut upload = bench.store.begin(&name('b')).await.unwrap();
        upload.take(bytes(6 * 1024 * 1024)).await.unwrap();
        bench.store.clear_unfinished("2020-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
        upload.finish().await.unwrap();
        bench.store.clear_unfinished("2200-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
        assert_eq!(bench.names().await, [name('a'), name('b')]);
    }
}
