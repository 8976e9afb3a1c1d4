//! Measures the benchmarks of this chain's pallets natively and writes their `weights.rs`.
//!
//! `cargo run -p ecoledger-runtime --features runtime-benchmarks --example measure_weights --
//! [--repeats N] [--steps N] [--only PACKAGE] [--date DAY] [--keys] [--dry-run]`
//!
//! Every benchmark runs once at each point with its own assertions and with keys counted, then
//! `--repeats` times with neither. The timed runs go round all points of all benchmarks of a pallet
//! again and again, so that a disturbance of the machine meets a few runs of each and no median.

#![allow(clippy::print_stdout, reason = "a measurement is printed")]

mod backend;
mod fit;
mod render;

use backend::BenchmarkState;
use ecoledger_runtime::{AllPalletsWithSystem, Hashing, Runtime, System};
use fit::{Fit, Point};
use frame_benchmarking::{BenchmarkError, BenchmarkMetadata, BenchmarkResult, Benchmarking};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};
use render::{Circumstances, grouped};
use sp_core::storage::TrackedStorageKey;
use sp_state_machine::{Ext, OverlayedChanges};
use std::{collections::BTreeMap, error::Error, path::Path};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Time of the block in which benchmarks run: 2027-01-15 08:00 UTC.
const NOW_MS: u64 = 1_800_000_000_000;

/// A pallet with benchmarks.
struct Measured {
    package: &'static str,
    /// Folder below `pallets`.
    folder: &'static str,
    benchmarks: fn(bool) -> Vec<BenchmarkMetadata>,
    run: Run,
}

/// See [`Benchmarking::run_benchmark`].
type Run = fn(
    &[u8],
    &[(frame_benchmarking::BenchmarkParameter, u32)],
    &[TrackedStorageKey],
    bool,
    u32,
) -> std::result::Result<Vec<BenchmarkResult>, BenchmarkError>;

fn measured<P: Benchmarking>(package: &'static str, folder: &'static str) -> Measured {
    Measured { package, folder, benchmarks: P::benchmarks, run: P::run_benchmark }
}

fn all_measured() -> [Measured; 10] {
    [
        measured::<pallet_participants::Pallet<Runtime>>("pallet-participants", "participants"),
        measured::<pallet_validators::Pallet<Runtime>>("pallet-validators", "validators"),
        measured::<pallet_settlement::Pallet<Runtime>>("pallet-settlement", "settlement"),
        measured::<pallet_calendar::Pallet<Runtime>>("pallet-calendar", "calendar"),
        measured::<pallet_traceability::Pallet<Runtime>>("pallet-traceability", "traceability"),
        measured::<pallet_brands::Pallet<Runtime>>("pallet-brands", "brands"),
        measured::<pallet_labels::Pallet<Runtime>>("pallet-labels", "labels"),
        measured::<pallet_certification::Pallet<Runtime>>("pallet-certification", "certification"),
        measured::<pallet_funds::Pallet<Runtime>>("pallet-funds", "funds"),
        measured::<pallet_compensation::Pallet<Runtime>>("pallet-compensation", "compensation"),
    ]
}

/// What the command line asks for.
struct Options {
    repeats: u32,
    steps: u32,
    only: Option<String>,
    date: String,
    /// Name the keys that were counted.
    keys: bool,
    /// Write no files.
    dry_run: bool,
}

