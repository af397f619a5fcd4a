//! Pages that the server writes whole, for where there is no program: a heading, some sentences, a form at most.
//!
//! The style sheets of the built page stand in each of them, whose policy names the style by its hash.

use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use habilitation::prerender::policy;
use habilitation::texts::NAME;

/// Style sheets of what such a page is made of, in the order of the cascade.
const SHEETS: [&str; 11] = [
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/document.css"),
    include_str!("../../../style/application.css"),
    include_str!("../../../style/text.css"),
    include_str!("../../../style/focus.css"),
    include_str!("../../../style/top-bar.css"),
    include_str!("../../../style/page.css"),
    include_str!("../../../style/card.css"),
    include_str!("../../../style/field.css"),
    include_str!("../../../style/control.css"),
    include_str!("../../../style/button.css"),
];

static STYLE: LazyLock<String> = LazyLock::new(|| ["<style>", &SHEETS.concat(), "</style>"].concat());

static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| HeaderValue::from_str(&policy(&STYLE)).ok());

/// Answers with a page. `title` and `content` are HTML.
pub(crate) fn respond(status: StatusCode, mut headers: HeaderMap, title: &str, content: &str) -> Response {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.extend(POLICY.clone().map(|policy| (CONTENT_SECURITY_POLICY, policy)));
    (status, headers, html(title, content)).into_response()
}

fn html(title: &str, content: &str) -> String {
    let style = STYLE.as_str();
    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{title} – {NAME}</title>\n{style}\n<div class=\"habilitation\">\n\
         <header class=\"top-bar\"><div class=\"top-bar-content\"><span class=\"brand\">{NAME}</span></div></header>\n\
         <main class=\"content\"><div class=\"page\"><div class=\"card\">\n<h1 class=\"h1\">{title}</h1>\n{content}\n\
         </div></div></main>\n</div>\n"
    )
}

/// Returns a text as HTML, within an attribute too.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Returns a link that looks like a button, in a row of its own. Address and words are HTML.
pub(crate) fn way_on(address: &str, words: &str) -> String {
    format!("<p class=\"actions\"><a class=\"button\" href=\"{address}\">{words}</a></p>")
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn a_page_names_itself_and_allows_its_own_style_and_no_other() {
        let response = respond(StatusCode::NOT_FOUND, HeaderMap::new(), "Rien ici", "<p>Vide.</p>");
        let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.contains("style-src 'self' 'sha256-") && !policy.contains("unsafe-inline"), "{policy}");
        let html = String::from_utf8(to_bytes(response.into_body(), 1 << 16).await.unwrap().to_vec()).unwrap();
        assert_eq!(super::policy(&html), policy, "the hash is that of the style in the page");
        for part in ["<html lang=\"fr\">", "<title>Rien ici – ", "<h1 class=\"h1\">Rien ici</h1>", "<p>Vide.</p>"] {
            assert_eq!(html.matches(part).count(), 1, "{part}");
        }
        assert_eq!(html.matches("<main").count(), 1);
    }

    #[test]
    fn what_is_escaped_opens_no_element_and_ends_no_attribute() {
        assert_eq!(escaped("<b a=\"&\">"), "&lt;b a=&quot;&amp;&quot;>");
    }
}
