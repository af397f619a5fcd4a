//! Relay: one conversation for each mail (RFC 5321).

use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::{Host, Url};

use super::sending::Sending;

/// Longest time in which a connection to a relay is made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest time in which a relay takes a mail, from the connection to its last answer.
const SENDING_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest wait for the relay to say goodbye, which changes nothing any more.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(5);

/// Relay that takes our mails.
pub(crate) struct Relay {
    host: String,
    port: u16,
    tls: Tls,
    /// Name by which we greet the relay.
    name: ClientId,
    credentials: Option<Credentials>,
}

impl Relay {
    /// Reads the address of a relay; none where it is no such address.
    ///
    /// Such an address is `smtps://user:password@relay.example/name`, or `smtp://…` with `?tls=required`, `?tls=opportunistic` or neither.
    pub(super) fn at(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let host = match url.host()? {
            Host::Ipv6(address) => address.to_string(),
            host => host.to_string(),
        };
        let parameters = || TlsParameters::new(host.clone()).ok();
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (port, tls) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (25, Tls::None),
            ("smtp", Some("required")) => (587, Tls::Required(parameters()?)),
            ("smtp", Some("opportunistic")) => (587, Tls::Opportunistic(parameters()?)),
            ("smtps", _) => (465, Tls::Wrapper(parameters()?)),
            _ => return None,
        };
        let name = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let decoded = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        Some(Self { port: url.port().unwrap_or(port), host, tls, name, credentials })
    }

    /// Gives a message to the relay.
    pub(super) async fn send(&self, message: &Message) -> Sending {
        self.send_within(message, SENDING_TIMEOUT).await
    }

    async fn send_within(&self, message: &Message, limit: Duration) -> Sending {
        let is_addressed = AtomicBool::new(false);
        let sending = async {
            let mut connection = self.connect().await?;
            let sending = hand_over(&mut connection, message.envelope(), &message.formatted(), &is_addressed).await;
            Ok::<_, Error>((connection, sending))
        };
        match timeout(limit, sending).await {
            Ok(Ok((mut connection, sending))) => {
                let _ = timeout(GOODBYE_TIMEOUT, connection.abort()).await;
                sending
            }
            Ok(Err(error)) => closed(&error),
            // A relay that looks long at a recipient or a content may take others meanwhile.
            Err(_) if is_addressed.load(Ordering::Relaxed) => Sending::NotNow(None),
            Err(_) => Sending::Closed(None),
        }
    }

    /// Greets the relay, with TLS and credentials where they are set, and takes leave.
    ///
    /// # Errors
    /// With a sentence that holds no credentials.
    pub(super) async fn check(&self) -> Result<String, String> {
        let place = format!("{}:{}", self.host, self.port);
        let connecting = timeout(SENDING_TIMEOUT, self.connect()).await;
        let mut connection = match connecting {
            Err(_) => return Err(format!("{place} does not answer in time")),
            Ok(Err(error)) => {
                let reason = match error.status() {
                    Some(code) => format!("it answers with {}", u16::from(code)),
                    None if error.is_tls() => "TLS fails, or its certificate is not trusted".to_owned(),
                    None if error.is_client() => "it does not offer what --smtp asks for".to_owned(),
                    None => "no connection can be made".to_owned(),
                };
                return Err(format!("{place}: {reason}"));
            }
            Ok(Ok(connection)) => connection,
        };
        let secured = if connection.is_encrypted() { "over TLS" } else { "without TLS" };
        let known = if self.credentials.is_some() { ", and takes the credentials" } else { "" };
        let _ = timeout(GOODBYE_TIMEOUT, connection.abort()).await;
        Ok(format!("{place} answers {secured}{known}"))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapper = if let Tls::Wrapper(parameters) = &self.tls { Some(parameters.clone()) } else { None };
        let place = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, Some(CONNECT_TIMEOUT), &self.name, wrapper, None).await?;
        match &self.tls {
            Tls::Required(parameters) => connection.starttls(parameters.clone(), &self.name).await?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.name).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// Hands over a message. Up to the recipient, a refusal is about us, not about the mail: others would meet it too. `is_addressed`
/// is set once a recipient is named.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    bytes: &[u8],
    is_addressed: &AtomicBool,
) -> Sending {
    let from = Mail::new(envelope.from().cloned(), Vec::new());
    if let Err(error) = connection.command(from).await {
        return closed(&error);
    }
    is_addressed.store(true, Ordering::Relaxed);
    for to in envelope.to() {
        if let Err(error) = connection.command(Rcpt::new(to.clone(), Vec::new())).await {
            return refusal(&error);
        }
    }
    if let Err(error) = connection.command(Data).await {
        return not_now(&error);
    }
    match connection.message(bytes).await {
        Ok(_) => Sending::Taken,
        Err(error) => refusal(&error),
    }
}

