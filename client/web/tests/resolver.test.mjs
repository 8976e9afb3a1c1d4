// A gateway as a GS1-conformant resolver: what Conformance1_2.txt of GS1's test suite asks, and linksets by
// GS1's schema. ECOLEDGER_SCENE tells of it as JSON: `gateway`, `gtin`, `lot`, `serial`.

import Ajv from "ajv";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const { gateway, gtin, lot, serial } = JSON.parse(process.env.ECOLEDGER_SCENE);
const fixtures = process.env.ECOLEDGER_FIXTURES;
const item = `/01/${gtin}/10/${lot}/21/${serial}`;
const VOCABULARY = "https://gs1.org/voc/";
const LINKSET = "application/linkset+json";

/** The answer to a request, not followed. */
const ask = (path, headers = {}, method = "GET") =>
  fetch(gateway + path, { method, headers, redirect: "manual" });

/** Where a request is sent to. */
async function target(path, headers, method) {
  const answer = await ask(path, headers, method);
  assert.equal(answer.status, 307, path);
  return answer.headers.get("location").replace(gateway, "");
}

const linkset = async (path) => (await (await ask(`${path}?linkType=linkset`)).json()).linkset;

test("GET, HEAD and OPTIONS, from any origin", async () => {
  const origin = { Origin: "https://shop.example" };
  for (const [method, status] of [["GET", 307], ["HEAD", 307]]) {
    const answer = await ask(item, origin, method);
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    for (const name of ["link", "location"]) {
      assert.match(answer.headers.get("access-control-expose-headers"), new RegExp(name), name);
    }
  }
  const options = await ask(item, {}, "OPTIONS");
  assert.ok(options.ok);
  assert.match(options.headers.get("allow"), /GET.*HEAD.*OPTIONS/);
  const preflight = await ask(
    item,
    { ...origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "accept" },
    "OPTIONS",
  );
  assert.ok(preflight.ok);
  assert.match(preflight.headers.get("access-control-allow-methods"), /GET/);
  assert.match(preflight.headers.get("access-control-allow-headers"), /accept/);
  const error = await ask("/01/09506000200034", origin);
  assert.equal(error.headers.get("access-control-allow-origin"), "*");
});

test("uploads say what they take, to scripts of their own origin", async () => {
  const preflight = {
    Origin: "https://shop.example",
    "Access-Control-Request-Method": "PUT",
  };
  for (const [path, allowed] of [
    ["/api/v1/series/0/list", "PUT, OPTIONS"],
    [`/api/v1/documents/${"ab".repeat(32)}`, "GET, HEAD, PUT, OPTIONS"],
  ]) {
    const answer = await ask(path, preflight, "OPTIONS");
    assert.ok(answer.ok, path);
    assert.equal(answer.headers.get("allow"), allowed);
    assert.doesNotMatch(answer.headers.get("access-control-allow-methods") ?? "", /PUT/);
  }
});

test("people are told on a page, programs by a problem", async () => {
  for (const path of [`/01/${gtin}/10/NOPE`, "/nothing"]) {
    const answer = await ask(path, { Accept: "text/html,*/*;q=0.8", "Accept-Language": "en" });
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers.get("content-type"), /^text\/html/, path);
    assert.match(await answer.text(), /role="alert"/);
  }
  for (const [path, headers] of [
    [`/01/${gtin}/10/NOPE`, {}],
    ["/api/v1/nothing", { Accept: "text/html" }],
  ]) {
    const answer = await ask(path, headers);
    assert.equal(answer.headers.get("content-type"), "application/problem+json", path);
  }
});

test("syntax is validated, and errors are never 200", async () => {
  for (const [path, status] of [
    [`/01/${gtin.slice(0, 13)}${(Number(gtin[13]) + 1) % 10}`, 400],
    [`/01/${gtin.slice(0, 12)}`, 400],
    [`/01/${gtin}/21/${serial}/10/${lot}`, 400],
    [`/01/${gtin}/10/`, 400],
    [`/01/${gtin}/99/x`, 400],
    [`/01/${gtin}/10/${"A".repeat(21)}`, 400],
    [`/01/${gtin}/10/%zz`, 400],
    ["/01/09506000164908", 404],
    // What is not on the chain does not exist, and leads nowhere.
    [`/01/${gtin}/10/NOPE`, 404],
    [`/01/${gtin}/10/NOPE?linkType=linkset`, 404],
    [`/01/${gtin}/21/NOPE`, 404],
    [`/01/${gtin}/10/NOPE/21/${serial}`, 404],
    [`/01/${gtin}/10/${lot}/21/NOPE?linkType=linkset`, 404],
    [`${item}?linkType=gs1:nothing`, 404],
    [`${item}?linkType=nothing`, 404],
  ]) {
    const answer = await ask(path);
    assert.equal(answer.status, status, path);
    assert.equal(answer.headers.get("content-type"), "application/problem+json", path);
  }
});

