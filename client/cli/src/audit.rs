//! Audit exports: every movement between two heights, added up against the state.

use crate::output::{Printer, line, note, print_table};
use clap::{Args, Subcommand};
use ecoledger_client::{
    Client, Error,
    audit::{Balance, Listener, Movement, Place, Progress, Row, Scope, Subject},
};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// Audits (审计).
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Write every movement of an agreement, a programme, an account or a certification body
    /// between two heights, and check that they add up to the balances at the second.
    ///
    /// The folder has `events`, `movements` and `balances`, each as CSV and JSON Lines, and
    /// `summary.json`. Amounts are integers: fen, counts, or content units (mg, ml or pieces), as
    /// each row says. The folder is there only when everything adds up.
    Export(ExportArgs),
}

/// What is exported.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("subject").required(true)))]
pub(crate) struct ExportArgs {
    /// Number of an agreement.
    #[arg(long, group = "subject")]
    agreement: Option<u32>,
    /// Number of a programme.
    #[arg(long, group = "subject")]
    programme: Option<u32>,
    /// Address of an account.
    #[arg(long, group = "subject")]
    account: Option<String>,
    /// Number of a certification body's organisation.
    #[arg(long, group = "subject")]
    body: Option<u32>,
    /// Height of the first block.
    #[arg(long, default_value_t = 1)]
    from: u32,
    /// Height of the last block; the last final one unless given.
    #[arg(long)]
    to: Option<u32>,
    /// Folder to write, which is not there yet.
    #[arg(long)]
    out: PathBuf,
}

