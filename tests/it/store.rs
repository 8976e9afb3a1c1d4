//! Lists and documents by their digest: published at one gateway, served by others, whole or not at
//! all.

use crate::{
    programs::Programs,
    proofs::{CODES, act, labelled},
};
use ecoledger_client::{Client, Digest, traceability::Commitment};
use ecoledger_tests::{Gateway, Network, trace, validators};
use eyre::ensure;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A gateway that has followed the chain, with a folder of its own.
async fn started(
    network: &Network,
    client: &Client,
    name: &str,
    options: &[&str],
) -> eyre::Result<(Gateway, PathBuf)> {
    let folder = network.root().join(name);
    let gateway = Gateway::start_with(&network.node(0).url(), &folder, options).await?;
    gateway.reaches(client).await?;
    Ok((gateway, folder))
}

fn files(folder: &Path) -> eyre::Result<Vec<String>> {
    let names: Result<Vec<_>, _> = std::fs::read_dir(folder)?
        .map(|entry| Ok::<_, std::io::Error>(entry?.file_name().to_string_lossy().into_owned()))
        .collect();
    Ok(names?)
}

/// A peer that reads a question and answers with this; with nothing, it never answers.
async fn peer(answer: Option<Vec<u8>>) -> eyre::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let Ok(1..) = stream.read(&mut asked).await else { continue };
            if let Some(answer) = &answer {
                // One that breaks off is nobody's trouble.
                drop(stream.write_all(answer).await);
                drop(stream.shutdown().await);
            }
            open.push(stream);
        }
    });
    Ok(url)
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_published_at_one_gateway_is_served_by_another() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let code = format!("/api/v1/proof?code=(01){}(21)A-05", trace::gtin(77));
    let digest = hex::encode(Sha256::digest(CODES));
    let list = format!("/api/v1/lists/{digest}");
    let (first, _) = started(&network, &client, "first", &[]).await?;
    let published = first.put("/api/v1/series/0/list", CODES).await?;
    ensure!(published.status == 201, "{}", published.text());

    // Another has it from the first, kept as if it had been published there.
    let (second, folder) = started(&network, &client, "second", &["--peer", &first.url]).await?;
    let proof = second.get(&code).await?;
    ensure!(proof.status == 200, "{}", proof.text());
    let served = second.list(&digest).await?;
    ensure!(served.text() == CODES && files(&folder.join("lists"))?.len() == 2);
    ensure!(served.header("cache-control") == "no-store");
    not_public(&second, &digest).await?;

    // Peers that lie, send too much, break off, point elsewhere or are not there: nothing is kept.
    let elsewhere = format!("location: {}{list}\r\n", first.url);
    let mut short = answer("200 OK", "", CODES.as_bytes());
    short.truncate(short.len() - 9);
    for (name, said) in [
        ("lies", answer("200 OK", "", CODES.replace("A-05", "A-55").as_bytes())),
        ("long", answer("200 OK", "", &vec![b'A'; 100_000])),
        ("short", short),
        ("elsewhere", answer("302 Found", &elsewhere, b"")),
        ("nonsense", b"nonsense\r\n\r\n".to_vec()),
    ] {
        let url = peer(Some(said)).await?;
        let (gateway, folder) = started(&network, &client, name, &["--peer", &url]).await?;
        let refused = gateway.get(&code).await?;
        ensure!(refused.status == 404, "{name}: {} {}", refused.status, refused.text());
        ensure!(files(&folder.join("lists"))?.is_empty(), "{name}: something is kept");
        // The next peer is asked.
        gateway.kill().await?;
        let options = ["--peer", &url, "--peer", &first.url];
        let gateway = Gateway::start_with(&network.node(0).url(), &folder, &options).await?;
        gateway.reaches(&client).await?;
        let proof = gateway.get(&code).await?;
        ensure!(proof.status == 200, "{name}: {} {}", proof.status, proof.text());
    }

    // One that does not know the secret is given nothing.
    let stranger = network.root().join("strangers.secret");
    std::fs::write(&stranger, "another secret of thirty-two signs or more".replace(' ', "-"))?;
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&stranger, mode)?;
    let (gateway, folder) = started(&network, &client, "stranger", &["--peer", &first.url]).await?;
    ensure!(gateway.get(&code).await?.status == 200, "with the secret");
    gateway.kill().await?;
    std::fs::remove_dir_all(&folder)?;
    let stranger = stranger.to_string_lossy().into_owned();
    let options = ["--peer", &first.url, "--peer-secret", &stranger];
    let (gateway, folder) = started(&network, &client, "stranger", &options).await?;
    ensure!(gateway.get(&code).await?.status == 404, "without the secret");
    ensure!(files(&folder.join("lists"))?.is_empty(), "something is kept");

    // A peer that hangs hangs nobody, neither who asks nor the end.
    let url = peer(None).await?;
    let (gateway, folder) = started(&network, &client, "hangs", &["--peer", &url]).await?;
    let begun = Instant::now();
    let refused = gateway.get(&code).await?;
    ensure!(refused.status == 503 && refused.text().contains("on-its-way"), "{}", refused.text());
    ensure!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    let begun = Instant::now();
    gateway.stop().await?;
    ensure!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    ensure!(files(&folder.join("lists"))?.iter().all(|it| it.starts_with("incoming-")));
    network.passed();
    Ok(())
}

