#![allow(clippy::float_arithmetic, reason = "pages are rasterised here as a scanner sees them")]

use std::collections::BTreeMap;
use std::io;

use super::*;

/// Side of one pixel of the rasters decoded here; 4 pixels for the smallest module.
const PIXEL_UM: f64 = 99.0;

fn label(uri: &str, lines: &[&str]) -> Label {
    Label { uri: uri.into(), lines: lines.iter().map(|l| l.to_string()).collect() }
}

fn gs1(i: usize) -> Label {
    let uri = format!("https://id.example.org/01/09521234543213/10/LOT{:04}/21/{i:07}", i / 10);
    let (lot, serial) = (format!("LOT {:04}", i / 10), format!("SN {i:07}"));
    label(&uri, &["(01)09521234543213", &lot, &serial])
}

fn ok(labels: Vec<Label>) -> impl Iterator<Item = Result<Label, SheetError>> {
    labels.into_iter().map(Ok)
}

fn many(n: usize) -> Vec<Label> {
    (0..n).map(gs1).collect()
}

/// Pages of 2 x 2 labels with modules of the smallest size.
fn small() -> Layout {
    LayoutBuilder {
        page_width_um: 80_000,
        page_height_um: 70_000,
        margin_um: 3_000,
        columns: 2,
        rows: 2,
        label_width_um: 36_000,
        label_height_um: 31_000,
        module_um: MODULE_UM_MIN,
        ..Default::default()
    }
    .build()
    .unwrap()
}

fn svg_pages(labels: Vec<Label>, layout: &Layout) -> Vec<String> {
    sheets_svg(ok(labels), layout).collect::<Result<_, _>>().unwrap()
}

fn pdf_bytes(labels: Vec<Label>, layout: &Layout) -> (u64, Vec<u8>) {
    let mut bytes = Vec::new();
    let n_pages = write_pdf(ok(labels), layout, &mut bytes).unwrap();
    (n_pages, bytes)
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}

/// What a page shows, in micrometres from its top left corner.
#[derive(Default)]
struct Shown {
    /// Dark rectangles: left, top, right, bottom.
    rects: Vec<[f64; 4]>,
    texts: Vec<Text>,
}

struct Text {
    text: String,
    left: f64,
    right: f64,
    baseline: f64,
}

impl Shown {
    /// Decodes the only code inside a rectangle of the page.
    fn decode(&self, [left, top, right, bottom]: [f64; 4]) -> String {
        let (width, height) =
            (((right - left) / PIXEL_UM) as usize, ((bottom - top) / PIXEL_UM) as usize);
        let mut dark = vec![false; width * height];
        for r in &self.rects {
            let cols = pixels(r[0] - left, r[2] - left, width);
            for y in pixels(r[1] - top, r[3] - top, height) {
                dark[y * width..][..width][cols.clone()].fill(true);
            }
        }
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            if dark[y * width + x] { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "codes in {left} {top} {right} {bottom}");
        let (meta, content) = grids[0].decode().unwrap();
        assert_eq!(meta.ecc_level, 0, "error correction M is 0b00");
        content
    }

