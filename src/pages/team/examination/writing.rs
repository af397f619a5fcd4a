//! Texts that a member of the team writes about a request, kept on the device until they are sent.

use leptos::prelude::*;

use crate::clock;
use crate::context::{Identity, Session};
use crate::device::DeviceStorage;
use crate::draft::copies::TEAM_TEXTS as TEXTS;
use crate::model::wire::Kind;
use crate::model::{ClosedList, Field, Id};

/// Beginning of the names of controls for remarks.
const REMARK: &str = "remark.";
/// Milliseconds for which a text that is not sent is kept: 30 days.
const KEPT_FOR: u64 = 30 * 24 * 60 * 60 * 1_000;
/// Name of the control for the text of an act.
pub(super) const TEXT: &str = "text";

/// Texts of one person about one request. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    device: StoredValue<DeviceStorage, LocalStorage>,
    prefix: StoredValue<String>,
}

impl Writing {
    /// Returns the texts of the signed-in person about a request.
    pub(super) fn about(session: Session, request: &Id) -> Self {
        let person = session.identity().with_untracked(|identity| match identity {
            Identity::Person(session) => session.user.id.clone(),
            Identity::Pending | Identity::SignedOut => String::new(),
        });
        let prefix = [TEXTS, &person, ":", request.as_str(), ":"].concat();
        Self { device: StoredValue::new_local(session.device()), prefix: StoredValue::new(prefix) }
    }

    fn name(self, kind: Kind, control: &str) -> String {
        [&self.prefix.get_value(), kind.as_str(), ":", control].concat()
    }

    /// Returns the text of a control; empty where nothing is kept.
    pub(super) fn read(self, kind: Kind, control: &str) -> String {
        let kept = self.device.with_value(|device| device.read(&self.name(kind, control))).unwrap_or_default();
        parts(&kept).1.to_owned()
    }

    /// Keeps the text of a control; nothing is kept of an empty one.
    pub(super) fn write(self, kind: Kind, control: &str, text: &str) {
        let name = self.name(kind, control);
        self.device.with_value(|device| {
            if text.is_empty() {
                device.erase(&name);
            } else {
                device.write(&name, &[&clock::now().to_string(), "\n", text].concat());
            }
        });
    }

    /// Returns the fields for which a remark is kept, in the order of the form.
    pub(super) fn remarked(self) -> Vec<Field> {
        let prefix = self.name(Kind::ChangesRequested, REMARK);
        let names = self.device.with_value(|device| device.names(&prefix));
        let is_kept = |field: &Field| names.iter().any(|name| name.strip_prefix(&prefix) == Some(field.path()));
        Field::ALL.iter().copied().filter(is_kept).collect()
    }

    /// Erases all texts of an act: they are sent, or have no more use.
    pub(super) fn erase(self, kind: Kind) {
        let prefix = self.name(kind, "");
        self.device.with_value(|device| {
            for name in device.names(&prefix) {
                device.erase(&name);
            }
        });
    }
}

/// Erases the texts of everybody that were written too long ago: nobody is about to send them.
pub(super) fn erase_expired(device: &DeviceStorage) {
    for name in device.names(TEXTS) {
        let kept = device.read(&name).unwrap_or_default();
        let written_at = parts(&kept).0;
        if written_at.is_none_or(|written_at| written_at + KEPT_FOR < clock::now()) {
            device.erase(&name);
        }
    }
}

/// Returns the time at which a kept text was written, in milliseconds since 1970, and the text.
fn parts(kept: &str) -> (Option<u64>, &str) {
    kept.split_once('\n').map_or((None, ""), |(written_at, text)| (written_at.parse().ok(), text))
}

/// Returns the name of the control for a remark at a field.
pub(super) fn remark(field: Field) -> String {
    [REMARK, field.path()].concat()
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::Field;
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn what_is_written_is_kept_by_request_and_act_until_it_is_sent_or_a_month_old() {
        let app = app(Place::Requests, false);
        let of = |last: u8| app.with(|| Writing::about(Session::get(), &Id::new(0, [last; 10])));
        let (one, other) = (of(1), of(2));
        app.with(|| {
            one.write(Kind::Refused, TEXT, "Deux\nlignes");
            one.write(Kind::ChangesRequested, &remark(Field::Description), "Lesquelles ?");
            one.write(Kind::ChangesRequested, &remark(Field::ProjectName), "Lequel ?");
            assert_eq!(one.read(Kind::Refused, TEXT), "Deux\nlignes");
            assert_eq!((one.read(Kind::Accepted, TEXT), other.read(Kind::Refused, TEXT)), Default::default());
            assert_eq!(one.remarked(), [Field::ProjectName, Field::Description]);
            one.erase(Kind::ChangesRequested);
            assert_eq!((one.remarked(), one.read(Kind::Refused, TEXT).len()), (Vec::new(), 11));
        });
        app.wait(29 * 24 * 60 * 60);
        app.with(|| erase_expired(&Session::get().device()));
        assert_ne!(app.with(|| one.read(Kind::Refused, TEXT)), "");
        app.wait(2 * 24 * 60 * 60);
        app.with(|| erase_expired(&Session::get().device()));
        assert_eq!(app.with(|| one.read(Kind::Refused, TEXT)), "");
        app.end();
    }
}
