//! Callers who ask wrongly, too much, too fast or too slowly: each is told what is wrong, the others
//! are served, and nothing is lost.

use crate::{
    proofs::{CODES, labelled},
    serving::folder,
};
use ecoledger_tests::{Gateway, trace, validators};
use eyre::{WrapErr, ensure, eyre};
use sha2::{Digest as _, Sha256};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
    time::timeout,
};

/// Longest wait for what is cut off after ten or twenty seconds.
const PATIENCE: Duration = Duration::from_secs(45);

async fn connect(gateway: &Gateway) -> eyre::Result<TcpStream> {
    Ok(TcpStream::connect(gateway.url.trim_start_matches("http://")).await?)
}

/// Sends bytes as they are; gives all that comes back until the gateway closes.
async fn raw(gateway: &Gateway, request: &[u8]) -> eyre::Result<String> {
    let mut stream = connect(gateway).await?;
    // It may be closed before all of it is taken.
    drop(stream.write_all(request).await);
    Ok(until_closed(stream).await)
}

async fn until_closed(mut stream: TcpStream) -> String {
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(n @ 1..) = stream.read(&mut buffer).await {
        all.extend_from_slice(&buffer[..n]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or_default()
}

/// One request and its answer on a connection that stays.
async fn ask(stream: &mut TcpStream, path: &str) -> eyre::Result<u16> {
    stream.write_all(format!("HEAD {path} HTTP/1.1\r\nHost: g\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.wrap_err("the connection was closed")?);
    }
    Ok(status(&String::from_utf8_lossy(&answer)))
}

#[tokio::test(flavor = "multi_thread")]
async fn rough_callers_are_told_and_others_are_served() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let node = network.node(0).url();
    let gateway = Gateway::start(&node, &folder(&network)).await?;
    gateway.reaches(&client).await?;
    gateway.publish(0, CODES).await?;
    wrongly(&gateway).await.wrap_err("wrongly")?;
    half_a_list(&gateway).await.wrap_err("half a list")?;
    slow_lists(&gateway).await.wrap_err("slow lists")?;
    gateway.stop().await?;

    let options = ["--requests-per-second", "1000000", "--connections-per-address", "5"];
    let gateway = Gateway::start_with(&node, &folder(&network), &options).await?;
    too_many(&gateway).await.wrap_err("too many")?;
    gateway.stop().await?;

    let options = ["--requests-per-second", "5", "--connections", "8"];
    let gateway = Gateway::start_with(&node, &folder(&network), &options).await?;
    too_fast(&gateway).await.wrap_err("too fast")?;
    gateway.stop().await?;

    let options = ["--requests-per-second", "1000000", "--connections", "8"];
    let gateway = Gateway::start_with(&node, &folder(&network), &options).await?;
    too_slowly(&gateway).await.wrap_err("too slowly")?;
    has_all(&gateway).await?;
    network.passed();
    Ok(())
}

/// Nothing that was acknowledged is lost.
async fn has_all(gateway: &Gateway) -> eyre::Result<()> {
    let list = gateway.list(&hex::encode(Sha256::digest(CODES))).await?;
    ensure!(list.status == 200 && list.text() == CODES, "{}", list.text());
    let code = format!("/api/v1/scan?code=(01){}(21)A-05", trace::gtin(77));
    ensure!(gateway.json(&code).await?["inOrder"] == true);
    Ok(())
}

/// A request, the status of its answer, and the name of the problem; none for what is answered, or
/// what was no request at all.
type Expected<'a> = (String, u16, Option<&'a str>);

async fn wrongly(gateway: &Gateway) -> eyre::Result<()> {
    let gtin = trace::gtin(77);
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n");
    let with = |method: &str, path: &str, more: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: g\r\nConnection: close\r\n{more}\r\n")
    };
    let many = |n: usize| (0..n).map(|n| format!("X-{n}: {}\r\n", "y".repeat(90))).collect();
    let fields: String = many(90);
    let flood: String = many(900);
    let body = "Content-Length: 300000\r\n";
    let rows: Vec<Expected<'_>> = vec![
        // Addresses.
        (get(&format!("/01/{gtin}%zz")), 400, Some("bad-digital-link")),
        (get(&format!("/01/{gtin}/10/%ff")), 400, Some("bad-digital-link")),
        (get("/01/%00"), 400, Some("bad-digital-link")),
        (get("/api/v1/scan?code=%00"), 400, Some("bad-code")),
        (get("/api/v1/scan?code=%ff%fe"), 400, Some("bad-code")),
        (get("/api/v1/events/batch/%ff"), 400, Some("bad-request")),
        (get("/api/v1/lists/..%2f..%2findex.redb"), 404, Some("not-found")),
        (get("/api/v1/lists/../../index.redb"), 404, Some("not-found")),
        (get("/assets/../../index.redb"), 404, Some("not-found")),
        (get("/../../../etc/passwd"), 404, Some("not-found")),
        (get("//etc/passwd"), 404, Some("not-found")),
        (get(&format!("/01/{}", "1".repeat(3_000))), 414, Some("uri-too-long")),
        (get(&format!("/api/v1/scan?code={}", "1".repeat(9_000))), 414, Some("uri-too-long")),
        // Cursors behind everything.
        (get("/api/v1/events/series/0?cursor=1-4294967295"), 200, None),
        (get("/api/v1/events/series/0?cursor=4294967295-4294967295"), 200, None),
        // Methods.
        (with("BREW", "/", ""), 405, Some("method-not-allowed")),
        (with("POST", "/api/v1/status", ""), 405, Some("method-not-allowed")),
        (with("DELETE", "/api/v1/series/0/list", ""), 405, Some("method-not-allowed")),
        (
            with("PUT", &format!("/01/{gtin}"), "Content-Length: 0\r\n"),
            405,
            Some("method-not-allowed"),
        ),
        (with("TRACE", "/", ""), 405, Some("method-not-allowed")),
        // Heads.
        (with("GET", "/", &fields), 431, Some("headers-too-long")),
        (with("GET", "/", &flood), 431, None),
        ("GET / HTTP/1.1\r\nno field\r\n\r\n".into(), 400, None),
        ("GET /\0 HTTP/1.1\r\n\r\n".into(), 400, None),
        ("GET / HTTP/9.9\r\n\r\n".into(), 400, None),
        ("\r\nnonsense\r\n\r\n".into(), 400, None),
        // What nothing is wrong with: HTTP/1.0, and a body that nobody reads.
        ("GET / HTTP/1.0\r\n\r\n".into(), 200, None),
        (with("GET", "/", body) + &"z".repeat(300_000), 200, None),
    ];
    for (request, expected, name) in rows {
        let shown: String = request.chars().take(80).collect();
        let answer = timeout(PATIENCE, raw(gateway, request.as_bytes())).await;
        let answer = answer.wrap_err_with(|| shown.clone())??;
        ensure!(status(&answer) == expected, "{shown:?}: {answer}");
        if let Some(name) = name {
            ensure!(answer.contains("application/problem+json"), "{shown:?}: {answer}");
            let named = format!("\"type\":\"urn:ecoledger:problem:{name}\"");
            ensure!(answer.contains(&named), "{shown:?}: {answer}");
        }
        if expected == 405 {
            ensure!(answer.to_ascii_lowercase().contains("\r\nallow: "), "{shown:?}: {answer}");
        }
    }
    has_all(gateway).await
}

