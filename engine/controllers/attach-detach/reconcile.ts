// After kubernetes v1.36 pkg/controller/volume/attachdetach attach_detach_controller.go, reconciler/reconciler.go; not modelled: in-tree, detaching by force after 6 minutes.
// plugins; a VolumeAttachment is the CSI way, and its `attached` is set by the driver's attacher.
import type { Node, PersistentVolume, Pod, VolumeAttachment } from "../../api/generated/types.ts";
import { createRequest, deleteRequest } from "../../client/requests.ts";
import { fnv32a, utf8 } from "../../api/hash.ts";
import type { Lister } from "../cache.ts";
import { type Controller, listen, watch } from "../controller.ts";
import { isTerminal } from "../pods.ts";
import { DONE, isSuccess, recordEvent, relist, retry, send, type Sync, whyRefused } from "../sync.ts";
import { claims, csiDrivers, nodes, persistentVolumes, podsByNode, volumeAttachments } from "../watched.ts";

/** Attaches the volumes that pods of a node need, and detaches what nobody there needs any more. */
export const attachDetach: Controller<null> = {
  name: "attach-detach",
  identity: "attachdetach-controller",
  workers: 1,
  memory: null,
  watches: [
    watch(podsByNode, ({ before, after }) => {
      const node = after?.spec.nodeName ?? before?.spec.nodeName ?? "";
      const hasMoved = before?.spec.nodeName !== after?.spec.nodeName;
      const isOther =
        after === undefined || hasMoved || (before !== undefined && isTerminal(before) !== isTerminal(after));
      return { wishes: node === "" || !isOther ? [] : [node] };
    }),
    watch(nodes, ({ after, key }) => ({ wishes: after === undefined ? [key] : [] })),
    watch(volumeAttachments, ({ before, after }) => ({
      wishes: [after?.spec.nodeName ?? before?.spec.nodeName ?? ""],
    })),
    listen(claims),
    listen(persistentVolumes),
    listen(csiDrivers),
  ],
  sync: syncNode,
};

function* syncNode(name: string): Sync {
  const lister = yield* relist();
  const node = lister.get(nodes, name);
  const wanted = new Map<string, { readonly volume: PersistentVolume; readonly pod: Pod }>();
  for (const pod of lister.by(podsByNode, "node", name)) {
    if (isTerminal(pod)) continue;
    for (const volume of volumesOf(pod, lister)) wanted.set(volume.metadata.name ?? "", { volume, pod });
  }
  const present = lister.list(volumeAttachments).filter(({ spec }) => spec.nodeName === name);
  for (const [volumeName, { volume, pod }] of wanted) {
    if (present.some(({ spec }) => spec.source.persistentVolumeName === volumeName)) continue;
    const failure = yield* attach(volume, pod, name);
    if (failure !== undefined) return retry(failure);
  }
  for (const attachment of present) {
    if (wanted.has(attachment.spec.source.persistentVolumeName ?? "") || isInUse(node, attachment)) continue;
    const target = { resource: volumeAttachments.resource, name: attachment.metadata.name ?? "" };
    const response = yield* send(deleteRequest(target));
    if (!isSuccess(response) && response.code !== 404) return retry(whyRefused(response));
  }
  return DONE;
}

/** The CSI volumes of a pod whose driver wants to be asked before they are mounted. */
function volumesOf(pod: Pod, lister: Lister): readonly PersistentVolume[] {
  const { namespace = "" } = pod.metadata;
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    if (persistentVolumeClaim === undefined) return [];
    const claim = lister.get(claims, `${namespace}/${persistentVolumeClaim.claimName}`);
    const volume = lister.get(persistentVolumes, claim?.spec.volumeName ?? "");
    const driver = volume?.spec.csi?.driver;
    if (volume === undefined || driver === undefined) return [];
    return lister.get(csiDrivers, driver)?.spec.attachRequired === false ? [] : [volume];
  });
}

/** The kubelet still has it mounted. */
function isInUse(node: Node | undefined, { spec }: VolumeAttachment): boolean {
  return (node?.status?.volumesInUse ?? []).some((name) => name.endsWith(`^${spec.source.persistentVolumeName ?? ""}`));
}

function* attach(volume: PersistentVolume, pod: Pod, node: string): Sync<string | undefined> {
  const { name = "" } = volume.metadata;
  const { driver = "", volumeHandle = "" } = volume.spec.csi ?? {};
  const body = {
    kind: "VolumeAttachment",
    apiVersion: "storage.k8s.io/v1",
    metadata: { name: attachmentName(volumeHandle, driver, node) },
    spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: name } },
  };
  const response = yield* send(createRequest({ resource: volumeAttachments.resource }, body));
  if (isSuccess(response) || response.code === 409) {
    const message = `AttachVolume.Attach succeeded for volume "${name}"`;
    yield* recordEvent({ object: pod, type: "Normal", reason: "SuccessfulAttachVolume", message });
    return undefined;
  }
  const message = `AttachVolume.Attach failed for volume "${name}" : ${whyRefused(response)}`;
  yield* recordEvent({ object: pod, type: "Warning", reason: "FailedAttachVolume", message });
  return whyRefused(response);
}

/** `csi-` and a digest of volume, driver and node; upstream takes SHA-256, this model eight times FNV-1a. */
function attachmentName(...parts: readonly string[]): string {
  let digest = "";
  for (let round = 0; round < 8; round++)
    digest += fnv32a(utf8(`${round}${parts.join("")}`))
      .toString(16)
      .padStart(8, "0");
  return `csi-${digest}`;
}
