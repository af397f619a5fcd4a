//! The rest of the program: what nobody needs before the first field can be filled in. A build may leave it in a file of its
//! own (the feature `split`), which is fetched the first time that something of it is to be drawn.
//!
//! The line between both is [`Rest`]: whatever can only be reached through it goes into the second file, and nothing else
//! has to be said. The first one never waits: what it draws in the meantime is a place for what is to come.

use std::rc::Rc;

use crate::api::Api;
use crate::api::local::{Documents, Local};
use crate::app::{App, HEADING, leaving};
use crate::controls;
use crate::device::Device;
use crate::dom::{View, button, element, paragraph};
use crate::form::Form;
use crate::model::saving::DeviceCopy;
use crate::model::wire::StoredRequest;
use crate::model::{Field, Id, Step};
use crate::navigation::Place;
use crate::pages;
use crate::pages::stepper::{self, Stepper};
use crate::steps::{self, Filling};
use crate::uploads::Uploads;

/// What the first part calls.
pub struct Rest {
    /// The pages that are not the first to be seen.
    pub page: fn(Place) -> View,
    /// What becomes of unsaved answers when somebody signs out.
    pub leaving: fn(App) -> View,
    /// Signs out, after what is unsaved.
    pub sign_out: fn(App),
    /// What is said while that takes a moment.
    pub parting: fn(App) -> View,
    /// A request that was sent.
    pub submitted: fn(&StoredRequest) -> View,
    /// A draft that was erased in another tab: whether the service has some of it, and what opens that again.
    pub erased: fn(bool, Box<dyn Fn()>) -> View,
    /// A draft that a newer version of the page wrote.
    pub newer: fn(&str) -> View,
    /// The last step.
    pub review: fn(Filling) -> View,
    /// Files of a field.
    pub documents: fn(Form, Field, Uploads) -> View,
    /// A request that was begun, to go on with.
    pub offer: fn(&Id, &DeviceCopy) -> View,
    /// What stands before the fields of a step: what keeps the answers from the server, those that have two versions.
    pub(crate) notices: fn(Stepper, Step) -> View,
    /// Sends the request.
    pub(crate) send: fn(Stepper),
    /// Where the answers are kept.
    pub(crate) keeping: fn(Stepper) -> View,
    /// The page as what answers itself.
    pub local: fn(&str, Device, Documents) -> Rc<dyn Api>,
}

static REST: Rest = Rest {
    page: pages::later,
    leaving: leaving::question,
    sign_out: leaving::sign_out,
    parting: leaving::under_way,
    submitted: pages::read_only,
    erased: pages::erased,
    newer: pages::newer,
    offer: pages::offer,
    review: steps::review,
    documents: controls::chooser,
    notices: stepper::notices,
    send: stepper::send,
    keeping: stepper::keeping,
    local: |base, device, documents| Rc::new(Local::new(base, device, documents)),
};

/// It could not be fetched.
pub type Missing = leptos::wasm_split::SplitLoaderError;

/// How far it is.
#[derive(Clone, Copy)]
pub enum Loading {
    /// Nobody has asked for it yet.
    Unasked,
    /// It is on its way.
    UnderWay,
    /// It did not get through.
    Failed,
    /// It is there.
    There(&'static Rest),
}

/// Fetches it, once for the whole program.
///
/// # Errors
/// When it does not get through. It may the next time.
pub async fn load() -> Result<&'static Rest, Missing> {
    #[cfg(feature = "split")]
    return split().await;
    #[cfg(not(feature = "split"))]
    return Ok(&REST);
}

/// Where the second file begins.
#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(rest, wasm_split_path = leptos::wasm_split, fallible)]
fn split() -> Result<&'static Rest, Missing> {
    Ok(&REST)
}

/// Where something of it is to be drawn: what stands there until it is.
#[derive(Clone, Copy)]
pub enum Space {
    /// A whole page.
    Page,
    /// What stands above the fields of a step: there it is said once for all parts of the step that they did not come.
    Top,
    /// A part of a step that somebody looks for.
    Part,
    /// A part that nobody misses.
    Nothing,
}

impl Space {
    /// Until it comes.
    #[must_use]
    pub fn waiting(self) -> View {
        match self {
            Self::Page => pages::waiting(),
            Self::Part => paragraph("Un instant…").class("hint").into(),
            Self::Top | Self::Nothing => View::Nothing,
        }
    }

    /// When it did not come; trying again may help. A page that is older than its host's files has to be loaded anew.
    pub fn failed(self, retry: impl Fn() + 'static) -> View {
        let words = "Vérifiez votre accès à internet, puis réessayez. Si cela continue, rechargez la page : vos réponses restent gardées.";
        let again = |retry: Box<dyn Fn()>| element("p").class("actions").child(button("button", "Réessayer", retry));
        match self {
            Self::Page => pages::sheet("Cette page n’a pas pu s’afficher", [paragraph(words), again(Box::new(retry))]),
            Self::Top => {
                let what = paragraph("Une partie de cette étape n’a pas pu s’afficher.");
                let app = App::get();
                let again = again(Box::new(move || {
                    app.focus(HEADING);
                    retry();
                }));
                element("div").class("note").child([what, paragraph(words), again]).into()
            }
            Self::Part | Self::Nothing => View::Nothing,
        }
    }
}
