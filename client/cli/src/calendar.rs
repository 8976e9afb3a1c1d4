//! Working days and legal terms.

use crate::output::{Printer, print_record};
use clap::Subcommand;
use ecoledger_client::{CivilDate, Client, Error, Moment, Term};
use serde_json::json;

/// The calendar of working days (工作日).
#[derive(Debug, Subcommand)]
pub(crate) enum CalendarCommand {
    /// Show which days of a year depart from Monday to Friday.
    Show {
        /// The year.
        year: u16,
    },
    /// Show whether offices work on a date.
    Day {
        /// The date, as YYYY-MM-DD.
        date: CivilDate,
    },
    /// Show when a term ends.
    Due {
        /// How long: such as `30 working days` or `60 days`.
        term: Term,
        /// When it starts: `now`, or RFC 3339 with an offset.
        #[arg(long, default_value = "now")]
        from: Moment,
    },
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &CalendarCommand,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    match command {
        CalendarCommand::Show { year } => {
            let table = client
                .calendar_year(*year, height)
                .await?
                .ok_or_else(|| Error::NotFound(format!("table of the working days of {year}")))?;
            let rules = client.calendar_rule_set(height).await?;
            if printer.is_json() {
                printer.value(&json!({ "year": year, "table": table, "ruleSet": rules }));
                return Ok(());
            }
            let list = |dates: &[CivilDate]| {
                dates.iter().map(CivilDate::to_string).collect::<Vec<_>>().join(" ")
            };
            print_record(&[
                ("year", year.to_string()),
                ("weekdays off", list(&table.days_off)),
                ("weekend days worked", list(&table.days_worked)),
                ("set by rule set", table.rule_set.to_string()),
                ("rule set in force", format!("{} {}", rules.version, rules.hash)),
            ]);
        }
        CalendarCommand::Day { date } => {
            let is_worked = client.is_working_day(*date, height).await?.ok_or_else(|| {
                Error::NotFound(format!("table of the working days of the year of {date}"))
            })?;
            printer.value(&json!({ "date": date.to_string(), "worked": is_worked }));
        }
        CalendarCommand::Due { term, from } => {
            let due_at = client.term_due(*from, *term, height).await?;
            printer.value(&json!({
                "term": term.to_string(),
                "from": from.to_string(),
                "lateFrom": due_at.to_string(),
                "dueAt": due_at,
            }));
        }
    }
    Ok(())
}
