//! What a holder sees or does that changes neither quantity nor custody.

use super::BatchArg;
use crate::{
    fields::one_of,
    submit::{ContextArgs, SubmitArgs},
};
use clap::Args;
use ecoledger_client::{
    Call, Error,
    traceability::{ObservedDisposition, ObservedStep, observe},
};

/// Steps of a holder. Source: CBV 2.0 §7.1.
const STEPS: &[(&str, &str)] = &[
    ("storing", "it is put into a store"),
    ("stocking", "it is put on sale"),
    ("arriving", "it came to a place"),
    ("departing", "it left a place"),
    ("entering-exiting", "it passed a gate"),
    ("loading", "it was loaded"),
    ("unloading", "it was unloaded"),
    ("transporting", "it is under way between places of its holder"),
    ("staging-outbound", "it waits for its way out"),
    ("picking", "it was picked for an order"),
    ("cycle-counting", "a part of the stock was counted"),
    ("stock-taking", "the stock was counted"),
    ("sampling", "a sample was taken"),
    ("sensor-reporting", "a sensor was read"),
];

/// Conditions that a holder can see. Source: CBV 2.0 §7.2.
const DISPOSITIONS: &[(&str, &str)] = &[
    ("in-progress", "it goes through the step"),
    ("active", "it came into being"),
    ("available", "it may be used"),
    ("unavailable", "it may not be used"),
    ("sellable-accessible", "it can be sold, within reach of consumers"),
    ("sellable-not-accessible", "it can be sold, out of reach of consumers"),
    ("non-sellable-other", "it cannot be sold"),
    ("in-transit", "it is under way"),
    ("conformant", "it meets its requirements"),
    ("non-conformant", "it does not meet its requirements"),
    ("damaged", "it is damaged"),
    ("expired", "it is past its date"),
    ("mismatch-quantity", "there is another quantity than on record"),
    ("container-closed", "its container is closed"),
    ("container-open", "its container is open"),
    ("unknown", "not known"),
];

/// An observation.
#[derive(Args, Debug)]
pub(crate) struct ObserveArgs {
    #[command(flatten)]
    batch: BatchArg,
    /// What was done or seen; storing and stocking also say where the batch is.
    #[arg(value_parser = one_of::<ObservedStep>(STEPS))]
    step: ObservedStep,
    /// How it is after that.
    #[arg(
        long,
        value_parser = one_of::<ObservedDisposition>(DISPOSITIONS),
        default_value = "in-progress"
    )]
    disposition: ObservedDisposition,
    #[command(flatten)]
    context: ContextArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

impl ObserveArgs {
    pub(super) fn call(&self) -> Result<(Call, &SubmitArgs), Error> {
        let Self { batch, step, disposition, context, submit } = self;
        Ok((observe(&batch.batch, *step, *disposition, &context.read()?), submit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::builder::TypedValueParser;
    use std::ffi::OsStr;

    #[test]
    fn every_name_is_one_of_the_chain() {
        let command = clap::Command::new("observe");
        for (name, _) in STEPS {
            let parser = one_of::<ObservedStep>(STEPS);
            assert!(parser.parse_ref(&command, None, OsStr::new(name)).is_ok(), "{name}");
        }
        for (name, _) in DISPOSITIONS {
            let parser = one_of::<ObservedDisposition>(DISPOSITIONS);
            assert!(parser.parse_ref(&command, None, OsStr::new(name)).is_ok(), "{name}");
        }
    }
}