    /// Checks that the slots of the page hold exactly these labels in this order, inside the label
    /// with their quiet zone.
    fn check(&self, labels: &[Label], layout: &Layout) {
        let l = &layout.0;
        let mut n_rects = 0;
        let mut texts = self.texts.iter();
        for (slot, label) in labels.iter().enumerate() {
            let (col, row) =
                ((slot % usize::from(l.columns)) as u32, (slot / usize::from(l.columns)) as u32);
            let left = f64::from(l.margin_um + col * (l.label_width_um + l.gap_x_um));
            let top = f64::from(l.margin_um + row * (l.label_height_um + l.gap_y_um));
            let cell =
                [left, top, left + f64::from(l.label_width_um), top + f64::from(l.label_height_um)];
            assert_eq!(self.decode(cell), label.uri);

            let quiet = f64::from(QUIET_ZONE_MODULES * l.module_um) - 0.5;
            let inside: Vec<_> = self
                .rects
                .iter()
                .filter(|r| r[0] < cell[2] && r[2] > cell[0] && r[1] < cell[3] && r[3] > cell[1])
                .collect();
            for r in &inside {
                assert!(r[0] >= cell[0] + quiet && r[2] <= cell[2] - quiet, "{r:?}");
                assert!(r[1] >= cell[1] + quiet && r[3] <= cell[3] - quiet, "{r:?}");
            }
            n_rects += inside.len();

            let code_bottom = inside.iter().map(|r| r[3]).fold(0.0, f64::max);
            let mut above = code_bottom + quiet;
            for line in label.lines.iter().filter(|l| !l.is_empty()) {
                let text = texts.next().unwrap();
                assert_eq!(text.text, *line);
                assert!(text.left >= cell[0] - 1.0 && text.right <= cell[2] + 1.0);
                assert!(text.baseline - f64::from(l.text_um) >= above - 1.0);
                above = text.baseline + 0.2 * f64::from(l.text_um);
            }
            assert!(above <= cell[3] + 1.0);
        }
        assert_eq!(n_rects, self.rects.len(), "dark areas outside the labels");
        assert!(texts.next().is_none());
    }
}

/// Pixels whose centre lies between two positions.
fn pixels(from_um: f64, to_um: f64, limit: usize) -> std::ops::Range<usize> {
    let at = |um: f64| ((um / PIXEL_UM + 0.5).floor().max(0.0) as usize).min(limit);
    at(from_um)..at(to_um)
}

/// Reads the rectangles, one level of group, and the text of an SVG written here.
fn read_svg(svg: &str) -> Shown {
    let attribute = |tag: &str, name: &str| -> f64 {
        let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let mut shown = Shown::default();
    let font_size = attribute(svg, "font-size");
    let (mut dx, mut dy, mut scale) = (0.0, 0.0, 1.0);
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        match tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap() {
            "g" if tag.starts_with('/') => (dx, dy, scale) = (0.0, 0.0, 1.0),
            "g" => {
                let numbers: Vec<f64> = tag
                    .split(|c: char| !c.is_ascii_digit())
                    .filter_map(|n| n.parse().ok())
                    .collect();
                (dx, dy, scale) = (numbers[0], numbers[1], numbers[2]);
            }
            "rect" if tag.contains("fill=\"#fff\"") => assert!(shown.rects.is_empty()),
            "rect" => {
                let [x, y, w, h] = ["x", "y", "width", "height"].map(|a| attribute(tag, a) * scale);
                shown.rects.push([dx + x, dy + y, dx + x + w, dy + y + h]);
            }
            "text" if !tag.starts_with('/') => {
                let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
                let [x, y, width] = ["x", "y", "textLength"].map(|a| attribute(tag, a));
                assert!((width - 0.6 * font_size * text.len() as f64).abs() <= 1.0);
                let (left, right) = (x - width / 2.0, x + width / 2.0);
                shown.texts.push(Text { text, left, right, baseline: y });
            }
            "text" | "svg" => {}
            other => panic!("element {other}"),
        }
    }
    shown
}

/// Reads a PDF written here: objects by the cross-reference table, pages by the page tree.
struct Pdf {
    objects: BTreeMap<usize, Vec<u8>>,
    root: usize,
}

