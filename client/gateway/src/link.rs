//! The Digital Link of an item, a lot or a product.

use crate::problem::Problem;
use axum::http::StatusCode;
use ecoledger_client::digital_link::{DigitalLink, DigitalLinkError, Options};

/// The value of a part of a query, without its escapes, if the part has this name.
pub(crate) fn value_of(part: &str, name: &str) -> Option<String> {
    let (found, value) = form_urlencoded::parse(part.as_bytes()).next()?;
    (found == name).then(|| value.into_owned())
}

/// What a Digital Link names, in the levels that this ledger has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// 14 digits.
    pub(crate) gtin: String,
    pub(crate) variant: Option<String>,
    pub(crate) lot: Option<String>,
    pub(crate) serial: Option<String>,
    /// The kind of link that is wanted.
    pub(crate) link_type: Option<String>,
    /// The query but for that, as it came.
    pub(crate) other_query: String,
}

impl Link {
    /// Reads path and query of a request. A slash at the end of the path is let pass.
    ///
    /// # Errors
    /// `bad-digital-link` says which application identifier and which rule; `not-found` for keys of
    /// which nothing is on the chain.
    pub(crate) fn read(path: &str, query: &str) -> Result<Self, Problem> {
        let path = path.strip_suffix('/').unwrap_or(path);
        let whole = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let options = Options { permit_zero_suppressed_gtin: true, ..Options::default() };
        let read = DigitalLink::parse_path(&whole, &options).map_err(|error| match error {
            DigitalLinkError::TooLong { .. } => {
                Problem::new(StatusCode::URI_TOO_LONG, "uri-too-long", error)
            }
            error => Problem::bad("bad-digital-link", error),
        })?;
        if read.key.0 != "01" {
            return Err(Problem::not_found(format!(
                "({}){}: products by GTIN, (01), are on the chain",
                read.key.0, read.key.1
            )));
        }
        let qualifier = |ai: &str| {
            let found = read.qualifiers.iter().find(|(name, _)| name == ai);
            found.map(|(_, value)| value.clone())
        };
        let mut link = Self {
            gtin: read.key.1.clone(),
            variant: qualifier("22"),
            lot: qualifier("10"),
            serial: qualifier("21"),
            link_type: None,
            other_query: String::new(),
        };
        let others: Vec<&str> = query
            .split('&')
            .filter(|part| !part.is_empty())
            .filter(|part| match value_of(part, "linkType") {
                Some(wanted) => {
                    link.link_type = Some(wanted);
                    false
                }
                None => true,
            })
            .collect();
        link.other_query = others.join("&");
        Ok(link)
    }

    /// Path in canonical form.
    pub(crate) fn path(&self) -> String {
        let qualifiers = [("22", &self.variant), ("10", &self.lot), ("21", &self.serial)];
        let link = DigitalLink {
            key: ("01".into(), self.gtin.clone()),
            qualifiers: qualifiers
                .into_iter()
                .filter_map(|(ai, value)| value.clone().map(|value| (ai.into(), value)))
                .collect(),
            attributes: Vec::new(),
            other_query: Vec::new(),
        };
        link.canonical_at("")
    }

    /// The identifier as it stands on a label for people.
    pub(crate) fn described(&self) -> String {
        let mut text = format!("(01){}", self.gtin);
        for (ai, value) in [("22", &self.variant), ("10", &self.lot), ("21", &self.serial)] {
            if let Some(value) = value {
                text.push_str(&format!("({ai}){value}"));
            }
        }
        text
    }

    /// The identifier, and those above it up to the product.
    pub(crate) fn levels(&self) -> Vec<Self> {
        let mut levels = vec![self.clone()];
        for cut in [
            |link: &mut Self| link.serial.take(),
            |link: &mut Self| link.lot.take(),
            |link: &mut Self| link.variant.take(),
        ] {
            let mut above = levels.last().cloned().unwrap_or_else(|| self.clone());
            if cut(&mut above).is_some() {
                levels.push(above);
            }
        }
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_go_up_to_the_product() {
        let link =
            Link::read("/01/9506000200033/10/LOT%2F1/21/A-2/", "linkType=gs1%3Apip&a=b").unwrap();
        assert_eq!(link.gtin, "09506000200033");
        assert_eq!(link.link_type.as_deref(), Some("gs1:pip"));
        assert_eq!(link.other_query, "a=b");
        assert_eq!(link.described(), "(01)09506000200033(10)LOT/1(21)A-2");
        for query in ["linkType=gs1%3apip", "linkType=gs1:%70ip", "link%54ype=gs1:pip"] {
            let link = Link::read("/01/9506000200033", query).unwrap();
            assert_eq!(link.link_type.as_deref(), Some("gs1:pip"), "{query}");
        }
        let paths: Vec<_> = link.levels().iter().map(Link::path).collect();
        assert_eq!(
            paths,
            [
                "/01/09506000200033/10/LOT%2F1/21/A-2",
                "/01/09506000200033/10/LOT%2F1",
                "/01/09506000200033"
            ]
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (path, status, words) in [
            ("/01/09506000200034", 400, "01"),
            ("/01/09506000200033/21/A/10/B", 400, ""),
            ("/01/09506000200033/10/", 400, ""),
            ("/01/0950600020003x", 400, "01"),
            ("/00/006141411234567890", 404, "GTIN"),
            (&format!("/01/09506000200033/10/{}", "A".repeat(3_000)), 414, ""),
        ] {
            let problem = Link::read(path, "").unwrap_err();
            assert_eq!(problem.status.as_u16(), status, "{path}: {problem:?}");
            assert!(problem.detail.contains(words), "{problem:?}");
        }
    }
}
