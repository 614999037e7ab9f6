import { expect, test } from "vitest";
import { advance, boot, exec, narrate, trace, workers } from "../index.ts";
import { words } from "./words.en.ts";

test("every line of a busy cluster is a whole sentence, and says every fact that its template names", () => {
  const made = exec(boot(workers(2), { seed: 1 }), "kubectl create deployment web --image=nginx --replicas=3").world;
  const scaled = exec(advance(made, { for: 20_000 }), "kubectl scale deployment web --replicas=1").world;
  const lines = trace(advance(scaled, { for: 60_000 }));
  for (const line of lines) {
    const sentence = narrate(line);
    expect(sentence).not.toMatch(/[{}]|undefined|\bof \.|: \.$/);
    const named = [...(words[line.reason] ?? "").matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const missing = named.filter((name) => name !== "object" && name !== "actor" && line.facts?.[name] === undefined);
    expect(missing, line.reason).toEqual([]);
  }
  expect(lines.length).toBeGreaterThan(100);
});

test("a line without a template tells its facts, so nothing is hidden", () => {
  const line = { id: 1, at: 0, actor: "worker-1/kubelet", cause: 0, reason: "Unheard", facts: { b: 2, a: 1 } };
  expect(narrate(line)).toBe("Unheard: a 1, b 2");
});

test("what a component says in an Event is told in its words", () => {
  const line = {
    id: 1,
    at: 0,
    actor: "worker-1/kubelet",
    cause: 0,
    reason: "Unhealthy",
    object: { kind: "Pod", namespace: "default", name: "web" },
    facts: { message: "Liveness probe failed" },
  };
  expect(narrate(line)).toBe("kubelet on worker-1, Pod web: Liveness probe failed");
});
