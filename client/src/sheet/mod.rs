//! Sheets of labels, each a QR code with lines of text under it, as SVG or PDF.
//!
//! Every length is an integer number of micrometres and its name ends in `_um`. Positions count
//! from the top left corner of the page. Labels fill a page row by row, left to right.
//!
//! Codes have error correction level M and a quiet zone of [`QUIET_ZONE_MODULES`] on each side
//! (ISO/IEC 18004, model 2). The default smallest module is [`MODULE_UM_MIN`].
//!
//! The same labels and layout give the same bytes: nothing written depends on time, locale or
//! environment.

mod layout;
mod pdf;
mod svg;
#[cfg(test)]
mod tests;

pub use layout::{Layout, LayoutBuilder};
pub use pdf::write_pdf;
pub use svg::{qr_svg, sheets_svg};

use qrcode::{Color, EcLevel, QrCode};

/// Light modules required on each side of a code (ISO/IEC 18004, quiet zone of 4X).
pub const QUIET_ZONE_MODULES: u32 = 4;

/// Smallest side of one module, in micrometres, for QR codes with a GS1 Digital Link URI scanned
/// at retail point of sale.
///
/// GS1 General Specifications, section 5.12.3.1, gives 0.396 mm to 0.990 mm; GS1 UK quotes the
/// range from there. The upper end is not enforced here.
pub const MODULE_UM_MIN: u32 = 396;

/// Longest [`Label::uri`], in bytes.
pub const URI_BYTES_MAX: usize = 512;

/// Default text size (the em), in micrometres.
pub const TEXT_UM: u32 = 2_000;

/// Modules on the side of the smallest code, without quiet zone (ISO/IEC 18004, version 1).
const SIDE_MODULES_MIN: u32 = 21;

/// One label: what its code holds and what is printed under the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Content of the code, byte for byte: 1 to [`URI_BYTES_MAX`] bytes, each in `0x21..=0x7E`.
    pub uri: String,
    /// Lines of text under the code, top to bottom; each byte in `0x20..=0x7E`. May be empty.
    pub lines: Vec<String>,
}

/// Why a layout or a label was refused, or a file not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// A length or count of the layout is zero.
    #[error("{field} is zero")]
    Zero {
        /// Name of the [`LayoutBuilder`] field.
        field: &'static str,
    },
    /// A side of the page is longer than 5,080,000 µm, the 14,400 units of PDF 1.7, annex C.2.
    #[error("page of {width_um} x {height_um} um has a side over {max_um} um")]
    PageTooLarge {
        /// Page width asked for.
        width_um: u32,
        /// Page height asked for.
        height_um: u32,
        /// Longest side accepted.
        max_um: u32,
    },
    /// Margins, labels and gaps together are larger than the page.
    #[error(
        "labels need a page of {need_width_um} x {need_height_um} um, \
         it has {page_width_um} x {page_height_um} um"
    )]
    GridDoesNotFit {
        /// Page width the grid needs.
        need_width_um: u64,
        /// Page height the grid needs.
        need_height_um: u64,
        /// Page width.
        page_width_um: u32,
        /// Page height.
        page_height_um: u32,
    },
    /// A module is smaller than the smallest one accepted.
    #[error("module of {module_um} um is under {module_um_min} um")]
    ModuleTooSmall {
        /// Module side asked for.
        module_um: u32,
        /// Smallest module side accepted.
        module_um_min: u32,
    },
    /// A code with its quiet zone is larger than the label. Building a layout gives this for the
    /// smallest code there is, placing a label gives it for the code of that label.
    #[error("code needs {need_um} um a side, label has {label_width_um} x {label_height_um} um")]
    CodeDoesNotFit {
        /// Side of the code with its quiet zone.
        need_um: u64,
        /// Label width.
        label_width_um: u32,
        /// Label height.
        label_height_um: u32,
    },
    /// The code fits the label, but not together with the lines of text.
    #[error(
        "code and text need {need_width_um} x {need_height_um} um, \
         label has {label_width_um} x {label_height_um} um"
    )]
    TextDoesNotFit {
        /// Width of the code or of the longest line, whichever is larger.
        need_width_um: u64,
        /// Height of the code and all lines.
        need_height_um: u64,
        /// Label width.
        label_width_um: u32,
        /// Label height.
        label_height_um: u32,
    },
    /// The URI is empty.
    #[error("URI is empty")]
    UriEmpty,
    /// The URI is longer than [`URI_BYTES_MAX`].
    #[error("URI of {bytes} bytes is over {URI_BYTES_MAX} bytes")]
    UriTooLong {
        /// Length of the URI.
        bytes: usize,
    },
    /// The URI has a byte outside `0x21..=0x7E`.
    #[error("URI byte {at} is not printable ASCII or is a space")]
    UriNotAscii {
        /// Zero-based position of the first such byte.
        at: usize,
    },
    /// A line of text has a byte outside `0x20..=0x7E`.
    #[error("byte {at} of text line {line} is not printable ASCII")]
    TextNotAscii {
        /// Zero-based line.
        line: usize,
        /// Zero-based position of the first such byte.
        at: usize,
    },
    /// A label of a sequence was refused.
    #[error("label {index}: {source}")]
    AtLabel {
        /// Zero-based position in the sequence.
        index: u64,
        /// What was refused; one of the URI, code and text errors.
        source: Box<SheetError>,
    },
    /// A PDF was asked for without any label; a page tree needs a page.
    #[error("no labels")]
    NoLabels,
    /// The PDF grew past the ten decimal digits of a cross-reference offset
    /// (ISO 32000-1, 7.5.4). Spread the labels over several files.
    #[error("PDF is over 9,999,999,999 bytes")]
    PdfTooLarge,
    /// The output could not be written.
    #[error("cannot write: {0}")]
    Io(#[from] std::io::Error),
}

