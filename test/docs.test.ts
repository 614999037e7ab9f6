// Every manifest and every command in the book runs, and prints what the book says it prints.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { advance, boot, exec, type World, workers, writeFile } from "@workbook/engine";
import { labs, quizzes } from "@workbook/labs";
import { describe, expect, test } from "vitest";
import { top } from "./house/tree.ts";

interface Block {
  readonly language: string;
  readonly title: string | undefined;
  readonly text: string;
  readonly line: number;
}

const chapters = readdirSync(join(top, "docs"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".mdx"))
  .toSorted()
  .map((path) => ({ path: `docs/${path}`, text: readFileSync(join(top, "docs", path), "utf8") }));

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w+)(?: title="([^"]+)")?[^\n]*\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? "",
    title: match[2],
    text: match[3] ?? "",
    line: text.slice(0, match.index).split("\n").length,
  }));
}

interface Reading {
  readonly world: World;
  readonly printed: string;
  readonly complaints: readonly string[];
}

/** Runs a chapter's blocks from top to bottom in one world, as a reader would who types everything. */
function runBlocks(blocks: readonly Block[]): readonly string[] {
  const begun: Reading = { world: boot(workers(2), { seed: 24 }), printed: "", complaints: [] };
  return blocks.reduce(runBlock, begun).complaints;
}

function runBlock(reading: Reading, block: Block): Reading {
  switch (block.language) {
    case "yaml":
      return {
        ...reading,
        world: writeFile(reading.world, `/home/learner/${block.title ?? "untitled.yaml"}`, block.text),
      };
    case "sh":
      return block.text
        .trim()
        .split("\n")
        .reduce((next, line) => runLine(next, line, block.line), reading);
    case "text":
      if (reading.printed.trim() === block.text.trim()) return reading;
      return complained(
        reading,
        block.line,
        `the book says ${block.text.trim()}, the cluster says ${reading.printed.trim()}`,
      );
    default:
      return complained(reading, block.line, `a block in ${block.language} is neither run nor checked`);
  }
}

/** `sleep 30` is waited for in virtual time. */
function runLine(reading: Reading, line: string, at: number): Reading {
  const pause = /^sleep (\d+)$/.exec(line)?.[1];
  if (pause !== undefined) return { ...reading, world: advance(reading.world, { for: Number(pause) * 1000 }) };
  const { world, stdout, stderr, exitCode } = exec(reading.world, line);
  const next = { ...reading, world, printed: stdout };
  return exitCode === 0 ? next : complained(next, at, `${line}: exit ${exitCode}: ${stderr}`);
}

function complained(reading: Reading, line: number, complaint: string): Reading {
  return { ...reading, complaints: [...reading.complaints, `line ${line}: ${complaint}`] };
}

describe.each(chapters)("$path", ({ text }) => {
  test("every manifest is used, every command runs and prints what the book says", () => {
    expect(runBlocks(blocksOf(text))).toEqual([]);
  });

  test("the first lab comes within 300 words", () => {
    const before = text.slice(0, text.indexOf("<Lab ")).replace(/^---[\s\S]*?^---$/m, "");
    expect(text).toContain("<Lab ");
    expect(before.split(/\s+/).filter((word) => /\w/.test(word)).length).toBeLessThanOrEqual(300);
  });

  test("no section between two things to do is longer than 300 words of prose", () => {
    const parts = text.split(/^<(?:Lab|Quiz) .*\/>$|^```[\s\S]*?^```$/m);
    const words = parts.map((part) => part.split(/\s+/).filter((word) => /\w/.test(word)).length);
    expect(Math.max(...words)).toBeLessThanOrEqual(300);
  });

  test("labs and quizzes that it names are there", () => {
    const labIds = [...text.matchAll(/<Lab id="([^"]+)"/g)].map((match) => match[1]);
    const quizIds = [...text.matchAll(/<Quiz chapter="([^"]+)"/g)].map((match) => match[1]);
    expect(labIds.filter((id) => !labs.some((lab) => lab.id === id))).toEqual([]);
    expect(quizIds.filter((id) => !quizzes.some((quiz) => quiz.chapter === id))).toEqual([]);
  });
});
