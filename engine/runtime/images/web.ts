import { AT_ONCE, drains, type Image, image, server, STOPS_AT_ONCE, WELL } from "./image.ts";

const WELCOME =
  "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body><h1>Welcome to nginx!</h1></body>\n</html>\n";

/** TERM ends it at once, QUIT (the image's stop signal) lets it finish. Source: nginx.org, Controlling nginx; docker-library/nginx. */
export const nginx: Image = image(["nginx", "nginxinc/nginx-unprivileged"], {
  sizeBytes: 62_706_233,
  entrypoint: ["/docker-entrypoint.sh"],
  command: ["nginx", "-g", "daemon off;"],
  stopSignal: "QUIT",
  files: {
    "/usr/share/nginx/html/index.html": WELCOME,
    "/usr/share/nginx/html/50x.html": "<h1>An error occurred.</h1>\n",
  },
  servers: nginxServers(),
});

function nginxServers(): Readonly<Record<string, ReturnType<typeof server>>> {
  const program = server({
    name: "nginx",
    ports: [{ port: 80, protocol: "http" }],
    documentRoot: "/usr/share/nginx/html",
    listenMillis: { from: 60, to: 120 },
    memoryBytes: 8_000_000,
    signals: { TERM: STOPS_AT_ONCE, QUIT: drains(50), INT: STOPS_AT_ONCE },
    logLines: ["/docker-entrypoint.sh: Configuration complete; ready for start up"],
  });
  return { nginx: program, "docker-entrypoint.sh": program };
}

/** Apache: TERM ends it at once, WINCH (the stop signal) lets it finish. Source: httpd.apache.org, Stopping and Restarting. */
export const httpd: Image = image(["httpd"], {
  sizeBytes: 58_900_000,
  entrypoint: [],
  command: ["httpd-foreground"],
  stopSignal: "WINCH",
  files: { "/usr/local/apache2/htdocs/index.html": "<html><body><h1>It works!</h1></body></html>\n" },
  servers: {
    "httpd-foreground": server({
      name: "httpd",
      ports: [{ port: 80, protocol: "http" }],
      documentRoot: "/usr/local/apache2/htdocs",
      listenMillis: { from: 80, to: 160 },
      signals: { TERM: STOPS_AT_ONCE, WINCH: drains(50) },
    }),
  },
});

/** The web server of the recordings: busybox httpd with the stop signal QUIT, which it ignores. Source: golden/INDEX.md, g-kubelet. */
export const recordedHttpd: Image = image(["workbook.example/recorded-httpd"], {
  sizeBytes: 2_222_878,
  command: ["httpd", "-f", "-v", "-p", "80", "-h", "/var/www"],
  stopSignal: "QUIT",
  files: { "/var/www/index.html": "hello\n" },
  servers: {
    httpd: server({
      name: "httpd",
      ports: [{ port: 80, protocol: "http" }],
      documentRoot: "/var/www",
      listenMillis: AT_ONCE,
      memoryBytes: 1_000_000,
    }),
  },
});

/** Source: registry.k8s.io/e2e-test-images/agnhost netexec: /healthz, /hostname, /clientip. */
export const agnhost: Image = image(["registry.k8s.io/e2e-test-images/agnhost", "agnhost"], {
  sizeBytes: 54_000_000,
  entrypoint: ["/agnhost"],
  command: ["pause"],
  servers: {
    agnhost: server({
      name: "agnhost",
      ports: [{ port: 8080, protocol: "http" }],
      paths: { "/": WELL, "/healthz": WELL, "/hostname": WELL, "/clientip": WELL },
      signals: { TERM: STOPS_AT_ONCE },
    }),
  },
});
