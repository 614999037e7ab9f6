import { kubeApiServer } from "../apiserver/kube-apiserver.ts";
import { commandHost } from "../client/command-host.ts";
import { mailbox } from "../client/mailbox.ts";
import { controllerPrograms } from "../controllers/index.ts";
import { outsideHost } from "../edge/outside-host.ts";
import { traffic } from "../edge/traffic.ts";
import { etcd } from "../etcd/etcd.ts";
import type { Process } from "../kernel/process.ts";
import type { Programs } from "../kernel/world.ts";
import { kubectl } from "../kubectl/kubectl.ts";
import { kubelet } from "../kubelet/kubelet.ts";
import { kubeProxy } from "../proxy/kube-proxy.ts";
import { containerd } from "../runtime/containerd.ts";
import { kubeScheduler } from "../scheduler/kube-scheduler.ts";
import { shell } from "../shell/shell.ts";
import { textTools } from "../shell/text-tools.ts";
import type { Tools } from "../shell/tool.ts";

/** What the learner's shell can run. */
const tools: Tools = new Map([...textTools, ["kubectl", kubectl], ["k", kubectl]]);

const command = commandHost((line, invocation) => shell(line, invocation, tools));

/** Every component; the kernel delivers to each only what is addressed to it. */
const components: readonly Process<unknown, unknown>[] = [
  etcd,
  kubeApiServer,
  kubeScheduler,
  containerd,
  kubelet,
  kubeProxy,
  traffic,
  outsideHost,
  mailbox,
  command,
  ...controllerPrograms,
];

/** The code of every component by the name of its program. A world holds only the names. */
export const programs: Programs = new Map(components.map((program) => [program.name, program] as const));
