import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { ApiRequest, CommandAnswer, WatchEvent } from "@workbook/engine";
import { WebSocket } from "ws";
import { Arrivals, type ClusterServer } from "./cluster-server.ts";

/** Requests that are carried by a WebSocket. Source: client-go tools/remotecommand, protocol v5.channel.k8s.io. */
const STREAMED = /\/(exec|attach|portforward)$/;
const CHANNEL_PROTOCOL = "v5.channel.k8s.io";

/** An API server over HTTP. */
export class HttpServer implements ClusterServer {
  private readonly base: URL;
  private readonly streams: Arrivals[] = [];
  private readonly sockets = new Map<number, WebSocket>();
  private readonly open_: (() => void)[] = [];

  constructor(url: string) {
    this.base = new URL(url);
  }

  async exchange(request: ApiRequest): Promise<CommandAnswer> {
    const message = await this.send(request).catch(unreachable);
    if (!isMessage(message)) return message;
    let text = "";
    message.setEncoding("utf8");
    for await (const chunk of message) text += String(chunk);
    return {
      kind: "response",
      response: { code: message.statusCode ?? 0, headers: headersOf(message), body: bodyOf(message, text) },
    };
  }

  async open(request: ApiRequest): Promise<CommandAnswer> {
    const arrivals = new Arrivals();
    this.streams.push(arrivals);
    if (STREAMED.test(request.path)) return await this.openSocket(request, arrivals, this.streams.length - 1);
    const message = await this.send(request).catch(unreachable);
    if (!isMessage(message)) return message;
    const code = message.statusCode ?? 0;
    if (code >= 400) {
      let text = "";
      for await (const chunk of message) text += String(chunk);
      return { kind: "response", response: { code, headers: headersOf(message), body: bodyOf(message, text) } };
    }
    this.open_.push(() => message.destroy());
    this.pump(message, arrivals, request.query?.["watch"] === "true");
    return { kind: "response", response: { code, headers: headersOf(message), body: undefined } };
  }

  private pump(message: IncomingMessage, arrivals: Arrivals, isWatch: boolean): void {
    let rest = "";
    message.setEncoding("utf8");
    message.on("data", (chunk: string) => {
      if (!isWatch) return arrivals.push({ kind: "data", channel: 1, text: chunk });
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines)
        if (line.trim() !== "") arrivals.push({ kind: "event", event: JSON.parse(line) as WatchEvent });
    });
    message.on("close", () => arrivals.push({ kind: "closed" }));
    message.on("error", () => arrivals.push({ kind: "closed" }));
  }

  private async openSocket(request: ApiRequest, arrivals: Arrivals, index: number): Promise<CommandAnswer> {
    const url = this.urlOf(request);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, CHANNEL_PROTOCOL, { headers: { ...request.headers }, rejectUnauthorized: false });
    this.sockets.set(index, socket);
    socket.on("message", (data: Buffer) => {
      if (data.length > 1)
        arrivals.push({ kind: "data", channel: data[0] ?? 0, text: data.subarray(1).toString("utf8") });
    });
    socket.on("close", () => arrivals.push({ kind: "closed" }));
    return await new Promise((resolve) => {
      socket.on("open", () => resolve({ kind: "response", response: { code: 101, body: undefined } }));
      socket.on("unexpected-response", (_, message) => {
        let text = "";
        message.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
        message.on("end", () =>
          resolve({
            kind: "response",
            response: { code: message.statusCode ?? 0, headers: headersOf(message), body: bodyOf(message, text) },
          }),
        );
      });
      socket.on("error", (error: Error) => resolve(unreachable(error)));
    });
  }

  private urlOf(request: ApiRequest): URL {
    const url = new URL(request.path, this.base);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      for (const each of name === "command" ? value.split("\0") : [value]) url.searchParams.append(name, each);
    }
    return url;
  }

  private async send(request: ApiRequest): Promise<IncomingMessage> {
    const url = this.urlOf(request);
    const body = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const headers: Record<string, string> = {
      accept: "application/json",
      "user-agent": "kubectl/v1.36.2 (linux/amd64) kubernetes/1c33ad4",
      ...request.headers,
    };
    if (body !== undefined) headers["content-type"] ??= "application/json";
    const make = url.protocol === "https:" ? httpsRequest : httpRequest;
    return await new Promise((resolve, reject) => {
      const sent = make(
        url,
        { method: request.method, headers, ...(url.protocol === "https:" ? { rejectUnauthorized: false } : {}) },
        resolve,
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  async next(stream: number, timeoutMillis: number | undefined): Promise<CommandAnswer> {
    return (await this.streams[stream]?.next(timeoutMillis)) ?? { kind: "closed" };
  }

  feed(stream: number, channel: number, text: string): void {
    this.sockets.get(stream)?.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text, "utf8")]));
  }

  async sleep(millis: number): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, millis);
    });
  }

  now(): number {
    return Date.now();
  }

  close(): void {
    for (const close of this.open_) close();
    for (const socket of this.sockets.values()) socket.terminate();
  }
}

function isMessage(answer: IncomingMessage | CommandAnswer): answer is IncomingMessage {
  return !("kind" in answer);
}

function unreachable(error: unknown): CommandAnswer {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return { kind: "unreachable", message: "connection refused" };
  return { kind: "unreachable", message: error instanceof Error ? error.message : String(error) };
}

/** Headers by name in lower case; several warnings are joined by line breaks. */
function headersOf(message: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = (message.rawHeaders[index] ?? "").toLowerCase();
    const value = message.rawHeaders[index + 1] ?? "";
    headers[name] = headers[name] === undefined ? value : `${headers[name]}${name === "warning" ? "\n" : ", "}${value}`;
  }
  return headers;
}

function bodyOf(message: IncomingMessage, text: string): unknown {
  if (!(message.headers["content-type"] ?? "").includes("json")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (caught) {
    if (caught instanceof SyntaxError) return text;
    throw caught;
  }
}
