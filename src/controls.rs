//! The controls of the form: label, hint, input and message, done once.
//!
//! A control shows one field. Its `name` is the field's path, and so is its `id`; it is drawn only while the form asks
//! for the field. It reads and writes the form, nothing else.

mod checkbox;
mod documents;
mod radios;
mod scopes;
mod text;
mod text_area;

use leptos::prelude::*;
use std::rc::Rc;

use crate::app::App;
use crate::arriving;
use crate::dom::{Element, Reread, View, element, live, paragraph};
use crate::form::Form;
use crate::model::{Field, Finding};
use crate::texts::{fields, isolated, messages};

pub use checkbox::{checkbox, terms_checkbox};
pub use documents::{chooser, documents, link_to_file};
pub use radios::radios;
pub use scopes::scopes;
pub use text::{Look, text};
pub use text_area::text_area;

/// A field of the form while it is drawn.
#[derive(Clone, Copy)]
struct Control {
    form: Form,
    field: Field,
    /// The error to show, if there is one. What stays the same at a keystroke is not drawn again.
    error: Memo<Vec<Finding>>,
}

/// Draws a field only while the form asks for it.
fn control(form: Form, field: Field, draw: impl Fn(Control) -> Element + 'static) -> View {
    let asked = Memo::new(move |_| form.shows(field));
    live(move || {
        let error = || Memo::new(move |_| form.finding(field).into_iter().collect());
        asked.get().then(|| draw(Control { form, field, error: error() }))
    })
}

impl Control {
    /// Whether the field shows an error at the moment.
    fn is_wrong(self) -> bool {
        self.error.with(|error| !error.is_empty())
    }

    /// An element that stands out while the field is wrong.
    fn frame(self, name: &str) -> Element {
        element(name).class("field").live_class("wrong", move || self.is_wrong())
    }

    /// The label of the input that bears the field's name.
    fn label(self) -> Element {
        let optional = self.field.is_optional().then(|| element("span").class("optional").text(" (facultatif)"));
        element("label").attr("for", self.field.path()).text(fields::of(self.field).label).child(optional)
    }

    fn hint(self) -> Option<Element> {
        let words = fields::of(self.field).hint;
        (!words.is_empty()).then(|| paragraph(words).class("hint").attr("id", &self.id("hint")))
    }

    /// Ties an input, or a group of them, to its hint and its message.
    fn described(self, input: Element, others: &'static str) -> Element {
        let hint = if fields::of(self.field).hint.is_empty() { String::new() } else { self.id("hint") };
        let others = if others.is_empty() { String::new() } else { self.id(others) };
        let described = move || {
            let message = if self.is_wrong() { self.id("message") } else { String::new() };
            let proposed = if self.form.is_proposed(self.field) { self.id("proposed") } else { String::new() };
            let ids: Vec<&str> =
                [hint.as_str(), &others, &proposed, &message].into_iter().filter(|id| !id.is_empty()).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        };
        input
            .live_attr("aria-describedby", described)
            .live_attr("aria-invalid", move || self.is_wrong().then_some("true"))
    }

    /// An input of one's own: named, tied to its label, required unless a request can do without it.
    fn input(self, name: &str) -> Element {
        let (path, required) = (self.field.path(), !self.field.is_optional() && self.field != Field::LegalUrl);
        self.described(element(name).attr("id", path).attr("name", path).flag("required", required), "")
    }

    /// A control in which somebody types: what arrives there is the answer.
    fn typed(self, input: Element) -> Element {
        let Self { form, field, .. } = self;
        let take = move |arrived: &str| {
            let kept = form.edit_text(field, arrived);
            // Letters that are only composed look the same. Some keyboards write them in parts: they show once the field is left.
            (kept != arriving::composed(arrived.to_owned())).then_some(kept)
        };
        let (input, reread) = input.live_value(move || form.text(field), take);
        form.collects(reread);
        self.left(input)
    }