/// A list that breaks off is not taken for one, and the one that is there stays.
async fn half_a_list(gateway: &Gateway) -> eyre::Result<()> {
    let n_files = || std::fs::read_dir(gateway.folder.join("lists")).map(Iterator::count);
    let before = n_files()?;
    let head =
        "PUT /api/v1/series/0/list HTTP/1.1\r\nHost: g\r\nContent-Length: 35\r\n\r\nA-01\nA-";
    let mut stream = connect(gateway).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.shutdown().await?;
    let answer = timeout(PATIENCE, until_closed(stream)).await?;
    ensure!(answer.is_empty() || status(&answer) == 400, "{answer}");
    // Its file is gone once the gateway has noticed.
    timeout(PATIENCE, async {
        while n_files()? != before {
            tokio::task::yield_now().await;
        }
        Ok::<_, eyre::Report>(())
    })
    .await??;
    has_all(gateway).await
}

/// Lists that come a byte at a time: one address has few at once, and each of them ends soon.
async fn slow_lists(gateway: &Gateway) -> eyre::Result<()> {
    let head = format!(
        "PUT /api/v1/series/0/list HTTP/1.1\r\nHost: g\r\nContent-Length: {}\r\n\r\nA",
        CODES.len()
    );
    let n_files = || std::fs::read_dir(gateway.folder.join("lists")).map(Iterator::count);
    let before = n_files()?;
    let started = Instant::now();
    let mut slow = Vec::new();
    for _ in 0..4 {
        let mut stream = connect(gateway).await?;
        stream.write_all(head.as_bytes()).await?;
        slow.push(stream);
    }
    timeout(PATIENCE, async {
        while n_files()? != before + 4 {
            tokio::task::yield_now().await;
        }
        Ok::<_, eyre::Report>(())
    })
    .await??;
    let fifth = gateway.put("/api/v1/series/0/list", CODES).await?;
    ensure!(fifth.status == 429, "{}: {}", fifth.status, fifth.text());
    ensure_named(&fifth.text(), "too-many-uploads")?;
    for (n, mut stream) in slow.into_iter().enumerate() {
        if n % 2 == 0 {
            // A byte now and then makes no difference.
            stream.write_all(b"-").await?;
        }
        let answer = timeout(PATIENCE, until_closed(stream)).await.wrap_err("it is held on to")?;
        ensure!(status(&answer) == 408, "{answer}");
        ensure_named(&answer, "upload-too-slow")?;
    }
    ensure!(started.elapsed() < PATIENCE);
    // Whoever comes next publishes; what is there already is answered at once.
    gateway.publish(0, CODES).await?;
    has_all(gateway).await
}

