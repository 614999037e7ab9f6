import type { Command, Invocation } from "../client/command.ts";

/** A program that the shell can run, by name: kubectl, cat, grep. */
export type Tool = (invocation: Invocation, tools: Tools) => Command;

export type Tools = ReadonlyMap<string, Tool>;
