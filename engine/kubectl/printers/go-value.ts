import { goJson } from "../../api/go-quote.ts";
import { isFields, sortedKeys } from "../json.ts";

/** Go's `%v` of a decoded JSON value: `map[a:1 b:[x y]]`. Numbers are float64 where `floats` says so, else int64 where whole. */
export function goValue(value: unknown, floats: boolean = false): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "number") return floats ? floatText(value) : numberText(value);
  if (Array.isArray(value)) return `[${value.map((item) => goValue(item, floats)).join(" ")}]`;
  if (isFields(value))
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${goValue(value[key], floats)}`)
      .join(" ")}]`;
  return String(value);
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : floatText(value);
}

/** strconv's 'g' with the shortest digits: exponents from 1e+21 on, as fmt's %v has it. */
export function floatText(value: number): string {
  const [mantissa = "", exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= 21 || power < -4)
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(power < 0 ? -power : power).padStart(2, "0")}`;
  return String(value);
}

/** Go's `%#v` of a decoded JSON value. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isFields(value))
    return `map[string]interface {}{${sortedKeys(value)
      .map((key) => `${goJson(key)}:${goSyntax(value[key])}`)
      .join(", ")}}`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
