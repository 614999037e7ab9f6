import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { ADMIN, type ApiResponse, type FromServer, type Identity } from "@workbook/engine";
import { withDescriptions } from "./descriptions.ts";
import { apiRequestOf, BodyTooLarge, readBody } from "./http-request.ts";
import type { PacedWorld } from "./paced-world.ts";

/** Answers above this size are compressed. Source: k8s.io/apiserver responsewriters, defaultGzipThresholdBytes. */
const GZIP_BYTES_MIN = 128 * 1024;

/** Answers one HTTP request out of the world. */
export async function answer(paced: PacedWorld, message: IncomingMessage, reply: ServerResponse): Promise<void> {
  let body: Buffer;
  try {
    body = await readBody(message);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    reply.writeHead(413, { "content-type": "text/plain", connection: "close" }).end(error.message);
    return;
  }
  const request = apiRequestOf(message, body);
  const conversation = new HttpConversation(paced, message, reply);
  conversation.exchange = paced.open(request, identityOf(message), (letter) => {
    const isAnswer = letter.kind === "response";
    conversation.hear(isAnswer ? { ...letter, response: withDescriptions(request, letter.response) } : letter);
  });
  if (paced.failure !== undefined && !reply.headersSent) refuse(reply, paced.failure);
}

/** Who speaks: a bearer token is checked by the API server; without one the connection is the administrator's. */
export function identityOf(message: IncomingMessage): Identity | null {
  return message.headers.authorization === undefined ? ADMIN.identity : null;
}

/** One exchange: the response head, then, for a watch or a log that is followed, one chunk for each thing that happens. */
class HttpConversation {
  exchange = 0;
  readonly #paced: PacedWorld;
  readonly #message: IncomingMessage;
  readonly #reply: ServerResponse;

  constructor(paced: PacedWorld, message: IncomingMessage, reply: ServerResponse) {
    this.#paced = paced;
    this.#message = message;
    this.#reply = reply;
    reply.on("close", () => paced.hangUp(this.exchange));
  }

  hear(letter: FromServer): void {
    switch (letter.kind) {
      case "response":
        return this.#respond(letter.response);
      case "events":
        for (const event of letter.events) this.#reply.write(`${JSON.stringify(event)}\n`);
        return;
      case "stream":
        this.#reply.write(letter.text);
        return;
      case "closed":
        this.#paced.forget(this.exchange);
        this.#reply.end();
    }
  }

  #respond(response: ApiResponse): void {
    const headers = headersOf(response);
    if (response.body === undefined && response.code === 200) {
      this.#reply.writeHead(200, { ...headers, "transfer-encoding": "chunked" });
      this.#reply.flushHeaders();
      return;
    }
    this.#paced.forget(this.exchange);
    const text = typeof response.body === "string" ? response.body : this.#print(response.body);
    this.#send(response.code, headers, Buffer.from(response.body === undefined ? "" : text));
  }

  /** Browsers and curl get JSON for people. Source: apiserver/pkg/endpoints/handlers/negotiation isPrettyPrint. */
  #print(body: unknown): string {
    const { headers, url = "" } = this.#message;
    const asked = /[?&]pretty=([^&]*)/.exec(url)?.[1];
    const isForPeople = /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers["user-agent"] ?? "");
    const isPretty = asked === undefined ? isForPeople : asked !== "0" && asked !== "false";
    return isPretty ? JSON.stringify(body, undefined, 2) : `${JSON.stringify(body)}\n`;
  }

  #send(code: number, headers: Record<string, string | string[]>, body: Buffer): void {
    const accepts = this.#message.headers["accept-encoding"] ?? "";
    const isPacked = body.length >= GZIP_BYTES_MIN && accepts.includes("gzip");
    const packed = isPacked ? gzipSync(body, { level: 4 }) : body;
    const encoding = isPacked ? { "content-encoding": "gzip", vary: "Accept-Encoding" } : {};
    this.#reply.writeHead(code, { ...headers, ...encoding, "content-length": packed.length });
    this.#reply.end(this.#message.method === "HEAD" ? undefined : packed);
  }
}

/** Several warnings are several headers. */
export function headersOf(response: ApiResponse): Record<string, string | string[]> {
  const isText = typeof response.body === "string";
  const headers: Record<string, string | string[]> = { "content-type": isText ? "text/plain" : "application/json" };
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    headers[name] = name === "warning" ? value.split("\n") : value;
  }
  return headers;
}

function refuse(reply: ServerResponse, failure: Error): void {
  reply.writeHead(500, { "content-type": "text/plain" }).end(`the engine stopped: ${failure.message}\n`);
}
