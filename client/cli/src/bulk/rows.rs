//! Reading rows: CSV with a header, or JSON Lines.

use crate::arguments;
use ecoledger_client::{Call, CallCodec, Error, Moment};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, path::Path};

/// Most rows of a file: a day's work of a large gateway.
const ROWS_MAX: usize = 1_000_000;

/// One call, and where it was written.
#[derive(Debug)]
pub(super) struct Row {
    /// Number of its line, from 1.
    pub(super) line: u64,
    pub(super) call: Call,
}

/// Columns that fill a call's context.
const CONTEXT: [(&str, &str); 3] =
    [("time", "event_time"), ("read_point", "read_point"), ("document", "document")];

/// Reads every row of `bytes`.
///
/// # Errors
/// What is wrong, and in which line.
pub(super) fn read_rows(
    path: &Path,
    bytes: &[u8],
    call: Option<&str>,
    codec: &CallCodec,
) -> Result<Vec<Row>, Error> {
    let members = match path.extension().and_then(|name| name.to_str()) {
        Some("jsonl" | "ndjson") => read_json_lines(bytes)?,
        _ => read_csv(bytes)?,
    };
    if members.is_empty() {
        return Err(Error::Arguments(format!("{} has no rows", path.display())));
    }
    if members.len() > ROWS_MAX {
        return Err(Error::Arguments(format!(
            "{} has {} rows; at most {ROWS_MAX} are taken at once",
            path.display(),
            members.len()
        )));
    }
    // One moment for all rows: a row that has to be signed anew may follow a later one, and a batch
    // takes no event that is older than its last.
    let now = Moment::now();
    let mut contexts = BTreeMap::new();
    members
        .into_iter()
        .map(|(line, mut members)| {
            let written = members.remove("call").filter(|call| !call.is_null());
            let name = match (call, written) {
                (Some(call), None) => call.to_owned(),
                (None, Some(Value::String(call))) => call,
                (Some(_), Some(_)) => {
                    return Err(wrong(line, "--call is given, and the column `call` too"));
                }
                (None, _) => {
                    return Err(wrong(
                        line,
                        "there is no call; add a column `call` or give --call",
                    ));
                }
            };
            let (pallet, call) = name.split_once('.').ok_or_else(|| {
                wrong(line, "call: Pallet.call is expected, such as Traceability.produce")
            })?;
            let has_context = match contexts.get(&name) {
                Some(has_context) => *has_context,
                None => {
                    let arguments = codec.arguments_of(pallet, call)?;
                    let has = arguments.iter().any(|(_, ty)| ty == "EventContext");
                    contexts.insert(name.clone(), has);
                    has
                }
            };
            if has_context {
                fill_context(&mut members, now);
            }
            members.values_mut().for_each(number_lists);
            Ok(Row { line, call: Call::new(pallet, call, Value::Object(members)) })
        })
        .collect()
}

fn wrong(line: u64, why: &str) -> Error {
    Error::Arguments(format!("line {line}: {why}"))
}

/// Moves the columns of a context into it; the time is `now` unless given.
fn fill_context(members: &mut Map<String, Value>, now: Moment) {
    let mut context = match members.remove("context") {
        Some(Value::Object(context)) => context,
        Some(other) => {
            // Not what a context is: the codec says so, with the place.
            members.insert("context".into(), other);
            return;
        }
        None => Map::new(),
    };
    for (column, field) in CONTEXT {
        if let Some(value) = members.remove(column) {
            context.insert(field.into(), value);
        }
    }
    if context.get("event_time").is_none_or(|time| time.is_null() || time == "now") {
        context.insert("event_time".into(), json!(now.0));
    }
    members.insert("context".into(), Value::Object(context));
}

type Line = (u64, Map<String, Value>);

fn read_csv(bytes: &[u8]) -> Result<Vec<Line>, Error> {
    // A byte order mark, which spreadsheets write, is no part of the first column's name.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let failed = |error: csv::Error| Error::Arguments(format!("not CSV: {error}"));
    let header: Vec<String> = reader.headers().map_err(failed)?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, |position| line_of(bytes, position));
        let mut members = Map::new();
        for (name, text) in header.iter().zip(&record) {
            // An empty cell is an argument that is not given.
            if !text.is_empty() {
                put(&mut members, name, arguments::value(text)).map_err(|why| wrong(line, &why))?;
            }
        }
        rows.push((line, members));
    }
    Ok(rows)
}

/// The line of a record: the reader counts empty lines before it as part of it.
fn line_of(bytes: &[u8], position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = bytes.get(start..).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
}