    /// A box or a radio button: what becomes of it is the answer.
    fn checked(self, input: Element, holds: impl Fn() -> bool + 'static, take: impl Fn(bool) + 'static) -> Element {
        let Self { form, field, .. } = self;
        let holds = Rc::new(holds);
        let shown = Rc::clone(&holds);
        let input = input.live_checked(move || shown());
        let node = input.clone();
        let reread: Reread = Rc::new(move || {
            let is_checked = node.is_checked();
            if is_checked != untrack(|| holds()) {
                take(is_checked);
            }
        });
        form.collects(reread);
        input.on("change", move |_| {
            // With the other boxes of its group: what is drawn next shows all of them as the form has them.
            form.collect();
            form.leave(field);
        })
    }

    /// Tells the form that the field was left.
    fn left(self, input: Element) -> Element {
        let app = App::get();
        let leave = Rc::new(move |_| {
            let wrong = || untrack(|| self.form.finding(self.field));
            let before = wrong();
            self.form.leave(self.field);
            // The focus is elsewhere already, where nothing tells of it.
            if let (None, Some(finding)) = (before, wrong()) {
                app.announce(&[&fields::name(self.field), " : ", &messages::of(&finding)].concat());
            }
        });
        let (at_change, at_blur) = (Rc::clone(&leave), leave);
        input.on("change", move |event| at_change(event)).on("blur", move |event| at_blur(event))
    }

    /// The error of the field, then its warnings.
    fn messages(self) -> View {
        let message =
            move |finding: &Finding| paragraph(&messages::of(finding)).class("message").attr("id", &self.id("message"));
        let error = move || self.error.with(|error| error.iter().map(message).collect::<Vec<_>>());
        let warned = Memo::new(move |_| self.form.warnings(self.field));
        let warning = |finding: &Finding| paragraph(&messages::of(finding)).class("note");
        let warnings = move || warned.with(|warned| warned.iter().map(warning).collect::<Vec<_>>());
        // A warning appears without being asked for: it is told as well as shown.
        let told = element("div").class("notes").attr("aria-live", "polite").child(live(warnings));
        View::Several(vec![live(error), self.proposal(), self.mark(), told.into()])
    }

    /// That a link proposed the answer.
    fn proposal(self) -> View {
        let Self { form, field, .. } = self;
        let is_proposed = Memo::new(move |_| form.is_proposed(field));
        live(move || {
            let words = "Réponse proposée par le lien que vous avez suivi : vérifiez-la.";
            is_proposed.get().then(|| paragraph(words).class("proposed").attr("id", &self.id("proposed")))
        })
    }

    /// That the answer changed elsewhere, while the person was looking.
    fn mark(self) -> View {
        let Self { form, field, .. } = self;
        let is_marked = Memo::new(move |_| form.is_changed_elsewhere(field));
        live(move || {
            is_marked.get().then(|| {
                let words = "Réponse changée dans un autre onglet ou sur un autre appareil.";
                // What the person is typing stays before their eyes: they are told what it would replace.
                let is_at_it = App::get().finds(&["[name=\"", field.path(), "\"]:focus"].concat());
                let hidden = if is_at_it { form.text_now(field) } else { String::new() };
                let there = (!hidden.is_empty()).then(|| {
                    [" Elle est maintenant « ", &isolated(&hidden), " », et s’affichera quand vous quitterez ce champ."]
                        .concat()
                });
                paragraph(words).class("elsewhere").text(&there.unwrap_or_default())
            })
        })
    }

    fn id(self, part: &str) -> String {
        format!("{}-{part}", self.field.path())
    }
}

/// One box or button to choose, with its name and what helps to choose it. With an `id`, unique on the page, the help
/// describes the input instead of being a part of its name.
#[must_use]
pub fn choice(input: Element, name: &str, help: &str, id: Option<&str>) -> Element {
    let name = element("span").class("name").text(name);
    let label = element("label").class("choice");
    if help.is_empty() {
        return label.child(input).child(name);
    }
    let help = element("span").class("hint").text(help);
    let Some(id) = id else { return label.child(input).child(name).child(help) };
    let (name_id, help_id) = ([id, "-name"].concat(), [id, "-hint"].concat());
    let input = input.attr("aria-labelledby", &name_id).attr("aria-describedby", &help_id);
    label.child(input).child(name.attr("id", &name_id)).child(help.attr("id", &help_id))
}
