// Serves build/ over HTTP on the loopback addresses, as a static host would: folders by their index.html, 404.html otherwise.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import { PlainError, root } from "./run.mjs";

/** @type {Readonly<Record<string, string>>} */
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".xml": "application/xml; charset=utf-8",
};
const compressible = /^(text|application\/(json|xml|manifest))|svg/;

/** @returns {number} PORT, or 3000 */
export function chosenPort() {
  const text = process.env["PORT"] ?? "";
  if (text === "") return 3000;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new PlainError(`PORT must be a number from 1 to 65535, found "${text}".`);
}

/**
 * Takes the port at once; requests are answered from build/ as soon as it is there.
 * @param {number} port
 */
export async function serveSite(port) {
  await listen(port, "127.0.0.1");
  await listen(port, "::1").catch((/** @type {unknown} */ error) => {
    if (error instanceof PlainError) throw error; // Busy. A machine without IPv6 is no trouble.
  });
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<void>}
 */
function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer(answer);
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      const busy = `Port ${port} is in use: stop the other program, or choose a port with PORT=${port + 1} npm start.`;
      const denied = `Port ${port} needs more rights: choose a port above 1023 with PORT.`;
      if (error.code === "EADDRINUSE") reject(new PlainError(busy));
      else if (error.code === "EACCES") reject(new PlainError(denied));
      else reject(error);
    });
    server.listen({ port, host, ipv6Only: true }, () => resolve());
  });
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
function answer(request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const path = pathOf(request.url ?? "/");
  const file = path === undefined ? undefined : fileOf(path);
  if (path !== undefined && file === undefined && isFolder(path) && !path.endsWith("/")) {
    response.writeHead(301, { location: `${path}/` }).end();
    return;
  }
  send(request, response, file);
}

/**
 * @param {string} url
 * @returns {string | undefined} undefined when it is not a path
 */
function pathOf(url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? "/");
    return path.includes("\0") || path.startsWith("//") ? undefined : path;
  } catch {
    return undefined;
  }
}

/** @param {string} path */
function isFolder(path) {
  return existsSync(join(root, "build", normalize(path), "index.html"));
}

/** @param {string} path */
function fileOf(path) {
  const top = join(root, "build");
  const file = join(top, normalize(path), path.endsWith("/") ? "index.html" : "");
  if (!file.startsWith(top + sep) || path.includes("/.") || !existsSync(file)) return undefined;
  return statSync(file).isFile() ? file : undefined;
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {string | undefined} found
 */
function send(request, response, found) {
  const file = found ?? join(root, "build/404.html");
  if (!existsSync(file)) {
    response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    return;
  }
  const type = types[extname(file)] ?? "application/octet-stream";
  const zipped = compressible.test(type) && /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const hashed = /\/assets\/.*\.[0-9a-f]{8}\./.test(file);
  response.writeHead(found === undefined ? 404 : 200, {
    "content-type": type,
    "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
    ...(zipped ? { "content-encoding": "gzip" } : {}),
  });
  if (request.method === "HEAD") response.end();
  else if (zipped) pipeline(createReadStream(file), createGzip({ level: 6 }), response, ignoreHangUp);
  else pipeline(createReadStream(file), response, ignoreHangUp);
}

/** A browser that closes early is not our trouble. */
function ignoreHangUp() {}