impl Pdf {
    fn read(bytes: &[u8]) -> Pdf {
        assert!(bytes.starts_with(b"%PDF-1.7\n%\x80\x80\x80\x80\n"));
        let tail = String::from_utf8_lossy(&bytes[bytes.len() - 100..]).into_owned();
        assert!(tail.ends_with("\n%%EOF\n"));
        let xref: usize = tail.rsplit('\n').nth(2).unwrap().parse().unwrap();
        let table = std::str::from_utf8(&bytes[xref..]).unwrap();
        let size: usize =
            table.strip_prefix("xref\n0 ").unwrap().split('\n').next().unwrap().parse().unwrap();
        let entries = &table[format!("xref\n0 {size}\n").len()..];
        assert_eq!(&entries[..20], "0000000000 65535 f \n");
        assert!(entries[20 * size..].starts_with("trailer\n"));
        let offsets: Vec<usize> = (1..size)
            .map(|i| {
                let entry = &entries[20 * i..][..20];
                assert_eq!(&entry[10..], " 00000 n \n");
                entry[..10].parse().unwrap()
            })
            .collect();
        let mut ends = offsets.clone();
        ends.push(xref);
        ends.sort_unstable();
        let objects = (1..)
            .zip(&offsets)
            .map(|(id, &from)| {
                let to = ends[ends.binary_search(&from).unwrap() + 1];
                let object = bytes[from..to].to_vec();
                assert!(object.starts_with(format!("{id} 0 obj").as_bytes()));
                let end = find(&object, b"endobj").unwrap();
                assert!(object[end..].trim_ascii_end() == b"endobj", "one object an entry");
                (id, object)
            })
            .collect();
        let root = number_after(table.as_bytes(), "/Root ");
        Pdf { objects, root }
    }

    /// Object numbers of the content streams, in page order, and checks the counts of the tree.
    fn contents(&self) -> Vec<usize> {
        let pages = number_after(&self.objects[&self.root], "/Pages ");
        let mut found = Vec::new();
        self.walk(pages, &mut found);
        found
    }

    fn walk(&self, id: usize, found: &mut Vec<usize>) {
        let object = &self.objects[&id];
        let text = String::from_utf8_lossy(object);
        let Some((_, kids)) = text.split_once("/Kids") else {
            return found.push(number_after(object, "/Contents "));
        };
        let before = found.len();
        let kids = kids.trim_start_matches([' ', '[']).split(']').next().unwrap();
        for kid in kids.split("0 R").filter(|k| !k.trim().is_empty()) {
            let kid = kid.trim().parse().unwrap();
            assert_eq!(number_after(&self.objects[&kid], "/Parent "), id);
            self.walk(kid, found);
        }
        assert_eq!(number_after(object, "/Count "), found.len() - before);
    }

    fn pages(&self, layout: &Layout) -> Vec<Shown> {
        let height_um = f64::from(layout.0.page_height_um);
        self.contents()
            .iter()
            .map(|id| {
                let object = &self.objects[id];
                let from = find(object, b"stream\n").unwrap() + 7;
                let stream = &object[from..][..number_after(object, "/Length ")];
                assert!(object[from + stream.len()..].starts_with(b"\nendstream"));
                read_content(stream, height_um)
            })
            .collect()
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}

fn number_after(bytes: &[u8], key: &str) -> usize {
    let at = find(bytes, key.as_bytes()).unwrap_or_else(|| panic!("no {key}")) + key.len();
    let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&bytes[at..at + digits]).unwrap().parse().unwrap()
}