fn ensure_named(answer: &str, name: &str) -> eyre::Result<()> {
    ensure!(answer.contains(&format!("urn:ecoledger:problem:{name}")), "{answer}");
    Ok(())
}

/// One address has five connections: a sixth is closed at once, and taken when one of them has ended.
async fn too_many(gateway: &Gateway) -> eyre::Result<()> {
    let mut open = Vec::new();
    for _ in 0..5 {
        let mut stream = connect(gateway).await?;
        ensure!(ask(&mut stream, "/api/v1/status").await? == 200);
        open.push(stream);
    }
    let closed = timeout(PATIENCE, until_closed(connect(gateway).await?)).await?;
    ensure!(closed.is_empty(), "{closed}");
    for stream in &mut open {
        ensure!(ask(stream, "/api/v1/status").await? == 200);
    }
    drop(open.pop());
    timeout(PATIENCE, async {
        while ask(&mut connect(gateway).await?, "/api/v1/status").await.is_err() {
            tokio::task::yield_now().await;
        }
        Ok::<_, eyre::Report>(())
    })
    .await?
}

/// Above the rate there is a 429 that says when to come again; then there is an answer.
async fn too_fast(gateway: &Gateway) -> eyre::Result<()> {
    let request = b"GET / HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n";
    let mut refused = None;
    // The burst is of ten; more than that come before a fifth of a second makes room for one.
    for _ in 0..200 {
        let answer = raw(gateway, request).await?;
        match status(&answer) {
            200 => {}
            429 => {
                refused = Some(answer);
                break;
            }
            other => return Err(eyre!("{other}: {answer}")),
        }
    }
    // Who asks on without an end to it is not held on to.
    let mut stream = connect(gateway).await?;
    let without_end = "HEAD / HTTP/1.1\r\nHost: g\r\n\r\n".repeat(200);
    drop(stream.write_all(without_end.as_bytes()).await);
    let answers = timeout(PATIENCE, until_closed(stream)).await.wrap_err("it is held on to")?;
    // The refusal itself may be lost with what was not read.
    let n_refused = answers.matches("HTTP/1.1 429").count();
    ensure!(n_refused <= 1, "{n_refused} refusals: {answers}");
    ensure!(answers.matches("HTTP/1.1 ").count() < 200, "all were answered");
    let refused = refused.ok_or_else(|| eyre!("200 requests were answered in a row"))?;
    ensure!(refused.contains("urn:ecoledger:problem:too-many-requests"), "{refused}");
    let lower = refused.to_ascii_lowercase();
    let seconds = lower.split("retry-after: ").nth(1).and_then(|it| it.split('\r').next());
    let seconds: u64 = seconds.ok_or_else(|| eyre!("{refused}"))?.parse()?;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let answer = raw(gateway, request).await?;
    ensure!(status(&answer) == 200, "after {seconds} s: {answer}");
    Ok(())
}

