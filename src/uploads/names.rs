//! Unique names of files.

/// Returns a name that is not taken, of at most `max` characters: `image.jpg`, then `image (2).jpg`.
#[must_use]
pub fn unique_name(name: &str, max: usize, is_taken: impl Fn(&str) -> bool) -> String {
    let (stem, extension) = match name.rfind('.') {
        Some(place) if place > 0 => name.split_at(place),
        _ => (name, ""),
    };
    let numbered = |number: u32| {
        let end = format!(" ({number}){extension}");
        let room = max.saturating_sub(end.chars().count());
        [&stem.chars().take(room).collect::<String>(), end.as_str()].concat()
    };
    if !is_taken(name) {
        return name.to_owned();
    }
    (2..).map(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_are_told_apart() {
        let listed = ["image.jpg", "image (2).jpg", "LISEZMOI", ".profil"];
        let is_taken = |name: &str| listed.contains(&name);
        for (name, shown) in [
            ("plan.pdf", "plan.pdf"),
            ("image.jpg", "image (3).jpg"),
            ("LISEZMOI", "LISEZMOI (2)"),
            (".profil", ".profil (2)"),
            ("image.png", "image.png"),
        ] {
            assert_eq!(unique_name(name, 200, is_taken), shown);
        }
    }
    #[test]
    fn a_name_that_is_told_apart_is_no_longer_than_one_may_be() {
        let long = ["é".repeat(196), ".jpg".to_owned()].concat();
        let shown = unique_name(&long, 200, |name| name == long);
        assert_eq!(shown.chars().count(), 200);
        assert!(shown.ends_with("é (2).jpg"), "{shown}");
    }
}
