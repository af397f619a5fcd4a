//! Navigation in memory, for the element of a portal: the window, its address, history and title are the portal's.
use leptos::prelude::*;

use super::{LinkKind, Navigation, Place};
use crate::effect::computed;

/// Function that is told of the first place, and allows or refuses each later change.
pub type NavigationGuard = Box<dyn Fn(&Place) -> bool>;

/// Returns a navigation that begins at a place. It has no history: the window's is the portal's.
#[must_use]
pub fn navigation(start: Place, guard: NavigationGuard) -> Navigation {
    guard(&start);
    let here = RwSignal::new(start);
    let place = computed(move |_| here.get());
    let go = move |place: &Place, _| {
        if here.with_untracked(|here| here != place) && guard(place) {
            here.set(place.clone());
        }
    };
    Navigation::new(place, Box::new(go), Box::new(|_| {}), LinkKind::Button)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    fn with_navigation(allowed: fn(&Place) -> bool, test: impl FnOnce(Navigation, Rc<RefCell<Vec<Place>>>)) {
        Owner::new().with(|| {
            let asked = Rc::new(RefCell::new(Vec::new()));
            let guard = {
                let asked = Rc::clone(&asked);
                move |place: &Place| {
                    asked.borrow_mut().push(place.clone());
                    allowed(place)
                }
            };
            test(navigation(Place::Help, Box::new(guard)), asked);
        });
    }

    #[test]
    fn it_begins_where_it_is_told_and_goes_where_it_is_sent() {
        with_navigation(
            |_| true,
            |navigation, asked| {
                assert_eq!(navigation.place().get_untracked(), Place::Help);
                navigation.go(&Place::Requests);
                assert_eq!(navigation.place().get_untracked(), Place::Requests);
                navigation.replace(&Place::Eligibility);
                assert_eq!(navigation.place().get_untracked(), Place::Eligibility);
                assert_eq!(*asked.borrow(), [Place::Help, Place::Requests, Place::Eligibility]);
            },
        );
    }

    #[test]
    fn it_stays_where_it_is_when_a_change_is_refused() {
        with_navigation(
            |place| *place != Place::Requests,
            |navigation, _| {
                navigation.go(&Place::Requests);
                assert_eq!(navigation.place().get_untracked(), Place::Help);
            },
        );
    }

    #[test]
    fn nobody_is_asked_about_going_where_one_is() {
        with_navigation(
            |_| true,
            |navigation, asked| {
                navigation.go(&Place::Help);
                assert_eq!(*asked.borrow(), [Place::Help]);
            },
        );
    }

    #[test]
    fn its_links_have_no_address() {
        with_navigation(|_| true, |navigation, _| assert_eq!(navigation.link_kind(), LinkKind::Button));
    }
}