fn closed(error: &Error) -> Sending {
    Sending::Closed(error.status().map(u16::from))
}

fn not_now(error: &Error) -> Sending {
    Sending::NotNow(error.status().map(u16::from))
}

/// Returns the outcome of an error about the recipient or the content. Its text may hold an address, so it goes no further.
fn refusal(error: &Error) -> Sending {
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    match error.status().map(u16::from) {
        Some(code) if is_final(code, &text) => Sending::Refused(Some(code)),
        code => Sending::NotNow(code),
    }
}

/// Returns whether an answer refuses a recipient or a content for good.
///
/// Its enhanced code (RFC 3463) decides where it has one.
/// Whether we may send at all is no matter of the mail: neither our address (`5.1.7`, `5.1.8`) nor the policy (`5.7`).
fn is_final(code: u16, text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let enhanced: Option<Vec<u16>> = first.split('.').map(|part| part.parse().ok()).collect();
    match enhanced.as_deref() {
        Some([5, 1, 7 | 8]) => false,
        Some([5, 1 | 2 | 6, _] | [5, 3, 4]) => (500..600).contains(&code),
        Some([_, _, _]) => false,
        _ => (550..=554).contains(&code),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    fn message() -> Message {
        Message::builder()
            .from("a@x.example".parse().unwrap())
            .to("b@x.example".parse().unwrap())
            .body("Bonjour".to_owned())
            .unwrap()
    }

    /// Sends a message to a relay that says nothing any more after a number of answers.
    async fn sent_to_one_that_falls_silent(after: usize) -> Sending {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Relay::at(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        let speaking = async {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            for answer in ["220 relay.example", "250 relay.example", "250 ok", "250 ok"].iter().take(after) {
                stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
                stream.read_line(&mut String::new()).await.unwrap();
            }
            std::future::pending::<()>().await;
        };
        let message = message();
        tokio::select! {
            sending = relay.send_within(&message, Duration::from_millis(500)) => sending,
            () = speaking => panic!("it is silent"),
        }
    }

    #[tokio::test]
    async fn a_relay_is_closed_if_it_falls_silent_before_a_recipient_is_named_and_not_if_it_does_so_after() {
        // The greeting, and the answers to EHLO, MAIL and RCPT.
        for after in 0..3 {
            assert_eq!(sent_to_one_that_falls_silent(after).await, Sending::Closed(None), "{after}");
        }
        for after in 3..5 {
            assert_eq!(sent_to_one_that_falls_silent(after).await, Sending::NotNow(None), "{after}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_relay_that_never_answers_is_left_alone_after_a_minute() {
        // The system takes the connection; nobody greets.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Relay::at(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        let sending = timeout(2 * SENDING_TIMEOUT, relay.send(&message())).await;
        assert_eq!(sending, Ok(Sending::Closed(None)));
    }

    #[test]
    fn only_what_is_about_the_recipient_or_the_content_is_final() {
        for (code, text) in [
            (550, "no such user"),
            (554, "rejected"),
            (550, "5.1.1 <b@x.example>: unknown"),
            (552, "5.2.2 full"),
            (552, "5.3.4 too big"),
            (554, "5.6.0 cannot be read"),
        ] {
            assert!(is_final(code, text), "{code} {text}");
        }
        for (code, text) in [
            (450, "4.2.1 later"),
            (451, "later"),
            (450, "5.1.1 contradictory"),
            (503, "RCPT first"),
            (530, "5.7.0 authenticate first"),
            (530, "authenticate first"),
            (550, "5.7.1 relaying denied"),
            (553, "5.1.8 no such sender"),
            (554, "5.3.2 no service here"),
        ] {
            assert!(!is_final(code, text), "{code} {text}");
        }
    }

    #[test]
    fn an_address_tells_how_a_relay_is_spoken_to() {
        let relay = Relay::at("smtps://user%40x:pass%2Fword@relay.example/ehlo.example").unwrap();
        assert_eq!((relay.host.as_str(), relay.port), ("relay.example", 465));
        assert_eq!(relay.name, ClientId::Domain("ehlo.example".to_owned()));
        assert_eq!(relay.credentials, Some(Credentials::new("user@x".to_owned(), "pass/word".to_owned())));
        assert!(matches!(relay.tls, Tls::Wrapper(_)));
        let required = Relay::at("smtp://relay.example?tls=required").unwrap();
        assert!(required.port == 587 && matches!(required.tls, Tls::Required(_)));
        let local = Relay::at("smtp://[::1]:2525").unwrap();
        assert_eq!((local.host.as_str(), local.port), ("::1", 2525));
        for wrong in ["", "relay.example", "http://relay.example", "smtp://relay.example?tls=maybe", "smtp:"] {
            assert!(Relay::at(wrong).is_none(), "{wrong:?}");
        }
    }
}
