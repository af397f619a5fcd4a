//! Views of deferred functions, and placeholders until their part of the program is loaded.

use leptos::prelude::*;

use super::elements::{PENDING, button, paragraph};
use super::sheet::{Sheet, Waiting};
use crate::context::{Focus, HEADING, Loader};
use crate::html::{LiveView, div, live, p};
use crate::lazy::{DeferredCall, Loading};

/// Draws the view of a deferred function, or a placeholder until its part is loaded.
pub fn deferred_view(placeholder: Placeholder, draw: impl Fn() -> DeferredCall<AnyView> + Send + 'static) -> LiveView {
    any_deferred_view(placeholder, Box::new(draw))
}

fn any_deferred_view(placeholder: Placeholder, draw: Box<dyn Fn() -> DeferredCall<AnyView> + Send>) -> LiveView {
    let loader = Loader::get();
    live(move || {
        let call = draw();
        let part = call.part();
        match loader.state(part) {
            Loading::Ready => call.now().unwrap_or_else(|| placeholder.waiting()),
            Loading::Failed => placeholder.failed(Box::new(move || loader.load(part))),
            Loading::Pending => placeholder.waiting(),
            Loading::Idle => {
                loader.load(part);
                placeholder.waiting()
            }
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
    /// Draws the placeholder while the part is loading.
    #[must_use]
    pub fn waiting(self) -> AnyView {
        match self {
            Self::Page => Waiting().into_any(),
            Self::Part => paragraph("Un instant…").attr("class", "hint").attr(PENDING, "").into_any(),
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