/// Runs a content stream; only the operators written here are known.
fn read_content(mut rest: &[u8], height_um: f64) -> Shown {
    let mut shown = Shown::default();
    let mut numbers: Vec<f64> = Vec::new();
    let mut string = None;
    let mut path = Vec::new();
    let mut ctm = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let mut saved = Vec::new();
    let um = 25_400.0 / 72.0;
    let (mut font_size, mut at) = (0.0, (0.0, 0.0));
    while let Some(&first) = rest.first() {
        if first.is_ascii_whitespace() {
            rest = &rest[1..];
            continue;
        }
        if first == b'(' {
            let (text, after) = read_string(&rest[1..]);
            string = Some(text);
            rest = after;
            continue;
        }
        let end = rest
            .iter()
            .position(|b| b.is_ascii_whitespace() || (*b == b'(') || (*b == b'/' && first != b'/'));
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()).max(1));
        rest = after;
        let token = std::str::from_utf8(token).unwrap();
        if let Ok(number) = token.parse::<f64>() {
            assert!(!token.contains(['e', 'E']), "PDF has no exponents: {token}");
            numbers.push(number);
            continue;
        }
        match token {
            "q" => saved.push(ctm),
            "Q" => ctm = saved.pop().unwrap(),
            "cm" => {
                let [a, b, c, d, e, f]: [f64; 6] = numbers[..].try_into().unwrap();
                assert_eq!((b, c), (0.0, 0.0));
                ctm = [a * ctm[0], 0.0, 0.0, d * ctm[3], e * ctm[0] + ctm[4], f * ctm[3] + ctm[5]];
            }
            "re" => {
                let [x, y, w, h]: [f64; 4] = numbers[..].try_into().unwrap();
                let xs = [x, x + w].map(|x| (x * ctm[0] + ctm[4]) * um);
                let ys = [y, y + h].map(|y| height_um - (y * ctm[3] + ctm[5]) * um);
                path.push([xs[0], ys[0].min(ys[1]), xs[1], ys[0].max(ys[1])]);
            }
            "f" => shown.rects.append(&mut path),
            "Tf" => font_size = numbers[0],
            "Tm" => {
                let [a, b, c, d, e, f]: [f64; 6] = numbers[..].try_into().unwrap();
                // Upright and unscaled: the text matrix mirrors what the page matrix mirrors.
                assert_eq!([a, b, c, d], [1.0, 0.0, 0.0, -1.0]);
                assert!(ctm[0] > 0.0 && ctm[0] == -ctm[3]);
                at = (e * ctm[0] * um, height_um - (f * ctm[3] + ctm[5]) * um);
            }
            "Tj" => {
                let text = string.take().unwrap();
                let (left, baseline) = at;
                let right = left + 0.6 * font_size * text.len() as f64;
                shown.texts.push(Text { text, left, right, baseline });
            }
            "BT" | "ET" | "/F" => {}
            other => panic!("operator {other}"),
        }
        numbers.clear();
    }
    assert!(path.is_empty() && saved.is_empty());
    shown
}

/// A literal string after its opening parenthesis (ISO 32000-1, 7.3.4.2).
fn read_string(bytes: &[u8]) -> (String, &[u8]) {
    let (mut text, mut depth, mut i) = (String::new(), 0, 0);
    loop {
        match bytes[i] {
            b'\\' => {
                i += 1;
                assert!(b"()\\".contains(&bytes[i]));
                text.push(bytes[i].into());
            }
            b')' if depth == 0 => return (text, &bytes[i + 1..]),
            b => {
                depth += i32::from(b == b'(') - i32::from(b == b')');
                text.push(b.into());
            }
        }
        i += 1;
    }
}

/// Checks that SVG pages and PDF pages show the labels.
fn check(labels: Vec<Label>, layout: &Layout) {
    let svgs = svg_pages(labels.clone(), layout);
    let (n_pages, pdf) = pdf_bytes(labels.clone(), layout);
    let pdfs = Pdf::read(&pdf).pages(layout);
    let chunks = labels.chunks(layout.labels_per_page() as usize);
    assert_eq!(svgs.len(), chunks.len());
    assert_eq!(pdfs.len(), chunks.len());
    assert_eq!(n_pages, chunks.len() as u64);
    for ((svg, pdf), labels) in svgs.iter().zip(&pdfs).zip(chunks) {
        let svg = read_svg(svg);
        svg.check(labels, layout);
        pdf.check(labels, layout);
        // The same page to a micrometre, the rounding of PDF units.
        for (s, p) in svg.rects.iter().zip(&pdf.rects) {
            assert!(s.iter().zip(p).all(|(s, p)| (s - p).abs() <= 1.0), "{s:?} {p:?}");
        }
    }
}

fn refused(label: Label, layout: &Layout) -> SheetError {
    let from_svg = sheets_svg(ok(vec![label.clone()]), layout).next().unwrap().unwrap_err();
    let from_pdf = write_pdf(ok(vec![label]), layout, io::sink()).unwrap_err();
    assert_eq!(from_svg.to_string(), from_pdf.to_string());
    let SheetError::AtLabel { index: 0, source } = from_svg else { panic!("{from_svg}") };
    *source
}

#[test]
fn a4_pages_decode() {
    check(many(40), &Layout::default());
}