/// Sends a head byte by byte, or nothing at all; resolves once it is closed.
fn dawdle(mut stream: TcpStream, speaks: bool) -> JoinHandle<String> {
    tokio::spawn(async move {
        if !speaks {
            return until_closed(stream).await;
        }
        for byte in b"GET /api/v1/status HTTP/1.1\r\nX-Slow: ".iter().chain([b'y'; 100].iter()) {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            let mut answer = [0; 1024];
            match timeout(Duration::from_millis(500), stream.read(&mut answer)).await {
                Err(_) => {}
                Ok(Ok(n)) => return String::from_utf8_lossy(&answer[..n]).into_owned(),
                Ok(Err(_)) => break,
            }
        }
        String::new()
    })
}

/// Asks for much and takes nothing of it.
async fn take_nothing(gateway: &Gateway) -> eyre::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(2048)?;
    let mut stream = socket.connect(gateway.url.trim_start_matches("http://").parse()?).await?;
    let request = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: g\r\n\r\n".repeat(1_000);
    // As much of it as the gateway takes in.
    drop(timeout(Duration::from_millis(200), stream.write_all(request.as_bytes())).await);
    Ok(stream)
}

/// Eight connections are allowed: seven of them dawdle, one is at work, and one more waits.
async fn too_slowly(gateway: &Gateway) -> eyre::Result<()> {
    let mut at_work = connect(gateway).await?;
    ensure!(ask(&mut at_work, "/api/v1/status").await? == 200);
    let started = Instant::now();
    let mut stalled = Vec::new();
    for _ in 0..2 {
        stalled.push(take_nothing(gateway).await?);
    }
    let mut dawdlers = Vec::new();
    for n in 0..5 {
        dawdlers.push(dawdle(connect(gateway).await?, n % 2 == 0));
    }
    // One more than there is room for: it is answered once others have been closed, and meanwhile
    // who is connected is served.
    let mut waiting = connect(gateway).await?;
    let asking = ask(&mut waiting, "/api/v1/status");
    tokio::pin!(asking);
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    let mut n_served = 0;
    let answered = loop {
        tokio::select! {
            answered = &mut asking => break answered?,
            _ = ticks.tick() => {}
        }
        let served = timeout(Duration::from_secs(2), ask(&mut at_work, "/api/v1/status")).await;
        ensure!(served.wrap_err("who is connected waits")?? == 200);
        n_served += 1;
        ensure!(started.elapsed() < PATIENCE, "nobody was closed");
    };
    ensure!(answered == 200 && n_served > 10, "{n_served}");
    for dawdler in dawdlers {
        let answer = timeout(PATIENCE, dawdler).await.wrap_err("a dawdler is held on to")??;
        ensure!(answer.is_empty() || status(&answer) == 408, "{answer}");
    }
    // Who takes nothing is cut off as well: all eight places are free again.
    drop(at_work);
    let mut all = Vec::new();
    for _ in 0..8 {
        let mut stream = connect(gateway).await?;
        let answered = timeout(PATIENCE, ask(&mut stream, "/api/v1/status")).await;
        ensure!(answered.wrap_err("a place is not free")?? == 200);
        all.push(stream);
    }
    drop(stalled);
    ensure!(started.elapsed() < 2 * PATIENCE);
    Ok(())
}
