//! Mails that came back, as mail servers tell of them (RFC 3464).

use crate::id::Id;

/// Returns the delivery whose mail came back for good, if a message tells of one.
///
/// `domain` is that of our messages, whose identifiers are those of deliveries. A message that merely tells of a delay names none.
#[must_use]
pub fn delivery_in(message: &[u8], domain: &str) -> Option<Id> {
    let text = String::from_utf8_lossy(message);
    let is_for_good = values(&text, "action").any(|action| action.trim().eq_ignore_ascii_case("failed"));
    values(&text, "message-id").find_map(|value| delivery(value, domain)).filter(|_| is_for_good)
}

/// Returns the delivery that the identifier of a message names, if the message is ours.
fn delivery(message_id: &str, domain: &str) -> Option<Id> {
    let (local, at) = message_id.trim().strip_prefix('<')?.strip_suffix('>')?.split_once('@')?;
    Id::parse(local).ok().filter(|_| at.eq_ignore_ascii_case(domain))
}

/// Returns the values of all fields of a name, in whatever part of the message. One that begins on the next line is found there.
fn values<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = text.lines().zip(text.lines().skip(1).chain([""]));
    lines.filter_map(move |(line, next)| {
        let (found, value) = line.split_once(':')?;
        let is_folded = value.trim().is_empty() && next.starts_with([' ', '\t']);
        found.eq_ignore_ascii_case(name).then_some(if is_folded { next } else { value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> Id {
        Id::new(1, [number; 10])
    }

    fn report(action: &str, message_id: &str) -> String {
        format!(
            "From: MAILER-DAEMON@relay.example\r\nMessage-ID: <20270114.1@relay.example>\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\n\r\nNobody of that name.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; a@x.example\r\n\
             Action: {action}\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
             Message-ID:{message_id}\r\nSubject: [FC-2027-000123] Demande\r\n\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_mail_that_came_back_is_known_by_the_identifier_of_its_message() {
        let ours = format!("<{}@equipe.example>", id(7));
        for (action, message_id, is_found) in [
            ("failed", format!(" {ours}"), true),
            ("Failed", format!("\r\n {ours}"), true),
            ("delayed", format!(" {ours}"), false),
            ("failed", format!(" <{}@other.example>", id(7)), false),
            ("failed", " <x@equipe.example>".to_owned(), false),
        ] {
            let found = delivery_in(report(action, &message_id).as_bytes(), "equipe.example");
            assert_eq!(found, is_found.then(|| id(7)), "{action} {message_id}");
        }
    }

    #[test]
    fn other_bytes_name_no_delivery() {
        for bytes in [
            &b""[..],
            b"Message-ID:",
            b"Message-ID: <@>",
            b"\xff\xfe\x00:",
            b"Action: failed\r\nMessage-ID: <",
            b":::\n:",
        ] {
            assert_eq!(delivery_in(bytes, "equipe.example"), None);
        }
    }
}
