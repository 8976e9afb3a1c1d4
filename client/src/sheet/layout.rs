//! Where labels lie on a page.

use super::{Block, Label, MODULE_UM_MIN, Placed, SIDE_MODULES_MIN, SheetError, TEXT_UM, code_um};

/// Longest side of a page: 14,400 PDF units of 1/72 inch (PDF 1.7, annex C.2). It also keeps every
/// position below 2^24, where `f32` holds integers exactly.
const PAGE_UM_MAX: u32 = 5_080_000;

/// Sizes of a page and its labels, not checked yet. The default is a portrait A4 page of 4 columns
/// and 8 rows, labels 47.0 mm x 33.375 mm, modules of 0.5 mm.
///
/// ```
/// use ecoledger_client::sheet::LayoutBuilder;
///
/// let layout = LayoutBuilder { columns: 3, ..Default::default() }.build()?;
/// assert_eq!(layout.labels_per_page(), 24);
/// # Ok::<(), ecoledger_client::sheet::SheetError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutBuilder {
    /// Page width in micrometres, 1 to 5,080,000.
    pub page_width_um: u32,
    /// Page height in micrometres, 1 to 5,080,000.
    pub page_height_um: u32,
    /// Distance in micrometres from the left page edge to the first column and from the top page
    /// edge to the first row; at least as much stays free at the right and bottom.
    pub margin_um: u32,
    /// Labels in a row, at least 1.
    pub columns: u16,
    /// Labels in a column, at least 1.
    pub rows: u16,
    /// Label width in micrometres; must hold the code with its quiet zone and each line of text.
    pub label_width_um: u32,
    /// Label height in micrometres; must hold the code with its quiet zone and all lines of text.
    pub label_height_um: u32,
    /// Free space in micrometres between columns.
    pub gap_x_um: u32,
    /// Free space in micrometres between rows.
    pub gap_y_um: u32,
    /// Side of one module in micrometres, at least `module_um_min` and 1. A printer reproduces it
    /// best when it is a whole number of printer dots.
    pub module_um: u32,
    /// Smallest `module_um` accepted, in micrometres; [`MODULE_UM_MIN`] by default.
    pub module_um_min: u32,
    /// Text size (the em) in micrometres, at least 1. A character is 0.6 of it wide, a line takes
    /// 1.25 of it in height.
    pub text_um: u32,
}

impl Default for LayoutBuilder {
    fn default() -> Self {
        LayoutBuilder {
            page_width_um: 210_000,
            page_height_um: 297_000,
            margin_um: 8_000,
            columns: 4,
            rows: 8,
            label_width_um: 47_000,
            label_height_um: 33_375,
            gap_x_um: 2_000,
            gap_y_um: 2_000,
            module_um: 500,
            module_um_min: MODULE_UM_MIN,
            text_um: TEXT_UM,
        }
    }
}

impl LayoutBuilder {
    /// Checks the sizes.
    ///
    /// # Errors
    ///
    /// [`SheetError::Zero`], [`SheetError::PageTooLarge`], [`SheetError::GridDoesNotFit`],
    /// [`SheetError::ModuleTooSmall`], or [`SheetError::CodeDoesNotFit`] when not even the smallest
    /// code (21 modules and the quiet zone) fits a label.
    pub fn build(self) -> Result<Layout, SheetError> {
        for (field, value) in [
            ("page_width_um", self.page_width_um),
            ("page_height_um", self.page_height_um),
            ("columns", self.columns.into()),
            ("rows", self.rows.into()),
            ("label_width_um", self.label_width_um),
            ("label_height_um", self.label_height_um),
            ("module_um", self.module_um),
            ("text_um", self.text_um),
        ] {
            if value == 0 {
                return Err(SheetError::Zero { field });
            }
        }
        if self.page_width_um.max(self.page_height_um) > PAGE_UM_MAX {
            return Err(SheetError::PageTooLarge {
                width_um: self.page_width_um,
                height_um: self.page_height_um,
                max_um: PAGE_UM_MAX,
            });
        }
        let need = |count: u16, label_um: u32, gap_um: u32| {
            let count = u64::from(count);
            2 * u64::from(self.margin_um)
                + count * u64::from(label_um)
                + (count - 1) * u64::from(gap_um)
        };
        let need_width_um = need(self.columns, self.label_width_um, self.gap_x_um);
        let need_height_um = need(self.rows, self.label_height_um, self.gap_y_um);
        if need_width_um > self.page_width_um.into() || need_height_um > self.page_height_um.into()
        {
            return Err(SheetError::GridDoesNotFit {
                need_width_um,
                need_height_um,
                page_width_um: self.page_width_um,
                page_height_um: self.page_height_um,
            });
        }
        check_module(self.module_um, self.module_um_min)?;
        let layout = Layout(self);
        layout.check_code(code_um(SIDE_MODULES_MIN, layout.0.module_um))?;
        Ok(layout)
    }
}

/// Checked sizes of a page and its labels, from [`LayoutBuilder::build`]. The default is the
/// default of [`LayoutBuilder`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout(pub(super) LayoutBuilder);

impl Layout {
    /// Labels on a full page: columns times rows.
    pub fn labels_per_page(&self) -> u32 {
        u32::from(self.0.columns) * u32::from(self.0.rows)
    }

    /// Puts a label into a slot of the page; slots count from zero, row by row.
    pub(super) fn place<'a>(&self, label: &'a Label, slot: u32) -> Result<Placed<'a>, SheetError> {
        let LayoutBuilder { label_width_um, label_height_um, module_um, text_um, .. } = self.0;
        let block = Block::new(label, module_um, text_um)?;
        self.check_code(block.code_um)?;
        if block.width_um() > label_width_um.into() || block.height_um() > label_height_um.into() {
            return Err(SheetError::TextDoesNotFit {
                need_width_um: block.width_um(),
                need_height_um: block.height_um(),
                label_width_um,
                label_height_um,
            });
        }
        let columns = u32::from(self.0.columns);
        let edge = |at: u32, label_um: u32, gap_um: u32| {
            u64::from(self.0.margin_um) + u64::from(at) * (u64::from(label_um) + u64::from(gap_um))
        };
        Ok(block.centre_in(
            edge(slot % columns, label_width_um, self.0.gap_x_um),
            edge(slot / columns, label_height_um, self.0.gap_y_um),
            label_width_um.into(),
            label_height_um.into(),
        ))
    }

    fn check_code(&self, need_um: u64) -> Result<(), SheetError> {
        let LayoutBuilder { label_width_um, label_height_um, .. } = self.0;
        if need_um > label_width_um.min(label_height_um).into() {
            return Err(SheetError::CodeDoesNotFit { need_um, label_width_um, label_height_um });
        }
        Ok(())
    }
}

/// Refuses a module below the smallest one accepted.
pub(super) fn check_module(module_um: u32, module_um_min: u32) -> Result<(), SheetError> {
    if module_um < module_um_min {
        return Err(SheetError::ModuleTooSmall { module_um, module_um_min });
    }
    Ok(())
}
