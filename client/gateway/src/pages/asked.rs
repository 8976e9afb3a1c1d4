//! What a page is asked.

use crate::{problem::Problem, words::Language};
use axum::{
    extract::{FromRequestParts, Query},
    http::{Uri, header, request::Parts},
};
use form_urlencoded::Serializer;
use serde::{Deserialize, de::DeserializeOwned};
use std::convert::Infallible;

/// In which language a page is wanted, and the rest of its query; one that cannot be read is told on
/// a page too.
pub(crate) struct AskedPage<T> {
    pub(crate) language: Language,
    pub(crate) query: Result<T, Problem>,
}

/// Nothing but the language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Whatever it is: Digital Links carry what others make of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Anything {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for AskedPage<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let (mut lang, mut rest) = (None, Serializer::new(String::new()));
        for (name, value) in
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        {
            if name == "lang" {
                lang = Some(value.into_owned());
            } else {
                rest.append_pair(&name, &value);
            }
        }
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        let language = Language::choose(lang.as_deref(), accepted.unwrap_or_default());
        let query = format!("/?{}", rest.finish())
            .parse::<Uri>()
            .map_err(|error| error.to_string())
            .and_then(|uri| Query::try_from_uri(&uri).map_err(|error| error.body_text()))
            .map(|Query(query)| query)
            .map_err(|detail| Problem::bad("bad-query", detail));
        Ok(Self { language, query })
    }
}
