//! What a part of the program draws that is fetched later, and what stands in its place until it is there.

use leptos::prelude::*;

use super::elements::{button, paragraph};
use super::sheet::{Sheet, Waiting};
use crate::context::{Focus, HEADING, Loader};
use crate::html::{LiveView, div, live, p};
use crate::lazy::{Deferred, LoadError, Loading, ready};

/// Draws what a deferred function answers: once its part of the program is there, and something in its place until then.
pub fn later<F>(placeholder: Placeholder, draw: impl Fn() -> F + Send + 'static) -> LiveView
where
    F: Future<Output = Result<AnyView, LoadError>> + 'static,
{
    deferred_view(placeholder, Box::new(move || Box::pin(draw())))
}

fn deferred_view(placeholder: Placeholder, draw: Box<dyn Fn() -> Deferred<AnyView> + Send>) -> LiveView {
    let loader = Loader::get();
    live(move || match loader.state() {
        Loading::Ready => ready(draw()).unwrap_or_else(|| placeholder.waiting()),
        Loading::Failed => placeholder.failed(Box::new(move || loader.load())),
        Loading::Pending => placeholder.waiting(),
        Loading::Idle => {
            loader.load();
            placeholder.waiting()
        }
    })
}

/// What stands where something is to be drawn by a part of the program that is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// A whole page.
    Page,
    /// What stands above the fields of a step: there it is said once for all loader of the step that they did not come.
    Top,
    /// A part of a step that somebody looks for.
    Part,
    /// A part that nobody misses.
    Nothing,
}

impl Placeholder {
    /// Draws what stands there until the part comes.
    #[must_use]
    pub fn waiting(self) -> AnyView {
        match self {
            Self::Page => Waiting().into_any(),
            Self::Part => paragraph("Un instant…").attr("class", "hint").into_any(),
            Self::Top | Self::Nothing => ().into_any(),
        }
    }

    /// Draws what stands there when the part did not come. Trying again may help; a page that is older than its host's files
    /// has to be loaded anew.
    pub fn failed(self, retry: Box<dyn Fn()>) -> AnyView {
        let words = "Vérifiez votre accès à internet, puis réessayez. Si cela continue, rechargez la page : vos réponses restent gardées.";
        let again = |retry: Box<dyn Fn()>| p().attr("class", "actions").child(button("button", "Réessayer", retry));
        match self {
            Self::Page => {
                let title = "Cette page n’a pas pu s’afficher";
                let again = again(retry);
                view! { <Sheet title>{paragraph(words)} {again}</Sheet> }.into_any()
            }
            Self::Top => {
                let focus = Focus::get();
                let again = again(Box::new(move || {
                    focus.on(HEADING);
                    retry();
                }));
                div()
                    .attr("class", "note")
                    .child(paragraph("Une partie de cette étape n’a pas pu s’afficher."))
                    .child(paragraph(words))
                    .child(again)
                    .into_any()
            }
            Self::Part | Self::Nothing => ().into_any(),
        }
    }
}
