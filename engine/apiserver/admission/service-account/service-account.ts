// After kubernetes v1.36 plugin/pkg/admission/serviceaccount/admission.go; not modelled: mountable secrets, mirror pods beyond their exemption.
import type { Container, PodSpec, ServiceAccount, Volume } from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { drawName } from "../../../kernel/prng.ts";
import { get } from "../../../kernel/sorted-map.ts";
import { collectionAt, type Turn } from "../../state.ts";
import type { Admission, AdmissionPlugin } from "../plugin.ts";
import { isAboutPod, podSpecOf, refuse } from "../refuse.ts";

const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** One hour and seven seconds. Source: admission.go TokenVolumeSource. */
const TOKEN_SECONDS = 3607;

const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/** Gives each pod a service account, and the token of it as a volume. */
export const serviceAccount: AdmissionPlugin = {
  name: "ServiceAccount",
  mutate: (turn, admission) => {
    if (admission.operation !== "CREATE" || !isAboutPod(admission)) return admission.object;
    const pod = admission.object;
    if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return pod;
    return admit(turn, admission, pod);
  },
};

function admit(
  turn: Turn,
  admission: Admission,
  pod: KubernetesObject,
): ReturnType<NonNullable<AdmissionPlugin["mutate"]>> {
  const spec = podSpecOf(pod);
  const given = spec.serviceAccountName ?? "";
  const name = given === "" ? "default" : given;
  const { namespace } = admission.call.info;
  const account = get(collectionAt(turn.state, "serviceaccounts").objects, `${namespace}/${name}`) as
    | ServiceAccount
    | undefined;
  if (account === undefined) {
    return refuse(
      admission,
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    );
  }
  const named: PodSpec = { ...spec, serviceAccountName: name, serviceAccount: name };
  const withSecrets = withPullSecrets(named, account);
  const mounts = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  return { ...pod, spec: mounts ? withToken(turn, withSecrets) : withSecrets };
}

function withPullSecrets(spec: PodSpec, account: ServiceAccount): PodSpec {
  const { imagePullSecrets = [] } = account;
  if ((spec.imagePullSecrets?.length ?? 0) > 0 || imagePullSecrets.length === 0) return spec;
  return { ...spec, imagePullSecrets };
}

function withToken(turn: Turn, spec: PodSpec): PodSpec {
  const needs = [...spec.containers, ...(spec.initContainers ?? [])].some(needsMount);
  const known = spec.volumes?.find(isTokenVolume)?.name;
  if (!needs && known === undefined) return spec;
  if (!needs) return spec;
  const name = known ?? newVolumeName(turn, spec);
  const volumes = known === undefined ? [...(spec.volumes ?? []), tokenVolume(name)] : spec.volumes;
  return {
    ...spec,
    containers: spec.containers.map((container) => withMount(container, name)),
    ...(spec.initContainers === undefined
      ? {}
      : { initContainers: spec.initContainers.map((container) => withMount(container, name)) }),
    ...(volumes === undefined ? {} : { volumes }),
  };
}

function needsMount(container: Container): boolean {
  return container.volumeMounts?.some((mount) => mount.mountPath === MOUNT_PATH) !== true;
}

function isTokenVolume(volume: Volume): boolean {
  return volume.name.startsWith("kube-api-access-");
}

function newVolumeName(turn: Turn, spec: PodSpec): string {
  for (;;) {
    const drawn = drawName(turn.state.prng, 5);
    turn.state = { ...turn.state, prng: drawn.prng };
    const name = `kube-api-access-${drawn.value}`;
    if (spec.volumes?.some((volume) => volume.name === name) !== true) return name;
  }
}

function withMount(container: Container, name: string): Container {
  if (!needsMount(container)) return container;
  const mount = { mountPath: MOUNT_PATH, name, readOnly: true };
  return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] };
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
        { configMap: { items: [{ key: "ca.crt", path: "ca.crt" }], name: "kube-root-ca.crt" } },
        {
          downwardAPI: {
            items: [{ fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" }, path: "namespace" }],
          },
        },
      ],
    },
  } as unknown as Volume;
}
