//! Values of settings, as the command line gives them.

use habilitation_model::email::Email;
use habilitation_model::web_address::WebAddress;

pub(super) fn web_address(text: &str) -> Result<String, &'static str> {
    WebAddress::parse(text)
        .map(|_| text.to_owned())
        .map_err(|_| "it is not a web address such as https://site.example/page")
}

pub(super) fn email(text: &str) -> Result<String, &'static str> {
    Email::parse(text)
        .map(|email| email.as_str().to_owned())
        .map_err(|_| "it is not an e-mail address such as contact@site.example")
}
