// What a verified scan says, as a page shows it: what nobody may miss, and the facts.

import { against } from "#scan";
import { TEXTS, clock, day, fill } from "#texts";

/** An element. */
export function create(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((it) => it !== undefined));
  return node;
}

/** A text that nobody may miss. */
export const banner = (kind, text) => create("p", { class: `banner ${kind}`, role: "alert" }, text);

const RECALLS = { clear: "isClear", recalled: "isRecalled", beingAssessed: "isAssessed" };

/** Rows of facts: name, title, text. */
function facts(scan, texts, named) {
  const { mark, testPassed } = scan;
  const test = testPassed === undefined ? "noTest" : testPassed ? "passed" : "testFailed";
  return [
    ["gtin", texts.product, scan.gtin],
    ["lot", texts.lot, scan.lot],
    ["code", texts.codeRow, scan.code],
    ["producer", texts.producer, named(scan.producer)],
    ["producedAt", texts.producedAt, clock(scan.producedAt)],
    ["test", texts.test, texts[test]],
    ["recall", texts.recalls, texts[RECALLS[scan.recall]]],
    ["mark", texts.mark, mark ? `${texts[mark.life]} · ${clock(mark.at)}` : texts.noMark],
    ["block", texts.block, `${scan.height} · ${clock(scan.timeMs)}`],
  ];
}

function certificateOf(it, texts, named, certificateAt) {
  const number = certificateAt
    ? create("a", { href: certificateAt(it.id) }, it.number)
    : it.number;
  return create(
    "li",
    {},
    create("strong", {}, number),
    ` · ${named(it.body)}`,
    create("br", {}),
    `${texts.whenMade}${texts.colon}${texts[it.whenMade ?? "notClaimed"]}`,
    ` · ${texts.now}${texts.colon}`,
    create("strong", {}, texts[it.now ?? "notBegun"]),
    ` · ${day(it.validFrom)} – ${day(it.expires - 1)}`,
  );
}

function licenceOf({ subBrand, licensee, isInForce }, texts, named) {
  const whose = subBrand === undefined ? named(licensee) : `${subBrand} ${named(licensee)}`;
  const state = create("strong", {}, isInForce ? texts.inForce : texts.notInForce);
  return create("li", {}, `${texts.licence} ${whose} · `, state);
}

const section = (id, title, ...rows) =>
  create("section", { id }, create("h2", {}, title), ...rows);

/**
 * The nodes that say it: `recalls`, what nobody may miss, and `story`, the facts.
 *
 * @param scan as `scan` gives it
 * @param {"zh"|"en"} language
 * @param {(id: number) => string} [certificateAt] address of the page of a certificate
 */
export function story(scan, language, certificateAt) {
  const texts = TEXTS[language];
  const named = (id) => scan.names.get(id) ?? fill(texts.organisation, { id });
  const recalls = create("div", { id: "recalls" });
  for (const name of against(scan)) recalls.append(banner("bad", texts.against[name]));
  if (scan.mark?.life === "Sold") {
    const text = `${clock(scan.mark.at)} ${texts.soldAgain}`;
    recalls.append(create("p", { class: "banner care" }, text));
  }
  const list = create("dl", {});
  for (const [name, title, text] of facts(scan, texts, named)) {
    const quiet = name === "mark" && !scan.mark ? { class: "quiet" } : {};
    list.append(create("dt", {}, title), create("dd", { "data-fact": name, ...quiet }, text));
  }
  const carried = scan.certificates.map((it) => certificateOf(it, texts, named, certificateAt));
  if (scan.licence) carried.push(licenceOf(scan.licence, texts, named));
  const bases = scan.origins.map(({ base, region }) => {
    const division = region === undefined ? "" : ` · ${texts.region} ${region}`;
    return create("li", {}, `${texts.base} ${base}${division}`);
  });
  const listed = (rows) => (rows.length ? create("ul", {}, ...rows) : create("p", {}, texts.none));
  const told = create(
    "div",
    { id: "story" },
    create("section", {}, list),
    section("certificates", texts.certificates, listed(carried)),
    section("origin", texts.origins, listed(bases)),
  );
  return { recalls, story: told };
}
