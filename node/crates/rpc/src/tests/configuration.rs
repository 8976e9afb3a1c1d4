//! Choices of the operator, and the arithmetic behind limits.

use crate::{
    Cors, RpcLimits, RpcMethods,
    error::RpcError,
    server::connection::{Allowance, Bucket, Exceeded},
    workers::Workers,
};
use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

#[test]
fn auto_serves_unsafe_methods_on_loopback_only() {
    let loopback = ["127.0.0.1", "::1"].map(|ip| ip.parse().unwrap());
    let others = ["0.0.0.0", "192.0.2.1", "::"].map(|ip| ip.parse().unwrap());
    assert!(loopback.iter().all(|ip| RpcMethods::Auto.serves_unsafe(*ip)));
    assert!(!others.iter().any(|ip| RpcMethods::Auto.serves_unsafe(*ip)));
    assert!(others.iter().all(|ip| RpcMethods::Unsafe.serves_unsafe(*ip)));
    assert!(!loopback.iter().any(|ip| RpcMethods::Safe.serves_unsafe(*ip)));
}

#[test]
fn cors_matches_whole_origins() {
    let cors = Cors::default();
    for origin in ["http://localhost", "http://localhost:3000", "https://polkadot.js.org"] {
        assert!(cors.allows(origin), "{origin}");
    }
    for origin in [
        "http://localhost.example.org",
        "http://localhost:",
        "http://localhost:80.example.org",
        "https://polkadot.js.org.example.org",
        "https://polkadot.js.org:8443",
        "null",
        "",
    ] {
        assert!(!cors.allows(origin), "{origin}");
    }
    assert!(Cors::Any.allows("https://example.org"));
}

#[test]
fn bucket_holds_one_second_and_refills() {
    let start = Instant::now();
    let mut bucket = Bucket::new(NonZeroU32::new(4).unwrap(), start);
    assert_eq!((0..6).filter(|_| bucket.take(start)).count(), 4);
    let later = start + Duration::from_millis(250);
    assert!(bucket.take(later));
    assert!(!bucket.take(later));
    let much_later = start + Duration::from_secs(3600);
    assert_eq!((0..6).filter(|_| bucket.take(much_later)).count(), 4);
}

#[test]
fn allowance_counts_calls_under_way() {
    let allowance = Allowance::new(&RpcLimits { calls_under_way_max: 1, ..RpcLimits::default() });
    let first = allowance.take().unwrap();
    assert_eq!(allowance.clone().take().unwrap_err(), Exceeded::UnderWay);
    drop(first);
    assert!(allowance.take().is_ok());
}

#[tokio::test]
async fn workers_refuse_what_would_wait_too_long() {
    let workers = Workers::new(1, 1, Duration::from_millis(20));
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (started, is_started) = tokio::sync::oneshot::channel();
    let first = tokio::spawn({
        let workers = workers.clone();
        async move {
            let work = move || {
                started.send(()).unwrap();
                // Ends when the sender is dropped.
                let _ = held.recv();
                Ok(())
            };
            workers.run(work).await
        }
    });
    is_started.await.unwrap();
    let (second, third) = tokio::join!(workers.run(|| Ok(())), workers.run(|| Ok(())));
    assert!(matches!(second, Err(RpcError::Busy)));
    assert!(matches!(third, Err(RpcError::Busy)));
    assert!(matches!(first.await.unwrap(), Err(RpcError::TimedOut)));
    drop(release);
    let workers = Workers::new(1, 1, Duration::from_secs(60));
    assert_eq!(workers.run(|| Ok(7)).await.unwrap(), 7);
    let panicked = workers.run(|| -> Result<(), RpcError> { panic!("on purpose") }).await;
    assert!(matches!(panicked, Err(RpcError::Internal)));
}
