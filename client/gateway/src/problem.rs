//! What goes wrong, as `application/problem+json` (RFC 9457).

use crate::{
    documents::DocumentError, index::IndexError, lists::ListError, scans::ScansError,
    store::StoreError,
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use ecoledger_client::{Error, proof::ScanError};
use serde_json::json;

/// An answer that says what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// Stable name, for programs.
    pub(crate) name: &'static str,
    /// For people.
    pub(crate) detail: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, name: &'static str, detail: impl ToString) -> Self {
        Self { status, name, detail: detail.to_string() }
    }

    pub(crate) fn bad(name: &'static str, detail: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, name, detail)
    }

    pub(crate) fn not_found(detail: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:ecoledger:problem:{}", self.name),
            "title": self.name.replace('-', " "),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut response = (self.status, Json(body)).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        // For browsers it is told on a page.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<IndexError> for Problem {
    fn from(error: IndexError) -> Self {
        tracing::error!(%error, "index");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "index", "the index cannot be read")
    }
}

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Wrong(_) | ListError::Other { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-list", error)
            }
            ListError::Missing => Self::not_found("the list of codes is not here"),
            ListError::Store(error) => error.into(),
        }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Other { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-document", error)
            }
            DocumentError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "store of files");
        match error {
            StoreError::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, "store-full", error),
            StoreError::Disk(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "store", "the disk refuses")
            }
        }
    }
}

impl From<ScansError> for Problem {
    fn from(error: ScansError) -> Self {
        tracing::error!(%error, "counts of scans");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "scans", "the counts cannot be read")
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound(_) => Self::not_found(error),
            Error::Value(_) | Error::Name(_) | Error::Code(_) | Error::Arguments(_) => {
                Self::bad("bad-value", error)
            }
            Error::Connection(_) => {
                tracing::warn!(%error, "node");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "node-unreachable",
                    "the node of this gateway does not answer; try again, or ask another gateway",
                )
            }
            _ => {
                tracing::warn!(%error, "node");
                Self::new(StatusCode::BAD_GATEWAY, "node", error)
            }
        }
    }
}

impl From<ScanError> for Problem {
    fn from(error: ScanError) -> Self {
        tracing::warn!(%error, "the node's answer does not hold");
        Self::new(
            StatusCode::BAD_GATEWAY,
            "unproven",
            format!("the node of this gateway answered what does not hold: {error}"),
        )
    }
}
