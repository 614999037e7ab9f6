import { parseArgs } from "node:util";
import { kubectl as script } from "@workbook/engine";
import { InvalidInput } from "./invalid.ts";
import { DeskHost } from "./kubectl/desk-host.ts";
import { serverOfKubeconfig } from "./kubectl/kubeconfig-server.ts";
import { HttpServer } from "./kubectl/http-server.ts";
import { WorldServer } from "./kubectl/world-server.ts";
import { worldFor } from "./lab-world.ts";
import type { Terminal } from "./terminal.ts";

/**
 * `workbook kubectl`: the workbook's own kubectl against a served cluster (`--server`, or what KUBECONFIG names), or against a fresh
 * one. The exit code is kubectl's.
 */
export async function kubectl(args: readonly string[], terminal: Terminal): Promise<number> {
  const end = args.indexOf("--");
  const { values } = parseArgs({
    args: end < 0 ? [...args] : args.slice(0, end),
    options: { server: { type: "string" }, lab: { type: "string" }, seed: { type: "string" } },
  });
  if (values.server !== undefined && values.lab !== undefined)
    throw new InvalidInput("--server and --lab exclude each other");
  const words = end < 0 ? [] : args.slice(end + 1);
  const environment = Object.fromEntries(
    Object.entries(terminal.environment).map(([name, value]) => [name, value ?? ""]),
  );
  const url = values.server ?? (values.lab === undefined ? serverOfKubeconfig(environment) : undefined);
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  const cluster = url === undefined ? new WorldServer(() => worldFor(values.lab, seed)) : new HttpServer(url);
  const host = new DeskHost(terminal, cluster);
  try {
    const invocation = {
      argv: ["kubectl", ...words],
      environment,
      workingDirectory: terminal.workingDirectory,
      server: url ?? "https://127.0.0.1:6443",
    };
    return await host.run(script(invocation));
  } finally {
    cluster.close();
  }
}