impl ExportArgs {
    fn subject(&self) -> Result<Subject, Error> {
        match (self.agreement, self.programme, &self.account, self.body) {
            (Some(id), ..) => Ok(Subject::Agreement(id)),
            (_, Some(id), ..) => Ok(Subject::Programme(id)),
            (_, _, Some(address), _) => Ok(Subject::Account(address.clone())),
            (.., Some(id)) => Ok(Subject::Body(id)),
            _ => Err(Error::Arguments("give --agreement, --programme, --account or --body".into())),
        }
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &AuditCommand,
    printer: Printer,
) -> Result<(), Error> {
    let AuditCommand::Export(args) = command;
    let to = match args.to {
        Some(to) => to,
        None => client.height().await?,
    };
    let scope = Scope { subject: args.subject()?, from: args.from, to };
    let mut folder = Folder::begin(&args.out)?;
    let bar = bar(printer);
    let mut row = |row: Row| folder.row(&row);
    let mut progress = |progress: Progress| {
        bar.set_length(progress.all);
        bar.set_position(progress.done);
    };
    let listener = Listener { row: &mut row, progress: &mut progress };
    let ended = client.audit(&scope, listener).await;
    bar.finish_and_clear();
    let balances = ended.inspect_err(|error| match error {
        // Nothing was read: what was asked for does not exist. What cannot be removed is in no way.
        Error::Arguments(_) | Error::NotFound(_) => drop(fs::remove_dir_all(part_of(&args.out))),
        _ if printer.is_json() => (),
        _ => note(format_args!(
            "nothing was exported; what was read until then lies in {}",
            part_of(&args.out).display()
        )),
    })?;
    let summary = folder.finish(client, &scope, &balances).await?;
    tell(&summary, &balances, printer);
    Ok(())
}

fn bar(printer: Printer) -> ProgressBar {
    if printer.is_json() {
        return ProgressBar::hidden();
    }
    // Drawn on standard error, and only where that is a terminal.
    let bar = ProgressBar::new(0);
    let template = "{bar:40} {pos}/{len} blocks read  {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

fn tell(summary: &Value, balances: &[Balance], printer: Printer) {
    if printer.is_json() {
        printer.value(summary);
        return;
    }
    print_table(
        &["balance of", "which", "unit", "opening", "movements", "closing"],
        balances.iter().map(|balance| {
            vec![
                balance.line.owner.to_string(),
                format!("{:?}", balance.line.measure),
                balance.line.measure.unit().to_owned(),
                balance.opening.to_string(),
                balance.change.to_string(),
                balance.closing.to_string(),
            ]
        }),
    );
    line(format_args!(
        "{} balances, {} movements, {} events: all add up",
        balances.len(),
        summary["movements"],
        summary["events"]
    ));
}

/// The folder that is written until everything is in it.
fn part_of(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// A table as CSV and as JSON Lines.
struct Pair {
    csv: csv::Writer<File>,
    lines: BufWriter<File>,
    rows: u64,
}

fn failed(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> Error + '_ {
    move |error| Error::Arguments(format!("write {}: {error}", path.display()))
}

impl Pair {
    fn create(folder: &Path, name: &str, header: &[&str]) -> Result<Self, Error> {
        let failed = failed(folder);
        let file = |ending: &str| {
            let path = folder.join(format!("{name}.{ending}"));
            File::create_new(&path).map_err(|error| failed(&error))
        };
        let mut csv = csv::Writer::from_writer(file("csv")?);
        csv.write_record(header).map_err(|error| failed(&error))?;
        Ok(Self { csv, lines: BufWriter::new(file("jsonl")?), rows: 0 })
    }

    fn write(&mut self, record: &[String], object: &impl Serialize) -> Result<(), Error> {
        self.rows += 1;
        let failed = |error: &dyn std::fmt::Display| Error::Arguments(format!("write: {error}"));
        self.csv.write_record(record).map_err(|error| failed(&error))?;
        serde_json::to_writer(&mut self.lines, object).map_err(|error| failed(&error))?;
        self.lines.write_all(b"\n").map_err(|error| failed(&error))
    }

    /// Brings everything to the disk; gives the number of rows.
    fn finish(mut self) -> std::io::Result<u64> {
        self.csv.flush()?;
        self.csv.get_ref().sync_all()?;
        self.lines.flush()?;
        self.lines.get_ref().sync_all()?;
        Ok(self.rows)
    }
}

/// An export under work.
struct Folder {
    out: PathBuf,
    part: PathBuf,
    events: Pair,
    movements: Pair,
}

impl Folder {
    /// Begins a folder under another name; one that was left behind is begun anew.
    fn begin(out: &Path) -> Result<Self, Error> {
        if out.exists() {
            return Err(Error::Arguments(format!(
                "out: {} is there already; name another folder",
                out.display()
            )));
        }
        let part = part_of(out);
        let failed = failed(&part);
        if part.exists() {
            fs::remove_dir_all(&part).map_err(|error| failed(&error))?;
        }
        fs::create_dir_all(&part).map_err(|error| failed(&error))?;
        let place = ["height", "block", "transaction", "event"];
        let events = Pair::create(&part, "events", &[&place[..], &["name", "fields"]].concat())?;
        let columns = ["name", "owner", "measure", "unit", "change", "after"];
        let movements = Pair::create(&part, "movements", &[&place[..], &columns].concat())?;
        Ok(Self { out: out.to_owned(), part: part.clone(), events, movements })
    }

    fn row(&mut self, row: &Row) -> Result<(), Error> {
        match row {
            Row::Event { place, event } => {
                let name = format!("{}.{}", event.pallet, event.name);
                let mut record = placed(place);
                record.extend([name, event.fields.to_string()]);
                self.events.write(&record, row)
            }
            Row::Movement(movement) => {
                let Movement { place, name, line, change, after } = movement;
                let mut record = placed(place);
                record.extend([
                    name.clone(),
                    line.owner.to_string(),
                    measure(line.measure),
                    line.measure.unit().to_owned(),
                    change.to_string(),
                    after.to_string(),
                ]);
                let mut object = json!(movement);
                object["unit"] = json!(line.measure.unit());
                self.movements.write(&record, &object)
            }
        }
    }

    /// Writes the balances and the summary, brings everything to the disk, and gives the folder its
    /// name.
    async fn finish(
        self,
        client: &Client,
        scope: &Scope,
        balances: &[Balance],
    ) -> Result<Value, Error> {
        let Self { out, part, events, movements } = self;
        let columns = ["owner", "measure", "unit", "opening", "change", "closing"];
        let mut table = Pair::create(&part, "balances", &columns)?;
        for balance in balances {
            let Balance { line, opening, change, closing } = balance;
            let record = [
                line.owner.to_string(),
                measure(line.measure),
                line.measure.unit().to_owned(),
                opening.to_string(),
                change.to_string(),
                closing.to_string(),
            ];
            let mut object = json!(balance);
            object["unit"] = json!(line.measure.unit());
            table.write(&record, &object)?;
        }
        let last = client.block_events(scope.to).await?;
        let failed = failed(&part);
        let on_disk = |pair: Pair| pair.finish().map_err(|error| failed(&error));
        let summary = json!({
            "chain": client.genesis_hash(),
            "subject": scope.subject,
            "from": scope.from,
            "to": scope.to,
            "lastBlock": last.hash,
            "events": on_disk(events)?,
            "movements": on_disk(movements)?,
            "balances": on_disk(table)?,
            "addsUp": true,
            "out": out.display().to_string(),
        });
        let write = || -> std::io::Result<()> {
            let mut file = File::create_new(part.join("summary.json"))?;
            writeln!(file, "{summary:#}")?;
            file.sync_all()?;
            File::open(&part)?.sync_all()?;
            fs::rename(&part, &out)?;
            match out.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                Some(parent) => File::open(parent)?.sync_all(),
                None => File::open(".")?.sync_all(),
            }
        };
        write().map_err(|error| failed(&error))?;
        Ok(summary)
    }
}

fn placed(place: &Place) -> Vec<String> {
    vec![
        place.height.to_string(),
        format!("{:?}", place.block),
        place.transaction.map(|index| index.to_string()).unwrap_or_default(),
        place.event.to_string(),
    ]
}

/// The name of a measure as JSON writes it.
fn measure(measure: ecoledger_client::audit::Measure) -> String {
    json!(measure).as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_its_name_only_when_it_is_whole() {
        let scratch = tempfile::tempdir().unwrap();
        let out = scratch.path().join("export");
        drop(Folder::begin(&out).unwrap());
        assert!(!out.exists() && part_of(&out).is_dir());
        // What a killed run has left is begun anew.
        fs::write(part_of(&out).join("balances.csv"), "half").unwrap();
        drop(Folder::begin(&out).unwrap());
        assert!(!part_of(&out).join("balances.csv").exists());
        fs::create_dir(&out).unwrap();
        let error = Folder::begin(&out).err().unwrap().to_string();
        assert!(error.contains("is there already"), "{error}");
    }
}
