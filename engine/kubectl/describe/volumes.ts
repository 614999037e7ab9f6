// After kubectl pkg/describe/describe.go describeVolumes and the printers of each source.
import { at, fieldsAt, isFields, list, rowsAt, sortedKeys, text, textAt, type Fields } from "../json.ts";
import { entry, write, type Writer } from "./writer.ts";

/** A source's line of type, and its attributes by title and path. */
interface SourceForm {
  readonly type: string;
  readonly attributes: readonly (readonly [title: string, path: string, absent?: string])[];
}

const FORMS: Readonly<Record<string, SourceForm>> = {
  hostPath: {
    type: "HostPath (bare host directory volume)",
    attributes: [
      ["Path", "path"],
      ["HostPathType", "type"],
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    attributes: [
      ["Medium", "medium"],
      ["SizeLimit", "sizeLimit", "<unset>"],
    ],
  },
  secret: {
    type: "Secret (a volume populated by a Secret)",
    attributes: [
      ["SecretName", "secretName"],
      ["Optional", "optional", "false"],
    ],
  },
  configMap: {
    type: "ConfigMap (a volume populated by a ConfigMap)",
    attributes: [
      ["Name", "name"],
      ["Optional", "optional", "false"],
    ],
  },
  nfs: {
    type: "NFS (an NFS mount that lasts the lifetime of a pod)",
    attributes: [
      ["Server", "server"],
      ["Path", "path"],
      ["ReadOnly", "readOnly", "false"],
    ],
  },
  persistentVolumeClaim: {
    type: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
    attributes: [
      ["ClaimName", "claimName"],
      ["ReadOnly", "readOnly", "false"],
    ],
  },
  local: {
    type: "LocalVolume (a persistent volume backed by local storage on a node)",
    attributes: [["Path", "path"]],
  },
  csi: {
    type: "CSI (a Container Storage Interface (CSI) volume source)",
    attributes: [
      ["Driver", "driver"],
      ["FSType", "fsType"],
      ["VolumeHandle", "volumeHandle"],
      ["ReadOnly", "readOnly", "false"],
    ],
  },
  image: {
    type: "Image (a container image or OCI artifact)",
    attributes: [
      ["Reference", "reference"],
      ["PullPolicy", "pullPolicy"],
    ],
  },
};

export function writeVolumes(writer: Writer, volumes: readonly Fields[], space: string): void {
  write(writer, 0, volumes.length === 0 ? `${space}Volumes:\t<none>\n` : `${space}Volumes:\n`);
  for (const volume of volumes) {
    write(writer, 1, `${space === "" ? "" : " "}${textAt(volume, "name")}:\n`);
    writeVolumeSource(writer, volume);
  }
}

/** The attributes of whatever source the volume has. */
export function writeVolumeSource(writer: Writer, volume: Fields): void {
  const kind = Object.keys(volume).find(
    (key) => key !== "name" && isFields(volume[key]) && (FORMS[key] !== undefined || SPECIAL[key] !== undefined),
  );
  if (kind === undefined) {
    write(writer, 1, "<unknown>\n");
    return;
  }
  const source = fieldsAt(volume, kind);
  const special = SPECIAL[kind];
  if (special !== undefined) special(writer, source);
  else writeForm(writer, FORMS[kind], source);
}

function writeForm(writer: Writer, form: SourceForm | undefined, source: Fields): void {
  if (form === undefined) return;
  entry(writer, 2, "Type", form.type);
  for (const [title, path, absent = ""] of form.attributes) {
    const value = source[path];
    entry(writer, 2, title, value === undefined || value === null ? absent : text(value));
  }
}

const SPECIAL: Readonly<Record<string, (writer: Writer, source: Fields) => void>> = {
  downwardAPI: (writer, source) => {
    entry(writer, 2, "Type", "DownwardAPI (a volume populated by information about the pod)");
    write(writer, 2, "Items:\n");
    for (const item of rowsAt(source, "items")) {
      const from = textAt(item, "fieldRef", "fieldPath") || textAt(item, "resourceFieldRef", "resource");
      write(writer, 3, `${from} -> ${textAt(item, "path")}\n`);
    }
  },
  projected: (writer, source) => {
    entry(writer, 2, "Type", "Projected (a volume that contains injected data from multiple sources)");
    for (const each of rowsAt(source, "sources")) writeProjection(writer, each);
  },
  ephemeral: (writer, source) => {
    entry(
      writer,
      2,
      "Type",
      "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
    );
    writeClaimTemplate(writer, fieldsAt(source, "volumeClaimTemplate"), 2);
  },
};

function writeProjection(writer: Writer, source: Fields): void {
  if (source["secret"] !== undefined) {
    entry(writer, 2, "SecretName", textAt(source, "secret", "name"));
    entry(writer, 2, "Optional", String(at(source, "secret", "optional") === true));
  } else if (source["downwardAPI"] !== undefined) entry(writer, 2, "DownwardAPI", "true");
  else if (source["configMap"] !== undefined) {
    entry(writer, 2, "ConfigMapName", textAt(source, "configMap", "name"));
    entry(writer, 2, "Optional", String(at(source, "configMap", "optional") === true));
  } else if (source["serviceAccountToken"] !== undefined) {
    entry(writer, 2, "TokenExpirationSeconds", textAt(source, "serviceAccountToken", "expirationSeconds"));
  }
}

/** A claim inside another object: storage class, labels, capacity, access modes. */
export function writeClaimTemplate(writer: Writer, claim: Fields, level: number): void {
  entry(writer, level, "StorageClass", textAt(claim, "spec", "storageClassName"));
  entry(writer, level, "Labels", lines(fieldsAt(claim, "metadata", "labels"), "=", level));
  entry(writer, level, "Annotations", lines(fieldsAt(claim, "metadata", "annotations"), ": ", level));
  const storage = textAt(claim, "spec", "resources", "requests", "storage");
  entry(writer, level, "Capacity", storage === "" ? "<default>" : storage);
  const modes = list(at(claim, "spec", "accessModes")).map(text);
  if (modes.length > 0) entry(writer, level, "Access Modes", `[${modes.join(" ")}]`);
}

function lines(values: Fields, between: string, level: number): string {
  const keys = sortedKeys(values);
  if (keys.length === 0) return "<none>";
  return keys.map((key) => `${key}${between}${text(values[key])}`).join(`\n${"  ".repeat(level)}\t`);
}
