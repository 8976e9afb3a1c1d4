//! Labels by the command line alone: codes are made, labelled with, published and printed, and what is
//! printed is read by a browser and a reader of QR codes.

use crate::{
    programs::{Programs, number},
    proofs::{LOT, produce},
    serving::folder,
};
use ecoledger_tests::{Gateway, Network, chromium::browse, trace, validators};
use eyre::{ensure, eyre};
use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _, path::Path};

/// Codes of the series: two pages of labels.
const N_CODES: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_made_published_and_printed() -> eyre::Result<()> {
    let network = validators(1).start().await?;
    let programs = Programs::of(&network);
    let client = network.client(0).await?;
    let gtin = trace::gtin(77);
    produce(&client, &gtin, N_CODES as u32).await?;
    let codes = made(&network, &programs).await?;
    let batch = format!("{gtin}/{LOT}");
    let created = programs.json("bob", &["label", "series", &batch, "--codes", &codes]).await?;
    ensure!(number(&created, "SeriesCreated", "series")? == "0", "{created}");

    let gateway = Gateway::start(&programs.url, &folder(&network)).await?;
    gateway.reaches(&client).await?;
    published(&network, &programs, &gateway, &codes).await?;
    let list = fs::read_to_string(&codes)?;
    let first = list.lines().next().unwrap_or_default();
    let scan = gateway.json(&format!("/api/v1/scan?code=(01){gtin}(10){LOT}(21){first}")).await?;
    ensure!(scan["inOrder"] == true, "{scan}");
    misprinted(&network, &programs, &codes).await?;
    printed(&network, &programs, &codes, &gtin).await?;
    network.passed();
    Ok(())
}

/// Lists of codes that nobody has seen, and that no slip of the hand replaces; no node is asked.
async fn made(network: &Network, programs: &Programs) -> eyre::Result<String> {
    let away = Programs { url: "ws://127.0.0.1:1".into(), keys: programs.keys.clone() };
    let file = network.scratch().join("codes.txt");
    let out = file.display().to_string();
    let count = N_CODES.to_string();
    let make = ["label", "codes", "--count", &count, "--out", &out];
    away.json("bob", &make).await?;
    let read = || -> eyre::Result<BTreeSet<String>> {
        Ok(fs::read_to_string(&file)?.lines().map(str::to_owned).collect())
    };
    let first = read()?;
    ensure!(first.len() == N_CODES && first.iter().all(|code| code.len() == 16), "{first:?}");
    ensure!(fs::metadata(&file)?.permissions().mode() & 0o777 == 0o600, "others can read it");
    let (code, text) = away.failure("bob", &make).await?;
    ensure!(code == 2 && text.contains("--force") && read()? == first, "{code} {text}");
    // As the plural too.
    let forced = [&["labels"], &make[1..], &["--force"]].concat();
    away.json("bob", &forced).await?;
    ensure!(read()?.is_disjoint(&first), "codes were made twice");

    let organic = network.scratch().join("organic.txt").display().to_string();
    let make = ["label", "codes", "--count", "3", "--out", &organic, "--organic"];
    away.json("bob", &[&make[..], &["134/26"]].concat()).await?;
    let list = fs::read_to_string(&organic)?;
    let is_organic = |code: &str| code.len() == 17 && code.starts_with("13426");
    ensure!(list.lines().count() == 3 && list.lines().all(is_organic), "{list}");
    for wrong in ["134", "134/2026", "1345/26"] {
        let (code, text) = away.failure("bob", &[&make[..], &[wrong]].concat()).await?;
        ensure!(code == 2 && text.contains("134/26"), "{code} {text}");
    }
    for count in ["0", "1000001"] {
        let make = ["label", "codes", "--out", "/no/such/file", "--count", count];
        let (code, text) = away.failure("bob", &make).await?;
        ensure!(code == 2 && text.contains("--count"), "{code} {text}");
    }
    Ok(out)
}

/// What a gateway refuses is told in its words; only one that does not answer is no connection.
async fn published(
    network: &Network,
    programs: &Programs,
    gateway: &Gateway,
    codes: &str,
) -> eyre::Result<()> {
    let publish = ["label", "publish", "0", "--codes", codes, "--gateway"];
    let nobody = "http://127.0.0.1:1";
    programs.json("bob", &[&publish[..], &[&gateway.url]].concat()).await?;
    let document = network.scratch().join("nobody-asked.txt");
    fs::write(&document, "of no call")?;
    let document = document.display().to_string();
    let out = network.scratch().join("copy").display().to_string();
    let digest = format!("0x{}", "ab".repeat(32));
    let send = ["document", "publish", &document, "--gateway"];
    let fetch = ["document", "fetch", &digest, "--out", &out, "--gateway"];
    for (arguments, code, words) in [
        ([&send[..], &[&gateway.url]].concat(), 1, "the chain names no document"),
        ([&fetch[..], &[&gateway.url]].concat(), 1, "the chain names no document"),
        ([&fetch[..], &[nobody, "--gateway", &gateway.url]].concat(), 1, "names no document"),
        ([&publish[..], &[nobody]].concat(), 3, "cannot reach the gateway: http://127.0.0.1:1"),
        ([&send[..], &[nobody]].concat(), 3, "cannot reach the gateway: http://127.0.0.1:1"),
        ([&fetch[..], &[nobody]].concat(), 3, "cannot reach the gateway: http://127.0.0.1:1"),
        ([&publish[..], &["trace.example"]].concat(), 2, "an address is expected"),
    ] {
        let (got, text) = programs.failure("bob", &arguments).await?;
        ensure!(got == code && text.contains(words), "{arguments:?}: {got} {text}");
        ensure!(!text.contains("the node"), "{arguments:?}: {text}");
    }
    Ok(())
}

