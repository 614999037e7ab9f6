import type { Session, Talk } from "../talk.ts";
import { runApply } from "./apply.ts";
import { runAttach, runExec } from "./attach.ts";
import { canI, reconcile, whoAmI } from "./auth.ts";
import { decide } from "./certificate.ts";
import {
  currentContext,
  deleteEntry,
  getContexts,
  listNames,
  renameContext,
  setCluster,
  setContext,
  setCredentials,
  setProperty,
  unsetProperty,
  useContext,
  viewConfig,
} from "./config.ts";
import { runDebug } from "./debug.ts";
import { runDiff } from "./diff.ts";
import { dumpCluster, runApiResources, runApiVersions, runClusterInfo, runVersion } from "./discovery.ts";
import { runEdit } from "./edit.ts";
import { runEvents } from "./events.ts";
import { runExplain } from "./explain.ts";
import { editLastApplied, setLastApplied, viewLastApplied } from "./last-applied.ts";
import { listPlugins, runCompletion, runCopy, runKustomize, runPortForward, runProxy } from "./miscellany.ts";
import { topNodes, topPods } from "./top.ts";
import { createConfigMap, createDockerSecret, createGenericSecret, createTlsSecret } from "./create/config.ts";
import { runCreate } from "./create/create.ts";
import { createIngress, createService } from "./create/network.ts";
import {
  createDisruptionBudget,
  createNamespace,
  createPriorityClass,
  createQuota,
  createServiceAccount,
  createToken,
} from "./create/policies.ts";
import { createClusterRole, createClusterRoleBinding, createRole, createRoleBinding } from "./create/rbac.ts";
import { createCronJob, createDeployment, createJob } from "./create/workloads.ts";
import { runDelete } from "./delete.ts";
import { runDescribe } from "./describe.ts";
import { cordon, runDrain } from "./drain.ts";
import { runExpose } from "./expose.ts";
import { runGet } from "./get.ts";
import { historyOfRollout, undoRollout } from "./history.ts";
import { runAnnotate, runLabel } from "./label.ts";
import { runLogs } from "./logs.ts";
import { runPatch } from "./patch.ts";
import { runReplace } from "./replace.ts";
import { pauseRollout, restartRollout, resumeRollout, statusOfRollout } from "./rollout.ts";
import { runRun } from "./run.ts";
import { runAutoscale, runScale } from "./scale.ts";
import { setEnvironment } from "./set/env.ts";
import { setImage, setResources, setSelector, setServiceAccount, setSubject } from "./set/template.ts";
import { runTaint } from "./taint.ts";
import { runWait } from "./wait.ts";

/** A command that does something: its words, and what it does; the result is the exit code. */
export interface Verb {
  readonly path: string;
  readonly run: (session: Session) => Talk<number>;
  /** Flags that must be given. */
  readonly required?: readonly string[];
  /** Nothing of the kubeconfig is needed. */
  readonly offline?: boolean;
}

