// The control API's document, to read.

import { fill, h } from "./dom.js";

const main = document.getElementById("docs");

/** A schema's name, by its reference. */
const nameOf = (reference) => reference.split("/").pop();

/** A schema in a few words, with links to the named ones. */
function words(schema) {
  if (!schema) return "anything";
  if (schema.$ref) return h("a", { href: `#${nameOf(schema.$ref)}` }, nameOf(schema.$ref));
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.flatMap((one, index) => (index ? [" or ", words(one)] : [words(one)]));
  if (schema.allOf) return schema.allOf.flatMap((one, index) => (index ? [" with ", words(one)] : [words(one)]));
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const types = [schema.type ?? "anything"].flat();
  if (types.includes("array")) return ["list of ", words(schema.items), types.includes("null") ? " or null" : ""];
  return types.join(" or ");
}

/** The fields of an object, those that it takes from other schemas too. */
function fields(schema, schemas) {
  if (schema.$ref) return fields(schemas[nameOf(schema.$ref)], schemas);
  const inherited = (schema.allOf ?? []).flatMap((one) => fields(one, schemas));
  const required = schema.required ?? [];
  const own = Object.entries(schema.properties ?? {});
  return [...inherited, ...own.map(([name, property]) => ({ name, property, required: required.includes(name) }))];
}

function fieldTable(rows) {
  if (!rows.length) return null;
  const row = ({ name, property, required }) =>
    h("tr", {}, h("td", {}, h("code", {}, name), required ? null : h("span", { class: "tag" }, "optional")),
      h("td", {}, words(property)), h("td", {}, property?.description ?? ""));
  return h("div", { class: "scroll", tabindex: "0" }, h("table", {},
    h("thead", {}, h("tr", {}, h("th", {}, "Field"), h("th", {}, "Type"), h("th", {}, "Meaning"))),
    h("tbody", {}, rows.map(row))));
}

function schemaCard([name, schema], schemas) {
  const variants = schema.oneOf ?? [];
  const parts = variants.map((variant) => {
    const rows = fields(variant, schemas);
    const tag = rows.find((row) => row.property.enum?.length === 1);
    const title = tag ? `${tag.name}: ${JSON.stringify(tag.property.enum[0])}` : words(variant);
    return [h("h3", {}, title), variant.description ? h("p", {}, variant.description) : null, fieldTable(rows.filter((row) => row !== tag))];
  });
  const table = variants.length ? null : fieldTable(fields(schema, schemas));
  return h("section", { class: "card", id: name }, h("h3", {}, name), schema.description ? h("p", {}, schema.description) : null,
    table ?? (variants.length ? null : h("p", {}, words(schema))), parts);
}

function operationCard(path, method, operation) {
  const parameters = (operation.parameters ?? []).map(({ name, schema, description, required }) => ({ name, required, property: { ...schema, description } }));
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const answers = Object.entries(operation.responses).map(([status, { description, content }]) => {
    const [kind, { schema } = {}] = Object.entries(content ?? {})[0] ?? [];
    return h("tr", {}, h("td", {}, h("code", {}, status)), h("td", {}, schema?.$ref ? words(schema) : kind ?? ""), h("td", {}, description));
  });
  return h("section", { class: "card", id: operation.operationId },
    h("h3", {}, h("span", { class: "method" }, method), path),
    [operation.summary, operation.description].filter(Boolean).map((text) => h("p", {}, text)),
    fieldTable(parameters), body ? h("p", {}, "Body: ", words(body)) : null,
    h("div", { class: "scroll", tabindex: "0" }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", {}, "Status"), h("th", {}, "Answer"), h("th", {}, "When"))), h("tbody", {}, answers))));
}

function show(api) {
  const schemas = api.components.schemas;
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const groups = api.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(name));
    return [h("h2", {}, name), h("p", { class: "hint" }, description), own.map(({ path, method, operation }) => operationCard(path, method, operation))];
  });
  fill(main, h("h1", {}, api.info.title), h("p", {}, api.info.description),
    h("p", {}, h("a", { href: "/api/openapi.json" }, "OpenAPI document"), " · ", h("a", { href: "/" }, "The page")),
    groups, h("h2", {}, "Types"), Object.entries(schemas).map((entry) => schemaCard(entry, schemas)));
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

try {
  show(await (await fetch("/api/openapi.json")).json());
} catch (error) {
  fill(main, h("p", { role: "alert" }, `The document cannot be shown: ${error.message}`));
}
