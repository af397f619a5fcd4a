//! The bucket against a server of these tests, which fails as it is told to.

use habilitation_bucket::Fault;
use tokio::time::Instant;

use super::*;
use crate::files::contract::{Bench, obeyed_by};

const MARK: &str = "fedcba9876543210fedcba9876543210";
/// Longest wait for an answer that comes: machines of tests are slow.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Longest wait for an answer that does not come.
const SHORT: Duration = Duration::from_millis(500);

fn settings(server: &habilitation_bucket::Bucket, prefix: &str) -> BucketSettings {
    BucketSettings {
        place: format!("s3://{}{prefix}", habilitation_bucket::NAME).parse().unwrap(),
        timeout: TIMEOUT,
        secret: None,
        variables: Some(server.variables()),
    }
}

fn bucket(server: &habilitation_bucket::Bucket) -> Bucket {
    Bucket::open(&settings(server, "/prod"), BucketMark::passing(FileName::parse(MARK).unwrap())).unwrap()
}

/// Returns a bucket that waits for no answer.
fn hasty(server: &habilitation_bucket::Bucket) -> Bucket {
    let settings = BucketSettings { timeout: SHORT, ..settings(server, "/prod") };
    Bucket::open(&settings, BucketMark::passing(FileName::parse(MARK).unwrap())).unwrap()
}

fn name(digit: char) -> FileName {
    FileName::parse(&digit.to_string().repeat(32)).unwrap()
}

async fn keep(bucket: &Bucket, name: &FileName, length: usize) -> io::Result<()> {
    let mut upload = bucket.begin(name).await?;
    upload.take(vec![7; length].into()).await?;
    upload.finish().await
}

async fn read(bucket: &Bucket, name: &FileName) -> io::Result<Bytes> {
    Ok(bucket.read(name).await?.collect().await?.to_bytes())
}

async fn opened() -> Bench {
    let server = habilitation_bucket::Bucket::start();
    Bench::new(bucket(&server), server)
}

obeyed_by!(opened);

#[tokio::test]
async fn an_upload_that_was_cut_is_aborted() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    let mut upload = bucket.begin(&name('a')).await.unwrap();
    upload.take(vec![7; PART + 1].into()).await.unwrap();
    assert_eq!(server.unfinished(), 1, "it is sent while it comes");
    drop(upload);
    while server.unfinished() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(server.keys(), ["prod/mark"]);
}

