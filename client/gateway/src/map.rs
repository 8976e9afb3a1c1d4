//! Where goods are from, drawn from the division of their bases: no outside server is asked.

use crate::words::Language;
use maud::{Markup, html};

/// First two digits of a division by GB/T 2260, its names, and the seat of its government in
/// hundredths of a degree east and north.
const PROVINCES: &[(u32, &str, &str, i32, i32)] = &[
    (11, "北京", "Beijing", 11641, 3990),
    (12, "天津", "Tianjin", 11720, 3908),
    (13, "河北", "Hebei", 11451, 3804),
    (14, "山西", "Shanxi", 11255, 3787),
    (15, "内蒙古", "Inner Mongolia", 11175, 4084),
    (21, "辽宁", "Liaoning", 12343, 4180),
    (22, "吉林", "Jilin", 12532, 4382),
    (23, "黑龙江", "Heilongjiang", 12653, 4580),
    (31, "上海", "Shanghai", 12147, 3123),
    (32, "江苏", "Jiangsu", 11880, 3206),
    (33, "浙江", "Zhejiang", 12015, 3027),
    (34, "安徽", "Anhui", 11723, 3182),
    (35, "福建", "Fujian", 11930, 2608),
    (36, "江西", "Jiangxi", 11586, 2868),
    (37, "山东", "Shandong", 11702, 3667),
    (41, "河南", "Henan", 11363, 3475),
    (42, "湖北", "Hubei", 11430, 3059),
    (43, "湖南", "Hunan", 11298, 2811),
    (44, "广东", "Guangdong", 11327, 2313),
    (45, "广西", "Guangxi", 10833, 2284),
    (46, "海南", "Hainan", 11035, 2002),
    (50, "重庆", "Chongqing", 10655, 2956),
    (51, "四川", "Sichuan", 10408, 3065),
    (52, "贵州", "Guizhou", 10671, 2658),
    (53, "云南", "Yunnan", 10273, 2505),
    (54, "西藏", "Tibet", 9111, 2966),
    (61, "陕西", "Shaanxi", 10895, 3427),
    (62, "甘肃", "Gansu", 10383, 3606),
    (63, "青海", "Qinghai", 10178, 3662),
    (64, "宁夏", "Ningxia", 10628, 3847),
    (65, "新疆", "Xinjiang", 8762, 4379),
    (71, "台湾", "Taiwan", 12151, 2503),
    (81, "香港", "Hong Kong", 11417, 2228),
    (82, "澳门", "Macao", 11354, 2220),
];

/// The place of a province in the list, by the first two digits of its divisions.
pub(crate) fn province(code: u32) -> Option<usize> {
    PROVINCES.iter().position(|(other, ..)| *other == code)
}

/// Those digits, by the place.
pub(crate) fn code_of(place: usize) -> Option<u32> {
    PROVINCES.get(place).map(|(code, ..)| *code)
}

/// Its name, by the place.
pub(crate) fn name_of(language: Language, place: usize) -> Option<&'static str> {
    PROVINCES.get(place).map(|(_, chinese, english, ..)| language.of(chinese, english))
}

/// Kilometres between the seats of two provinces, as on a plane that touches between them: off by two
/// in a hundred at most. 0 for a place that there is not.
pub(crate) fn distance_km(one: usize, other: usize) -> u32 {
    let seat = |place: usize| PROVINCES.get(place).map(|(.., east, north)| (*east, *north));
    let (Some((east, north)), Some((other_east, other_north))) = (seat(one), seat(other)) else {
        return 0;
    };
    // A hundredth of a degree is 1,112 m along a meridian, and by the cosine less along a parallel:
    // 1 - a²/2 + a⁴/24, with the latitude a in thousandths of a radian.
    let metres = |hundredths: i32| u64::from(hundredths.unsigned_abs()) * 1112;
    let latitude = u64::from((north + other_north).unsigned_abs()) * 174_533 / 2_000_000;
    let squared = latitude * latitude;
    let cosine = (1000 + squared * squared / 24_000_000_000).saturating_sub(squared / 2000);
    let across = metres(east - other_east) * cosine / 1000;
    let along = metres(north - other_north);
    u32::try_from((across * across + along * along).isqrt() / 1000).unwrap_or(u32::MAX)
}

/// Edges of the drawing, in hundredths of a degree.
const WEST: i32 = 7300;
const EAST: i32 = 13600;
const SOUTH: i32 = 1700;
const NORTH: i32 = 5500;

/// The provinces of `regions` among all others.
pub(crate) fn drawn(language: Language, regions: &[u32]) -> Markup {
    // A division has six digits, or nine and twelve for towns and villages.
    let province = |region: u32| {
        let mut code = region;
        while code >= 100 {
            code /= 10;
        }
        code
    };
    let marked: Vec<u32> = regions.iter().map(|region| province(*region)).collect();
    let names: Vec<_> = PROVINCES
        .iter()
        .filter(|(code, ..)| marked.contains(code))
        .map(|(_, chinese, english, ..)| language.of(chinese, english))
        .collect();
    if names.is_empty() {
        return html! {};
    }
    let place = |east: i32, north: i32| ((east - WEST) / 10, (NORTH - north) / 8);
    let (width, height) = place(EAST, SOUTH);
    html! {
        p { (names.join("、")) }
        svg.map viewBox=(format!("0 0 {width} {height}")) role="img" aria-label=(names.join(", ")) {
            @for degree in (80..136).step_by(10) {
                @let (x, _) = place(degree * 100, NORTH);
                line x1=(x) y1="0" x2=(x) y2=(height) stroke="currentColor" stroke-opacity="0.15" {}
            }
            @for degree in (20..55).step_by(10) {
                @let (_, y) = place(EAST, degree * 100);
                line x1="0" y1=(y) x2=(width) y2=(y) stroke="currentColor" stroke-opacity="0.15" {}
            }
            @for (code, chinese, english, east, north) in PROVINCES {
                @let (x, y) = place(*east, *north);
                @if marked.contains(code) {
                    circle cx=(x) cy=(y) r="9" fill="#14683c" {}
                    text x=(x + 14) y=(y + 6) font-size="22" fill="currentColor" { (language.of(chinese, english)) }
                } @else {
                    circle cx=(x) cy=(y) r="3" fill="currentColor" fill-opacity="0.3" {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_between_seats() {
        let between = |one, other| distance_km(province(one).unwrap(), province(other).unwrap());
        // By the great circle.
        for (one, other, expected) in
            [(11, 31, 1067), (11, 12, 114), (65, 33, 3227), (46, 23, 3226), (44, 44, 0)]
        {
            let got = between(one, other);
            assert!(got.abs_diff(expected) * 50 <= expected, "{one} to {other}: {got}");
            assert_eq!(got, between(other, one));
        }
        assert_eq!(distance_km(0, 99), 0);
    }

    #[test]
    fn provinces_have_their_digits() {
        for (place, (code, ..)) in PROVINCES.iter().enumerate() {
            assert_eq!((province(*code), code_of(place)), (Some(place), Some(*code)));
        }
        assert_eq!((province(99), code_of(PROVINCES.len())), (None, None));
    }
}