impl Options {
    fn from_command_line() -> Result<Self> {
        let mut options = Self {
            repeats: 200,
            steps: 8,
            only: None,
            date: "an unnamed day".to_owned(),
            keys: false,
            dry_run: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
            match name.as_str() {
                "--repeats" => options.repeats = value()?.parse()?,
                "--steps" => options.steps = value()?.parse()?,
                "--only" => options.only = Some(value()?),
                "--date" => options.date = value()?,
                "--keys" => options.keys = true,
                "--dry-run" => options.dry_run = true,
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances {
            machine: machine(),
            date: self.date.clone(),
            repeats: self.repeats,
            steps: self.steps,
        }
    }
}

/// Processor model and number of cores.
fn machine() -> String {
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("a processor of unknown model", |(_, model)| model.trim());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{cores} cores ({model})")
}

fn main() -> Result<()> {
    let options = Options::from_command_line()?;
    let state = first_state();
    for pallet in all_measured() {
        if options.only.as_ref().is_some_and(|only| only != pallet.package) {
            continue;
        }
        let fits = measure(&state, &pallet, &options)
            .map_err(|error| format!("{}: {error}", pallet.package))?;
        println!("{}", pallet.package);
        for (name, fit) in &fits {
            report(name, fit);
        }
        if !options.dry_run {
            let file = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("../pallets/{}/src/weights.rs", pallet.folder));
            let text = render::weights(pallet.package, &fits, &options.circumstances())?;
            std::fs::write(file, text)?;
        }
    }
    Ok(())
}

/// An empty chain in its first block.
fn first_state() -> BenchmarkState {
    let state = BenchmarkState::default();
    within(&state, || {
        System::set_block_number(1);
        pallet_timestamp::Now::<Runtime>::put(NOW_MS);
        frame_benchmarking::benchmarking::commit_db();
    });
    state.start_here()
}

fn within<R>(state: &BenchmarkState, work: impl FnOnce() -> R) -> R {
    let mut overlay = OverlayedChanges::<Hashing>::default();
    let mut externalities = Ext::new(&mut overlay, state, None);
    sp_externalities::set_and_run_with_externalities(&mut externalities, work)
}

fn measure(
    state: &BenchmarkState,
    pallet: &Measured,
    options: &Options,
) -> Result<Vec<(String, Fit)>> {
    let mut free = AllPalletsWithSystem::whitelisted_storage_keys();
    // The first transaction of every block writes it, so that the others find it in the overlay.
    free.push(pallet_timestamp::Now::<Runtime>::hashed_key().to_vec().into());
    let run = |benchmark: &BenchmarkMetadata, point: &Point, is_counting: bool| {
        state.count(is_counting);
        within(state, || (pallet.run)(&benchmark.name, point, &free, is_counting, 1))
            .map_err(|error| format!("{}: {}", name_of(benchmark), <&'static str>::from(error)))
    };
    let mut results: Vec<_> = (pallet.benchmarks)(false)
        .into_iter()
        .map(|benchmark| {
            let points = fit::points(&benchmark.components, options.steps);
            let counted: std::result::Result<Vec<_>, _> =
                points.iter().map(|point| run(&benchmark, point, true)).collect();
            Ok((benchmark, points, counted?.concat(), Vec::new()))
        })
        .collect::<Result<_>>()?;
    for _ in 0..options.repeats {
        for (benchmark, points, _, timed) in &mut results {
            for point in points {
                timed.extend(run(benchmark, point, false)?);
            }
        }
    }
    let fitted = results.into_iter().map(|(benchmark, _, counted, timed)| {
        let name = name_of(&benchmark);
        if options.keys {
            println!("{name}");
            print_keys(&counted);
        }
        Ok((name, fit::fit(&timed, &counted)?))
    });
    fitted.collect()
}

fn name_of(benchmark: &BenchmarkMetadata) -> String {
    String::from_utf8_lossy(&benchmark.name).into_owned()
}

fn report(name: &str, fit: &Fit) {
    let line = |line: &fit::Line| {
        let slopes = line.slopes.iter().zip(&fit.components);
        slopes.fold(grouped(line.base), |text, (slope, (letter, ..))| {
            format!("{text} + {}{letter}", grouped(*slope))
        })
    };
    let (least, most) = fit.medians_ns;
    println!(
        "  {name}: median {least} to {most} ns (fastest {}); {} ps; reads {}; writes {}",
        fit.fastest_ns,
        line(&fit.time),
        line(&fit.reads),
        line(&fit.writes),
    );
}

/// Names the storage items at the point with most keys, with the numbers of keys read and written.
fn print_keys(counted: &[BenchmarkResult]) {
    let items: BTreeMap<Vec<u8>, String> = AllPalletsWithSystem::storage_info()
        .into_iter()
        .map(|StorageInfo { pallet_name, storage_name, prefix, .. }| {
            let name =
                [pallet_name, storage_name].map(|part| String::from_utf8_lossy(&part).into_owned());
            (prefix, name.join("::"))
        })
        .collect();
    let Some(most) = counted.iter().max_by_key(|run| run.keys.len()) else { return };
    let mut named = BTreeMap::<String, (u32, u32)>::new();
    for (key, reads, writes, _) in &most.keys {
        let item = key.get(..32).and_then(|prefix| items.get(prefix));
        let of = named.entry(item.cloned().unwrap_or_else(|| format!("{key:02x?}"))).or_default();
        *of = (of.0 + u32::from(*reads > 0), of.1 + u32::from(*writes > 0));
    }
    for (item, (reads, writes)) in named {
        println!("    {item}: {reads} read, {writes} written");
    }
}
