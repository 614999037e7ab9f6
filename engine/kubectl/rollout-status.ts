// After kubectl pkg/polymorphichelpers/rollout_status.go.
import { refusal } from "./failure.ts";
import { at, number, rowsAt, text, textAt, type Fields } from "./json.ts";

export interface RolloutStatus {
  readonly message: string;
  readonly isDone: boolean;
}

/** How far a rollout is, as a sentence. */
export function rolloutStatus(object: Fields, revision: number): RolloutStatus {
  switch (textAt(object, "kind")) {
    case "Deployment":
      return deploymentStatus(object, revision);
    case "DaemonSet":
      return daemonSetStatus(object);
    case "StatefulSet":
      return statefulSetStatus(object);
    default:
      throw refusal(`no status viewer has been implemented for ${textAt(object, "kind")}`);
  }
}

function waiting(message: string): RolloutStatus {
  return { message: `${message}\n`, isDone: false };
}

function done(message: string): RolloutStatus {
  return { message: `${message}\n`, isDone: true };
}

function isObserved(object: Fields): boolean {
  return number(at(object, "metadata", "generation")) <= number(at(object, "status", "observedGeneration"));
}

function count(object: Fields, ...path: readonly string[]): number {
  return number(at(object, ...path));
}

function deploymentStatus(object: Fields, revision: number): RolloutStatus {
  const name = textAt(object, "metadata", "name");
  if (revision > 0) {
    const actual = textAt(object, "metadata", "annotations", "deployment.kubernetes.io/revision");
    if (actual === "")
      throw refusal(`cannot get the revision of deployment ${JSON.stringify(name)}: invalid revision ""`);
    if (Number(actual) !== revision)
      throw refusal(`desired revision (${revision}) is different from the running revision (${actual})`);
  }
  if (!isObserved(object)) return waiting("Waiting for deployment spec update to be observed...");
  const progressing = rowsAt(object, "status", "conditions").find((each) => each["type"] === "Progressing");
  if (text(progressing?.["reason"]) === "ProgressDeadlineExceeded")
    throw refusal(`deployment ${JSON.stringify(name)} exceeded its progress deadline`);
  const updated = count(object, "status", "updatedReplicas");
  const [replicas, available] = [count(object, "status", "replicas"), count(object, "status", "availableReplicas")];
  const wanted = at(object, "spec", "replicas");
  const where = `Waiting for deployment ${JSON.stringify(name)} rollout to finish:`;
  if (wanted !== undefined && updated < number(wanted))
    return waiting(`${where} ${updated} out of ${number(wanted)} new replicas have been updated...`);
  if (replicas > updated) return waiting(`${where} ${replicas - updated} old replicas are pending termination...`);
  if (available < updated) return waiting(`${where} ${available} of ${updated} updated replicas are available...`);
  return done(`deployment ${JSON.stringify(name)} successfully rolled out`);
}

function daemonSetStatus(object: Fields): RolloutStatus {
  const name = JSON.stringify(textAt(object, "metadata", "name"));
  if (textAt(object, "spec", "updateStrategy", "type") !== "RollingUpdate")
    throw refusal("rollout status is only available for RollingUpdate strategy type");
  if (!isObserved(object)) return waiting("Waiting for daemon set spec update to be observed...");
  const [updated, desired] = [
    count(object, "status", "updatedNumberScheduled"),
    count(object, "status", "desiredNumberScheduled"),
  ];
  const available = count(object, "status", "numberAvailable");
  if (updated < desired)
    return waiting(
      `Waiting for daemon set ${name} rollout to finish: ${updated} out of ${desired} new pods have been updated...`,
    );
  if (available < desired)
    return waiting(
      `Waiting for daemon set ${name} rollout to finish: ${available} of ${desired} updated pods are available...`,
    );
  return done(`daemon set ${name} successfully rolled out`);
}

function statefulSetStatus(object: Fields): RolloutStatus {
  if (textAt(object, "spec", "updateStrategy", "type") !== "RollingUpdate")
    throw refusal("rollout status is only available for RollingUpdate strategy type");
  const observed = count(object, "status", "observedGeneration");
  if (observed === 0 || !isObserved(object)) return waiting("Waiting for statefulset spec update to be observed...");
  const wanted = at(object, "spec", "replicas");
  const ready = count(object, "status", "readyReplicas");
  if (wanted !== undefined && ready < number(wanted))
    return waiting(`Waiting for ${number(wanted) - ready} pods to be ready...`);
  const partition = at(object, "spec", "updateStrategy", "rollingUpdate", "partition");
  const updated = count(object, "status", "updatedReplicas");
  if (wanted !== undefined && partition !== undefined) {
    const share = number(wanted) - number(partition);
    if (updated < share)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${share} new pods have been updated...`,
      );
    return done(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (textAt(object, "status", "updateRevision") !== textAt(object, "status", "currentRevision")) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${textAt(object, "status", "updateRevision")}...`,
    );
  }
  return done(
    `statefulset rolling update complete ${count(object, "status", "currentReplicas")} pods at revision ${textAt(object, "status", "currentRevision")}...`,
  );
}
