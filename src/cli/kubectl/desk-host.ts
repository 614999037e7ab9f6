import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Command, CommandAnswer, CommandAsk } from "@workbook/engine";
import type { Terminal } from "../terminal.ts";
import { descriptions } from "./descriptions.ts";
import type { ClusterServer } from "./cluster-server.ts";

const EDITOR = "vi";

/** Where the command looks for the long texts of `explain`. Source: engine/kubectl/verbs/explain.ts. */
const DESCRIPTIONS_PATH = "/usr/share/kubectl/descriptions.json";

/** Answers what a command asks: files and standard input from this machine, requests from a cluster. */
export class DeskHost {
  private readonly terminal: Terminal;
  private readonly cluster: ClusterServer;

  constructor(terminal: Terminal, cluster: ClusterServer) {
    this.terminal = terminal;
    this.cluster = cluster;
  }

  /** Runs a command to its end; the result is its exit code. */
  async run(command: Command): Promise<number> {
    let turn = command.next();
    while (turn.done !== true) turn = command.next(await this.answer(turn.value));
    return turn.value;
  }

  private async answer(ask: CommandAsk): Promise<CommandAnswer> {
    switch (ask.kind) {
      case "request":
        return await this.cluster.exchange(ask.request);
      case "open":
        return await this.cluster.open(ask.request);
      case "next":
        return await this.cluster.next(ask.stream, ask.timeoutMillis);
      case "feed":
        this.cluster.feed(ask.stream, ask.channel, ask.text);
        return { kind: "done" };
      case "sleep":
        await this.cluster.sleep(ask.millis);
        return { kind: "done" };
      case "now":
        return { kind: "now", millis: this.cluster.now() };
      default:
        return this.local(ask);
    }
  }

  private local(
    ask: Extract<CommandAsk, { readonly kind: "print" | "read" | "write" | "stdin" | "edit" }>,
  ): CommandAnswer {
    switch (ask.kind) {
      case "print":
        if (ask.to === "stdout") this.terminal.out(ask.text);
        else this.terminal.error(ask.text);
        return { kind: "done" };
      case "read":
        return this.read(ask.path);
      case "write":
        return this.write(ask.path, ask.text);
      case "stdin":
        return { kind: "file", text: readFileSync(0, "utf8") };
      case "edit":
        return { kind: "file", text: this.edit(ask.path, ask.text) };
    }
  }

  private read(path: string): CommandAnswer {
    if (path === DESCRIPTIONS_PATH) {
      const text = descriptions();
      return text === undefined ? { kind: "missing" } : { kind: "file", text };
    }
    const place = resolve(this.terminal.workingDirectory, path);
    const status = statSync(place, { throwIfNoEntry: false });
    if (status === undefined) return { kind: "missing" };
    if (status.isDirectory()) return { kind: "file", text: "", entries: readdirSync(place) };
    return { kind: "file", text: readFileSync(place, "utf8") };
  }

  private write(path: string, text: string): CommandAnswer {
    const place = resolve(this.terminal.workingDirectory, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    return { kind: "done" };
  }

  /** Opens KUBE_EDITOR, or EDITOR, on the text in a file of that name. */
  private edit(path: string, text: string): string {
    const folder = mkdtempSync(join(tmpdir(), "workbook-edit-"));
    const place = join(folder, basename(path));
    writeFileSync(place, text);
    const editor = this.terminal.environment["KUBE_EDITOR"] ?? this.terminal.environment["EDITOR"] ?? EDITOR;
    spawnSync("/bin/sh", ["-c", `${editor} "$1"`, "sh", place], { stdio: "inherit" });
    const edited = readFileSync(place, "utf8");
    rmSync(folder, { recursive: true });
    return edited;
  }
}
