//! Working days and legal terms.

use crate::{
    fields::ascending,
    motion::{MotionArgs, propose},
    output::{Printer, print_record},
};
use clap::Subcommand;
use ecoledger_client::{CivilDate, Client, Error, Moment, Term, calendar::set_year};
use serde_json::json;

/// The calendar of working days (工作日).
#[derive(Debug, Subcommand)]
pub(crate) enum CalendarCommand {
    /// Show which days of a year depart from Monday to Friday.
    Show {
        /// The year.
        year: u16,
    },
    /// Propose the table of a year that has not begun: a member of the committee.
    Set {
        /// The year, at most two ahead.
        year: u16,
        /// Mondays to Fridays that are not worked, with commas between them.
        #[arg(long, value_delimiter = ',', value_name = "DATES")]
        off: Vec<CivilDate>,
        /// Saturdays and Sundays that are worked in exchange (调休上班).
        #[arg(long, value_delimiter = ',', value_name = "DATES")]
        worked: Vec<CivilDate>,
        #[command(flatten)]
        motion: MotionArgs,
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
        CalendarCommand::Set { year, off, worked, motion } => {
            check_dates(*year, off, worked)?;
            let call = set_year(*year, &ascending(off), &ascending(worked));
            return propose(client, motion, &call, printer).await;
        }
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

/// Checks what the chain would refuse: the year and the day of the week of each date.
fn check_dates(year: u16, off: &[CivilDate], worked: &[CivilDate]) -> Result<(), Error> {
    let off = off.iter().map(|date| ("off", "a Monday to Friday", false, *date));
    let worked = worked.iter().map(|date| ("worked", "a Saturday or Sunday", true, *date));
    for (field, rule, on_weekend, date) in off.chain(worked) {
        if date.year() != Some(year) || date.is_weekend() != on_weekend {
            return Err(Error::Arguments(format!(
                "{field}: {rule} of {year} is expected, got {date}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_days_of_its_year_that_depart_from_the_week() {
        let date = |text: &str| text.parse::<CivilDate>().unwrap();
        // 1 January 2027 is a Friday.
        let (friday, saturday) = (date("2027-01-01"), date("2027-01-02"));
        assert!(check_dates(2027, &[friday], &[saturday]).is_ok());
        let error = check_dates(2027, &[saturday], &[]).unwrap_err().to_string();
        assert_eq!(error, "off: a Monday to Friday of 2027 is expected, got 2027-01-02");
        let error = check_dates(2027, &[], &[friday]).unwrap_err().to_string();
        assert!(error.starts_with("worked: a Saturday or Sunday"), "{error}");
        assert!(check_dates(2028, &[friday], &[]).is_err());
    }
}
