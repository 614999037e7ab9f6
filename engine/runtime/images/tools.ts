import { type Image, image, server } from "./image.ts";

/** A shell and its commands; httpd has no handler for TERM, so as PID 1 it ignores it. Source: busybox 1.36, networking/httpd.c. */
export const busybox: Image = image(["busybox"], {
  sizeBytes: 2_222_878,
  servers: {
    httpd: server({
      name: "httpd",
      ports: [{ port: 80, protocol: "http" }],
      documentRoot: "/",
      memoryBytes: 1_000_000,
    }),
  },
});

export const alpine: Image = image(["alpine"], { sizeBytes: 3_650_000, command: ["/bin/sh"] });

export const curl: Image = image(["curlimages/curl", "curl"], {
  sizeBytes: 10_400_000,
  command: ["sh"],
  workingDirectory: "/home/curl_user",
});

/** Source: registry.k8s.io/pause: sleeps until INT or TERM. */
export const pause: Image = image(["registry.k8s.io/pause", "pause"], {
  sizeBytes: 319_000,
  entrypoint: ["/pause"],
  command: [],
  servers: {
    pause: server({
      name: "pause",
      memoryBytes: 500_000,
      signals: { TERM: { kind: "exit", code: 0, drainMillis: 0 }, INT: { kind: "exit", code: 0, drainMillis: 0 } },
    }),
  },
});
