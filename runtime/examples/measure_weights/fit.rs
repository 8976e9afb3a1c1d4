//! From measurements to a weight: a line through the medians, raised above all of them.

use frame_benchmarking::{Analysis, BenchmarkParameter, BenchmarkResult, BenchmarkSelector};
use std::collections::BTreeMap;

/// Values of all components of a benchmark.
pub(crate) type Point = Vec<(BenchmarkParameter, u32)>;

/// A quantity as a linear function of the components.
#[derive(Debug)]
pub(crate) struct Line {
    /// The quantity where all components are zero.
    pub base: u64,
    /// What one more of each component adds.
    pub slopes: Vec<u64>,
}

/// What one benchmark came to.
#[derive(Debug)]
pub(crate) struct Fit {
    /// Letters of the components, with the least and the most of their values.
    pub components: Vec<(String, u32, u32)>,
    /// Picoseconds.
    pub time: Line,
    /// Keys read.
    pub reads: Line,
    /// Keys written.
    pub writes: Line,
    /// Median nanoseconds at the point that took least, and at the one that took most.
    pub medians_ns: (u64, u64),
    /// Nanoseconds of the fastest run.
    pub fastest_ns: u64,
}

/// The points at which a benchmark with these components (letter, least, most) is measured: all at
/// their least, and each in `steps` steps with the others at their most.
pub(crate) fn points(components: &[(BenchmarkParameter, u32, u32)], steps: u32) -> Vec<Point> {
    let all = |of: fn(&(BenchmarkParameter, u32, u32)) -> u32| -> Point {
        components.iter().map(|component| (component.0, of(component))).collect()
    };
    let mut points = vec![all(|component| component.1)];
    for (nth, (_, least, most)) in components.iter().enumerate() {
        for step in 0..steps {
            let span = u64::from(most - least) * u64::from(step) / u64::from(steps.max(2) - 1);
            let mut point = all(|component| component.2);
            point[nth].1 = least + u32::try_from(span).expect("is at most a span of u32; qed");
            if !points.contains(&point) {
                points.push(point);
            }
        }
    }
    points
}

/// Fits timed runs, and runs in which keys were counted.
///
/// # Errors
/// When there are too few points for a line.
pub(crate) fn fit(timed: &[BenchmarkResult], counted: &[BenchmarkResult]) -> Result<Fit, String> {
    let medians = medians(timed);
    let fastest = timed.iter().map(|run| run.extrinsic_time).min().unwrap_or_default();
    let least = medians.values().min().copied().unwrap_or_default();
    let most = medians.values().max().copied().unwrap_or_default();
    let picoseconds = medians.iter().map(|(at, ns)| (at.clone(), ns * 1_000)).collect();
    let count = |of: fn(&BenchmarkResult) -> u32| {
        let counts = counted.iter().map(|run| (values(run), u128::from(of(run))));
        counts.fold(BTreeMap::<_, u128>::new(), |mut most, (at, n)| {
            let entry = most.entry(at).or_default();
            *entry = n.max(*entry);
            most
        })
    };
    let range = |nth: usize| {
        let values = medians.keys().filter_map(|at| at.get(nth).copied());
        (values.clone().min().unwrap_or_default(), values.max().unwrap_or_default())
    };
    let components = timed.first().map(|run| run.components.as_slice()).unwrap_or_default();
    let components = components.iter().enumerate().map(|(nth, (letter, _))| {
        let (least, most) = range(nth);
        (letter.to_string(), least, most)
    });
    Ok(Fit {
        components: components.collect(),
        time: line(timed, BenchmarkSelector::ExtrinsicTime, &picoseconds)?,
        reads: line(counted, BenchmarkSelector::Reads, &count(|run| run.reads))?,
        writes: line(counted, BenchmarkSelector::Writes, &count(|run| run.writes))?,
        medians_ns: (small(least)?, small(most)?),
        fastest_ns: small(fastest)?,
    })
}

fn values(run: &BenchmarkResult) -> Vec<u32> {
    run.components.iter().map(|(_, value)| *value).collect()
}

fn small(value: u128) -> Result<u64, String> {
    u64::try_from(value).map_err(|_| format!("{value} is out of range"))
}

/// Median nanoseconds at each point.
fn medians(runs: &[BenchmarkResult]) -> BTreeMap<Vec<u32>, u128> {
    let mut times = BTreeMap::<_, Vec<u128>>::new();
    for run in runs {
        times.entry(values(run)).or_default().push(run.extrinsic_time);
    }
    times
        .into_iter()
        .map(|(at, mut times)| {
            times.sort_unstable();
            let median = times[times.len() / 2];
            (at, median)
        })
        .collect()
}

/// The least squares line, raised until none of the `observed` values lies above it.
fn line(
    runs: &[BenchmarkResult],
    selector: BenchmarkSelector,
    observed: &BTreeMap<Vec<u32>, u128>,
) -> Result<Line, String> {
    let analysis =
        Analysis::min_squares_iqr(&runs.to_vec(), selector).map_err(|error| error.to_string())?;
    let on_line = |at: &[u32]| {
        let rises = analysis.slopes.iter().zip(at).map(|(slope, value)| slope * u128::from(*value));
        analysis.base + rises.sum::<u128>()
    };
    let missing = observed.iter().map(|(at, value)| value.saturating_sub(on_line(at)));
    let missing = missing.max().unwrap_or_default();
    Ok(Line {
        base: small(analysis.base + missing)?,
        slopes: analysis.slopes.into_iter().map(small).collect::<Result<_, _>>()?,
    })
}
