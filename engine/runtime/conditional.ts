import { absolutePath, fileAt, isDirectory } from "./file-system.ts";
import type { Context } from "./task.ts";

/** `test` and `[`: 0 when the expression is true, 1 when it is false, 2 when it is no expression. */
export function test(words: readonly string[], context: Context, workingDirectory: string): number {
  const [first, ...rest] = words;
  if (first === "!") {
    const code = test(rest, context, workingDirectory);
    return code > 1 ? code : 1 - code;
  }
  const or = words.indexOf("-o");
  if (or > 0)
    return Math.min(
      test(words.slice(0, or), context, workingDirectory),
      test(words.slice(or + 1), context, workingDirectory),
    );
  const and = words.indexOf("-a");
  if (and > 0)
    return Math.max(
      test(words.slice(0, and), context, workingDirectory),
      test(words.slice(and + 1), context, workingDirectory),
    );
  const outcome = words.length === 3 ? binary(words) : unary(words, context, workingDirectory);
  return outcome === undefined ? 2 : outcome ? 0 : 1;
}

function unary(words: readonly string[], context: Context, workingDirectory: string): boolean | undefined {
  const [operator = "", operand = ""] = words;
  if (words.length === 0) return false;
  if (words.length === 1) return operator !== "";
  const path = absolutePath(workingDirectory, operand);
  const file = fileAt(context.disk, path);
  switch (operator) {
    case "-n":
      return operand !== "";
    case "-z":
      return operand === "";
    case "-f":
      return file !== undefined && !file.isDirectory;
    case "-e":
    case "-r":
    case "-w":
      return file !== undefined || isDirectory(context.disk, path);
    case "-d":
      return isDirectory(context.disk, path);
    case "-s":
      return (file?.sizeBytes ?? 0) > 0;
    default:
      return undefined;
  }
}

function binary(words: readonly string[]): boolean | undefined {
  const [left = "", operator = "", right = ""] = words;
  const [one, other] = [Number(left), Number(right)];
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "-eq":
      return one === other;
    case "-ne":
      return one !== other;
    case "-lt":
      return one < other;
    case "-le":
      return one <= other;
    case "-gt":
      return one > other;
    case "-ge":
      return one >= other;
    default:
      return undefined;
  }
}
