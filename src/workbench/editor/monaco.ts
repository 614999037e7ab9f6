import * as monaco from "monaco-editor/editor";
import { createWebWorker } from "monaco-editor/internal/common/workers";
import "monaco-editor/languages/definitions/yaml/register";
import "monaco-editor/editor/contrib/bracketMatching/browser/bracketMatching";
import "monaco-editor/editor/contrib/clipboard/browser/clipboard";
import "monaco-editor/editor/contrib/comment/browser/comment";
import "monaco-editor/editor/contrib/find/browser/findController";
import "monaco-editor/editor/contrib/folding/browser/folding";
import "monaco-editor/editor/contrib/gotoError/browser/gotoError";
import "monaco-editor/editor/contrib/hover/browser/hoverContribution";
import "monaco-editor/editor/contrib/indentation/browser/indentation";
import "monaco-editor/editor/contrib/linesOperations/browser/linesOperations";
import "monaco-editor/editor/contrib/snippet/browser/snippetController2";
// The package's own features/suggest/register leaves the controller out.
import "monaco-editor/editor/contrib/suggest/browser/suggestController";
import "monaco-editor/editor/contrib/toggleTabFocusMode/browser/toggleTabFocusMode";
import "monaco-editor/editor/contrib/wordOperations/browser/wordOperations";
import { configureMonacoYaml } from "monaco-yaml";

export type Monaco = typeof monaco;

let ready: Promise<Monaco> | undefined;

/** The editor with what it knows of Kubernetes; made ready once for the page. */
export function readyMonaco(): Promise<Monaco> {
  ready ??= prepare();
  return ready;
}

async function prepare(): Promise<Monaco> {
  globalThis.MonacoEnvironment = { getWorker: (_, label) => workerFor(label) };
  const schema = (await import("@generated/workbook/default/editor-schema.json")) as unknown as {
    readonly default: object;
  };
  // monaco-yaml 5.5.1 calls createWebWorker as it was before monaco-editor 0.53 (monaco-yaml issue 272).
  const withWorkers = { ...monaco, editor: { ...monaco.editor, createWebWorker } } as unknown as Parameters<
    typeof configureMonacoYaml
  >[0];
  configureMonacoYaml(withWorkers, {
    isKubernetes: true,
    // kubectl reads YAML 1.1: `on` and `yes` are true.
    yamlVersion: "1.1",
    schemas: [{ uri: "workbook://kubernetes", fileMatch: ["**/*.yaml"], schema: schema.default }],
  });
  defineThemes();
  return monaco;
}

function workerFor(label: string): Worker {
  if (label === "yaml")
    return new Worker(new URL("./yaml.worker.ts", import.meta.url), { type: "module", name: "yaml" });
  return new Worker(new URL("./editor.worker.ts", import.meta.url), { type: "module", name: "editor" });
}

/** The colours of code on the page (src/css/code-themes.ts), which are checked for contrast. */
function defineThemes(): void {
  monaco.editor.defineTheme("workbook-light", {
    base: "vs",
    inherit: true,
    rules: [
      { token: "type", foreground: "0b5394" },
      { token: "string", foreground: "1d6b2f" },
      { token: "number", foreground: "8a3ffc" },
      { token: "comment", foreground: "56606b" },
    ],
    colors: {
      "editor.background": "#fbfcfd",
      "editorLineNumber.foreground": "#56606b",
      "editorLineNumber.activeForeground": "#1f2933",
    },
  });
  monaco.editor.defineTheme("workbook-dark", {
    base: "vs-dark",
    inherit: true,
    rules: [
      { token: "type", foreground: "8cc4ff" },
      { token: "string", foreground: "9fd8a6" },
      { token: "number", foreground: "d0b3ff" },
      { token: "comment", foreground: "a3b0bd" },
    ],
    colors: {
      "editor.background": "#12171d",
      "editorLineNumber.foreground": "#a3b0bd",
      "editorLineNumber.activeForeground": "#e4e9ef",
    },
  });
}
