// After kube-openapi pkg/validation/validate and apiextensions-apiserver/pkg/apiserver/validation/validation.go (kubeOpenAPIResultToFieldErrors).
import { goQuote } from "../../api/go-quote.ts";
import { isEqual } from "../../api/semantic-equal.ts";
import {
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from "../registry/field-error.ts";
import { isRecord, memberSchema, type StructuralSchema } from "./structural.ts";

/** What breaks the schema, in the words of the validator of OpenAPI. */
export function check(value: unknown, schema: StructuralSchema, path = ""): readonly FieldError[] {
  if (value === null && schema.nullable === true) return [];
  const wrongType = typeProblem(value, schema, path);
  if (wrongType !== undefined) return [wrongType];
  return [
    ...enumProblems(value, schema, path),
    ...(typeof value === "string" ? textProblems(value, schema, path) : []),
    ...(typeof value === "number" ? numberProblems(value, schema, path) : []),
    ...(Array.isArray(value) ? listProblems(value, schema, path) : []),
    ...(isRecord(value) ? recordProblems(value, schema, path) : []),
    ...combinedProblems(value, schema, path),
  ];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function typeProblem(value: unknown, schema: StructuralSchema, path: string): FieldError | undefined {
  const found = typeOf(value);
  if (schema["x-kubernetes-int-or-string"] === true) {
    return found === "integer" || found === "string" ? undefined : wrongType(path, "integer,string", found);
  }
  const { type } = schema;
  if (type === undefined || type === found || (type === "number" && found === "integer")) return undefined;
  return wrongType(path, type, found);
}

function wrongType(path: string, wanted: string, found: string): FieldError {
  return typeInvalid(path, found, `${inBody(path)} must be of type ${wanted}: ${goQuote(found)}`);
}

function inBody(path: string): string {
  return `${path} in body`;
}

function enumProblems(value: unknown, schema: StructuralSchema, path: string): readonly FieldError[] {
  if (schema.enum === undefined || schema.enum.some((one) => isEqual(one, value))) return [];
  return [
    notSupported(
      path,
      value,
      schema.enum.map((one) => (typeof one === "string" ? one : JSON.stringify(one))),
    ),
  ];
}

function textProblems(text: string, schema: StructuralSchema, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const length = [...text].length;
  if (schema.minLength !== undefined && length < schema.minLength) {
    errors.push(invalid(path, text, `${inBody(path)} should be at least ${String(schema.minLength)} chars long`));
  }
  if (schema.maxLength !== undefined && length > schema.maxLength) errors.push(tooLong(path, schema.maxLength));
  if (schema.pattern !== undefined && !matches(schema.pattern, text)) {
    errors.push(invalid(path, text, `${inBody(path)} should match '${schema.pattern}'`));
  }
  return errors;
}

const patterns = new Map<string, RegExp>();

/** Go's patterns are a subset of those of JavaScript but for inline flags, which become flags. */
function matches(pattern: string, text: string): boolean {
  const known = patterns.get(pattern);
  if (known !== undefined) return known.test(text);
  const flags = pattern.startsWith("(?i)") ? "iu" : "u";
  const made = new RegExp(pattern.replace(/^\(\?i\)/, ""), flags);
  patterns.set(pattern, made);
  return made.test(text);
}

function numberProblems(value: number, schema: StructuralSchema, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { minimum, maximum, multipleOf } = schema;
  if (maximum !== undefined && (value > maximum || (schema.exclusiveMaximum === true && value === maximum))) {
    const than = schema.exclusiveMaximum === true ? "less than" : "less than or equal to";
    errors.push(invalid(path, value, `${inBody(path)} should be ${than} ${String(maximum)}`));
  }
  if (minimum !== undefined && (value < minimum || (schema.exclusiveMinimum === true && value === minimum))) {
    const than = schema.exclusiveMinimum === true ? "greater than" : "greater than or equal to";
    errors.push(invalid(path, value, `${inBody(path)} should be ${than} ${String(minimum)}`));
  }
  if (multipleOf !== undefined && value % multipleOf !== 0) {
    errors.push(invalid(path, value, `${inBody(path)} should be a multiple of ${String(multipleOf)}`));
  }
  return errors;
}

function listProblems(list: readonly unknown[], schema: StructuralSchema, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { items, minItems, maxItems } = schema;
  if (minItems !== undefined && list.length < minItems) {
    errors.push(invalid(path, list.length, `${inBody(path)} should have at least ${String(minItems)} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) errors.push(tooMany(path, list.length, maxItems));
  if (items !== undefined)
    for (const [index, item] of list.entries()) errors.push(...check(item, items, `${path}[${String(index)}]`));
  return errors;
}

function recordProblems(
  record: Readonly<Record<string, unknown>>,
  schema: StructuralSchema,
  path: string,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const { minProperties, maxProperties } = schema;
  for (const key of schema.required ?? []) if (record[key] === undefined) errors.push(required(at(key)));
  for (const [key, value] of Object.entries(record)) {
    const known = memberSchema(schema, key);
    const isOwn = path === "" && (key === "metadata" || key === "apiVersion" || key === "kind");
    if (known !== undefined && !isOwn) errors.push(...check(value, known, at(key)));
  }
  const count = Object.keys(record).length;
  if (minProperties !== undefined && count < minProperties) {
    errors.push(invalid(path, count, `${inBody(path)} should have at least ${String(minProperties)} properties`));
  }
  if (maxProperties !== undefined && count > maxProperties) errors.push(tooMany(path, count, maxProperties));
  return errors;
}

function combinedProblems(value: unknown, schema: StructuralSchema, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { allOf = [], anyOf, oneOf, not } = schema;
  const holds = (one: StructuralSchema): boolean => check(value, one, path).length === 0;
  for (const one of allOf) errors.push(...check(value, one, path));
  if (anyOf !== undefined && !anyOf.some(holds))
    errors.push(invalid(path, value, `${inBody(path)} must validate at least one schema (anyOf)`));
  if (oneOf !== undefined && oneOf.filter(holds).length !== 1) {
    errors.push(
      invalid(
        path,
        value,
        `${inBody(path)} must validate one and only one schema (oneOf). Found ${oneOf.some(holds) ? "multiple valid alternatives" : "none valid"}`,
      ),
    );
  }
  if (not !== undefined && holds(not))
    errors.push(invalid(path, value, `${inBody(path)} must not validate the schema (not)`));
  return errors;
}
