//! Requests as files that the person keeps, and takes back.

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlElement};

use crate::dom::element;
use crate::json;
use crate::model::wire::DraftToSave;
use crate::model::{Draft, SCHEMA};

/// More bytes than any request of ours has.
const LARGEST: f64 = 1_000_000.0;

/// Why a file is not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not one that was exported here, or no longer.
    Foreign,
    /// It comes from a newer version of the site.
    Newer,
    /// It is larger than any that was exported here.
    TooLarge,
}

/// Hands a request to the person as a JSON file.
pub fn export(draft: &Draft) {
    let file = DraftToSave { schema: SCHEMA, draft: draft.clone() };
    let Ok(json) = serde_json::to_string(&file) else { return };
    let name = match draft.project.name.trimmed() {
        "" => "demande",
        name => name,
    };
    let address = ["data:application/json;charset=utf-8,", &String::from(js_sys::encode_uri_component(&json))].concat();
    let link = element("a").attr("href", &address).attr("rel", "external").attr("download", &[name, ".json"].concat());
    if let Some(link) = link.node().dyn_ref::<HtmlElement>() {
        link.click();
    }
}

/// Reads a file that somebody says was exported here. Commitments and files are not taken over: the first are made anew,
/// the second are not in it.
///
/// # Errors
/// When it is not such a file.
pub async fn import(file: &File) -> Result<Draft, Refusal> {
    if file.size() > LARGEST {
        return Err(Refusal::TooLarge);
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).ok_or(Refusal::Foreign)?;
    let read: Option<DraftToSave> = json::read(&text);
    match read {
        Some(read) if read.schema == SCHEMA => Ok(read.draft.duplicate()),
        _ if schema_of(&text).is_some_and(|schema| schema > f64::from(SCHEMA)) => Err(Refusal::Newer),
        _ => Err(Refusal::Foreign),
    }
}

fn schema_of(text: &str) -> Option<f64> {
    Reflect::get(&JSON::parse(text).ok()?, &"schema".into()).ok()?.as_f64()
}
