import { drains, type Image, image, server } from "./image.ts";

export const redis: Image = image(["redis"], {
  sizeBytes: 45_000_000,
  command: ["redis-server"],
  servers: {
    "redis-server": server({
      name: "redis-server",
      ports: [{ port: 6379, protocol: "tcp" }],
      memoryBytes: 10_000_000,
      signals: { TERM: drains(20), INT: drains(20) },
      logLines: ["Ready to accept connections tcp"],
    }),
  },
});

/** A server that a fresh data directory keeps busy for some seconds before it listens. */
export const mysql: Image = image(["mysql", "mariadb"], {
  sizeBytes: 233_000_000,
  command: ["mysqld"],
  servers: {
    mysqld: server({
      name: "mysqld",
      ports: [{ port: 3306, protocol: "tcp" }],
      listenMillis: { from: 4000, to: 9000 },
      memoryBytes: 380_000_000,
      signals: { TERM: drains(1500) },
      logLines: ["[System] [MY-010116] [Server] /usr/sbin/mysqld starting as process 1"],
    }),
  },
});

/** TERM is its smart shutdown, INT (the image's stop signal) the fast one. Source: postgresql.org, Shutting Down the Server. */
export const postgres: Image = image(["postgres"], {
  sizeBytes: 160_000_000,
  command: ["postgres"],
  stopSignal: "INT",
  servers: {
    postgres: server({
      name: "postgres",
      ports: [{ port: 5432, protocol: "tcp" }],
      listenMillis: { from: 1500, to: 3500 },
      memoryBytes: 40_000_000,
      signals: { TERM: drains(5000), INT: drains(300) },
      logLines: ["database system is ready to accept connections"],
    }),
  },
});
