import { expect, test } from "vitest";
import type { Exchange } from "../network/exchange.ts";
import { advance, nextAt, signal, TOOLS } from "./advance.ts";
import { configured } from "./images/configure.ts";
import { images } from "./images/index.ts";
import { answerOf, openServer, serverNextAt } from "./server.ts";
import { openShell } from "./shell.ts";
import type { Context, ServerTask } from "./task.ts";

function fresh(changes: Partial<Context> = {}): Context {
  return {
    now: 0,
    epochMillis: Date.parse("2026-04-22T12:00:00Z"),
    disk: { root: null, volumes: null, mounts: [] },
    log: [],
    environment: [["WHO", "you"]],
    workingDirectory: "/",
    hostname: "p",
    memoryLimitBytes: undefined,
    chance: 7,
    takenPorts: [],
    servers: {},
    processes: [],
    nextPid: 2,
    hasReadClock: false,
    hasStarved: false,
    sent: [],
    tools: TOOLS,
    ...changes,
  };
}

/** Runs a script to its end, or for an hour: `seconds exit-code output`; a signal may come at a time. */
function told(script: string, signalled?: { readonly at: number; readonly name: string }): string {
  let context = fresh();
  let task = openShell(script, 1, context);
  let isSignalled = signalled === undefined;
  while (task.kind !== "exited") {
    const next = nextAt(task, context.now);
    const isNow = !isSignalled && signalled !== undefined && (next === undefined || signalled.at <= next);
    const at = isNow ? signalled.at : next;
    if (at === undefined || at > 3_600_000) return `${context.now / 1000} still runs`;
    context = { ...context, now: at };
    task = isNow ? signal(task, signalled.name, context, true) : advance(task, context);
    isSignalled ||= isNow;
  }
  return [context.now / 1000, task.code, ...context.log.map((line) => line.text)].join(" ");
}

test.for([
  ["exit 3", "0 3"],
  ["sleep 2; exit 1", "2 1"],
  ["echo hello $WHO", "0 0 hello you"],
  ["false || echo no", "0 0 no"],
  ["true && false", "0 1"],
  [
    "touch /tmp/healthy; sleep 30; rm /tmp/healthy; cat /tmp/healthy",
    "30 1 cat: can't open '/tmp/healthy': No such file or directory",
  ],
  ["for i in 1 2 3; do sleep $i; done; echo $i", "6 0 3"],
  ["if test -f /tmp/x; then echo yes; else echo no; fi", "0 0 no"],
  ["n=0; while [ $n -lt 3 ]; do n=$((n+1)); sleep 1; done; exit $n", "3 3"],
  ["set -e; false; echo never", "0 1"],
  ["set -e; if false; then echo a; fi; false || true; ! true; sleep 1; false && true; echo on", "1 0 on"],
  ["sleep 1 & sleep 5 & wait; echo both", "5 0 both"],
  ["(sleep 2; exit 7) & wait $!; echo $?", "2 0 7"],
  ["sh -ec 'false; echo never'", "0 1"],
  ["trap 'echo out' EXIT; sleep 1; exit 5", "1 5 out"],
  ["trap 'echo out' EXIT; trap - EXIT; exit 1", "0 1"],
  ["x=1; (x=2; sleep 1; exit 3); echo $? $x", "1 0 3 1"],
  ["(exit 7) & wait $!; echo $?", "0 0 7"],
  ["until [ -f /tmp/x ]; do sleep 2; touch /tmp/x; done; echo ${NONE:-none}", "2 0 none"],
  ["exec sleep 4", "4 0"],
  ["sleep 50 & kill $!; wait $!; echo $?", "0 0 143"],
  ["case abc in a*) echo a;; *) echo other;; esac", "0 0 a"],
  ["x=$(cat /tmp/none 2>/dev/null || echo 0); echo $((x+1))", "0 0 1"],
  ["nothing-like-this", "0 127 sh: nothing-like-this: not found"],
  ["echo 'a b' | wc -w", "0 0 2"],
] as const)("a shell does what busybox's does: %s", ([script, outcome]) => {
  expect(told(script)).toBe(outcome);
});

test.for([
  ["sleep 600; echo over", "600 0 over", "PID 1 ignores a TERM that it does not handle (pid_namespaces(7))"],
  ["trap 'echo bye; exit 0' TERM; sleep 60", "60 0 bye", "a trap waits for the command in the foreground (POSIX sh)"],
  ["trap 'exit 4' TERM; sleep 60 & wait", "5 4", "wait is broken off by a trapped signal (POSIX sh)"],
  ["trap '' TERM; sleep 9; exit 2", "9 2", "an ignored signal changes nothing"],
] as const)("TERM after 5 s: %s", ([script, outcome, why]) => {
  expect(told(script, { at: 5000, name: "TERM" }), why).toBe(outcome);
});

function exchangesOf(server: ServerTask): readonly Exchange[] {
  return server.program.ports.flatMap(({ port, protocol }): readonly Exchange[] => {
    const paths = Object.keys(server.program.paths);
    const tcp: Exchange = { kind: "tcp", port };
    if (protocol === "http") return [tcp, ...paths.map((path): Exchange => ({ kind: "http", port, path }) as Exchange)];
    return protocol === "grpc" ? [tcp, { kind: "grpc", port, service: "" }] : [tcp];
  });
}

const servers = images.flatMap((image) =>
  Object.entries(image.servers).map(([name, program]) => [`${image.names[0]} ${name}`, program] as const),
);

test.for(servers)("no answer changes by itself before the time that is named for it: %s", ([, program]) => {
  const changing = configured(program, [
    ["HANG_AFTER_SECONDS", "20-60"],
    ["EXIT_AFTER_SECONDS", "70-90"],
    ["READY_SECONDS", "3-9"],
  ]);
  for (const chance of [1, 2, 3]) {
    const server = openServer(changing, 1, fresh({ chance })) as ServerTask;
    for (const exchange of exchangesOf(server)) {
      const answers = Array.from({ length: 400 }, (_, half) =>
        JSON.stringify(answerOf(server, fresh().disk, exchange, half * 500)),
      );
      const early = answers.findIndex(
        (answer, half) =>
          half > 0 && answer !== answers[half - 1] && (serverNextAt(server, (half - 1) * 500) ?? Infinity) > half * 500,
      );
      expect(early).toBe(-1);
    }
  }
});

test("a slow starter draws between 40 and 200 s, by its seed alone", () => {
  const program = images.find((image) => image.names.includes("workbook.example/slow-starter"))?.servers[
    "slow-starter"
  ];
  const starts = Array.from(
    { length: 200 },
    (_, chance) => (openServer(program as never, 1, fresh({ chance })) as ServerTask).listensAt,
  );
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(40_000);
  expect(Math.max(...starts)).toBeLessThanOrEqual(200_000);
  expect(new Set(starts).size).toBeGreaterThan(190);
});
