//! Agreements and the movements of money, for programs.

use super::{
    Asked as AskedYear, agreement_name, holding_name, movement_name, profile_name, tag_name,
};
use crate::{
    api::{Asked, PAGE_MAX, Page, Reply, bad_cursor, cursor_of, number_of, read_cursor},
    app::App,
    index::{Index, IndexError, IndexedEvent},
    problem::Problem,
    words::Language,
};
use axum::{
    Json,
    extract::{Path, State},
    response::IntoResponse,
};
use ecoledger_client::{Error, compensation::horizontal::Agreement, value::text_from_json};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The name in the record of an organisation.
fn name_in(profile: &Value) -> Option<String> {
    profile["name"].as_str().and_then(text_from_json)
}

/// The agreements, oldest first.
pub(crate) async fn agreements(State(app): State<Arc<App>>, Asked(page): Asked<Page>) -> Reply {
    let limit = u32::try_from(page.limit()?).unwrap_or(u32::MAX);
    let start = match page.cursor.as_deref() {
        Some(cursor) => cursor.parse().map_err(|_| bad_cursor())?,
        None => 0_u32,
    };
    let n_agreements = app.n_agreements().await?;
    let end = n_agreements.min(start.saturating_add(limit));
    let names: Vec<_> = (start..end).map(agreement_name).collect();
    let mut rows = Vec::new();
    let mut parties = Vec::new();
    let found = app.records(&names).await?;
    for id in start..end {
        let Some(record) = found.get(&agreement_name(id)) else { continue };
        let agreement: Agreement =
            serde_json::from_value(record.clone()).map_err(|it| Error::Decode(it.to_string()))?;
        parties.extend(agreement.terms.parties);
        rows.push(json!({ "agreement": id, "record": record }));
    }
    parties.sort_unstable();
    parties.dedup();
    let profiles: Vec<_> = parties.iter().map(|party| profile_name(*party)).collect();
    let profiles = app.records(&profiles).await?;
    let named = |party: &u32| {
        let name = profiles.get(&profile_name(*party)).and_then(name_in);
        (party.to_string(), json!(name))
    };
    let names: Map<String, Value> = parties.iter().map(named).collect();
    let next = (end < n_agreements).then(|| end.to_string());
    Ok(Json(json!({ "agreements": rows, "names": names, "next": next })).into_response())
}

/// Which part of an agreement.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementQuery {
    year: Option<u16>,
    section: Option<usize>,
    cursor: Option<String>,
}

/// An agreement in a year, with the proof of every record that it is told from.
pub(crate) async fn agreement(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Asked(query): Asked<AgreementQuery>,
) -> Reply {
    let asked = AskedYear {
        year: query.year,
        section: query.section.unwrap_or_default(),
        after: query.cursor.as_deref().map(read_cursor).transpose()?,
    };
    let year = app.year_of(number_of("agreement", &id)?, asked).await?;
    let figures = app.figures(Language::English, year.names()).await?;
    let (agreement, rules) = year.agreed(&figures)?;
    let sections: Vec<_> = year
        .sections()
        .map(|index| {
            let months = (1..=12)
                .map(|month| figures.record(&year.sample_name(year.year, index, month)))
                .collect::<Vec<_>>();
            let found = year.means(&figures, &rules, index);
            let mean = |it: &super::Mean| json!({ "sum": it.sum, "months": it.months });
            let means: Vec<_> = found.means.iter().map(mean).collect();
            json!({ "section": index, "months": months, "means": means, "isWhole": found.is_whole })
        })
        .collect();
    let dues: Vec<_> = (0..year.n_legs).map(|leg| figures.record(&year.due_name(leg))).collect();
    let purposes = year.purposes.iter().filter_map(|key| {
        figures.record(&tag_name(*key)).map(|it| json!({ "purpose": key, "record": it }))
    });
    let holdings = year.holders.iter().filter_map(|(key, holder)| {
        let record = figures.record(&holding_name(*key, *holder))?;
        Some(json!({ "purpose": key, "holder": holder, "record": record }))
    });
    let movements = year.movements.iter().filter_map(|id| {
        figures.record(&movement_name(*id)).map(|it| json!({ "movement": id, "record": it }))
    });
    let names: Map<String, Value> = year
        .names()
        .iter()
        .filter(|name| name.item() == "Profiles")
        .filter_map(|name| {
            let id = name.key().first()?.to_string();
            Some((id, json!(name_in(figures.record(name)?))))
        })
        .collect();
    let computed = year.computed(&figures, &rules);
    let proven = figures.proven().ok_or_else(|| Error::NotFound(format!("agreement {id}")))?;
    Ok(Json(json!({
        "height": figures.height(),
        "agreement": year.agreement,
        "year": year.year,
        "years": year.years,
        "record": agreement,
        "rules": rules,
        "isSigned": year.rules_path.is_empty(),
        "sections": sections,
        "computed": {
            "indexPpb": computed.index_ppb,
            "class": computed.class,
            "ratioPpb": computed.ratio_ppb,
        },
        "incidents": figures.record(&year.incidents_name()),
        "settlement": figures.record(&year.settlement_name()),
        "dues": dues,
        "purposes": purposes.collect::<Vec<_>>(),
        "holdings": holdings.collect::<Vec<_>>(),
        "movements": movements.collect::<Vec<_>>(),
        "next": year.next.map(|(height, number)| format!("{height}-{number}")),
        "names": names,
        "checkpoint": figures.anchor,
        "proof": proven.bundle.to_json().map_err(Error::from)?,
    }))
    .into_response())
}

/// Movements of a programme's money, oldest first.
pub(crate) async fn movements(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Asked(page): Asked<Page>,
) -> Reply {
    let programme = number_of("programme", &id)?;
    let limit = page.limit()?;
    let after = page.cursor.as_deref().map(read_cursor).transpose()?;
    let height = Some(app.progress().last.height);
    if app.client().query("Funds", "Programmes", &[json!(programme)], height).await?.is_none() {
        return Err(Problem::not_found(format!("programme {programme} is not on the chain")));
    }
    let (moves, next) =
        app.blocking(move |app| moves_of(&app.index, programme, after, limit)).await?;
    let names: Vec<_> = moves.iter().map(|(_, id)| movement_name(*id)).collect();
    let found = app.records(&names).await?;
    let rows: Vec<_> = moves
        .into_iter()
        .map(|(event, id)| {
            json!({
                "movement": id,
                "height": event.height,
                "transaction": event.transaction,
                "record": found.get(&movement_name(id)),
            })
        })
        .collect();
    let next = next.as_ref().map(cursor_of);
    Ok(Json(json!({ "movements": rows, "next": next })).into_response())
}

/// Events that move money, with the movements.
type Moves = Vec<(IndexedEvent, u64)>;

/// Events of a programme that move its money: at most `limit`, and the last of them if there are more.
fn moves_of(
    index: &Index,
    programme: u32,
    mut after: Option<(u32, u32)>,
    limit: usize,
) -> Result<(Moves, Option<IndexedEvent>), IndexError> {
    let subject = format!("programme:{programme}");
    let mut moves = Moves::new();
    loop {
        let events = index.events_of(&subject, after, PAGE_MAX)?;
        let Some(last) = events.last() else { return Ok((moves, None)) };
        after = Some((last.height, last.number));
        // Not every event of a programme moves money.
        for event in events {
            let Some(movement) = event.fields["movement"].as_u64() else { continue };
            if moves.len() == limit {
                let last = moves.last().map(|(event, _)| event.clone());
                return Ok((moves, last));
            }
            moves.push((event, movement));
        }
    }
}