#[test]
fn smallest_modules_decode() {
    check(many(9), &small());
}

#[test]
fn uris_of_each_length_decode() {
    let layout = LayoutBuilder {
        columns: 3,
        rows: 4,
        label_width_um: 50_000,
        label_height_um: 50_000,
        ..Default::default()
    }
    .build()
    .unwrap();
    let text: String = (0..URI_BYTES_MAX).map(|i| char::from(0x21 + (i * 7 % 94) as u8)).collect();
    let lengths = [1, 2, 13, 14, 26, 62, 63, 106, 107, 180, 251, 400, 511, 512];
    check(lengths.iter().map(|n| label(&text[..*n], &[])).collect(), &layout);
}

#[test]
fn numeric_and_capital_uris_decode() {
    let uris = ["0123456789012345678901234567890", "HTTPS://ID.EXAMPLE/01/09521234543213", "a"];
    check(uris.map(|uri| label(uri, &["x"])).to_vec(), &small());
}

#[test]
fn single_code_decodes() {
    for (module_um, lines) in
        [(MODULE_UM_MIN, vec![]), (1_000, vec!["a <b> & 'c'"]), (500, vec!["wide"; 3])]
    {
        let mut one = gs1(1);
        one.lines = lines.iter().map(|l| l.repeat(5)).collect();
        let svg = qr_svg(&one, module_um).unwrap();
        let (_, size) = svg.split_once("viewBox=\"0 0 ").unwrap();
        let (width, height) = size.split_once('"').unwrap().0.split_once(' ').unwrap();
        let (width, height): (f64, f64) = (width.parse().unwrap(), height.parse().unwrap());
        let shown = read_svg(&svg);
        assert_eq!(shown.decode([0.0, 0.0, width, height]), one.uri);
        assert!(shown.texts.iter().map(|t| &t.text).eq(&one.lines));
        assert!(shown.texts.iter().all(|t| t.left >= 0.0 && t.right <= width));
        let quiet = f64::from(QUIET_ZONE_MODULES * module_um);
        let edge = |i: usize| shown.rects.iter().map(move |r| r[i]);
        assert!(edge(0).all(|x| x >= quiet) && edge(2).all(|x| x <= width - quiet));
        assert!(edge(1).all(|y| y >= quiet) && edge(3).all(|y| y <= height - quiet));
    }
    let error = qr_svg(&gs1(1), 395).unwrap_err();
    assert!(matches!(error, SheetError::ModuleTooSmall { module_um: 395, module_um_min: 396 }));
}

#[test]
fn hostile_text_is_escaped() {
    let lines = [
        "<script>&amp;",
        "]]></text>&lt;",
        ") Tj ET Q (",
        "a\\) (b\\",
        "((()))\\\\",
        "\"'`--%>%!",
        "  two  gaps ",
    ];
    let layout = LayoutBuilder { rows: 1, label_height_um: 60_000, ..Default::default() };
    let labels = vec![
        label("https://x.example/?a=<&b='\")(\\", &lines),
        label("u", &["", "after an empty line", ""]),
    ];
    let layout = layout.build().unwrap();
    check(labels, &layout);
    let svg = &svg_pages(vec![label("u", &lines)], &layout)[0];
    assert!(!svg.contains("<script") && !svg.contains("]]>"));
    assert_eq!(svg.matches("</text>").count(), lines.len());
}

#[test]
fn every_printable_character_is_shown() {
    let all: Vec<char> = (' '..='~').collect();
    let lines: Vec<String> = all.chunks(19).map(|c| c.iter().collect()).collect();
    let uri: String = all[1..].iter().collect();
    let layout = LayoutBuilder { module_um: 400, ..Default::default() }.build().unwrap();
    check(vec![Label { uri, lines }], &layout);
}

