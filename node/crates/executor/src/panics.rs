//! Panics of the runtime, caught.
//!
//! Native FRAME may panic: on malformed arguments of a runtime call, on a timestamp that does not
//! advance, on a broken assumption inside a pallet. Nothing of it may reach the node.

use std::{
    cell::{Cell, RefCell},
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::Once,
};

/// What a caught panic said, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("panicked at {location}: {message}")]
pub struct Panic {
    /// The panic's message, cut to 256 characters.
    pub message: String,
    /// File and line.
    pub location: String,
}

/// Longest message kept. Messages may quote what an outsider sent.
const MESSAGE_MAX: usize = 256;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Lets panics inside [`catch`] be recorded instead of printed; all others go to the hook that was
/// installed before. An outsider can cause panics at will, so they must not fill the log.
pub(crate) fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if CATCHING.get() {
                LAST.with_borrow_mut(|last| *last = Some(describe(info)));
            } else {
                previous(info);
            }
        }));
    });
}

fn describe(info: &PanicHookInfo<'_>) -> Panic {
    let payload = info.payload();
    let text = payload
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let location = info.location().map_or_else(String::new, |at| {
        format!("{}:{}", at.file().rsplit('/').next().unwrap_or_default(), at.line())
    });
    Panic { message: text.chars().take(MESSAGE_MAX).collect(), location }
}

/// Runs `f`; a panic inside becomes an error.
///
/// # Errors
/// [`Panic`] when `f` panicked. The caller throws away whatever `f` was changing.
pub(crate) fn catch<R>(f: impl FnOnce() -> R) -> Result<R, Panic> {
    let outer = CATCHING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    CATCHING.set(outer);
    result.map_err(|_| {
        LAST.take().unwrap_or(Panic { message: "no message".into(), location: String::new() })
    })
}
