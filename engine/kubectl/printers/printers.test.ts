import { expect, test } from "vitest";
import { failureOf, messageOf } from "../failure.ts";
import { TABLE_LAYOUT, tabulate } from "../tabulate.ts";
import { columnHeaders, columnRow, customColumnsOf } from "./custom-columns.ts";
import { executeTemplate, goTemplateOf } from "./go-template.ts";
import { jsonPathOf, printAsJson, printJsonPath, relaxedExpression } from "./json-path.ts";
import { kyaml } from "./kyaml.ts";

const CONFIG = {
  kind: "Config",
  clusters: [
    { name: "a", cluster: { server: "https://a:1" } },
    { name: "b", cluster: { server: "https://b:1" } },
  ],
  labels: { "app.kubernetes.io/name": "x", tier: "y" },
  count: 2,
};

/** What kubectl 1.36 prints for `config view -o jsonpath=…` on such a file. */
const PATHS: readonly (readonly [what: string, template: string, printed: string])[] = [
  ["a field", "{.kind}", "Config"],
  ["all items, joined by spaces", "{.clusters[*].name}", "a b"],
  ["an index from the end, and text", "{.clusters[-1].name} x", "b x"],
  ["a slice prints JSON", "{.clusters[0:1]}", '{"cluster":{"server":"https://a:1"},"name":"a"}'],
  [
    "a range with an end",
    '{range .clusters[*]}{.name}{"\\t"}{.cluster.server}{"\\n"}{end}',
    "a\thttps://a:1\nb\thttps://b:1\n",
  ],
  ["a filter", '{.clusters[?(@.name!="a")].cluster.server}', "https://b:1"],
  ["a filter on what exists", "{.clusters[?(@.x)]}", ""],
  ["any depth", "{..server}", "https://a:1 https://b:1"],
  ["a union of names", "{['clusters'][0]['name','cluster']}", 'a {"server":"https://a:1"}'],
  ["an escaped key", "{.labels.app\\.kubernetes\\.io/name}", "x"],
  ["what is not there prints nothing", "{.nope}", ""],
  ["no braces is text", ".nope", ".nope"],
];

test.each(PATHS)("jsonpath: %s", (_, template, printed) => {
  expect(printJsonPath(jsonPathOf(template, true), CONFIG)).toBe(printed);
});

test("jsonpath-as-json prints the found values as one list", () => {
  expect(printAsJson(jsonPathOf("{.clusters[*].name}", true), CONFIG)).toBe('[\n    "a",\n    "b"\n]\n');
});

test.each([
  ["{.clusters[5].name}", "array index out of bounds: index 5, length 2"],
  ["{.nope", "unclosed action"],
  ["{foo}", "unrecognized identifier foo"],
  ["{end}", "not in range, nothing to end"],
  ["{.clusters[a]}", "invalid array index a"],
])("jsonpath %s is refused: %s", (template, message) => {
  let said = "";
  try {
    printJsonPath(jsonPathOf(template, true), CONFIG);
  } catch (caught) {
    said = messageOf(failureOf(caught));
  }
  expect(said).toBe(message);
});

test("a path may be written without dot and braces", () => {
  expect([".a.b", "a.b", "{.a.b}", "{a.b}"].map(relaxedExpression)).toEqual(["{.a.b}", "{.a.b}", "{.a.b}", "{.a.b}"]);
});

/** What kubectl 1.36 prints for `config view -o go-template=…` on such a file. */
const TEMPLATES: readonly (readonly [what: string, template: string, printed: string])[] = [
  ["a range and a missing field", '{{range .clusters}}{{.name}}{{"\\n"}}{{end}}{{.nope}}', "a\nb\n<no value>"],
  ["if, else and eq", '{{if eq .kind "Config"}}yes{{else}}no{{end}}', "yes"],
  ["variables of a range", "{{range $i, $e := .clusters}}{{$i}}={{$e.name}} {{end}}", "0=a 1=b "],
  ["a pipe into printf", '{{ .kind | printf "%s!" }}', "Config!"],
  [
    "len, index and printf",
    '{{len .clusters}} {{(index .clusters 0).name}} {{printf "%s-%d %q" .kind 3 "x"}}',
    '2 a Config-3 "x"',
  ],
  ["and, or, not", '{{not true}} {{and 1 0}} {{or "" "b"}}', "false 0 b"],
  ["a map prints as Go does", "{{.labels}}", "map[app.kubernetes.io/name:x tier:y]"],
];

test.each(TEMPLATES)("go-template: %s", (_, template, printed) => {
  expect(executeTemplate(goTemplateOf(template), CONFIG)).toBe(printed);
});

test("custom columns print <none> for what is missing and Go's words for maps", () => {
  const columns = customColumnsOf("KIND:.kind,X:.nope,L:.labels,N:.clusters[*].name");
  expect(tabulate(columnHeaders(columns) + columnRow(columns, CONFIG), TABLE_LAYOUT)).toBe(
    "KIND     X        L                                      N\nConfig   <none>   map[app.kubernetes.io/name:x tier:y]   a,b\n",
  );
});

test("kyaml quotes texts, keeps safe keys bare and cuddles lists of maps", () => {
  expect(kyaml({ kind: "A", true: "1", list: [{ a: "b" }], plain: ["x"], none: {} })).toBe(
    '---\n{\n  kind: "A",\n  "true": "1",\n  list: [{\n    a: "b",\n  }],\n  plain: [\n    "x",\n  ],\n  none: {},\n}\n',
  );
});

test("columns are as wide as their widest cell and three more; the last is not padded", () => {
  expect(tabulate("NAME\tAGE\na-long-name\t1s\n", TABLE_LAYOUT)).toBe("NAME          AGE\na-long-name   1s\n");
});