/// A list is for those who know the secret; its tree, and what else lies beside it, for nobody.
async fn not_public(gateway: &Gateway, digest: &str) -> eyre::Result<()> {
    let list = format!("/api/v1/lists/{digest}");
    for headers in [&[][..], &[("authorization", "Bearer")], &[("authorization", "Bearer guess")]] {
        for method in ["GET", "HEAD"] {
            let refused = gateway.send(method, &list, headers, Vec::new()).await?;
            ensure!(refused.status == 403, "{method} {headers:?}: {}", refused.status);
            ensure!(method == "HEAD" || refused.text().contains("list-not-public"));
        }
    }
    for name in [format!("{digest}.tree"), format!("{digest}."), "incoming-x1".into()] {
        let refused = gateway.list(&name).await?;
        ensure!(refused.status == 404, "{name}: {}", refused.status);
    }
    let asks = [
        ("origin", "https://elsewhere.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "authorization"),
    ];
    let allowed = gateway.send("OPTIONS", &list, &asks, Vec::new()).await?;
    let allowed = allowed.header("access-control-allow-headers").to_ascii_lowercase();
    ensure!(!allowed.contains("authorization") && allowed != "*", "{allowed}");
    Ok(())
}

/// Has the chain name a document.
async fn name_document(client: &Client, number: u32, digest: &str) -> eyre::Result<()> {
    let gtin = trace::gtin(77);
    let mut produce = trace::produce(&gtin, &format!("DOC-{number}"), 0, trace::now_ms());
    produce["quantity"] = json!({ "value": 7, "decimals": 0, "unit": "H87" });
    produce["context"]["document"] = json!(digest);
    act(client, "produce", &produce).await
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_go_from_hand_to_hand_by_their_digest() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let programs = Programs::of(&network);
    let root = network.root().to_owned();
    let path = |name: &str| root.join(name).to_string_lossy().into_owned();

    // A text by its digest, and a report by a commitment with its salt beside it.
    let text = b"%PDF-1.7 the text that all have signed".as_slice();
    let report = vec![7u8; 300_000];
    let salt = [9u8; 32];
    std::fs::write(path("text.pdf"), text)?;
    std::fs::write(path("report.pdf"), &report)?;
    std::fs::write(path("report.pdf.salt"), format!("0x{}\n", hex::encode(salt)))?;
    let digest = Digest::of(text).to_string();
    let commitment = Commitment::with_salt(&salt, &report).to_string();
    name_document(&client, 1, &digest).await?;
    name_document(&client, 2, &commitment).await?;
    let options = ["--document-bytes-max", "400000", "--store-bytes-max", "500000"];
    let (first, folder) = started(&network, &client, "first", &options).await?;
    let (second, _) = started(&network, &client, "second", &["--peer", &first.url]).await?;
    for (file, expected) in [("text.pdf", &digest), ("report.pdf", &commitment)] {
        let publish = ["document", "publish", &path(file), "--gateway", &first.url];
        let said = programs.json("bob", &publish).await?;
        ensure!(said["digest"] == **expected, "{said}");
    }

    // From the other gateway, which fetches them; what is there is not replaced unasked.
    let fetch = ["document", "fetch", &digest, "--gateway", &second.url, "--out"];
    let out = path("fetched.pdf");
    programs.json("bob", &[&fetch[..], &[&out]].concat()).await?;
    ensure!(std::fs::read(&out)? == text);
    let refused = programs.ecoledger("bob", &[&fetch[..], &[&out]].concat()).await?;
    ensure!(refused.status.code() == Some(2), "{refused:?}");
    programs.json("bob", &[&fetch[..], &[&out, "--force"]].concat()).await?;
    let out = path("fetched-report.pdf");
    let salted =
        ["document", "fetch", &commitment, "--gateway", &second.url, "--salted", "--out", &out];
    programs.json("bob", &salted).await?;
    ensure!(std::fs::read(&out)? == report);
    let salt_text = std::fs::read_to_string(path("fetched-report.pdf.salt"))?;
    ensure!(salt_text.trim() == format!("0x{}", hex::encode(salt)), "{salt_text}");

    // A browser saves it and never shows it.
    let place = |digest: &str| format!("/api/v1/documents/{}", digest.trim_start_matches("0x"));
    let served = second.get(&place(&digest)).await?;
    ensure!(served.status == 200 && served.body == text);
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("etag", &format!("\"{}\"", digest.trim_start_matches("0x"))),
    ] {
        ensure!(served.header(name) == value, "{name}: {}", served.header(name));
    }

    // What the chain does not name, what is another document, too long, or does not fit.
    let stranger = Digest::of(b"a stranger's file").to_string();
    name_document(&client, 3, &Digest::of(&vec![8; 400_001]).to_string()).await?;
    name_document(&client, 4, &Digest::of(&vec![8; 390_000]).to_string()).await?;
    first.reaches(&client).await?;
    let before = files(&folder.join("documents"))?.len();
    for (digest, body, status, name) in [
        (stranger, b"a stranger's file".to_vec(), 404, "not-found"),
        (digest.clone(), b"another".to_vec(), 422, "wrong-document"),
        (Digest::of(&vec![8; 400_001]).to_string(), vec![8; 400_001], 413, "too-long"),
        (Digest::of(&vec![8; 390_000]).to_string(), vec![8; 390_000], 507, "store-full"),
        ("0xab".into(), b"x".to_vec(), 400, "bad-digest"),
    ] {
        let refused = first.put(&place(&digest), body).await?;
        let problem = refused.json()?;
        let expected = format!("urn:ecoledger:problem:{name}");
        ensure!(refused.status == status && problem["type"] == expected, "{digest}: {problem}");
    }
    ensure!(files(&folder.join("documents"))?.len() == before);
    let (third, _) = started(&network, &client, "third", &["--peer", &first.url]).await?;
    let local = third.get(&format!("{}?local=true", place(&digest))).await?;
    ensure!(local.status == 404, "{}", local.text());

    // The index is wiped: the documents stay, and the chain still names them.
    first.stop().await?;
    std::fs::remove_file(folder.join("index.redb"))?;
    let first = Gateway::start_with(&network.node(0).url(), &folder, &options).await?;
    first.reaches(&client).await?;
    ensure!(first.get(&place(&digest)).await?.body == text);
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_documents_survive_a_gateway_that_is_killed() -> eyre::Result<()> {
    const DOCUMENTS: u8 = 6;
    let network = validators(1).start().await?;
    let client = network.client(0).await?;
    labelled(&client).await?;
    let document = |number: u8| vec![number; 2_000_000];
    let place =
        |number: u8| format!("/api/v1/documents/{}", hex::encode(Sha256::digest(document(number))));
    for number in 0..DOCUMENTS {
        let digest = Digest::of(&document(number)).to_string();
        name_document(&client, u32::from(number), &digest).await?;
    }
    let (mut gateway, folder) = started(&network, &client, "gateway", &[]).await?;
    let kept = folder.join("documents");
    let mut acknowledged = Vec::new();
    for round in 0..3 * DOCUMENTS {
        let number = round % DOCUMENTS;
        let url = format!("{}{}", gateway.url, place(number));
        let body = document(number);
        let sending = tokio::task::spawn_blocking(move || ureq::put(url).send(&body).is_ok());
        // Killed as soon as the upload has begun, or a good way into it, or when it is named.
        let before = files(&kept)?.len();
        let is_due = || -> eyre::Result<bool> {
            let names = files(&kept)?;
            let n_bytes = names
                .iter()
                .filter(|it| it.starts_with("incoming-"))
                .map(|name| std::fs::metadata(kept.join(name)).map_or(0, |found| found.len()));
            Ok(match round % 3 {
                0 => names.len() > before,
                1 => n_bytes.sum::<u64>() > 1_000_000,
                _ => false,
            })
        };
        while !sending.is_finished() && !is_due()? {
            tokio::task::yield_now().await;
        }
        gateway.kill().await?;
        gateway = Gateway::start(&network.node(0).url(), &folder).await?;
        if sending.await? {
            acknowledged.push(number);
        }
        gateway.reaches(&client).await?;
        for number in &acknowledged {
            let served = gateway.get(&place(*number)).await?;
            ensure!(served.body == document(*number), "document {number} is lost");
        }
        ensure!(files(&kept)?.iter().all(|it| !it.starts_with("incoming-")));
    }
    ensure!(!acknowledged.is_empty());
    network.passed();
    Ok(())
}
