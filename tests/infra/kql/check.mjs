// Reads queries with Microsoft's Kusto language service, against the tables in tables.json.
// In: paths of .kql files. Out: one JSON object, path -> {problems, columns, strings, fields}, where `fields` are the
// names read from `e`, the parsed log line.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const { GlobalState, KustoCode, Symbols, Syntax } = globalThis.Kusto.Language;

// the library is compiled from C#, which numbers a class's constructors: these take (name, schema) and (name, tables)
const tables = Object.entries(JSON.parse(readFileSync(new URL("tables.json", import.meta.url), "utf8"))).map(
  ([name, columns]) =>
    new Symbols.TableSymbol.$ctor7(name, `(${Object.entries(columns).map((column) => column.join(": ")).join(", ")})`),
);
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("workspace", tables));

function check(path) {
  const code = KustoCode.ParseAndAnalyze(readFileSync(path, "utf8"), globals);
  const strings = new Set();
  const fields = new Set();
  Syntax.SyntaxElement.WalkNodes(code.Syntax, (node) => {
    if (node instanceof Syntax.LiteralExpression && typeof node.LiteralValue === "string") strings.add(node.LiteralValue);
    if (node instanceof Syntax.PathExpression && node.Expression.ToString().trim() === "e")
      fields.add(node.Selector.ToString().trim());
  });
  return {
    problems: list(code.GetDiagnostics()).map(({ Start, Message }) => `${Start}: ${Message}`),
    columns: list(code.ResultType?.Columns).map(({ Name }) => Name),
    strings: [...strings],
    fields: [...fields],
  };
}

// C# lists have Count and getItem
function list(items) {
  return Array.from({ length: items?.Count ?? 0 }, (_, index) => items.getItem(index));
}

console.log(JSON.stringify(Object.fromEntries(process.argv.slice(2).map((path) => [path, check(path)]))));
