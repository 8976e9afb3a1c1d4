//! Linters of the North American coupon codes, AIs (8110) and (8112).
//!
//! Source: the dictionary's linters `couponcode` and `couponposoffer`; GS1 General Specifications
//! clause 3.9 and the GS1 North American Coupon Application Guideline.

use super::linters::{Finding, only_digits, yymmdd};

/// The part of a coupon code that is not yet read.
struct Fields<'a> {
    rest: &'a str,
}

impl<'a> Fields<'a> {
    fn new(value: &'a str) -> Result<Self, Finding> {
        only_digits(value)?;
        Ok(Self { rest: value })
    }

    /// Takes `length` digits, or fails with `truncated`.
    fn take(&mut self, length: usize, truncated: Finding) -> Result<&'a str, Finding> {
        let (field, rest) = self.rest.split_at_checked(length).ok_or(truncated)?;
        self.rest = rest;
        Ok(field)
    }

    /// Takes one digit that must be one of `allowed`.
    fn digit(
        &mut self,
        allowed: &str,
        missing: Finding,
        invalid: Finding,
    ) -> Result<usize, Finding> {
        let digit = self.take(1, missing)?;
        if !allowed.contains(digit) {
            return Err(invalid);
        }
        digit.parse().map_err(|_| invalid)
    }

    /// Takes the indicator of an optional field if it comes next.
    fn option(&mut self, indicator: char) -> bool {
        let rest = self.rest.strip_prefix(indicator);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn end(&self) -> Result<(), Finding> {
        if self.rest.is_empty() { Ok(()) } else { Err("COUPON_EXCESS_DATA") }
    }
}

const ANY: &str = "0123456789";
const PREFIX_LENGTHS: &str = "0123456";
const VALUE_LENGTHS: &str = "12345";
const REQUIREMENT_CODES: &str = "012349";
/// Length indicators of company prefixes, funders and serial numbers count from six digits.
const BASE_LENGTH: usize = 6;

/// Coupon code identification for North America, (8110).
///
/// Company prefixes in it consist of at least six digits by construction, which is all that the
/// linter `gcppos1` could ask of them.
pub(super) fn couponcode(value: &str) -> Result<(), Finding> {
    let mut fields = Fields::new(value)?;
    let length =
        fields.digit(PREFIX_LENGTHS, "COUPON_MISSING_GCP_VLI", "COUPON_INVALID_GCP_LENGTH")?;
    fields.take(length + BASE_LENGTH, "COUPON_TRUNCATED_GCP")?;
    fields.take(6, "COUPON_TRUNCATED_OFFER_CODE")?;
    let length = fields.digit(
        VALUE_LENGTHS,
        "COUPON_MISSING_SAVE_VALUE_VLI",
        "COUPON_INVALID_SAVE_VALUE_LENGTH",
    )?;
    fields.take(length, "COUPON_TRUNCATED_SAVE_VALUE")?;
    let length = fields.digit(
        VALUE_LENGTHS,
        "COUPON_MISSING_1ST_PURCHASE_REQUIREMENT_VLI",
        "COUPON_INVALID_1ST_PURCHASE_REQUIREMENT_LENGTH",
    )?;
    fields.take(length, "COUPON_TRUNCATED_1ST_PURCHASE_REQUIREMENT")?;
    fields.digit(
        REQUIREMENT_CODES,
        "COUPON_MISSING_1ST_PURCHASE_REQUIREMENT_CODE",
        "COUPON_INVALID_1ST_PURCHASE_REQUIREMENT_CODE",
    )?;
    fields.take(3, "COUPON_TRUNCATED_1ST_PURCHASE_FAMILY_CODE")?;
    if fields.option('1') {
        second_purchase(&mut fields)?;
    }
    if fields.option('2') {
        third_purchase(&mut fields)?;
    }
    dates(&mut fields)?;
    if fields.option('5') {
        serial(&mut fields)?;
    }
    if fields.option('6') {
        let length = fields.digit(
            "1234567",
            "COUPON_MISSING_RETAILER_GCP_OR_GLN_VLI",
            "COUPON_INVALID_RETAILER_GCP_OR_GLN_LENGTH",
        )?;
        fields.take(length + BASE_LENGTH, "COUPON_TRUNCATED_RETAILER_GCP_OR_GLN")?;
    }
    if fields.option('9') {
        miscellaneous(&mut fields)?;
    }
    fields.end()
}

/// Positive offer file coupon code identification for North America, (8112).
pub(super) fn couponposoffer(value: &str) -> Result<(), Finding> {
    let mut fields = Fields::new(value)?;
    fields.digit("01", "COUPON_MISSING_FORMAT_CODE", "COUPON_INVALID_FORMAT_CODE")?;
    let length = fields.digit(
        PREFIX_LENGTHS,
        "COUPON_MISSING_FUNDER_VLI",
        "COUPON_INVALID_FUNDER_LENGTH",
    )?;
    fields.take(length + BASE_LENGTH, "COUPON_TRUNCATED_FUNDER")?;
    fields.take(6, "COUPON_TRUNCATED_OFFER_CODE")?;
    serial(&mut fields)?;
    fields.end()
}

