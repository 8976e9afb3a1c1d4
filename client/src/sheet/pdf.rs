//! Pages as one PDF document.

#![allow(clippy::float_arithmetic, reason = "the library takes the units of PDF as f32")]

use std::io::Write;

use pdf_writer::types::ProcSet;
use pdf_writer::writers::Catalog;
use pdf_writer::{Chunk, Content, Finish as _, Name, Rect, Ref, Settings, Str};

use super::{Label, Layout, Placed, SheetError, next_page};

/// Pages under one inner node of the page tree; keeps arrays below the 8,191 elements that older
/// readers accept (PDF 1.4, appendix C).
const PAGES_PER_NODE: i32 = 1_000;

/// Largest offset a cross-reference entry can hold (ISO 32000-1, 7.5.4: ten digits).
const OFFSET_MAX: u64 = 9_999_999_999;

/// PDF units (1/72 inch) in one micrometre. `f32` because pdf-writer takes nothing else; the
/// error is below 1 µm on the longest page.
const UNITS_PER_UM: f32 = 72.0 / 25_400.0;

const CATALOG: i32 = 1;
const ROOT: i32 = 2;
const FONT: i32 = 3;
const FONT_NAME: Name<'static> = Name(b"F");

/// Writes pages of labels as one PDF 1.7 document and returns the number of pages. Text is set in
/// Courier, one of the standard 14 fonts, not embedded. Content streams are not compressed.
///
/// Each page is written as soon as it is full. Memory holds one page, the references of at most
/// 1,000 pages, and about 16 bytes for each page written.
///
/// `out` is written front to back and flushed, never read or seeked. After an error it holds an
/// incomplete document; write to a temporary file and rename it to have all or nothing.
///
/// # Errors
///
/// What `labels` yields, as it is; [`SheetError::NoLabels`] before anything is written;
/// [`SheetError::AtLabel`] for a label that is refused; [`SheetError::PdfTooLarge`] at 10^10
/// bytes; [`SheetError::Io`].
pub fn write_pdf<E: From<SheetError>>(
    labels: impl Iterator<Item = Result<Label, E>>,
    layout: &Layout,
    out: impl Write,
) -> Result<u64, E> {
    let mut labels = labels.fuse();
    let mut index = 0;
    let mut file = File { out, len: 0, offsets: vec![0; FONT as usize] };
    let mut nodes = Vec::new();
    let mut kids = Vec::new();
    let mut n_pages = 0;
    loop {
        let mut content = Content::with_settings(COMPACT);
        start(&mut content, layout);
        let n_labels =
            next_page(&mut labels, layout, &mut index, |placed| put(&mut content, placed))?;
        if n_labels == 0 {
            break;
        }
        if n_pages == 0 {
            file.header()?;
        }
        if kids.is_empty() {
            nodes.push(file.reserve());
        }
        let node = *nodes.last().expect("a node is pushed before its first page; qed");
        kids.push(file.page(node, &content.finish())?);
        n_pages += 1;
        if kids.len() == PAGES_PER_NODE as usize {
            file.node(node, &kids)?;
            kids.clear();
        }
    }
    if n_pages == 0 {
        return Err(SheetError::NoLabels.into());
    }
    if let Some(&node) = nodes.last()
        && !kids.is_empty()
    {
        file.node(node, &kids)?;
    }
    file.end(layout, &nodes, n_pages)?;
    Ok(n_pages as u64)
}

const COMPACT: Settings = Settings { pretty: false };

/// Makes one micrometre the unit and the top left corner the origin, y downwards, so that all
/// further numbers are integers, which are exact and short.
fn start(content: &mut Content, layout: &Layout) {
    let height = f(layout.0.page_height_um.into()) * UNITS_PER_UM;
    content.transform([UNITS_PER_UM, 0.0, 0.0, -UNITS_PER_UM, 0.0, height]);
    content.set_font(FONT_NAME, f(layout.0.text_um.into()));
}

fn put(content: &mut Content, placed: &Placed<'_>) {
    let block = &placed.block;
    let module = f(block.module_um.into());
    content.save_state();
    content.transform([module, 0.0, 0.0, module, f(placed.code_x_um), f(placed.code_y_um)]);
    for run in &block.runs {
        content.rect(f(run.x.into()), f(run.y.into()), f(run.len.into()), 1.0);
    }
    // One fill for the whole code: rows share edges inside one path and leave no seam.
    content.fill_nonzero();
    content.restore_state();
    if block.lines.iter().all(String::is_empty) {
        return;
    }
    content.begin_text();
    for (line, width_um, y_um) in placed.lines() {
        if line.is_empty() {
            continue;
        }
        let x_um = placed.centre_x_um - width_um / 2;
        // Mirrors the glyphs back: y runs downwards on this page.
        content.set_text_matrix([1.0, 0.0, 0.0, -1.0, f(x_um), f(y_um)]);
        content.show(Str(line.as_bytes()));
    }
    content.end_text();
}

