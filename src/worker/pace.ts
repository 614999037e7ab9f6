import type { Host } from "./host.ts";

/** Frames per second: enough to see a cluster live, little enough to leave a phone cool. */
const FRAME_MILLIS = 100;
/** How much of a frame may be spent computing; the rest belongs to commands. */
const BUDGET_MILLIS = 60;
/** A tab that slept does not make up for it: at most this much of the reader's time passes at once. */
const LEAP_MILLIS_MAX = 400;

/** The only clock of the browser: it turns the reader's time into the cluster's. */
export function keepPace(host: Host): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const millis = Math.min(now - last, LEAP_MILLIS_MAX);
    last = now;
    host.pass(millis, () => performance.now() - now < BUDGET_MILLIS);
  }, FRAME_MILLIS);
  return () => clearInterval(timer);
}