#[test]
fn other_characters_are_refused() {
    let layout = Layout::default();
    for (text, at) in [("é", 0), ("a\nb", 1), ("ab\t", 2), ("\0", 0), ("\x7f", 0), ("x\u{202e}", 1)]
    {
        let error = refused(label("u", &["fine", text]), &layout);
        assert!(matches!(error, SheetError::TextNotAscii { line: 1, at: a } if a == at), "{error}");
        let error = refused(label(text, &[]), &layout);
        assert!(matches!(error, SheetError::UriNotAscii { at: a } if a == at), "{error}");
    }
    let error = refused(label("a b", &[]), &layout);
    assert!(matches!(error, SheetError::UriNotAscii { at: 1 }));
    assert!(matches!(refused(label("", &[]), &layout), SheetError::UriEmpty));
    let long = "a".repeat(URI_BYTES_MAX + 1);
    assert!(matches!(refused(label(&long, &[]), &layout), SheetError::UriTooLong { bytes: 513 }));
}

#[test]
fn labels_that_do_not_fit_are_refused() {
    let layout = Layout::default();
    // 47,000 um hold 39 characters of 1,200 um.
    check(vec![label("u", &[&"x".repeat(39)])], &layout);
    let error = refused(label("u", &[&"x".repeat(40)]), &layout);
    assert!(matches!(error, SheetError::TextDoesNotFit { need_width_um: 48_000, .. }));
    // 33,375 um hold the smallest code of 14,500 um and 7 lines of 2,500 um.
    check(vec![label("u", &["x"; 7])], &layout);
    let error = refused(label("u", &["x"; 8]), &layout);
    assert!(matches!(error, SheetError::TextDoesNotFit { need_height_um: 34_500, .. }));
    let error = refused(label(&"a".repeat(400), &[]), &layout);
    assert!(matches!(error, SheetError::CodeDoesNotFit { .. }));
}

#[test]
fn layouts_are_refused_by_name() {
    let base = LayoutBuilder::default;
    let error = |b: LayoutBuilder| b.build().unwrap_err();
    for (field, builder) in [
        ("page_width_um", LayoutBuilder { page_width_um: 0, ..base() }),
        ("page_height_um", LayoutBuilder { page_height_um: 0, ..base() }),
        ("columns", LayoutBuilder { columns: 0, ..base() }),
        ("rows", LayoutBuilder { rows: 0, ..base() }),
        ("label_width_um", LayoutBuilder { label_width_um: 0, ..base() }),
        ("label_height_um", LayoutBuilder { label_height_um: 0, ..base() }),
        ("module_um", LayoutBuilder { module_um: 0, module_um_min: 0, ..base() }),
        ("text_um", LayoutBuilder { text_um: 0, ..base() }),
    ] {
        assert!(matches!(error(builder), SheetError::Zero { field: f } if f == field));
    }
    for builder in [
        LayoutBuilder { page_width_um: 5_080_001, ..base() },
        LayoutBuilder { page_height_um: u32::MAX, ..base() },
    ] {
        assert!(matches!(error(builder), SheetError::PageTooLarge { .. }));
    }
    for builder in [
        LayoutBuilder { columns: 5, ..base() },
        LayoutBuilder { rows: u16::MAX, ..base() },
        LayoutBuilder { margin_um: u32::MAX, ..base() },
        LayoutBuilder { gap_x_um: 2_001, ..base() },
        LayoutBuilder { gap_y_um: u32::MAX, ..base() },
        LayoutBuilder { label_width_um: u32::MAX, ..base() },
        LayoutBuilder { label_height_um: 33_376, ..base() },
    ] {
        assert!(matches!(error(builder), SheetError::GridDoesNotFit { .. }));
    }
    let too_small = error(LayoutBuilder { module_um: 395, ..base() });
    assert!(matches!(too_small, SheetError::ModuleTooSmall { module_um: 395, .. }));
    assert!(LayoutBuilder { module_um: 250, module_um_min: 250, ..base() }.build().is_ok());
    // The smallest code has 21 modules and 8 of quiet zone.
    let side = 29 * 500;
    assert!(LayoutBuilder { label_width_um: side, ..base() }.build().is_ok());
    for builder in [
        LayoutBuilder { label_width_um: side - 1, ..base() },
        LayoutBuilder { label_height_um: side - 1, ..base() },
        LayoutBuilder { module_um: u32::MAX, ..base() },
    ] {
        assert!(matches!(error(builder), SheetError::CodeDoesNotFit { .. }));
    }
}

