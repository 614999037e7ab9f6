// After kubectl pkg/describe/describe.go: PersistentVolume, PersistentVolumeClaim, StorageClass.
import { at, fieldsAt, list, rowsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { joinLabels } from "../labels.ts";
import { bracketed } from "../failure.ts";
import { exchange, type Session, type Talk } from "../talk.ts";
import type { Info } from "../info.ts";
import { eventsOf, writeEvents } from "./events.ts";
import { writeVolumeSource } from "./volumes.ts";
import {
  entry,
  finished,
  newWriter,
  write,
  writeAnnotations,
  writeMetadata,
  writeName,
  type Writer,
} from "./writer.ts";

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};
const MODE_ORDER = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

/** Source: component-helpers storage GetAccessModesAsString. */
function modesText(modes: unknown): string {
  const given = list(modes).map(text);
  return MODE_ORDER.filter((mode) => given.includes(mode))
    .map((mode) => MODES[mode] ?? mode)
    .join(",");
}

function phaseOf(object: Fields): string {
  const phase = textAt(object, "status", "phase");
  return at(object, "metadata", "deletionTimestamp") === undefined ? phase : `Terminating (lasts <invalid>)`;
}

export function* describePersistentVolume(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  writeMetadata(writer, object);
  entry(writer, 0, "Finalizers", bracketed(list(at(object, "metadata", "finalizers"))));
  entry(writer, 0, "StorageClass", textAt(object, "spec", "storageClassName"));
  entry(writer, 0, "Status", phaseOf(object));
  const claim = fieldsAt(object, "spec", "claimRef");
  entry(
    writer,
    0,
    "Claim",
    at(object, "spec", "claimRef") === undefined ? "" : `${textAt(claim, "namespace")}/${textAt(claim, "name")}`,
  );
  entry(writer, 0, "Reclaim Policy", textAt(object, "spec", "persistentVolumeReclaimPolicy"));
  entry(writer, 0, "Access Modes", modesText(at(object, "spec", "accessModes")));
  if (textAt(object, "spec", "volumeMode") !== "") entry(writer, 0, "VolumeMode", textAt(object, "spec", "volumeMode"));
  entry(writer, 0, "Capacity", textAt(object, "spec", "capacity", "storage"));
  writeNodeAffinity(writer, rowsAt(object, "spec", "nodeAffinity", "required", "nodeSelectorTerms"));
  entry(writer, 0, "Message", textAt(object, "status", "message"));
  write(writer, 0, "Source:\n");
  writeVolumeSource(writer, fieldsAt(object, "spec"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeNodeAffinity(writer: Writer, terms: readonly Fields[]): void {
  if (terms.length === 0) {
    entry(writer, 0, "Node Affinity", "<none>");
    return;
  }
  write(writer, 0, "Node Affinity:\t\n");
  write(writer, 1, "Required Terms:\t\n");
  for (const [index, term] of terms.entries()) {
    const requirements = [...rowsAt(term, "matchExpressions"), ...rowsAt(term, "matchFields")];
    write(writer, 2, `Term ${index}:\t`);
    if (requirements.length === 0) write(writer, 0, "<none>\n");
    for (const [place, each] of requirements.entries()) {
      const values = list(each["values"]).map(text);
      const line = `${textAt(each, "key")} ${textAt(each, "operator").toLowerCase()}${values.length > 0 ? ` ${bracketed(values)}` : ""}\n`;
      write(writer, 0, place === 0 ? line : `\t${line}`);
    }
  }
}

export function* describeClaim(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const users = yield* usersOf(session, info);
  const writer = newWriter();
  writeName(writer, object);
  entry(writer, 0, "StorageClass", textAt(object, "spec", "storageClassName"));
  entry(writer, 0, "Status", phaseOf(object));
  entry(writer, 0, "Volume", textAt(object, "spec", "volumeName"));
  writeMetadata(writer, object);
  entry(writer, 0, "Finalizers", bracketed(list(at(object, "metadata", "finalizers"))));
  const isBound = textAt(object, "spec", "volumeName") !== "";
  entry(writer, 0, "Capacity", isBound ? textAt(object, "status", "capacity", "storage") : "");
  entry(writer, 0, "Access Modes", isBound ? modesText(at(object, "status", "accessModes")) : "");
  if (textAt(object, "spec", "volumeMode") !== "") entry(writer, 0, "VolumeMode", textAt(object, "spec", "volumeMode"));
  const source = fieldsAt(object, "spec", "dataSource");
  if (Object.keys(source).length > 0) {
    write(writer, 0, "DataSource:\n");
    if (textAt(source, "apiGroup") !== "") entry(writer, 1, "APIGroup", textAt(source, "apiGroup"));
    entry(writer, 1, "Kind", textAt(source, "kind"));
    entry(writer, 1, "Name", textAt(source, "name"));
  }
  entry(writer, 0, "Used By", users.length === 0 ? "<none>" : users.join("\n\t"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function* usersOf(session: Session, info: Info): Talk<readonly string[]> {
  const response = yield* exchange(session, {
    method: "GET",
    path: `/api/v1/namespaces/${info.namespace}/pods`,
    query: { limit: "500" },
  });
  return rowsAt(response.body, "items")
    .filter((pod) =>
      rowsAt(pod, "spec", "volumes").some(
        (volume) => textAt(volume, "persistentVolumeClaim", "claimName") === info.name,
      ),
    )
    .map((pod) => textAt(pod, "metadata", "name"));
}

export function* describeStorageClass(session: Session, info: Info): Talk<string> {
  const { object } = info;
  const events = yield* eventsOf(session, info);
  const annotations = fieldsAt(object, "metadata", "annotations");
  const writer = newWriter();
  entry(writer, 0, "Name", info.name);
  entry(
    writer,
    0,
    "IsDefaultClass",
    text(annotations["storageclass.kubernetes.io/is-default-class"]) === "true" ? "Yes" : "No",
  );
  writeAnnotations(writer, annotations);
  entry(writer, 0, "Provisioner", textAt(object, "provisioner"));
  const parameters = fieldsAt(object, "parameters");
  entry(writer, 0, "Parameters", sortedKeys(parameters).length === 0 ? "<none>" : joinLabels(parameters));
  const expansion = object["allowVolumeExpansion"];
  entry(writer, 0, "AllowVolumeExpansion", expansion === undefined ? "<unset>" : expansion === true ? "True" : "False");
  const options = list(object["mountOptions"]).map(text);
  write(
    writer,
    0,
    options.length === 0
      ? "MountOptions:\t<none>\n"
      : `MountOptions:\n${options.map((option) => `  ${option}\n`).join("")}`,
  );
  if (textAt(object, "reclaimPolicy") !== "") entry(writer, 0, "ReclaimPolicy", textAt(object, "reclaimPolicy"));
  if (textAt(object, "volumeBindingMode") !== "")
    entry(writer, 0, "VolumeBindingMode", textAt(object, "volumeBindingMode"));
  writeTopologies(writer, rowsAt(object, "allowedTopologies"));
  yield* writeEvents(writer, events);
  return finished(writer);
}

function writeTopologies(writer: Writer, topologies: readonly Fields[]): void {
  if (topologies.length === 0) return;
  write(writer, 0, "AllowedTopologies:\t\n");
  for (const [index, topology] of topologies.entries()) {
    write(writer, 1, `Term ${index}:\t`);
    for (const [place, each] of rowsAt(topology, "matchLabelExpressions").entries()) {
      write(writer, 0, `${place === 0 ? "" : "\t"}${textAt(each, "key")} in ${bracketed(list(each["values"]))}\n`);
    }
  }
}
