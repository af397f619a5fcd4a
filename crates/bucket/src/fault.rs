//! Faults of a store, of its network, and of what stands before it.

use std::io;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::Frame;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use s3s::service::S3Service;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Way in which calls fail.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Answers begin this much later.
    Slow(Duration),
    /// Answers are refusals with a status and a code.
    Refuse(u16, &'static str),
    /// The line is cut before an answer.
    HangUp,
    /// The call is done, and the line is cut before its answer.
    LoseAnswer,
    /// Bodies of answers are cut after so many bytes.
    CutAfter(usize),
    /// Bodies of answers stand still after so many bytes.
    StallAfter(usize),
}

/// Fault at present, with the number of calls that it is for.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Option<(Fault, u32)>>);

impl Faults {
    pub(crate) fn set(&self, fault: Fault, times: u32) {
        *self.0.lock().unwrap() = Some((fault, times));
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap() = None;
    }

    fn next(&self) -> Option<Fault> {
        let mut present = self.0.lock().unwrap();
        let (fault, times) = (*present)?;
        *present = (times > 1).then(|| (fault, times.saturating_sub(u32::from(times != u32::MAX))));
        Some(fault)
    }

    /// Answers a call, or fails as it is told to.
    pub(crate) async fn answer(&self, call: Request<Incoming>, service: &S3Service) -> io::Result<Response<Body>> {
        let fault = self.next();
        match fault {
            Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
            Some(Fault::Refuse(status, code)) => {
                // Read to its end, so that the caller hears the answer.
                let _ = call.into_body().collect().await;
                let words = format!("<Error><Code>{code}</Code><Message>told so</Message></Error>");
                let body = http_body_util::Full::from(words).map_err(|never| match never {}).boxed_unsync();
                return Ok(Response::builder().status(status).body(body).unwrap());
            }
            Some(Fault::HangUp) => return Err(io::ErrorKind::ConnectionAborted.into()),
            _ => {}
        }
        let call = call.map(s3s::Body::from);
        let answer = service.call(call).await.map_err(io::Error::other)?;
        let answer = answer.map(|body| body.map_err(io::Error::other).boxed_unsync());
        Ok(match fault {
            Some(Fault::LoseAnswer) => return Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Fault::CutAfter(left)) => answer.map(|body| Short { body, left, stalls: false }.boxed_unsync()),
            Some(Fault::StallAfter(left)) => answer.map(|body| Short { body, left, stalls: true }.boxed_unsync()),
            _ => answer,
        })
    }
}

/// Body that ends too early, or stands still.
struct Short {
    body: Body,
    left: usize,
    stalls: bool,
}

impl http_body::Body for Short {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            let cut = Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())));
            return if self.stalls { Poll::Pending } else { cut };
        }
        let left = self.left;
        let frame = Pin::new(&mut self.body).poll_frame(context);
        frame.map_ok(|frame| {
            frame.map_data(|bytes| {
                self.left = left.saturating_sub(bytes.len());
                bytes.slice(..bytes.len().min(left))
            })
        })
    }
}
