//! Codes and pages as SVG.

use std::fmt::Write as _;

use super::layout::check_module;
use super::{Block, Label, Layout, MODULE_UM_MIN, Placed, SheetError, TEXT_UM, next_page};

/// One code with its quiet zone and its lines of text, as a stand-alone SVG document.
///
/// `module_um` is the side of one module in micrometres, at least [`MODULE_UM_MIN`]. Text has the
/// size [`TEXT_UM`]; the image is as wide as the code with its quiet zone or the longest line,
/// whichever is wider.
///
/// # Errors
///
/// [`SheetError::ModuleTooSmall`], [`SheetError::UriEmpty`], [`SheetError::UriTooLong`],
/// [`SheetError::UriNotAscii`], [`SheetError::TextNotAscii`].
pub fn qr_svg(label: &Label, module_um: u32) -> Result<String, SheetError> {
    check_module(module_um, MODULE_UM_MIN)?;
    let block = Block::new(label, module_um, TEXT_UM)?;
    let (width_um, height_um) = (block.width_um(), block.height_um());
    let mut svg = String::new();
    open(&mut svg, width_um, height_um, TEXT_UM);
    put(&mut svg, &block.centre_in(0, 0, width_um, height_um));
    close(&mut svg);
    Ok(svg)
}

/// Pages of labels, one SVG document each; the last page may be partly filled. Without labels
/// there are no pages.
///
/// Holds one page in memory. After an error the iterator ends; pages before it are complete.
///
/// # Errors
///
/// What `labels` yields, as it is; [`SheetError::AtLabel`] for a label that is refused.
pub fn sheets_svg<'a, I, E>(
    labels: I,
    layout: &'a Layout,
) -> impl Iterator<Item = Result<String, E>> + use<'a, I, E>
where
    I: Iterator<Item = Result<Label, E>>,
    E: From<SheetError>,
{
    let mut labels = labels.fuse();
    let mut index = 0;
    let mut failed = false;
    std::iter::from_fn(move || {
        if failed {
            return None;
        }
        let mut svg = String::new();
        let sizes = &layout.0;
        open(&mut svg, sizes.page_width_um.into(), sizes.page_height_um.into(), sizes.text_um);
        match next_page(&mut labels, layout, &mut index, |placed| put(&mut svg, placed)) {
            Ok(0) => None,
            Ok(_) => {
                close(&mut svg);
                Some(Ok(svg))
            }
            Err(error) => {
                failed = true;
                Some(Err(error))
            }
        }
    })
}

/// Starts a document whose user unit is one micrometre.
///
/// The white rectangle keeps the quiet zone light on a dark background. `crispEdges` keeps
/// renderers from blending the edges of rows into light lines across the code.
fn open(svg: &mut String, width_um: u64, height_um: u64, text_um: u32) {
    add(
        svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}.{:03}mm\" height=\"{}.{:03}mm\" \
             viewBox=\"0 0 {width_um} {height_um}\" shape-rendering=\"crispEdges\" \
             font-family=\"monospace\" font-size=\"{text_um}\" text-anchor=\"middle\" \
             xml:space=\"preserve\">\n\
             <rect width=\"{width_um}\" height=\"{height_um}\" fill=\"#fff\"/>\n",
            width_um / 1000,
            width_um % 1000,
            height_um / 1000,
            height_um % 1000,
        ),
    );
}

/// Adds a label. Rectangles are in modules, which the group scales, so that each takes few digits.
/// `textLength` holds a line to the width it was measured with, whatever font the reader has.
fn put(svg: &mut String, placed: &Placed<'_>) {
    let Placed { block, code_x_um, code_y_um, centre_x_um, .. } = placed;
    let module_um = block.module_um;
    add(
        svg,
        format_args!("<g transform=\"translate({code_x_um} {code_y_um}) scale({module_um})\">"),
    );
    for run in &block.runs {
        add(
            svg,
            format_args!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"1\"/>",
                run.x, run.y, run.len
            ),
        );
    }
    svg.push_str("</g>\n");
    for (line, width_um, y_um) in placed.lines() {
        if line.is_empty() {
            continue;
        }
        add(svg, format_args!("<text x=\"{centre_x_um}\" y=\"{y_um}\" textLength=\"{width_um}\">"));
        for c in line.chars() {
            match c {
                '&' => svg.push_str("&amp;"),
                '<' => svg.push_str("&lt;"),
                '>' => svg.push_str("&gt;"),
                c => svg.push(c),
            }
        }
        svg.push_str("</text>\n");
    }
}

fn close(svg: &mut String) {
    svg.push_str("</svg>\n");
}

fn add(svg: &mut String, text: std::fmt::Arguments<'_>) {
    svg.write_fmt(text).expect("writing to a String does not fail; qed");
}