/// A run of dark modules in one row of a code; positions count from the code's top left module.
#[derive(Clone, Copy)]
struct Run {
    x: u32,
    y: u32,
    len: u32,
}

/// A label measured at given sizes.
struct Block<'a> {
    runs: Vec<Run>,
    lines: &'a [String],
    module_um: u32,
    text_um: u32,
    /// Side of the code with its quiet zone.
    code_um: u64,
    /// Width of the longest line.
    text_width_um: u64,
}

impl<'a> Block<'a> {
    /// Checks and encodes a label; errors are those of the URI and the text.
    fn new(label: &'a Label, module_um: u32, text_um: u32) -> Result<Self, SheetError> {
        let uri = label.uri.as_bytes();
        if uri.is_empty() {
            return Err(SheetError::UriEmpty);
        }
        if uri.len() > URI_BYTES_MAX {
            return Err(SheetError::UriTooLong { bytes: uri.len() });
        }
        if let Some(at) = uri.iter().position(|b| !b.is_ascii_graphic()) {
            return Err(SheetError::UriNotAscii { at });
        }
        for (line, text) in label.lines.iter().enumerate() {
            if let Some(at) = text.bytes().position(|b| b != b' ' && !b.is_ascii_graphic()) {
                return Err(SheetError::TextNotAscii { line, at });
            }
        }

        let code = QrCode::with_error_correction_level(uri, EcLevel::M)
            .expect("version 40-M holds 2,331 bytes and the URI is at most 512; qed");
        let side = code.width();
        let colors = code.into_colors();
        let mut runs = Vec::new();
        for (y, row) in (0..).zip(colors.chunks_exact(side)) {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                let len = u32::try_from(run.len()).expect("a row has at most 177 modules; qed");
                if run[0] == Color::Dark {
                    runs.push(Run { x, y, len });
                }
                x += len;
            }
        }
        let side = u32::try_from(side).expect("a code has at most 177 modules a side; qed");
        Ok(Block {
            runs,
            lines: &label.lines,
            module_um,
            text_um,
            code_um: code_um(side, module_um),
            text_width_um: label.lines.iter().map(|l| line_um(l, text_um)).max().unwrap_or(0),
        })
    }

    fn width_um(&self) -> u64 {
        self.code_um.max(self.text_width_um)
    }

    fn height_um(&self) -> u64 {
        self.code_um + self.line_step_um() * self.lines.len() as u64
    }

    /// Distance of baselines: text size and a quarter, for the part of letters below the baseline
    /// and the space between lines.
    fn line_step_um(&self) -> u64 {
        u64::from(self.text_um) + u64::from(self.text_um) / 4
    }

    /// Centres the block in a rectangle it fits in.
    fn centre_in(self, x_um: u64, y_um: u64, width_um: u64, height_um: u64) -> Placed<'a> {
        let top_um = y_um + (height_um - self.height_um()) / 2;
        let quiet_um = u64::from(QUIET_ZONE_MODULES) * u64::from(self.module_um);
        Placed {
            code_x_um: x_um + (width_um - self.code_um) / 2 + quiet_um,
            code_y_um: top_um + quiet_um,
            centre_x_um: x_um + width_um / 2,
            baseline_y_um: top_um + self.code_um + u64::from(self.text_um),
            block: self,
        }
    }
}

/// A block with its position on the page.
struct Placed<'a> {
    block: Block<'a>,
    /// Left edge of the code's first module, right of the quiet zone.
    code_x_um: u64,
    /// Top edge of the code's first module, below the quiet zone.
    code_y_um: u64,
    /// Middle of every line of text.
    centre_x_um: u64,
    /// Baseline of the first line of text.
    baseline_y_um: u64,
}

impl Placed<'_> {
    /// Each line with its width and baseline.
    fn lines(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        (0..).zip(self.block.lines).map(|(i, line)| {
            let width_um = line_um(line, self.block.text_um);
            (line.as_str(), width_um, self.baseline_y_um + i * self.block.line_step_um())
        })
    }
}

/// Side of a code with its quiet zone.
fn code_um(side_modules: u32, module_um: u32) -> u64 {
    u64::from(side_modules + 2 * QUIET_ZONE_MODULES) * u64::from(module_um)
}

/// Width of a line: every Courier glyph advances 600 thousandths of the text size.
fn line_um(line: &str, text_um: u32) -> u64 {
    (line.len() as u64 * u64::from(text_um) * 3).div_ceil(5)
}

/// Takes the labels of one page, hands each to `put` and returns how many there were; zero when
/// `labels` has ended. `index` counts labels over all pages.
fn next_page<E: From<SheetError>>(
    labels: &mut impl Iterator<Item = Result<Label, E>>,
    layout: &Layout,
    index: &mut u64,
    mut put: impl FnMut(&Placed<'_>),
) -> Result<u32, E> {
    for slot in 0..layout.labels_per_page() {
        let Some(label) = labels.next() else { return Ok(slot) };
        let label = label?;
        match layout.place(&label, slot) {
            Ok(placed) => put(&placed),
            Err(source) => {
                return Err(SheetError::AtLabel { index: *index, source: source.into() }.into());
            }
        }
        *index += 1;
    }
    Ok(layout.labels_per_page())
}