#[test]
fn page_counts() {
    let layout = small();
    for (labels, pages) in [(1, 1), (3, 1), (4, 1), (5, 2), (8, 2), (9, 3)] {
        assert_eq!(svg_pages(many(labels), &layout).len(), pages);
        let (n_pages, pdf) = pdf_bytes(many(labels), &layout);
        assert_eq!((n_pages, Pdf::read(&pdf).contents().len()), (pages as u64, pages));
    }
    assert!(svg_pages(vec![], &layout).is_empty());
    let mut bytes = Vec::new();
    assert!(matches!(write_pdf(ok(vec![]), &layout, &mut bytes), Err(SheetError::NoLabels)));
    assert!(bytes.is_empty());
}

#[test]
fn page_tree_has_several_nodes() {
    let layout = LayoutBuilder { columns: 1, rows: 1, ..Default::default() }.build().unwrap();
    for labels in [1_000, 1_001] {
        let (n_pages, pdf) = pdf_bytes(vec![label("u", &[]); labels], &layout);
        assert_eq!(n_pages, labels as u64);
        assert_eq!(Pdf::read(&pdf).contents().len(), labels);
    }
}

#[derive(Debug)]
enum CallerError {
    Source,
    Sheet(SheetError),
}

impl From<SheetError> for CallerError {
    fn from(error: SheetError) -> Self {
        CallerError::Sheet(error)
    }
}

#[test]
fn errors_of_the_labels_end_the_pages() {
    let layout = small();
    let labels = || (0..20).map(|i| if i == 6 { Err(CallerError::Source) } else { Ok(gs1(i)) });
    let mut pages = sheets_svg(labels(), &layout);
    assert!(matches!(pages.next(), Some(Ok(_))));
    assert!(matches!(pages.next(), Some(Err(CallerError::Source))));
    assert!(pages.next().is_none());
    assert!(matches!(write_pdf(labels(), &layout, io::sink()), Err(CallerError::Source)));

    let labels = || (0..20).map(|i| Ok::<_, CallerError>(label(&"u".repeat(7 - i), &[])));
    let error = write_pdf(labels(), &layout, io::sink()).unwrap_err();
    let CallerError::Sheet(SheetError::AtLabel { index: 7, source }) = error else {
        panic!("{error:?}")
    };
    assert!(matches!(*source, SheetError::UriEmpty));
}

struct Full(usize);

impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn output_errors_are_returned() {
    let (_, pdf) = pdf_bytes(many(9), &small());
    for room in [0, 20, 5_000, pdf.len() - 1] {
        let error = write_pdf(ok(many(9)), &small(), Full(room)).unwrap_err();
        assert!(
            matches!(error, SheetError::Io(e) if e.kind() == io::ErrorKind::StorageFull),
            "{room}"
        );
    }
    assert!(write_pdf(ok(many(9)), &small(), Full(pdf.len())).is_ok());
}

#[test]
fn pdf_file_has_the_same_bytes() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write_pdf(ok(many(9)), &small(), &mut file).unwrap();
    assert_eq!(std::fs::read(file.path()).unwrap(), pdf_bytes(many(9), &small()).1);
}

#[test]
fn bytes_are_stable() {
    let svg = svg_pages(many(3), &small()).remove(0);
    assert!(svg.contains("width=\"80.000mm\" height=\"70.000mm\" viewBox=\"0 0 80000 70000\""));
    let (_, pdf) = pdf_bytes(many(3), &small());
    let one = qr_svg(&gs1(0), 500).unwrap();
    assert_eq!(
        [fnv1a(svg.as_bytes()), fnv1a(&pdf), fnv1a(one.as_bytes())].map(|h| format!("{h:016x}")),
        ["457cbf3e04424588", "3fa9cf996bd52178", "ed093c12856a36d1"]
    );
}
