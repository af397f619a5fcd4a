//! Reader of the tags and attributes of an HTML document, minified or not.

/// The tags of a document, each without its brackets: `link rel=icon href=./icon.svg`.
pub(super) fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next())
}

/// The name of a tag's element.
pub(super) fn element(tag: &str) -> &str {
    tag.split(char::is_whitespace).next().unwrap_or_default()
}

/// The value of an attribute, quoted or (as minified HTML has it) bare.
pub(super) fn attribute<'tag>(tag: &'tag str, name: &str) -> Option<&'tag str> {
    let value = tag.match_indices(name).find_map(|(at, _)| {
        let value = tag[at + name.len()..].strip_prefix('=')?;
        tag[..at].ends_with(char::is_whitespace).then_some(value)
    })?;
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split(char::is_whitespace).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_with_and_without_quotes() {
        let html = "<!doctype html><link rel=\"stylesheet\" href='./a b.css'/><link href=./c.css rel=stylesheet>";
        let found: Vec<_> = tags(html)
            .filter(|tag| element(tag) == "link")
            .map(|tag| (attribute(tag, "rel"), attribute(tag, "href")))
            .collect();
        assert_eq!(found, [(Some("stylesheet"), Some("./a b.css")), (Some("stylesheet"), Some("./c.css"))]);
    }

    #[test]
    fn an_attribute_is_not_mistaken_for_another_that_ends_like_it() {
        assert_eq!(attribute("script data-src=a.js src=b.js", "src"), Some("b.js"));
        assert_eq!(attribute("script async", "src"), None);
    }
}
