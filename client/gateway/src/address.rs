//! Addresses of gateways.

use axum::http::Uri;

/// Reads the address of a gateway or resolver, such as `https://trace.example`: of HTTP, without user,
/// query and fragment; gives it without a slash at its end.
///
/// # Errors
/// What is expected.
pub fn read_address(text: &str) -> Result<String, String> {
    let is_address = text.parse::<Uri>().is_ok_and(|it| {
        matches!(it.scheme_str(), Some("http" | "https"))
            && it.authority().is_some_and(|it| !it.as_str().contains('@'))
            && it.query().is_none()
            && !text.contains('#')
    });
    if is_address {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("an address is expected, such as https://trace.example".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_host_and_path_only() {
        for (text, read) in [
            ("https://trace.example", "https://trace.example"),
            ("HTTP://127.0.0.1:8480/", "HTTP://127.0.0.1:8480"),
            ("https://trace.example/a/", "https://trace.example/a"),
        ] {
            assert_eq!(read_address(text).as_deref(), Ok(read));
        }
        for text in [
            "",
            "trace.example",
            "trace.example:80",
            "/a",
            "ftp://trace.example",
            "https://",
            "https://user@trace.example",
            "https://trace.example?",
            "https://trace.example/a?x=1",
            "https://trace.example#a",
            "https://trace example",
        ] {
            assert!(read_address(text).is_err(), "{text}");
        }
    }
}
