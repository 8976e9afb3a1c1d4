//! The genesis configuration.

use crate::{mock::*, *};

#[test]
fn genesis_works() {
    run(|| {
        assert_eq!(ClockSkew::<Test>::get(), 30_000);
        assert_eq!(RecallRules::<Test>::get(1), Some(RecallScope::SameParents));
        assert_eq!(Units::<Test>::iter().count(), 16);
        assert_eq!(Products::<Test>::get(gtin(TIN)).unwrap().owner, FACTORY);
        assert_eq!(Places::<Test>::get(2).unwrap().owner, GARDEN_HUANGSHAN);
        assert_eq!(NextPlaceId::<Test>::get(), 3);
        let RuleSet { version, hash } = CurrentRuleSet::<Test>::get();
        assert_eq!(RuleSetHashes::<Test>::get(version), Some(hash));
    });
}

#[test]
fn genesis_puts_the_list_of_open_recalls() {
    run(|| assert!(OpenRecalls::<Test>::exists()));
}

#[test]
fn genesis_survives_json() {
    new_test_ext().execute_with(|| {
        let story = story();
        let text = serde_json::to_string(&story).unwrap();
        let read: GenesisConfig<Test> = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(read.products, story.products);
        assert!(text.contains("\"clockSkewMs\":30000"), "{text}");
        assert!(serde_json::from_str::<GenesisConfig<Test>>("{\"unknown\":1}").is_err());
    });
}