test("every link of every level is in the linkset", async () => {
  for (const [path, headers] of [
    [`${item}?linkType=linkset`, {}],
    [`${item}?linkType=all`, {}],
    [item, { Accept: LINKSET }],
    [item, { Accept: `text/html;q=0.5, ${LINKSET}` }],
  ]) {
    const answer = await ask(path, headers);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), LINKSET);
    assert.match(answer.headers.get("link"), /<https:[^>]*>; rel="http:\/\/www.w3.org\/ns\/json-ld#context"/);
    assert.match(answer.headers.get("vary"), /accept/);
    const anchors = (await answer.json()).linkset.map(({ anchor }) => anchor.replace(gateway, ""));
    assert.deepEqual(anchors, [item, `/01/${gtin}/10/${lot}`, `/01/${gtin}`]);
  }
  for (const context of await linkset(item)) {
    const types = Object.keys(context).filter((name) => Array.isArray(context[name]));
    const [first, ...more] = context[`${VOCABULARY}defaultLink`];
    assert.deepEqual(more, []);
    assert.deepEqual(Object.keys(first), ["href", "title"]);
    const described = types
      .filter((name) => name !== `${VOCABULARY}defaultLink`)
      .flatMap((name) => context[name]);
    assert.ok(described.some(({ href }) => href === first.href), "the default is also described");
    for (const { href, title, type, hreflang } of described) {
      assert.ok(href.startsWith(`${gateway}/`) && title.length > 0, href);
      assert.ok(["text/html", "application/json"].includes(type), type);
      assert.equal(type === "text/html", hreflang !== undefined, `${href}: its languages`);
      const answer = await fetch(href.replace(/#.*/, ""));
      assert.equal(answer.status, 200, href);
      assert.ok(answer.headers.get("content-type").startsWith(type), href);
    }
  }
});

test("linksets are valid by GS1's schema", { skip: !fixtures && "ECOLEDGER_FIXTURES is not set" }, async () => {
  const read = (name) => JSON.parse(readFileSync(`${fixtures}/gs1-resolver/${name}`));
  const schema = read("linkset/gs1-linkset-schema.json");
  const isValid = new Ajv({ strict: false, allErrors: true }).compile(schema);
  // The validator tells good from bad as GS1 does.
  assert.ok(isValid(read("linkset/valid-gs1-example.json")));
  assert.ok(isValid(read("testsuite/modelLinkset.json")));
  assert.ok(!isValid(read("linkset/invalid-gs1-example.json")));
  for (const path of [item, `/01/${gtin}/10/${lot}`, `/01/${gtin}`]) {
    const found = { linkset: await linkset(path) };
    assert.ok(isValid(found), JSON.stringify(isValid.errors));
  }
});

test("a request goes to the link that fits it best", async () => {
  const page = `/product${item}`;
  const certificates = `${item}?linkType=gs1:certificationInfo`;
  for (const [path, headers, to] of [
    [item, {}, page],
    [item, { "Accept-Language": "fr" }, page],
    [item, { "Accept-Language": "en-GB,en;q=0.9,zh;q=0.5" }, `${page}?lang=en`],
    [item, { "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8" }, `${page}?lang=zh`],
    [item, { "Accept-Language": "en;q=0.3, zh;q=0.7" }, `${page}?lang=zh`],
    [`${item}?linkType=gs1:defaultLink`, {}, page],
    [`${item}?linkType=gs1:pip`, {}, page],
    [`${item}?linkType=${encodeURIComponent(`${VOCABULARY}pip`)}`, {}, page],
    [`${item}?linkType=gs1%3apip`, {}, page],
    [`${item}?linkType=g%731:pip`, {}, page],
    [item, { Accept: `${LINKSET};q=0, text/html` }, page],
    [item, { Accept: `text/html, ${LINKSET};q=0.1` }, page],
    [`/01/${gtin}/21/${serial}`, {}, `/product/01/${gtin}/21/${serial}`],
    [certificates, {}, `${page}#certificates`],
    [certificates, { "Accept-Language": "en" }, `${page}?lang=en#certificates`],
    [`${certificates}&context=CN`, {}, `${page}?lang=zh&context=CN#certificates`],
    [`${certificates}&context=LK`, {}, `${page}?context=LK#certificates`],
    // What else the query says is passed on.
    [`${item}?17=271231&a=b%20c`, {}, `${page}?17=271231&a=b%20c`],
    [`${item}/`, {}, page],
  ]) {
    assert.equal(await target(path, headers), to, `${path} ${JSON.stringify(headers)}`);
    assert.equal(await target(path, headers, "HEAD"), to);
  }
  const answer = await ask(item);
  assert.match(answer.headers.get("vary"), /accept-language/);
  const all = `<${gateway}${item}?linkType=linkset>; rel="linkset"; type="${LINKSET}"`;
  assert.equal(answer.headers.get("link"), all);
});

test("it describes itself", async () => {
  const answer = await ask("/.well-known/gs1resolver");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/json");
  const described = await answer.json();
  assert.equal(described.resolverRoot, gateway);
  assert.deepEqual(described.supportedPrimaryKeys, ["01"]);
  assert.equal(described.linkTypeDefaultCanBeLinkset, false);
  assert.ok(described.supportedLinkType.some(({ namespace }) => namespace === VOCABULARY));
  assert.ok(URL.canParse(described.jsonLdContextLocation));
  const contexts = new Set(
    (await linkset(item)).flatMap((it) => Object.values(it).flat()).flatMap((it) => it.context ?? []),
  );
  assert.deepEqual(described.supportedContextValuesEnumerated, [...contexts]);
});

if (!fixtures && process.env.CI === "true") {
  test("outside vectors are required", () => assert.fail("set ECOLEDGER_FIXTURES"));
}
