//! Control by which a person chooses files, or drops them.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, FileList, HtmlInputElement};

use crate::browser::file::File;
use crate::html::{Element, Input, div, holds, span};

/// `accept` of the file chooser. A help only: the first bytes of a file decide. With `image/*` in it, an iPhone would hand
/// over HEIC, which is refused, instead of a JPEG made of it.
const TYPES: &str = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg";

/// Shows where files can be dropped, or chosen. `chooser` is an input that has its `id`, its `name` and its descriptions.
pub(super) fn drop_zone(chooser: Input, add: impl Fn(Vec<File>) + Copy + 'static) -> Element {
    let is_over = RwSignal::new(false);
    let drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        add(list_of(event.data_transfer().and_then(|data| data.files())));
    };
    let choose = move |event: Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            add(list_of(input.files()));
            // An empty input lets the same file be chosen again, after it was mended.
            input.set_value("");
        }
    };
    let chooser = chooser.attr("type", "file").attr("multiple", true).attr("accept", TYPES).on(ev::change, choose);
    div()
        .attr("class", "drop-zone")
        .class(("dragged-over", holds(move || is_over.get())))
        .on(ev::dragover, move |event: DragEvent| {
            event.prevent_default();
            is_over.set(true);
        })
        .on(ev::dragleave, move |_| is_over.set(false))
        .on(ev::drop, drop)
        .child(chooser)
        .child(span().child("Choisissez des fichiers, ou déposez-les ici"))
}

fn list_of(files: Option<FileList>) -> Vec<File> {
    files
        .map_or(Vec::new(), |files| (0..files.length()).filter_map(|index| files.item(index)).map(File::from).collect())
}
