//! Place of the public list, and its addresses: the habilitations in force, as far as a search lets them through.

use form_urlencoded::Serializer;

/// Address of the public list, with which those of its searches begin.
const PUBLIC_LIST: &str = "page=habilitations";
/// Most characters of a value in an address.
const VALUE_MAX: usize = 200;
/// Names of the filter in addresses.
const IN_ADDRESS: [&str; 2] = ["recherche", "suite"];

/// Search in the public list, and the page of what it finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicFilter {
    /// Words within the project, the organisation, its number or that of the habilitation.
    pub words: String,
    /// Start of the page of results, from the page before; empty for the first.
    pub cursor: String,
}

impl PublicFilter {
    /// Returns the address, a query.
    #[must_use]
    pub fn query(&self) -> String {
        self.write(PUBLIC_LIST.to_owned(), IN_ADDRESS)
    }

    /// Returns the parameters of the API, as a query.
    #[must_use]
    pub fn parameters(&self) -> String {
        self.write(String::new(), ["q", "cursor"])
    }

    /// Returns the filter that an address names. One that repeats a name, or has a value too long, names none.
    #[must_use]
    pub fn read(query: &str) -> Option<Self> {
        let mut values = [const { None }; IN_ADDRESS.len()];
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.next().filter(|(name, value)| name == "page" && value == "habilitations")?;
        for (name, value) in pairs {
            if name == "page" {
                return None;
            }
            let Some(place) = IN_ADDRESS.iter().position(|known| *known == name) else { continue };
            if value.chars().count() > VALUE_MAX || values[place].replace(value.into_owned()).is_some() {
                return None;
            }
        }
        let [words, cursor] = values.map(Option::unwrap_or_default);
        Some(Self { words, cursor })
    }

    /// Writes the filter after a beginning, under names for its two members.
    fn write(&self, beginning: String, names: [&str; 2]) -> String {
        let values = [self.words.trim(), &self.cursor];
        let mut serializer = Serializer::new(beginning);
        serializer.extend_pairs(names.into_iter().zip(values).filter(|(_, value)| !value.is_empty()));
        serializer.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    #[test]
    fn a_search_is_found_again_at_its_address() {
        let search = PublicFilter {
            words: "mairie & « école »".to_owned(),
            cursor: "1795348800000.FC-2026-000017-1".to_owned(),
        };
        for filter in [PublicFilter::default(), search] {
            assert_eq!(Place::read(&filter.query()), Place::PublicList(filter.query()));
            assert_eq!(PublicFilter::read(&filter.query()), Some(filter));
        }
        assert_eq!(PublicFilter::default().query(), PUBLIC_LIST);
        let words = PublicFilter { words: " a b ".to_owned(), cursor: String::new() };
        assert_eq!(words.parameters(), "q=a+b");
    }

    #[test]
    fn an_address_that_can_be_read_in_two_ways_names_no_search() {
        let long = ["page=habilitations&recherche=", &"a".repeat(VALUE_MAX + 1)].concat();
        let queries =
            ["page=habilitations&recherche=a&recherche=b", "page=habilitations&page=aide", "page=habilitation", &long];
        for query in queries {
            assert_eq!(PublicFilter::read(query), None, "{query}");
        }
        let other = "page=habilitations&utm_source=lettre";
        assert_eq!(PublicFilter::read(other), Some(PublicFilter::default()));
    }
}
