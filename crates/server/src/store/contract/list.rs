//! The list of requests.

use super::*;

declare! {
    async fn the_list_has_what_changed_last_first_and_goes_on_where_it_stopped(bench: &Bench) {
        for number in 1..=9 {
            // Three at each moment: the identifier parts them.
            bench.create(&alice(), &id(number), &named(&number.to_string()), at(i64::from(number / 3))).await;
        }
        bench.change(&alice(), &id(4), 1, &named("4, changed"), at(60)).await;
        bench.create(&bob(), &id(99), &named("bob's"), at(30)).await;
        let expected = ["4, changed", "9", "8", "7", "6", "5", "3", "2", "1"];
        assert_eq!(bench.names(&alice(), everything()).await, expected);

        for limit in 1..=9 {
            let mut names = Vec::new();
            let mut filter = Filter { limit, ..Filter::default() };
            loop {
                let page = bench.store.list(&alice(), &filter, at(0)).await.unwrap();
                assert!(page.requests.len() <= usize::try_from(limit).unwrap());
                names.extend(page.requests.into_iter().map(|request| request.name));
                filter.after = page.next;
                if filter.after.is_none() {
                    break;
                }
            }
            assert_eq!(names, expected, "{limit} at a time");
        }
    }

    async fn the_list_is_narrowed_by_state_and_words(bench: &Bench) {
        let mut town = named("Cantine de l'Été");
        Field::OrganisationName.set(&mut town, field::Value::Text("Commune d'Œuf-en-Ternois"));
        bench.create(&alice(), &id(1), &town, at(1)).await;
        bench.create(&alice(), &id(2), &named("100 % en ligne_"), at(2)).await;
        let number = bench.submitted(&alice(), &id(3), at(3)).await;
        bench.create(&bob(), &id(4), &named("cantine de bob"), at(4)).await;
        let company = bench.read(&alice(), &id(3)).await.draft.project.name.to_string();

        let with = |words: &str| Filter { words: words.to_owned(), ..everything() };
        for (words, found) in [
            ("", vec![company.as_str(), "100 % en ligne_", "Cantine de l'Été"]),
            ("CANTINE DE L'ETE", vec!["Cantine de l'Été"]),
            ("  été ", vec!["Cantine de l'Été"]),
            ("oeuf", vec!["Cantine de l'Été"]),
            ("%", vec!["100 % en ligne_"]),
            ("_", vec!["100 % en ligne_"]),
            (number.as_str(), vec![company.as_str()]),
            ("été commune", vec![]),
            ("bob", vec![]),
        ] {
            assert_eq!(bench.names(&alice(), with(words)).await, found, "{words:?}");
        }
        let state = |state| Filter { state: Some(state), ..everything() };
        assert_eq!(bench.names(&alice(), state(State::Submitted)).await, [company.as_str()]);
        assert_eq!(bench.names(&alice(), state(State::Draft)).await, ["100 % en ligne_", "Cantine de l'Été"]);
    }
}