#[tokio::test]
async fn uploads_that_a_crash_left_behind_are_cleared_and_those_of_others_are_not() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    bucket.verify_mark().await.unwrap();
    let ours = bucket.path(name('a').as_str());
    for path in [ours, Path::from("prod/report.pdf"), Path::from("other/file")] {
        bucket.store.create_multipart(&path).await.unwrap();
    }
    bucket.clear_unfinished("2020-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(server.unfinished(), 3, "a young one may be on its way");
    bucket.clear_unfinished("2200-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(server.unfinished(), 2);
    server.fail(Fault::Refuse(501, "NotImplemented"));
    bucket.clear_unfinished("2200-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_bucket_of_another_data_folder_is_never_changed_nor_taken_for_ones_own() {
    let server = habilitation_bucket::Bucket::start();
    let first = bucket(&server);
    keep(&first, &name('a'), 10).await.unwrap();
    for was_adopted in [false, true] {
        let mark = BucketMark::passing(name('1'));
        if was_adopted {
            mark.adopt("s3://documents/elsewhere").unwrap();
        }
        let other = Bucket::open(&settings(&server, "/prod"), mark).unwrap();
        assert_eq!(keep(&other, &name('b'), 10).await.unwrap_err().kind(), io::ErrorKind::HostUnreachable);
        assert_eq!(other.remove(&[name('a')]).await.is_err(), was_adopted);
        let cleared = other.clear_unfinished("2200-01-01T00:00:00Z".parse().unwrap()).await;
        assert_eq!(cleared.is_err(), was_adopted);
        assert_eq!(read(&other, &name('a')).await.is_err(), was_adopted);
        assert!(other.check(&name('2')).await.unwrap_err().contains("belongs to another data folder"));
        assert!(other.verify_ours(true).await.unwrap_err().contains("belongs to another data folder"));
        assert!(other.take_over().await.unwrap_err().contains("belongs to another data folder"));
    }
    assert_eq!(server.keys().len(), 2, "the document and the mark");
    let elsewhere = Bucket::open(&settings(&server, "/prod-2"), BucketMark::passing(name('1'))).unwrap();
    keep(&elsewhere, &name('b'), 10).await.unwrap();
    assert_eq!(elsewhere.list(None).await.unwrap().files.len(), 1, "a prefix is a place of its own");
}

#[tokio::test]
async fn once_a_bucket_is_adopted_one_without_the_mark_is_another() {
    let server = habilitation_bucket::Bucket::start();
    let mark = BucketMark::passing(name('1'));
    mark.adopt("s3://documents/elsewhere").unwrap();
    let bucket = Bucket::open(&settings(&server, "/prod"), mark).unwrap();
    assert_eq!(keep(&bucket, &name('a'), 10).await.unwrap_err().kind(), io::ErrorKind::HostUnreachable);
    assert_eq!(read(&bucket, &name('a')).await.unwrap_err().kind(), io::ErrorKind::HostUnreachable);
    for told in [bucket.check(&name('2')).await.unwrap_err(), bucket.take_over().await.unwrap_err()] {
        assert!(told.contains("does not bear the mark") && told.contains("s3://documents/elsewhere"), "{told}");
    }
    assert!(bucket.verify_ours(false).await.is_err());
    assert_eq!(server.keys(), [""; 0]);
}

#[tokio::test]
async fn a_bucket_is_adopted_with_the_first_upload_and_not_before() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    bucket.check(&name('2')).await.unwrap();
    bucket.remove(&[name('a')]).await.unwrap();
    bucket.clear_unfinished("2200-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(read(&bucket, &name('a')).await.unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(bucket.verify_ours(true).await.unwrap_err().contains("it bears no mark"));
    assert_eq!((server.keys().len(), bucket.mark.adopted()), (0, None));
    keep(&bucket, &name('a'), 10).await.unwrap();
    assert_eq!((server.keys().len(), bucket.mark.adopted()), (2, Some("s3://documents/prod")));
    bucket.verify_ours(true).await.unwrap();
}

#[tokio::test]
async fn a_full_bucket_is_told_as_such_at_once_and_takes_again_later() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    keep(&bucket, &name('a'), 10).await.unwrap();
    for (status, code) in [(507, "InsufficientStorage"), (403, "QuotaExceeded"), (400, "XMinioStorageFull")] {
        server.fail(Fault::Refuse(status, code));
        for length in [10, PART + 1] {
            let refused = keep(&bucket, &name('b'), length).await.unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::StorageFull, "{status} {code}, {length} bytes");
        }
        server.mend();
    }
    keep(&bucket, &name('b'), 10).await.unwrap();
}

#[tokio::test]
async fn a_refusal_of_keys_repeats_nothing_of_them() {
    let server = habilitation_bucket::Bucket::start();
    let mut settings = settings(&server, "");
    settings.secret = Some("motdepasse-of-another".to_owned());
    let bucket = Bucket::open(&settings, BucketMark::passing(name('1'))).unwrap();
    let refused = keep(&bucket, &name('a'), 10).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::HostUnreachable);
    let told = [refused.to_string(), bucket.check(&name('2')).await.unwrap_err()].concat();
    assert!(told.contains("its keys are refused") && !told.contains("motdepasse"), "{told}");
}

#[tokio::test]
async fn a_passing_failure_is_passed_over() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    keep(&bucket, &name('a'), 2 * PART + 1).await.unwrap();
    for (digit, fault) in ('b'..).zip([Fault::Refuse(500, "InternalError"), Fault::Refuse(503, "SlowDown")]) {
        server.fail_times(fault, 2);
        keep(&bucket, &name(digit), 10).await.unwrap();
    }
    server.fail_times(Fault::Refuse(500, "InternalError"), 2);
    keep(&bucket, &name('d'), PART + 1).await.unwrap();
    server.fail_times(Fault::HangUp, 1);
    assert_eq!(read(&bucket, &name('a')).await.unwrap().len(), 2 * PART + 1);
    // An answer that is cut goes on where it was.
    server.fail_times(Fault::CutAfter(PART), 1);
    assert_eq!(read(&bucket, &name('a')).await.unwrap().len(), 2 * PART + 1);
}

