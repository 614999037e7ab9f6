import { useSyncExternalStore } from "react";
import type { Progress } from "../session/progress.ts";
import { noProgress } from "../session/progress.ts";
import { type ProgressState, progressStore } from "../session/progress-store.ts";

const onServer: ProgressState = { progress: noProgress, trouble: undefined };

/** The progress of this browser, and how to change it. On the server there is none. */
export function useProgress(): ProgressState {
  return useSyncExternalStore(
    (listener) => progressStore().subscribe(listener),
    () => progressStore().state(),
    () => onServer,
  );
}

export function updateProgress(change: (progress: Progress) => Progress): void {
  progressStore().update(change);
}
