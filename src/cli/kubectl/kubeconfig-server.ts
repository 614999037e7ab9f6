import { existsSync, readFileSync } from "node:fs";
import { parseYaml } from "@workbook/engine";

interface KubeconfigFile {
  readonly "current-context"?: string;
  readonly contexts?: readonly { readonly name?: string; readonly context?: { readonly cluster?: string } }[];
  readonly clusters?: readonly { readonly name?: string; readonly cluster?: { readonly server?: string } }[];
}

/** The server that the first file of KUBECONFIG names for its current context; undefined without one. */
export function serverOfKubeconfig(environment: Readonly<Record<string, string>>): string | undefined {
  const [path = ""] = (environment["KUBECONFIG"] ?? "").split(":");
  if (path === "" || !existsSync(path)) return undefined;
  const parsed = parseYaml(readFileSync(path, "utf8"));
  if (parsed.kind === "error") return undefined;
  const config = (parsed.documents[0]?.value ?? {}) as KubeconfigFile;
  const context = config.contexts?.find((each) => each.name === config["current-context"])?.context;
  return config.clusters?.find((each) => each.name === context?.cluster)?.cluster?.server;
}