#[tokio::test]
async fn a_bucket_that_is_slow_or_away_is_waited_for_no_longer_than_told() {
    let mut server = habilitation_bucket::Bucket::start();
    let (bucket, hasty) = (bucket(&server), hasty(&server));
    keep(&bucket, &name('a'), PART).await.unwrap();
    hasty.verify_mark().await.unwrap();
    // With room for a slow machine; the faults last for longer.
    let limit = Duration::from_secs(20);
    let slow = Fault::Slow(Duration::from_secs(60));
    for fault in [slow, Fault::HangUp, Fault::Refuse(500, "InternalError")] {
        server.fail(fault);
        let begun = Instant::now();
        for length in [10, PART + 1] {
            let failed = keep(&hasty, &name('b'), length).await.unwrap_err();
            assert_eq!(failed.kind(), io::ErrorKind::HostUnreachable, "{fault:?}");
        }
        assert_eq!(read(&hasty, &name('a')).await.unwrap_err().kind(), io::ErrorKind::HostUnreachable, "{fault:?}");
        assert!(begun.elapsed() < limit, "{fault:?}: {:?}", begun.elapsed());
    }
    server.fail(Fault::StallAfter(10));
    let begun = Instant::now();
    assert!(read(&hasty, &name('a')).await.is_err());
    assert!(begun.elapsed() < limit, "{:?}", begun.elapsed());
    server.mend();

    server.stop();
    assert_eq!(keep(&hasty, &name('b'), 10).await.unwrap_err().kind(), io::ErrorKind::HostUnreachable);
    assert_eq!(read(&hasty, &name('a')).await.unwrap_err().kind(), io::ErrorKind::HostUnreachable);
    server.start_again();
    keep(&bucket, &name('c'), 10).await.unwrap();
    assert_eq!(read(&bucket, &name('a')).await.unwrap().len(), PART);
}

#[tokio::test]
async fn an_answer_that_was_lost_leaves_no_more_than_an_object_that_nothing_refers_to() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    keep(&bucket, &name('a'), 10).await.unwrap();
    server.fail_times(Fault::LoseAnswer, 1);
    assert!(keep(&bucket, &name('b'), 10).await.is_err());
    assert_eq!(bucket.list(None).await.unwrap().files.len(), 2);
}

#[tokio::test]
async fn no_more_uploads_than_have_room_in_memory_are_begun() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    let mut uploads = Vec::new();
    for _ in 0..UPLOADS {
        uploads.push(bucket.begin(&name('a')).await.unwrap());
    }
    assert_eq!(bucket.begin(&name('a')).await.err().unwrap().kind(), io::ErrorKind::ResourceBusy);
    uploads.pop();
    assert!(bucket.begin(&name('a')).await.is_ok());
}

#[tokio::test]
async fn without_leave_nothing_goes_over_an_open_line() {
    let server = habilitation_bucket::Bucket::start();
    let mut settings = settings(&server, "");
    settings.variables.as_mut().unwrap().retain(|(name, _)| name != "AWS_ALLOW_HTTP");
    let bucket = Bucket::open(&settings, BucketMark::passing(name('1'))).unwrap();
    let told = bucket.check(&name('2')).await.unwrap_err();
    assert!(told.contains("AWS_ALLOW_HTTP"), "{told}");
    settings.variables.as_mut().unwrap().retain(|(name, _)| name != "AWS_SECRET_ACCESS_KEY");
    assert!(Bucket::open(&settings, BucketMark::passing(name('1'))).is_err());
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let server = habilitation_bucket::Bucket::start();
    let bucket = bucket(&server);
    keep(&bucket, &name('f'), 10).await.unwrap();
    std::fs::write(server.objects().join("prod/report.pdf"), "").unwrap();
    for number in 0..PAGE {
        std::fs::write(server.objects().join(format!("prod/{number:032x}")), "").unwrap();
    }
    let first = bucket.list(None).await.unwrap();
    assert_eq!((first.files.len(), first.next.clone()), (PAGE, FileName::parse(&format!("{:032x}", PAGE - 1))));
    let second = bucket.list(first.next.as_ref()).await.unwrap();
    assert_eq!((second.files.len(), second.next), (1, None));
}
