//! Views of the deferred part of the program, and placeholders until it is loaded.

use leptos::prelude::*;

use super::elements::{button, paragraph};
use super::sheet::{Sheet, Waiting};
use crate::context::{Focus, HEADING, Loader};
use crate::html::{LiveView, div, live, p};
use crate::lazy::{Deferred, LoadError, Loading, ready};

/// Draws the view of a deferred function, or a placeholder until the deferred part is loaded.
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

/// Placeholder of a deferred view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// Placeholder of a whole page.
    Page,
    /// Placeholder above the fields of a step: reports a failure once for all deferred views of the step.
    Top,
    /// Placeholder of a part of a step that people expect.
    Part,
    /// Empty placeholder.
    Nothing,
}

impl Placeholder {
    /// Draws the placeholder while the deferred part is loading.
    #[must_use]
    pub fn waiting(self) -> AnyView {
        match self {
            Self::Page => Waiting().into_any(),
            Self::Part => paragraph("Un instant…").attr("class", "hint").into_any(),
            Self::Top | Self::Nothing => ().into_any(),
        }
    }

    /// Draws the placeholder after a failure. A retry may help; a page older than its host's files has to be reloaded.
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
