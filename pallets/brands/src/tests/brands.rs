//! Brands, rules, operators and members.

use super::*;

#[test]
fn register_brand_works() {
    run(|| {
        let number = mark("G5330");
        let kind = MarkKind::Collective;
        assert_ok!(Brands::register_brand(by(ASSOCIATION), number.clone(), kind, rules()));
        let (brand, found) = Brands::brand(0).unwrap();
        assert_eq!((brand.owner, brand.operator, brand.rules_version), (ASSOCIATION, None, 0));
        assert_eq!((brand.kind, brand.registered_at, brand.n_members), (kind, START_MS, 0));
        assert_eq!(found, rules());
        assert_eq!(Brands::brand_by_mark(number.clone()), Some(0));
        assert!(has_event(Event::BrandRegistered {
            brand: 0,
            mark_number: number.clone(),
            kind,
            owner: ASSOCIATION
        }));
        assert_noop!(
            Brands::register_brand(by(ASSOCIATION), number, kind, rules()),
            Error::<Test>::MarkAlreadyRegistered
        );
    });
}

#[test]
fn register_brand_rejects_bad_marks_and_strangers() {
    run(|| {
        let register = |by, text: &str, rules| {
            Brands::register_brand(by, mark(text), MarkKind::Certification, rules)
        };
        for text in ["", "G 1", "茶"] {
            assert_noop!(
                register(by(ASSOCIATION), text, rules()),
                Error::<Test>::MarkNumberInvalid
            );
        }
        for who in [by(GARDEN), by(COMPANY), RuntimeOrigin::signed(STRANGER)] {
            assert_noop!(register(who, "G1", rules()), FORBIDDEN);
        }
        assert_noop!(register(RuntimeOrigin::root(), "G1", rules()), DispatchError::BadOrigin);
        // The whole area must be the owner's.
        let area = |codes: &[RegionCode]| BrandRules {
            area: codes.to_vec().try_into().unwrap(),
            ..rules()
        };
        assert_noop!(register(by(OTHER_OWNER), "G1", area(&[LISHUI, HUANGSHAN])), FORBIDDEN);
        assert_ok!(register(by(OTHER_OWNER), "G1", area(&[HUANGSHAN])));
    });
}

#[test]
fn rules_must_be_in_order() {
    run(|| {
        let good = rules();
        let bad = [
            BrandRules { area: Area::new(), ..good.clone() },
            BrandRules { area: vec![RegionCode(1)].try_into().unwrap(), ..good.clone() },
            BrandRules { area: vec![HUANGSHAN, LISHUI].try_into().unwrap(), ..good.clone() },
            BrandRules { area: vec![LISHUI, LISHUI].try_into().unwrap(), ..good.clone() },
            BrandRules { categories: Categories::new(), ..good.clone() },
            BrandRules { categories: vec![2, 1].try_into().unwrap(), ..good.clone() },
            BrandRules { products: vec![gtin(BOX), gtin(TIN)].try_into().unwrap(), ..good.clone() },
        ];
        let register = |rules| {
            Brands::register_brand(by(ASSOCIATION), mark("G1"), MarkKind::Collective, rules)
        };
        for rules in bad {
            assert_noop!(register(rules), Error::<Test>::ListInvalid);
        }
        assert_noop!(
            register(BrandRules { document: [0; 32], ..good.clone() }),
            Error::<Test>::CommitmentMissing
        );
        assert_noop!(
            register(BrandRules { period: PeriodRule::Days(0), ..good.clone() }),
            Error::<Test>::PeriodInvalid
        );
        assert_noop!(
            register(BrandRules { registered_until: START_MS, ..good.clone() }),
            Error::<Test>::TermInvalid
        );
        assert_ok!(register(BrandRules {
            categories: Categories::new(),
            products: vec![gtin(TIN), gtin(BOX)].try_into().unwrap(),
            registered_until: START_MS + 1,
            ..good
        }));
    });
}

#[test]
fn amend_rules_works() {
    run(|| {
        let id = gi();
        let new = BrandRules { document: [2; 32], ..rules() };
        assert_ok!(Brands::amend_rules(by(ASSOCIATION), id, new.clone()));
        assert_eq!(Brands::rules(id, 0), Some(rules()));
        assert_eq!(Brands::rules(id, 1), Some(new.clone()));
        assert_eq!(Brands::brand(id).unwrap().0.rules_version, 1);
        assert!(has_event(Event::RulesAmended { brand: id, version: 1, document: [2; 32] }));
        assert_noop!(
            Brands::amend_rules(by(ASSOCIATION), 9, new.clone()),
            Error::<Test>::BrandNotFound
        );
        assert_noop!(
            Brands::amend_rules(by(OTHER_OWNER), id, new.clone()),
            Error::<Test>::NotBrandParty
        );
        assert_noop!(Brands::amend_rules(by(COMPANY), id, new.clone()), FORBIDDEN);
        let empty = BrandRules { area: Area::new(), ..new };
        assert_noop!(Brands::amend_rules(by(ASSOCIATION), id, empty), Error::<Test>::ListInvalid);
    });
}

