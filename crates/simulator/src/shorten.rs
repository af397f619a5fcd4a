//! Shortening of schedules to the actions that break a rule.

/// Leaves out one action after the other, as long as the rule is broken without it.
pub(crate) fn shortened<A: Copy>(mut actions: Vec<A>, is_broken: impl Fn(&[A]) -> bool) -> Vec<A> {
    let without = |actions: &[A], place: usize| {
        let mut fewer = actions.to_vec();
        fewer.remove(place);
        fewer
    };
    while let Some(fewer) =
        (0..actions.len()).rev().map(|place| without(&actions, place)).find(|fewer| is_broken(fewer))
    {
        actions = fewer;
    }
    actions
}
