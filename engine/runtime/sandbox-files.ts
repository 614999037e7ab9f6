import type { Millis } from "../kernel/process.ts";
import { set } from "../kernel/sorted-map.ts";
import type { VolumeContent } from "./cri.ts";
import { EMPTY_VOLUME, type File, type Files, type Volume } from "./file-system.ts";
import type { Sandbox } from "./state.ts";

/** The volumes of a pod as it starts; those of the node are not among them. */
export function volumesOf(contents: readonly VolumeContent[], now: Millis): Sandbox["volumes"] {
  let volumes: Sandbox["volumes"] = null;
  for (const content of contents)
    if (content.hostPath === undefined) volumes = set(volumes, content.name, volumeOf(content, now));
  return volumes;
}

export function volumeOf(content: VolumeContent, now: Millis): Volume {
  const { sizeLimitBytes, isInMemory = false } = content;
  return { ...EMPTY_VOLUME, files: filesOf(content.files, now), sizeLimitBytes, isInMemory };
}

export function filesOf(texts: Readonly<Record<string, string>>, now: Millis): Files {
  let files: Files = null;
  for (const [path, text] of Object.entries(texts)) {
    const file: File = { text, sizeBytes: text.length, modifiedAt: now, isDirectory: false };
    files = set(files, path.startsWith("/") ? path : `/${path}`, file);
  }
  return files;
}

/** Files that the kubelet and the runtime make. Source: golden/g-kubelet/28-inside-a-pod. */
export function systemFiles(sandbox: Sandbox): Readonly<Record<string, string>> {
  const head =
    "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";
  const aliases =
    sandbox.config.hostAliases.length === 0
      ? ""
      : `\n# Entries added by HostAliases.\n${sandbox.config.hostAliases.join("\n")}\n`;
  return {
    "/etc/hosts": `${head}${sandbox.view.ip}\t${sandbox.config.hostname}\n${aliases}`,
    "/etc/hostname": `${sandbox.config.hostname}\n`,
    "/etc/resolv.conf": sandbox.config.resolvConf,
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
  };
}