/// What cannot be printed is refused, and nothing is written.
async fn misprinted(network: &Network, programs: &Programs, codes: &str) -> eyre::Result<()> {
    let path = |name: &str| network.scratch().join(name).display().to_string();
    let (pdf, png) = (path("refused.pdf"), path("refused.png"));
    let to = "https://trace.example";
    for (to, out, more, words) in [
        (to, &png, &[][..], ".pdf or .svg"),
        ("trace.example", &pdf, &[], "an address is expected"),
        ("https://trace.example/a?x=1", &pdf, &[], "an address is expected"),
        ("https://trace.example/#x", &pdf, &[], "an address is expected"),
        (to, &pdf, &["--from", "40"], "40 codes"),
        (to, &pdf, &["--count", "0"], "--count"),
    ] {
        let print = ["label", "print", "0", "--codes", codes, "--to", to, "--out", out];
        let (code, text) = programs.failure("bob", &[&print[..], more].concat()).await?;
        ensure!(code == 2 && text.contains(words), "{to} {out} {more:?}: {code} {text}");
    }
    ensure!(!Path::new(&pdf).exists() && !Path::new(&png).exists(), "a file was written");
    Ok(())
}

/// The labels of a page lead to their items, and files that are there stay.
async fn printed(
    network: &Network,
    programs: &Programs,
    codes: &str,
    gtin: &str,
) -> eyre::Result<()> {
    let folder = network.scratch().join("printed");
    fs::create_dir_all(&folder)?;
    let path = |name: &str| folder.join(name).display().to_string();
    let to = ["--to", "https://trace.example/"];
    let list = fs::read_to_string(codes)?;
    for (kind, files) in [("pdf", &["a.pdf"][..]), ("svg", &["a-1.svg", "a-2.svg"])] {
        let out = path(&format!("a.{kind}"));
        let print = ["label", "print", "0", "--codes", codes, "--out", &out];
        let print = [&print[..], &to].concat();
        let shown = programs.json("bob", &print).await?;
        ensure!(shown["pages"] == 2, "{shown}");
        let before: Vec<_> = files.iter().map(|it| fs::read(folder.join(it))).collect();
        let (code, text) = programs.failure("bob", &print).await?;
        ensure!(code == 2 && text.contains("--force"), "{code} {text}");
        programs.json("bob", &[&print[..], &["--force"]].concat()).await?;
        for (file, before) in files.iter().zip(before) {
            ensure!(fs::read(folder.join(file))? == before?, "{file}: other bytes");
        }
    }
    let first = read_codes(&path("a-1.svg"), &path("a-1.gray")).await?;
    let second = read_codes(&path("a-2.svg"), &path("a-2.gray")).await?;
    let expected: BTreeSet<_> = list
        .lines()
        .map(|code| format!("https://trace.example/01/{gtin}/10/{LOT}/21/{code}"))
        .collect();
    ensure!((first.len(), second.len()) == (32, 8), "{first:?} {second:?}");
    ensure!(first.union(&second).cloned().collect::<BTreeSet<_>>() == expected);
    // A part of the list begins where it is told to.
    let out = path("part.svg");
    let part = ["label", "print", "0", "--codes", codes, "--out", &out, "--from", "38"];
    programs.json("bob", &[&part[..], &to].concat()).await?;
    let part = read_codes(&path("part-1.svg"), &path("part-1.gray")).await?;
    ensure!(part.is_subset(&second) && part.len() == 2, "{part:?}");
    let pdf = read_codes(&path("a.pdf"), &path("a.gray")).await?;
    // The viewer scales the page by a fraction, at which the reader may miss a code, but misreads none.
    ensure!(pdf.is_subset(&first) && pdf.len() >= 28, "the first page of the PDF: {pdf:?}");
    Ok(())
}

/// What a reader of QR codes finds on an SVG, or the first page of a PDF, as Chromium paints it.
async fn read_codes(sheet: &str, gray: &str) -> eyre::Result<BTreeSet<String>> {
    let size = browse(&["paint.mjs", sheet, gray], &[]).await?;
    let (width, height) =
        size.trim().split_once(' ').ok_or_else(|| eyre!("a size is expected: {size}"))?;
    let (width, height): (usize, usize) = (width.parse()?, height.parse()?);
    let pixels = fs::read(gray)?;
    ensure!(pixels.len() == width * height, "{size}: {} pixels", pixels.len());
    // By labels of the A4 page as the layout has them unless told otherwise, in micrometres: the reader
    // takes corners of neighbours for those of one code.
    let place = |at: usize, step: usize, size: usize| {
        ((8_000 + at * step) * width / 210_000, size * width / 210_000)
    };
    let mut found = BTreeSet::new();
    for (row, column) in (0..8).flat_map(|row| (0..4).map(move |column| (row, column))) {
        let (left, wide) = place(column, 49_000, 47_000);
        let (top, tall) = place(row, 35_375, 33_375);
        let mut label = rqrr::PreparedImage::prepare_from_greyscale(wide, tall, |x, y| {
            pixels[(top + y) * width + left + x]
        });
        for grid in label.detect_grids() {
            let (_, text) = grid.decode().map_err(|error| eyre!("{sheet}: {error}"))?;
            found.insert(text);
        }
    }
    Ok(found)
}