fn read_json_lines(bytes: &[u8]) -> Result<Vec<Line>, Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Error::Arguments(format!("not UTF-8: {error}")))?;
    let mut rows = Vec::new();
    for (index, text) in text.lines().enumerate() {
        let line = index as u64 + 1;
        if text.trim().is_empty() {
            continue;
        }
        let object: Map<String, Value> = serde_json::from_str(text)
            .map_err(|error| wrong(line, &format!("not a JSON object: {error}")))?;
        let mut members = Map::new();
        for (name, value) in object {
            put(&mut members, &name, value).map_err(|why| wrong(line, &why))?;
        }
        rows.push((line, members));
    }
    Ok(rows)
}

/// Puts `value` at the dotted place `name`.
fn put(members: &mut Map<String, Value>, name: &str, value: Value) -> Result<(), String> {
    let (first, rest) = match name.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (name, None),
    };
    match rest {
        None => match members.insert(first.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(format!("{name} is given twice")),
        },
        Some(rest) => {
            let inner = members.entry(first).or_insert_with(|| json!({}));
            match inner {
                Value::Object(inner) => put(inner, rest, value),
                _ => Err(format!("{first} is given as a whole and in parts")),
            }
        }
    }
}

/// Makes a list of what is numbered from 0 on, such as `reading.0`, `reading.1`.
fn number_lists(value: &mut Value) {
    let Value::Object(members) = value else { return };
    members.values_mut().for_each(number_lists);
    let mut numbered: Vec<Option<Value>> = vec![None; members.len()];
    for (name, member) in members.iter() {
        let place = name.parse::<usize>().ok().and_then(|index| numbered.get_mut(index));
        match place {
            Some(place) => *place = Some(member.clone()),
            None => return,
        }
    }
    let list: Option<Vec<Value>> = numbered.into_iter().collect();
    if let Some(list) = list.filter(|list| !list.is_empty()) {
        *value = Value::Array(list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_values_and_dots_lead_inside() {
        let text = "\u{feff}gtin, lot ,quantity,item.Batch,place,document\n\
                    09506000200019,1.10,\"120 kg\",09506000200019/L,3,\n\
                    \n\
                    09506000200026,2026,1kg,,4,null\n";
        let rows = read_csv(text.as_bytes()).unwrap();
        assert_eq!(rows[0].0, 2);
        assert_eq!(
            Value::Object(rows[0].1.clone()),
            json!({
                "gtin": "09506000200019", "lot": "1.10", "quantity": "120 kg",
                "item": { "Batch": "09506000200019/L" }, "place": 3,
            })
        );
        assert_eq!(rows[1].0, 4);
        assert!(rows[1].1.get("item").is_none());
        assert!(read_csv(b"a,b\n1\n").is_err());
    }

    #[test]
    fn numbered_columns_are_a_list() {
        let text = "reading.0,reading.1,data.values.0.quantity.Fen,x.1,y.0\n\
                    4.1mg/L,0.3mg/L,1234.56CNY,a,\n";
        let mut row = Value::Object(read_csv(text.as_bytes()).unwrap()[0].1.clone());
        row.as_object_mut().unwrap().values_mut().for_each(number_lists);
        assert_eq!(
            row,
            json!({
                "reading": ["4.1mg/L", "0.3mg/L"],
                "data": { "values": [{ "quantity": { "Fen": "1234.56CNY" } }] },
                // Not from 0 on.
                "x": { "1": "a" },
            })
        );
    }

    #[test]
    fn json_lines_are_objects() {
        let text = "{\"call\":\"A.b\",\"item.Batch\":\"x\"}\n\n{\"n\":1}\n";
        let rows = read_json_lines(text.as_bytes()).unwrap();
        assert_eq!(
            Value::Object(rows[0].1.clone()),
            json!({ "call": "A.b", "item": { "Batch": "x" } })
        );
        assert_eq!(rows[1].0, 3);
        assert!(read_json_lines(b"[1]\n").is_err());
        assert!(read_json_lines(b"{\"a\":1,\"a.b\":2}\n").is_err());
    }

    #[test]
    fn a_context_is_filled_from_its_columns() {
        let now = Moment(1_774_661_400_000);
        for given in [json!({}), json!({ "time": "now" }), json!({ "time": null })] {
            let mut members = given.as_object().unwrap().clone();
            fill_context(&mut members, now);
            assert_eq!(Value::Object(members), json!({ "context": { "event_time": now } }));
        }
        let mut members = Map::from_iter([
            ("time".to_owned(), json!("2026-03-28T09:30:00+08:00")),
            ("read_point".to_owned(), json!("9506000100012")),
        ]);
        fill_context(&mut members, now);
        assert_eq!(
            Value::Object(members),
            json!({ "context": {
                "event_time": "2026-03-28T09:30:00+08:00", "read_point": "9506000100012",
            } })
        );
    }
}
