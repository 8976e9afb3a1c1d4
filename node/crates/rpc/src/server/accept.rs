//! Accepting connections: a bounded number of them, none that stays silent.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep, sleep, sleep_until},
};

/// A connection that sends nothing for this long is closed. A WebSocket client answers a ping
/// every 30 s, so three missing ones are no delay.
pub(crate) const SILENT_MAX: Duration = Duration::from_secs(90);

/// How long to wait after the operating system had no connection to give, most likely because
/// there are no file descriptors left.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Hands out connections while there are slots for them.
pub(crate) struct Acceptor {
    listener: TcpListener,
    slots: Arc<Semaphore>,
    silent_max: Duration,
}

impl Acceptor {
    /// - `connections_max`: connections at a time; further ones are closed at once, so that they
    ///   take no file descriptors from the database.
    pub(crate) fn new(listener: TcpListener, connections_max: usize, silent_max: Duration) -> Self {
        Self { listener, slots: Arc::new(Semaphore::new(connections_max)), silent_max }
    }

    /// The next connection.
    pub(crate) async fn next(&self) -> Stream {
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(target: "ecoledger::rpc", %error, "cannot accept");
                    sleep(ACCEPT_RETRY).await;
                    continue;
                }
            };
            match Arc::clone(&self.slots).try_acquire_owned() {
                Ok(slot) => return Stream::new(stream, slot, self.silent_max),
                Err(_) => tracing::debug!(target: "ecoledger::rpc", "too many connections"),
            }
        }
    }
}

/// A connection with its slot; reading fails once the other side was silent for too long.
pub(crate) struct Stream {
    stream: TcpStream,
    silent_max: Duration,
    silence: Pin<Box<Sleep>>,
    _slot: OwnedSemaphorePermit,
}

impl Stream {
    fn new(stream: TcpStream, slot: OwnedSemaphorePermit, silent_max: Duration) -> Self {
        // Fails only on a socket that is closed already.
        let _ = stream.set_nodelay(true);
        let silence = Box::pin(sleep_until(Instant::now() + silent_max));
        Self { stream, silent_max, silence, _slot: slot }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            let deadline = Instant::now() + self.silent_max;
            self.silence.as_mut().reset(deadline);
            return read;
        }
        ready!(self.silence.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
