import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type FromServer, type ApiResponse } from "@workbook/engine";
import { type WebSocket, WebSocketServer } from "ws";
import { identityOf } from "./http-edge.ts";
import { apiRequestOf } from "./http-request.ts";
import type { PacedWorld } from "./paced-world.ts";

/** The protocols of exec, attach and port-forward, best first. Source: KEP-4006, k8s.io/apimachinery remotecommand and portforward. */
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io", "SPDY/3.1+portforward.k8s.io"];

/** The channel on which the end of a command is told, as a Status. Source: remotecommand constants: 0 in, 1 out, 2 err, 3 error, 4 resize. */
const ERROR_CHANNEL = 3;

/** In v5 a client closes a channel by sending this byte and the channel's number. */
const CLOSE_SIGNAL = 255;

/** Turns HTTP upgrades into streams of the world. */
export function webSocketEdge(paced: PacedWorld): (message: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });
  return (message, socket, head) => {
    const waiting: FromServer[] = [];
    let open: WebSocket | undefined;
    const hear = (letter: FromServer): void => {
      if (open === undefined) waiting.push(letter);
      else relay(open, letter);
    };
    const request = { ...apiRequestOf(message, Buffer.alloc(0)), method: "GET" as const };
    const exchange = paced.open(request, identityOf(message), hear);
    const first = waiting.shift();
    if (first?.kind !== "response" || first.response.code >= 300) return refuse(socket, first);
    server.handleUpgrade(message, socket, head, (client) => {
      open = client;
      for (const letter of waiting.splice(0)) relay(client, letter);
      client.on("message", (bytes: Buffer) => feed(paced, exchange, bytes));
      client.on("close", () => paced.hangUp(exchange));
    });
  };
}

function relay(client: WebSocket, letter: FromServer): void {
  if (letter.kind === "stream") client.send(frame(letter.channel, letter.text));
  if (letter.kind !== "closed") return;
  const status = letter.status ?? { metadata: {}, status: "Success" };
  client.send(frame(ERROR_CHANNEL, JSON.stringify(status)));
  client.close(1000);
}

function frame(channel: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(text, "utf8")]);
}

function feed(paced: PacedWorld, exchange: number, bytes: Buffer): void {
  const channel = bytes[0] ?? 0;
  if (channel === CLOSE_SIGNAL)
    paced.say({ kind: "stream", id: exchange, channel: bytes[1] ?? 0, text: "", isEnd: true });
  else paced.say({ kind: "stream", id: exchange, channel, text: bytes.subarray(1).toString("utf8") });
}

function refuse(socket: Duplex, letter: FromServer | undefined): void {
  const response: ApiResponse =
    letter?.kind === "response" ? letter.response : { code: 500, body: "the stream did not open" };
  const isText = typeof response.body === "string";
  const body = typeof response.body === "string" ? response.body : JSON.stringify(response.body);
  const head = [
    `HTTP/1.1 ${response.code} Refused`,
    `content-type: ${isText ? "text/plain" : "application/json"}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