fn second_purchase(fields: &mut Fields<'_>) -> Result<(), Finding> {
    fields.digit(
        "0123",
        "COUPON_MISSING_ADDITIONAL_PURCHASE_RULES_CODE",
        "COUPON_INVALID_ADDITIONAL_PURCHASE_RULES_CODE",
    )?;
    let length = fields.digit(
        VALUE_LENGTHS,
        "COUPON_MISSING_2ND_PURCHASE_REQUIREMENT_VLI",
        "COUPON_INVALID_2ND_PURCHASE_REQUIREMENT_LENGTH",
    )?;
    fields.take(length, "COUPON_TRUNCATED_2ND_PURCHASE_REQUIREMENT")?;
    fields.digit(
        REQUIREMENT_CODES,
        "COUPON_MISSING_2ND_PURCHASE_REQUIREMENT_CODE",
        "COUPON_INVALID_2ND_PURCHASE_REQUIREMENT_CODE",
    )?;
    fields.take(3, "COUPON_TRUNCATED_2ND_PURCHASE_FAMILY_CODE")?;
    optional_prefix(
        fields,
        "COUPON_MISSING_2ND_PURCHASE_GCP_VLI",
        "COUPON_INVALID_2ND_PURCHASE_GCP_LENGTH",
        "COUPON_TRUNCATED_2ND_PURCHASE_GCP",
    )
}

fn third_purchase(fields: &mut Fields<'_>) -> Result<(), Finding> {
    let length = fields.digit(
        VALUE_LENGTHS,
        "COUPON_MISSING_3RD_PURCHASE_REQUIREMENT_VLI",
        "COUPON_INVALID_3RD_PURCHASE_REQUIREMENT_LENGTH",
    )?;
    fields.take(length, "COUPON_TRUNCATED_3RD_PURCHASE_REQUIREMENT")?;
    fields.digit(
        REQUIREMENT_CODES,
        "COUPON_MISSING_3RD_PURCHASE_REQUIREMENT_CODE",
        "COUPON_INVALID_3RD_PURCHASE_REQUIREMENT_CODE",
    )?;
    fields.take(3, "COUPON_TRUNCATED_3RD_PURCHASE_FAMILY_CODE")?;
    optional_prefix(
        fields,
        "COUPON_MISSING_3RD_PURCHASE_GCP_VLI",
        "COUPON_INVALID_3RD_PURCHASE_GCP_LENGTH",
        "COUPON_TRUNCATED_3RD_PURCHASE_GCP",
    )
}

/// A company prefix behind its length indicator, where 9 says that there is none.
fn optional_prefix(
    fields: &mut Fields<'_>,
    missing: Finding,
    invalid: Finding,
    truncated: Finding,
) -> Result<(), Finding> {
    let length = fields.digit("01234569", missing, invalid)?;
    if length != 9 {
        fields.take(length + BASE_LENGTH, truncated)?;
    }
    Ok(())
}

/// The optional expiration and start dates, both YYMMDD; their text order is compared, as in the
/// reference linter, without regard to the century.
fn dates(fields: &mut Fields<'_>) -> Result<(), Finding> {
    let mut expiration = None;
    if fields.option('3') {
        let date = fields.take(6, "COUPON_TOO_SHORT_FOR_EXPIRATION_DATE")?;
        // The misspelling is the reference linter's name of this finding.
        yymmdd(date).map_err(|_| "COUPON_INVALID_EXIPIRATION_DATE")?;
        expiration = Some(date);
    }
    if fields.option('4') {
        let start = fields.take(6, "COUPON_TOO_SHORT_FOR_START_DATE")?;
        yymmdd(start).map_err(|_| "COUPON_INVALID_START_DATE")?;
        if expiration.is_some_and(|expiration| start > expiration) {
            return Err("COUPON_EXPIRATION_BEFORE_START");
        }
    }
    Ok(())
}

fn serial(fields: &mut Fields<'_>) -> Result<(), Finding> {
    let missing = "COUPON_MISSING_SERIAL_NUMBER_VLI";
    let length = fields.digit(ANY, missing, missing)?;
    fields.take(length + BASE_LENGTH, "COUPON_TRUNCATED_SERIAL_NUMBER")?;
    Ok(())
}

fn miscellaneous(fields: &mut Fields<'_>) -> Result<(), Finding> {
    fields.digit("01256", "COUPON_MISSING_SAVE_VALUE_CODE", "COUPON_INVALID_SAVE_VALUE_CODE")?;
    fields.digit(
        "012",
        "COUPON_MISSING_SAVE_VALUE_APPLIES_TO_ITEM",
        "COUPON_INVALID_SAVE_VALUE_APPLIES_TO_ITEM",
    )?;
    fields.take(1, "COUPON_MISSING_STORE_COUPON_FLAG")?;
    fields.digit("01", "COUPON_MISSING_DONT_MULTIPLY_FLAG", "COUPON_INVALID_DONT_MULTIPLY_FLAG")?;
    Ok(())
}