/// Exact for every length shown: what fits a page is below 2^24.
fn f(integer: u64) -> f32 {
    integer as f32
}

/// The document so far. pdf-writer's own `Pdf` keeps the whole document in memory and does not
/// give offsets away, so each object is built alone in a `Chunk` and the cross-reference table
/// is written here.
struct File<W> {
    out: W,
    len: u64,
    /// Offset of object `i + 1`, zero until it is written.
    offsets: Vec<u64>,
}

impl<W: Write> File<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), SheetError> {
        self.out.write_all(bytes)?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Names the version and, by four bytes above 127, a binary file (ISO 32000-1, 7.5.2).
    fn header(&mut self) -> Result<(), SheetError> {
        self.write(b"%PDF-1.7\n%\x80\x80\x80\x80\n")
    }

    fn reserve(&mut self) -> Ref {
        self.offsets.push(0);
        let id = i32::try_from(self.offsets.len())
            .expect("an object takes over 5 bytes and the file has at most 10^10; qed");
        Ref::new(id)
    }

    /// Writes one object made by `build`.
    fn object(&mut self, id: Ref, build: impl FnOnce(&mut Chunk)) -> Result<(), SheetError> {
        if self.len > OFFSET_MAX {
            return Err(SheetError::PdfTooLarge);
        }
        let mut chunk = Chunk::with_settings(COMPACT);
        build(&mut chunk);
        self.offsets[id.get() as usize - 1] = self.len;
        self.write(chunk.as_bytes())
    }

    fn page(&mut self, node: Ref, content: &[u8]) -> Result<Ref, SheetError> {
        let (page, stream) = (self.reserve(), self.reserve());
        self.object(page, |chunk| {
            chunk.page(page).parent(node).contents(stream);
        })?;
        self.object(stream, |chunk| {
            chunk.stream(stream, content);
        })?;
        Ok(page)
    }

    fn node(&mut self, node: Ref, kids: &[Ref]) -> Result<(), SheetError> {
        self.object(node, |chunk| {
            let count = i32::try_from(kids.len()).expect("at most PAGES_PER_NODE; qed");
            chunk.pages(node).parent(Ref::new(ROOT)).kids(kids.iter().copied()).count(count);
        })
    }

    /// Writes what depends on all pages, then the cross-reference table and the trailer
    /// (ISO 32000-1, 7.5.4 and 7.5.5).
    fn end(&mut self, layout: &Layout, nodes: &[Ref], n_pages: i32) -> Result<(), SheetError> {
        let (catalog, root, font) = (Ref::new(CATALOG), Ref::new(ROOT), Ref::new(FONT));
        self.object(font, |chunk| {
            // The built-in encoding of Courier has typographic quotes for ' and `.
            chunk
                .type1_font(font)
                .base_font(Name(b"Courier"))
                .encoding_predefined(Name(b"WinAnsiEncoding"));
        })?;
        self.object(root, |chunk| {
            let mut pages = chunk.pages(root);
            pages.kids(nodes.iter().copied()).count(n_pages).media_box(Rect::new(
                0.0,
                0.0,
                f(layout.0.page_width_um.into()) * UNITS_PER_UM,
                f(layout.0.page_height_um.into()) * UNITS_PER_UM,
            ));
            let mut resources = pages.resources();
            resources.proc_sets([ProcSet::Pdf, ProcSet::Text]);
            resources.fonts().pair(FONT_NAME, font);
        })?;
        self.object(catalog, |chunk| {
            chunk.indirect(catalog).start::<Catalog<'_>>().pages(root).finish();
        })?;

        let xref = self.len;
        let size = self.offsets.len() + 1;
        // Each entry is exactly 20 bytes with its two-byte line end.
        self.write(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
        for i in 0..self.offsets.len() {
            let offset = self.offsets[i];
            self.write(format!("{offset:010} 00000 n \n").as_bytes())?;
        }
        self.write(
            format!("trailer\n<</Size {size}/Root {CATALOG} 0 R>>\nstartxref\n{xref}\n%%EOF\n")
                .as_bytes(),
        )?;
        self.out.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_of_eleven_digits_is_refused() {
        let mut file = File { out: std::io::sink(), len: OFFSET_MAX, offsets: vec![0] };
        file.object(Ref::new(1), |chunk| drop(chunk.page(Ref::new(1)))).unwrap();
        let error = file.object(Ref::new(1), |chunk| drop(chunk.page(Ref::new(1))));
        assert!(matches!(error, Err(SheetError::PdfTooLarge)));
    }
}