export const VERBS: readonly Verb[] = [
  { path: "get", run: runGet },
  { path: "describe", run: runDescribe },
  { path: "create", run: runCreate },
  { path: "create clusterrole", run: createClusterRole },
  { path: "create clusterrolebinding", run: createClusterRoleBinding, required: ["clusterrole"] },
  { path: "create configmap", run: createConfigMap },
  { path: "create cronjob", run: createCronJob, required: ["image", "schedule"] },
  { path: "create deployment", run: createDeployment, required: ["image"] },
  { path: "create ingress", run: createIngress },
  { path: "create job", run: createJob },
  { path: "create namespace", run: createNamespace },
  { path: "create poddisruptionbudget", run: createDisruptionBudget },
  { path: "create priorityclass", run: createPriorityClass },
  { path: "create quota", run: createQuota },
  { path: "create role", run: createRole },
  { path: "create rolebinding", run: createRoleBinding },
  { path: "create secret docker-registry", run: createDockerSecret },
  { path: "create secret generic", run: createGenericSecret },
  { path: "create secret tls", run: createTlsSecret },
  { path: "create service clusterip", run: createService("ClusterIP") },
  { path: "create service externalname", run: createService("ExternalName"), required: ["external-name"] },
  { path: "create service loadbalancer", run: createService("LoadBalancer") },
  { path: "create service nodeport", run: createService("NodePort") },
  { path: "create serviceaccount", run: createServiceAccount },
  { path: "create token", run: createToken },
  { path: "apply", run: runApply },
  { path: "delete", run: runDelete },
  { path: "replace", run: runReplace },
  { path: "patch", run: runPatch },
  { path: "label", run: runLabel },
  { path: "annotate", run: runAnnotate },
  { path: "taint", run: runTaint },
  { path: "scale", run: runScale, required: ["replicas"] },
  { path: "autoscale", run: runAutoscale, required: ["max"] },
  { path: "expose", run: runExpose },
  { path: "run", run: runRun, required: ["image"] },
  { path: "set image", run: setImage },
  { path: "set env", run: setEnvironment },
  { path: "set resources", run: setResources },
  { path: "set selector", run: setSelector },
  { path: "set serviceaccount", run: setServiceAccount },
  { path: "set subject", run: setSubject },
  { path: "rollout status", run: statusOfRollout },
  { path: "rollout history", run: historyOfRollout },
  { path: "rollout undo", run: undoRollout },
  { path: "rollout pause", run: pauseRollout },
  { path: "rollout resume", run: resumeRollout },
  { path: "rollout restart", run: restartRollout },
  { path: "cordon", run: cordon(true) },
  { path: "uncordon", run: cordon(false) },
  { path: "drain", run: runDrain },
  { path: "logs", run: runLogs },
  { path: "exec", run: runExec },
  { path: "attach", run: runAttach },
  { path: "wait", run: runWait },
  { path: "edit", run: runEdit },
  { path: "apply view-last-applied", run: viewLastApplied },
  { path: "apply set-last-applied", run: setLastApplied },
  { path: "apply edit-last-applied", run: editLastApplied },
  { path: "diff", run: runDiff },
  { path: "kustomize", run: runKustomize },
  { path: "events", run: runEvents },
  { path: "explain", run: runExplain },
  { path: "debug", run: runDebug },
  { path: "cp", run: runCopy },
  { path: "port-forward", run: runPortForward },
  { path: "proxy", run: runProxy },
  { path: "top node", run: topNodes },
  { path: "top pod", run: topPods },
  { path: "auth can-i", run: canI },
  { path: "auth whoami", run: whoAmI },
  { path: "auth reconcile", run: reconcile },
  { path: "certificate approve", run: decide("Approved") },
  { path: "certificate deny", run: decide("Denied") },
  { path: "api-resources", run: runApiResources },
  { path: "api-versions", run: runApiVersions },
  { path: "version", run: runVersion },
  { path: "cluster-info", run: runClusterInfo },
  { path: "cluster-info dump", run: dumpCluster },
  { path: "completion", run: runCompletion, offline: true },
  { path: "plugin list", run: listPlugins, offline: true },
  { path: "config view", run: viewConfig, offline: true },
  { path: "config current-context", run: currentContext, offline: true },
  { path: "config get-contexts", run: getContexts, offline: true },
  { path: "config get-clusters", run: listNames("clusters"), offline: true },
  { path: "config get-users", run: listNames("users"), offline: true },
  { path: "config use-context", run: useContext, offline: true },
  { path: "config set-context", run: setContext, offline: true },
  { path: "config set-cluster", run: setCluster, offline: true },
  { path: "config set-credentials", run: setCredentials, offline: true },
  { path: "config delete-context", run: deleteEntry("contexts"), offline: true },
  { path: "config delete-cluster", run: deleteEntry("clusters"), offline: true },
  { path: "config delete-user", run: deleteEntry("users"), offline: true },
  { path: "config rename-context", run: renameContext, offline: true },
  { path: "config set", run: setProperty, offline: true },
  { path: "config unset", run: unsetProperty, offline: true },
];
