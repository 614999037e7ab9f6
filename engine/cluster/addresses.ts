import type { Address } from "../kernel/process.ts";

/** Where the processes of a cluster live. */
export const ETCD: Address = "control-plane/etcd";
export const API_SERVER: Address = "control-plane/kube-apiserver";
export const SCHEDULER: Address = "control-plane/kube-scheduler";
/** The machine that the learner sits at. */
export const LAPTOP = "laptop";

export function kubeletOf(node: string): Address {
  return `${node}/kubelet`;
}

export function runtimeOf(node: string): Address {
  return `${node}/containerd`;
}

export function proxyOf(node: string): Address {
  return `${node}/kube-proxy`;
}

export function controllerAt(name: string): Address {
  return `control-plane/${name}-controller`;
}

export function outsideAt(name: string): Address {
  return `outside/${name}`;
}
