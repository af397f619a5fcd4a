//! Device of a sign-in, by which people recognise a session of theirs in a list. No more of the browser's header is kept.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use habilitation_model::wire::{Browser, System};

use crate::store::Device;

/// Browsers by what they say of themselves. The order counts: each name is also said by browsers that stand further up.
const BROWSERS: &[(&str, Browser)] = &[
    ("Edg", Browser::Edge),
    ("OPR/", Browser::Opera),
    ("Firefox/", Browser::Firefox),
    ("FxiOS/", Browser::Firefox),
    ("Chrome/", Browser::Chrome),
    ("CriOS/", Browser::Chrome),
    ("Safari/", Browser::Safari),
];

const SYSTEMS: &[(&str, System)] = &[
    ("Windows", System::Windows),
    ("Android", System::Android),
    ("iPhone", System::Ios),
    ("iPad", System::Ios),
    ("Macintosh", System::MacOs),
    ("Linux", System::Linux),
];

pub(super) fn of(headers: &HeaderMap) -> Device {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Device { browser: first(BROWSERS, agent), system: first(SYSTEMS, agent) }
}

fn first<T: Copy>(names: &[(&str, T)], agent: &str) -> Option<T> {
    names.iter().find(|(name, _)| agent.contains(name)).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_browser_is_known_by_what_it_says_of_itself() {
        for (agent, browser, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Some(Browser::Firefox),
                Some(System::Linux),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                Some(Browser::Edge),
                Some(System::Windows),
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                Some(Browser::Chrome),
                Some(System::Android),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                Some(Browser::Safari),
                Some(System::Ios),
            ),
            ("curl/8.5.0", None, None),
            ("", None, None),
        ] {
            let headers = [(USER_AGENT, HeaderValue::from_static(agent))].into_iter().collect();
            assert_eq!(of(&headers), Device { browser, system }, "{agent}");
        }
        assert_eq!(of(&HeaderMap::new()), Device::default());
    }
}
