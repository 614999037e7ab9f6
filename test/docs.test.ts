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

/** Runs a chapter's blocks from top to bottom in one world, as a reader would who types everything. */
function runBlocks(blocks: readonly Block[]): readonly string[] {
  const complaints: string[] = [];
  let world: World = boot(workers(2), { seed: 24 });
  let printed = "";
  for (const block of blocks) {
    if (block.language === "yaml") {
      if (block.title === undefined) complaints.push(`line ${block.line}: a manifest needs a title`);
      world = writeFile(world, `/home/learner/${block.title ?? "untitled.yaml"}`, block.text);
    }
    if (block.language === "sh") {
      for (const line of block.text.trim().split("\n")) {
        const pause = /^sleep (\d+)$/.exec(line)?.[1];
        if (pause !== undefined) {
          world = advance(world, { for: Number(pause) * 1000 });
          continue;
        }
        const ran = exec(world, line);
        world = ran.world;
        printed = ran.stdout;
        if (ran.exitCode !== 0) complaints.push(`line ${block.line}: ${line}: exit ${ran.exitCode}: ${ran.stderr}`);
      }
    }
    if (block.language === "text" && printed.trim() !== block.text.trim()) {
      complaints.push(`line ${block.line}: the book says ${block.text.trim()}, the cluster says ${printed.trim()}`);
    }
  }
  return complaints;
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
