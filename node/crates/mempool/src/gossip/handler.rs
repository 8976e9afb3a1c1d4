//! One connection: a stream to the peer for our frames, a stream from it for its frames.
//!
//! Both directions are bounded by channels, so that a slow reader slows its sender down through
//! the transport and nothing piles up here.

use super::message::FRAME_BYTES_MAX;
use bytes::{Buf, Bytes, BytesMut};
use futures::{AsyncRead, AsyncWrite};
use libp2p::{
    Stream, StreamProtocol,
    core::upgrade::ReadyUpgrade,
    swarm::{
        ConnectionHandler, ConnectionHandlerEvent, SubstreamProtocol, handler::ConnectionEvent,
    },
};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::sync::mpsc;
use tokio_util::sync::PollSender;

type Upgrade = ReadyUpgrade<StreamProtocol>;

/// Why a connection is closed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("frame of {0} bytes")]
    BadLength(usize),
    #[error("second stream")]
    SecondStream,
    #[error("peer does not take part in the exchange of transactions of this chain")]
    NoCommonProtocol,
    #[error("stream ended")]
    Ended,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Failure {
    /// Whether an honest peer never causes it.
    pub(crate) fn is_misbehaviour(&self) -> bool {
        matches!(self, Self::BadLength(_) | Self::SecondStream)
    }
}

/// See the module's description.
pub(crate) struct Handler {
    protocol: StreamProtocol,
    requested: bool,
    outgoing: Outgoing,
    incoming: Incoming,
    failure: Option<Failure>,
    /// A failure was reported, so the connection is about to be closed.
    failed: bool,
}

impl Handler {
    /// - `to_send`: whole frames, with their lengths.
    /// - `received`: takes frames without their lengths.
    pub(crate) fn new(
        protocol: StreamProtocol,
        to_send: mpsc::Receiver<Bytes>,
        received: mpsc::Sender<Bytes>,
    ) -> Self {
        Self {
            protocol,
            requested: false,
            outgoing: Outgoing { stream: None, to_send, frame: Bytes::new(), unflushed: false },
            incoming: Incoming {
                stream: None,
                received: PollSender::new(received),
                length: [0; 4],
                body: None,
                filled: 0,
            },
            failure: None,
            failed: false,
        }
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = std::convert::Infallible;
    type ToBehaviour = Failure;
    type InboundProtocol = Upgrade;
    type OutboundProtocol = Upgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Upgrade, ()> {
        SubstreamProtocol::new(ReadyUpgrade::new(self.protocol.clone()), ())
    }

    fn connection_keep_alive(&self) -> bool {
        !self.failed
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ConnectionHandlerEvent<Upgrade, (), Failure>> {
        if self.failed {
            return Poll::Pending;
        }
        if !self.requested {
            self.requested = true;
            let protocol = self.listen_protocol();
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        let failure = match self.failure.take() {
            Some(failure) => failure,
            None => match (self.outgoing.poll(cx), self.incoming.poll(cx)) {
                (Poll::Ready(failure), _) | (_, Poll::Ready(failure)) => failure,
                _ => return Poll::Pending,
            },
        };
        self.failed = true;
        Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(failure))
    }

    fn on_behaviour_event(&mut self, event: Self::FromBehaviour) {
        match event {}
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Upgrade, Upgrade>) {
        match event {
            ConnectionEvent::FullyNegotiatedOutbound(stream) => {
                self.outgoing.stream = Some(stream.protocol);
            }
            ConnectionEvent::FullyNegotiatedInbound(stream) => {
                if self.incoming.stream.is_some() {
                    self.failure = Some(Failure::SecondStream);
                } else {
                    self.incoming.stream = Some(stream.protocol);
                }
            }
            ConnectionEvent::DialUpgradeError(_) => self.failure = Some(Failure::NoCommonProtocol),
            _ => {}
        }
    }
}

/// Our frames.
struct Outgoing {
    stream: Option<Stream>,
    to_send: mpsc::Receiver<Bytes>,
    /// What is left of the frame being written.
    frame: Bytes,
    unflushed: bool,
}

impl Outgoing {
    /// Writes what there is to write; ready only with a failure.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Failure> {
        match ready!(self.poll_write(cx)) {
            Err(error) => Poll::Ready(error.into()),
            // Nobody sends any more, as the connection is about to be closed.
            Ok(()) => Poll::Pending,
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.stream else { return Poll::Pending };
        let mut stream = Pin::new(stream);
        loop {
            if !self.frame.has_remaining() {
                match self.to_send.poll_recv(cx) {
                    Poll::Ready(Some(frame)) => self.frame = frame,
                    Poll::Ready(None) => return Poll::Ready(Ok(())),
                    Poll::Pending => {
                        if self.unflushed {
                            ready!(stream.as_mut().poll_flush(cx))?;
                            self.unflushed = false;
                        }
                        return Poll::Pending;
                    }
                }
            }
            let written = ready!(stream.as_mut().poll_write(cx, &self.frame))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.frame.advance(written);
            self.unflushed = true;
        }
    }
}

/// The peer's frames.
struct Incoming {
    stream: Option<Stream>,
    received: PollSender<Bytes>,
    length: [u8; 4],
    /// The frame being read, at its full length; `None` while its length is being read.
    body: Option<BytesMut>,
    /// Bytes read of the length or the frame.
    filled: usize,
}

impl Incoming {
    /// Reads while there is room for frames; ready only with a failure.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Failure> {
        let Some(stream) = &mut self.stream else { return Poll::Pending };
        let mut stream = Pin::new(stream);
        loop {
            // Nothing is read unless the frame has a place to go.
            if ready!(self.received.poll_reserve(cx)).is_err() {
                return Poll::Ready(Failure::Ended);
            }
            let buffer = match &mut self.body {
                Some(body) => body.as_mut(),
                None => self.length.as_mut_slice(),
            };
            let length = buffer.len();
            let unfilled = buffer.get_mut(self.filled..).unwrap_or_default();
            match ready!(stream.as_mut().poll_read(cx, unfilled)) {
                Ok(0) => return Poll::Ready(Failure::Ended),
                Ok(read) => self.filled += read,
                Err(error) => return Poll::Ready(error.into()),
            }
            if self.filled < length {
                continue;
            }
            self.filled = 0;
            match self.body.take() {
                Some(body) => {
                    if self.received.send_item(body.freeze()).is_err() {
                        return Poll::Ready(Failure::Ended);
                    }
                }
                None => {
                    let length = u32::from_be_bytes(self.length) as usize;
                    if length == 0 || length > FRAME_BYTES_MAX {
                        return Poll::Ready(Failure::BadLength(length));
                    }
                    self.body = Some(BytesMut::zeroed(length));
                }
            }
        }
    }
}
