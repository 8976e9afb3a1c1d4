// Holds answers of a gateway to its own description: answers.mjs GATEWAY REQUEST...
// A request is STATUS, METHOD and PATH, such as "200 GET /api/v1/recalls"; one that is sent a body has it
// behind its path. Each answer must have that status, and be as openapi.json says of it, with no field
// that is not described. Without requests nothing passes.

import Ajv from "ajv/dist/2020.js";
import assert from "node:assert/strict";

const [gateway, ...requests] = process.argv.slice(2);
const document = await (await fetch(`${gateway}/api/v1/openapi.json`)).json();
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(document, "openapi");

/** Whether an address is one of a path with its parts in braces. */
const isOf = (path, address) =>
  new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(address);

/** What stands behind a reference within the document. */
const read = (value) =>
  value.$ref ? value.$ref.slice(2).split("/").reduce((it, name) => it[name], document) : value;

assert.ok(requests.length > 0, "requests are expected");
for (const request of requests) {
  const [status, method, path, ...body] = request.split(" ");
  const sent = body.length > 0 ? { body: `${body.join("\n")}\n` } : {};
  const answer = await fetch(gateway + path, { method, ...sent, headers: { Accept: "application/json" } });
  const text = await answer.text();
  assert.equal(answer.status, Number(status), `${request}: ${text}`);
  const kind = answer.headers.get("content-type");
  const place = Object.keys(document.paths).find((it) => isOf(it, path.replace(/\?.*/, "")));
  const described = document.paths[place]?.[method.toLowerCase()]?.responses[status];
  assert.ok(described, `${request}: ${status} is not described`);
  const schema = read(described).content?.[kind]?.schema;
  assert.ok(schema, `${request}: ${kind} is not described`);
  const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
  const isValid = ajv.compile(local);
  const value = JSON.parse(text);
  assert.ok(isValid(value), `${request}: ${JSON.stringify(isValid.errors)} ${text.slice(0, 2000)}`);
  // The description is closed: a field more is noticed.
  if (kind === "application/json" && place !== "/api/v1/openapi.json") {
    assert.ok(!isValid({ ...value, undescribed: 1 }), `${request}: whatever is let pass`);
  }
}
console.log(`${requests.length} answers are as described`);
