import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import type { Frame, Session } from "../../session/session.ts";
import { createConsole } from "./console.ts";

/** A session that says what it was asked, and answers when told to. */
function fakeSession(): { readonly session: Session; readonly lines: string[]; finish(output: string): void } {
  const lines: string[] = [];
  let ended = 0;
  const ears: ((output: string) => void)[] = [];
  const listeners: (() => void)[] = [];
  const session = {
    state: () => ({ status: "ready", trouble: undefined, log: [], frame: { ended } as Frame }),
    subscribe: (listener: () => void) => {
      listeners.push(listener);
      return () => {};
    },
    listen: (ear: (output: string) => void) => {
      ears.push(ear);
      return () => {};
    },
    command: (line: string) => lines.push(line),
    interrupt: () => lines.push("^C"),
    complete: () => Promise.resolve({ insert: "", options: ["pods", "pod"] }),
  } as unknown as Session;
  const finish = (output: string): void => {
    ended += 1;
    for (const ear of ears) ear(output);
    for (const listener of listeners) listener();
  };
  return { session, lines, finish };
}

async function screenOf(terminal: Terminal): Promise<string> {
  await new Promise<void>((resolve) => terminal.write("", resolve));
  const rows = Array.from(
    { length: 10 },
    (_, index) => terminal.buffer.active.getLine(index)?.translateToString(true) ?? "",
  );
  return rows.join("\n").trimEnd();
}

function start(): ReturnType<typeof fakeSession> & { readonly terminal: Terminal } {
  const terminal = new Terminal({ cols: 40, rows: 10, allowProposedApi: true });
  const fake = fakeSession();
  createConsole(terminal, fake.session);
  return { ...fake, terminal };
}

test("a line is handed over, its output follows, the prompt comes back", async () => {
  const { terminal, lines, finish } = start();
  terminal.input("ls\r");
  expect(lines).toEqual(["ls"]);
  finish("web.yaml\n");
  expect(await screenOf(terminal)).toBe("$ ls\nweb.yaml\n$");
});

test("what is typed while a command runs waits for it", async () => {
  const { terminal, lines, finish } = start();
  terminal.input("one\r");
  terminal.input("two\rthr");
  expect(lines).toEqual(["one"]);
  finish("");
  expect(lines).toEqual(["one", "two"]);
  finish("");
  expect(await screenOf(terminal)).toBe("$ one\n$ two\n$ thr");
});

test("Ctrl-C reaches the command that runs, else drops the line", async () => {
  const { terminal, lines, finish } = start();
  terminal.input("ls -w\r");
  terminal.input("\x03");
  expect(lines).toEqual(["ls -w", "^C"]);
  finish("");
  terminal.input("abc\x03");
  expect(await screenOf(terminal)).toBe("$ ls -w\n^C\n$ abc^C\n$");
});

test("a here-document is one command", () => {
  const { terminal, lines } = start();
  terminal.input("cat > a <<EOF\rx: 1\rEOF\r");
  expect(lines).toEqual(["cat > a <<EOF\nx: 1\nEOF"]);
});

test("Tab lists what there is to choose from", async () => {
  const { terminal } = start();
  terminal.input("kubectl get p\t");
  await Promise.resolve();
  expect(await screenOf(terminal)).toBe("$ kubectl get p\npods  pod\n$ kubectl get p");
});

test("clear leaves the prompt alone on the screen", async () => {
  const { terminal, finish } = start();
  terminal.input("ls\r");
  finish("web.yaml\n");
  terminal.input("clear\r");
  expect(await screenOf(terminal)).toBe("$");
});
