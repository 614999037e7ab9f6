import { readRecording } from "/work/main/test/parity/kubelet/recording.ts";
import { replay } from "/work/main/test/parity/kubelet/replay.ts";
import { statesOf, changes } from "/work/main/test/parity/kubelet/projection.ts";
const [dir, name, pod, until="1e9"] = process.argv.slice(2);
const r = readRecording(dir, name);
const s = replay(r);
const show = (label: string, states: any[], events: any[]) => {
  const all = [...states.map((x, i) => ({ at: x.at, text: changes(states[i - 1], x) })), ...events];
  console.log("==", label);
  for (const e of all.sort((a, b) => a.at - b.at)) if (e.at < Number(until)) console.log(`+${e.at}  ${e.text.replace(/cond.ContainersReady[^;]*;?/g,"").replace(/containers with unready status/g,"..").slice(0, 330)}`);
};
show("recorded", statesOf(r.pods.filter((p) => p.pod === pod)) as any, r.events.filter((e) => e.pod === pod && e.component === "kubelet").map((e) => ({ at: e.at, text: `EVENT ${e.reason} x${e.count} ${e.fieldPath} ${e.message.slice(0,80)}` })));
show("engine", statesOf(s.told.filter((t: any) => t.object.kind === "Pod" && t.object.metadata.name === pod).map((t: any) => ({ at: t.at - 5000, type: t.type, object: t.object }))) as any, s.told.filter((t: any) => t.object.kind === "Event" && t.object.involvedObject.name === pod).map((t: any) => ({ at: t.at - 5000, text: `EVENT ${t.object.reason} x${t.object.count} ${t.object.involvedObject.fieldPath ?? ""} ${t.object.message.slice(0,80)}` })));