#[test]
fn set_operator_works() {
    run(|| {
        let id = gi();
        assert_eq!(Brands::brand(id).unwrap().0.operator, Some(COMPANY));
        assert!(has_event(Event::OperatorSet { brand: id, operator: Some(COMPANY) }));
        let set = |who, operator| Brands::set_operator(by(who), id, operator);
        for unable in [ASSOCIATION, GARDEN, 77] {
            assert_noop!(set(ASSOCIATION, Some(unable)), Error::<Test>::NotOperator);
        }
        assert_noop!(set(COMPANY, Some(MIXED)), FORBIDDEN);
        assert_noop!(set(OTHER_OWNER, Some(MIXED)), Error::<Test>::NotBrandParty);
        assert_noop!(Brands::set_operator(by(ASSOCIATION), 9, None), Error::<Test>::BrandNotFound);
        assert_ok!(set(ASSOCIATION, None));
        assert_eq!(Brands::brand(id).unwrap().0.operator, None);
    });
}

#[test]
fn set_operator_rejects_licensees() {
    run(|| {
        let id = gi();
        let licence = apply(MIXED, id, asked(TIN, KG, &[5]));
        let set = || Brands::set_operator(by(ASSOCIATION), id, Some(MIXED));
        assert_noop!(set(), Error::<Test>::LicenseeRunsBrand);
        assert_ok!(Brands::withdraw(by(MIXED), licence));
        assert_ok!(set());
    });
}

#[test]
fn an_expired_licence_does_not_keep_from_running_the_brand() {
    run(|| {
        let id = gi();
        licensed(MIXED, id, asked(TIN, KG, &[5]));
        pass(365 * DAY_MS);
        assert_ok!(Brands::set_operator(by(ASSOCIATION), id, Some(MIXED)));
    });
}

#[test]
fn members_work() {
    run(|| {
        let id = brand(MarkKind::Collective, rules());
        assert_ok!(Brands::admit_member(by(ASSOCIATION), id, GARDEN));
        assert!(Brands::is_member(id, GARDEN));
        assert!(has_event(Event::MemberAdmitted { brand: id, member: GARDEN }));
        assert_eq!(Brands::brand(id).unwrap().0.n_members, 1);
        let admit = |who, member| Brands::admit_member(by(who), id, member);
        assert_noop!(admit(ASSOCIATION, GARDEN), Error::<Test>::AlreadyMember);
        for unknown in [77, SUSPENDED] {
            assert_noop!(admit(ASSOCIATION, unknown), Error::<Test>::OrganisationUnknown);
        }
        assert_noop!(admit(COMPANY, FACTORY), FORBIDDEN);
        assert_noop!(admit(OTHER_OWNER, FACTORY), Error::<Test>::NotBrandParty);
        let other = gi();
        assert_noop!(
            Brands::admit_member(by(ASSOCIATION), other, GARDEN),
            Error::<Test>::NotCollective
        );
        assert_noop!(
            Brands::admit_member(by(ASSOCIATION), 9, GARDEN),
            Error::<Test>::BrandNotFound
        );
    });
}

#[test]
fn a_collective_mark_is_licensed_to_members_only() {
    run(|| {
        let id = brand(MarkKind::Collective, rules());
        assert_noop!(Brands::apply(by(GARDEN), id, asked(TIN, KG, &[0])), Error::<Test>::NotMember);
        assert_ok!(Brands::admit_member(by(ASSOCIATION), id, GARDEN));
        licensed(GARDEN, id, asked(TIN, KG, &[0]));
    });
}

#[test]
fn remove_member_ends_its_licences() {
    run(|| {
        let id = brand(MarkKind::Collective, rules());
        assert_ok!(Brands::admit_member(by(ASSOCIATION), id, GARDEN));
        let granted = licensed(GARDEN, id, asked(TIN, KG, &[0]));
        let expired = licensed(
            GARDEN,
            id,
            Application { valid_until: START_MS + DAY_MS, ..asked(TIN, KG, &[1]) },
        );
        let applied = apply(GARDEN, id, asked(TIN, KG, &[1]));
        pass(DAY_MS);
        let remove = |who, member, reason| Brands::remove_member(by(who), id, member, reason);
        assert_noop!(remove(ASSOCIATION, FACTORY, REASON), Error::<Test>::NotMember);
        assert_noop!(remove(ASSOCIATION, GARDEN, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(remove(COMPANY, GARDEN, REASON), FORBIDDEN);
        assert_ok!(remove(ASSOCIATION, GARDEN, REASON));
        assert!(has_event(Event::MemberRemoved { brand: id, member: GARDEN }));
        assert!(!Brands::is_member(id, GARDEN));
        assert_eq!(licence(granted).status, LicenceStatus::Revoked);
        assert_eq!(licence(applied).status, LicenceStatus::Refused);
        assert_eq!(Brands::licence(expired).unwrap().1, LicenceStatus::Expired);
        assert_eq!(Brands::open_licences(id, GARDEN), vec![]);
    });
}
