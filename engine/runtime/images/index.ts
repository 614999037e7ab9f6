import { mysql, postgres, redis } from "./databases.ts";
import type { Image } from "./image.ts";
import {
  apiWithDatabase,
  batchJob,
  deadlocker,
  grpcServer,
  leaker,
  queueWorker,
  signalDeaf,
  slowStarter,
  tcpServer,
  webApp,
} from "./teaching.ts";
import { alpine, busybox, curl, pause } from "./tools.ts";
import { agnhost, httpd, nginx, recordedHttpd } from "./web.ts";

/** The register: one line per image. What is not here cannot be pulled. */
export const images: readonly Image[] = [
  busybox,
  alpine,
  curl,
  pause,
  nginx,
  httpd,
  recordedHttpd,
  agnhost,
  redis,
  mysql,
  postgres,
  slowStarter,
  apiWithDatabase,
  webApp,
  tcpServer,
  grpcServer,
  batchJob,
  leaker,
  deadlocker,
  signalDeaf,
  queueWorker,
];
