//! Answer to a connection for which there is no slot: a page for people, a problem for programs.

use std::time::Duration;

use habilitation_model::wire::PROBLEM_MEDIA_TYPE;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Longest time in which a client begins its call and reads the answer.
const TIME_LIMIT: Duration = Duration::from_secs(1);
/// Most bytes that are read and dropped, so that the connection is not reset before the answer is read.
const READ_MAX: usize = 64 * 1024;

const PROBLEM: &str = r#"{"type":"/problems/busy","title":"Too busy","status":503,"detail":"The server has too much to do; `Retry-After` tells in how many seconds to come back.","instance":"","errors":[]}"#;
/// Page for a person. It has no style: whoever is turned away costs as little as can be.
const PAGE: &str = "<!doctype html>\n<html lang=\"fr\">\n<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
<title>Service très demandé</title>\n<main>\n<h1>Le service est très demandé en ce moment</h1>\n\
<p>Rechargez cette page dans quelques instants. Ce que vous avez déjà enregistré est conservé.</p>\n</main>\n";

/// Answers one call with 503 and closes the connection, within [`TIME_LIMIT`] and without a slot.
pub(crate) async fn turn_away(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let _ = tokio::time::timeout(TIME_LIMIT, async {
        let mut read = vec![0; 4096];
        let length = stream.read(&mut read).await?;
        stream.write_all(answer(&read[..length]).as_bytes()).await?;
        stream.shutdown().await?;
        let mut rest = 0;
        while rest < READ_MAX {
            match stream.read(&mut read).await? {
                0 => break,
                length => rest += length,
            }
        }
        Ok::<(), std::io::Error>(())
    })
    .await;
}

/// Returns the whole answer to a call that begins with these bytes.
fn answer(head: &[u8]) -> String {
    let target = head.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    let (media_type, body) =
        if target.starts_with(b"/api/") { (PROBLEM_MEDIA_TYPE, PROBLEM) } else { ("text/html; charset=utf-8", PAGE) };
    format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\ncache-control: no-store\r\n\
         content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nx-content-type-options: nosniff\r\n\
         content-type: {media_type}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use habilitation_model::wire::Problem;

    use super::*;
    use crate::problem::ProblemType;

    #[test]
    fn a_program_is_told_by_a_problem_and_a_person_in_words() {
        let (head, body) = answer(b"PUT /api/requests/1 HTTP/1.1\r\n")
            .split_once("\r\n\r\n")
            .map(|(head, body)| (head.to_owned(), body.to_owned()))
            .unwrap();
        assert!(
            head.starts_with("HTTP/1.1 503") && head.contains("retry-after: 2") && head.contains(PROBLEM_MEDIA_TYPE)
        );
        let problem: Problem = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (problem.kind.as_str(), problem.title.as_str()),
            (ProblemType::Busy.uri(), ProblemType::Busy.title())
        );
        assert_eq!(
            (problem.status, problem.detail.as_str()),
            (ProblemType::Busy.status().as_u16(), ProblemType::Busy.meaning().trim())
        );
        for other in [&b"GET / HTTP/1.1"[..], b"", b"GET /apinion HTTP/1.1"] {
            let answer = answer(other);
            assert!(answer.contains("text/html") && answer.contains("quelques instants"), "{answer}");
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("content-length: {}", body.len())));
        }
    }
}
