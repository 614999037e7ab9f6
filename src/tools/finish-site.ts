import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

interface Site {
  readonly siteDir: string;
  readonly outDir: string;
  readonly baseUrl: string;
}

/** What a built site still lacks: search, a content security policy on each page, and the list for offline use. */
export function finishSite(site: Site): void {
  const { outDir, baseUrl } = site;
  writeSearchIndex(site);
  const files = filesBelow(outDir);
  for (const file of files.filter((path) => path.endsWith(".html"))) {
    writeFileSync(file, withPolicy(readFileSync(file, "utf8")));
  }
  writeOfflineList(outDir, baseUrl, files);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** The page's text without its frame. The program is run, since its module is for `import` only and the configuration is loaded otherwise. */
function writeSearchIndex({ siteDir, outDir }: Site): void {
  const program = join(siteDir, "node_modules/pagefind/lib/runner/bin.cjs");
  const excluded = [".table-of-contents", "nav", "aside"].flatMap((selector) => ["--exclude-selectors", selector]);
  const args = [program, "--site", outDir, "--root-selector", "main", ...excluded, "--quiet"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the search index cannot be made: ${stderr}`);
}

/**
 * Only our own files. `wasm-unsafe-eval` is for the search index, inline styles are for the terminal and the editor, data fonts for
 * the editor. Inline scripts (the colour scheme before the first paint) are named by their hash.
 */
export function withPolicy(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? "");
  const hashes = [...new Set(inline)].map((code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`);
  const policy = [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(" "),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html.replace(
    /<meta charset=[^>]*>/i,
    (charset) => `${charset}<meta http-equiv="Content-Security-Policy" content="${policy}">`,
  );
}

/** Every file of the site with a name for this build, so that the service worker can keep all of it. */
function writeOfflineList(outDir: string, baseUrl: string, files: readonly string[]): void {
  const urls = files
    .map((file) => relative(outDir, file).split(sep).join("/"))
    .filter((path) => !/^(sw\.js|offline\.json|sitemap\.xml|404\.html)$/.test(path))
    .map((path) => baseUrl + path.replace(/(^|\/)index\.html$/, "$1"));
  const version = createHash("sha256").update(urls.join("\n")).digest("hex").slice(0, 12);
  writeFileSync(join(outDir, "offline.json"), JSON.stringify({ version, urls }));
}
