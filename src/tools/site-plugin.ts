import type { LoadContext, Plugin } from "@docusaurus/types";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { makeEditorSchema } from "./editor-schema.ts";
import { finishSite } from "./finish-site.ts";
import { makeCards } from "./lab-cards.ts";

/** What Docusaurus does not know of: the labs' data for the pages, the bundler's settings, offline use, search, CSP. */
export function sitePlugin(context: LoadContext): Plugin {
  return {
    name: "workbook",
    async contentLoaded({ actions }): Promise<void> {
      for (const { name, data } of await makeCards()) await actions.createData(name, JSON.stringify(data));
      await actions.createData("editor-schema.json", JSON.stringify(makeEditorSchema(context.siteDir)));
    },
    configureWebpack: (_config, isServer) => bundlerSettings(isServer),
    async postBuild({ outDir }): Promise<void> {
      finishSite({ siteDir: context.siteDir, outDir, baseUrl: context.baseUrl });
    },
  };
}

/** Packages that every page may load. Anything else that two lazy chunks share must not move into the common chunk. */
const everywhere = /[\\/]node_modules[\\/](@docusaurus|@mdx-js|react|react-dom|clsx|prism-react-renderer)[\\/]/;
const lazy = /[\\/](engine|labs|src[\\/](workbench|worker|session))[\\/]/;

function isForEveryPage(file: string): boolean {
  return file.includes("node_modules") ? everywhere.test(file) : !lazy.test(file);
}

interface BundledModule {
  readonly resource?: string;
  nameForCondition?(): string | null;
}

function bundlerSettings(isServer: boolean): object {
  const monaco = dirname(createRequire(import.meta.url).resolve("monaco-editor/editor"));
  return {
    output: { assetModuleFilename: "assets/files/[name].[contenthash:8][ext]" },
    resolve: {
      // monaco-worker-manager 2.0.1 imports a path that monaco-editor 0.56 took out of its exports.
      alias: { "monaco-editor/esm/vs/editor/editor.worker.js": join(monaco, "editor/editor.worker.js") },
    },
    module: {
      // A `new URL(…)` in there would emit a stray file.
      rules: [{ test: /editorWorkerService\.js$/, parser: { url: false } }],
    },
    ...(isServer ? {} : { optimization: { splitChunks: splitting } }),
  };
}

const splitting = {
  cacheGroups: {
    common: { test: (module: BundledModule) => isForEveryPage(module.nameForCondition?.() ?? module.resource ?? "") },
    // Docusaurus puts all CSS in one file that blocks every page; the editor's and the terminal's stay with them.
    lazyCss: {
      name: "workbench-css",
      type: "css/mini-extract",
      test: /[\\/](@xterm|monaco-editor)[\\/]|[\\/]src[\\/]workbench[\\/]/,
      chunks: "all",
      enforce: true,
      priority: 60,
    },
  },
};
