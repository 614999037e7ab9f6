import type { TraceLine } from "../kernel/trace.ts";
import { words } from "./words.en.ts";

/**
 * A line of the trace as a sentence. The templates name facts in braces; `{object}` is the object that the line is about, `{actor}`
 * who did it. A reason without a template is shown with its facts, so nothing is ever hidden.
 */
export function narrate(line: TraceLine, templates: Readonly<Record<string, string>> = words): string {
  const template = templates[line.reason];
  return template === undefined ? plain(line) : filled(template, line);
}

function filled(template: string, line: TraceLine): string {
  let sentence = "";
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf("{", at);
    const close = open < 0 ? -1 : template.indexOf("}", open);
    if (close < 0) break;
    sentence += template.slice(at, open) + factOf(line, template.slice(open + 1, close));
    at = close + 1;
  }
  return sentence + template.slice(at);
}

function factOf(line: TraceLine, name: string): string {
  if (name === "object") return objectOf(line);
  if (name === "actor") return actorOf(line);
  return String(line.facts?.[name] ?? "");
}

function objectOf(line: TraceLine): string {
  const { object } = line;
  if (object === undefined) return "";
  const { kind, namespace, name } = object;
  const place = namespace === undefined || namespace === "" || namespace === "default" ? "" : ` in ${namespace}`;
  return `${kind} ${name}${place}`;
}

/** `control-plane/kube-scheduler` is the kube-scheduler; `worker-1/kubelet` is the kubelet on worker-1. */
function actorOf(line: TraceLine): string {
  const slash = line.actor.indexOf("/");
  const host = line.actor.slice(0, slash);
  const name = line.actor.slice(slash + 1);
  return host === "control-plane" || slash < 0 ? name : `${name} on ${host}`;
}

function plain(line: TraceLine): string {
  const message = line.facts?.["message"];
  if (typeof message === "string") return spoken(line, message);
  const facts = Object.keys(line.facts ?? {})
    .toSorted()
    .map((name) => `${name} ${String(line.facts?.[name])}`);
  return [line.reason, objectOf(line), facts.join(", ")].filter((part) => part !== "").join(": ");
}

/** What a component says in an Event: who says it, about what, in its own words. */
function spoken(line: TraceLine, message: string): string {
  const object = objectOf(line);
  return `${actorOf(line)}${object === "" ? "" : `, ${object}`}: ${message}`;
}
