import { mergeProgress, noProgress, type Progress, readProgress } from "./progress.ts";

/** The progress of this browser. It always works: without storage it lasts as long as the page, and says so. */
export interface ProgressStore {
  state(): ProgressState;
  subscribe(listener: () => void): () => void;
  update(change: (progress: Progress) => Progress): void;
  /** Adds what a file holds; answers why not, when it cannot be read. */
  add(text: string): string | undefined;
  clear(): void;
  /** Stored text that could not be read, kept for export. */
  damaged(): string | undefined;
  dropDamaged(): void;
}

export interface ProgressState {
  readonly progress: Progress;
  readonly trouble: Trouble | undefined;
}

export type Trouble = "denied" | "full" | "damaged";

const KEY = "workbook.progress";
const DAMAGED_KEY = "workbook.progress.damaged";

let store: ProgressStore | undefined;

/** One store for the page, so that all its parts see the same. */
export function progressStore(): ProgressStore {
  store ??= createProgressStore(browserStorage());
  return store;
}

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

function browserStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // Denied by the reader's settings.
  }
}

export function createProgressStore(storage: Storage | undefined): ProgressStore {
  let state = load(storage);
  const listeners = new Set<() => void>();
  const change = (next: ProgressState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const update: ProgressStore["update"] = (edit) => {
    // Another tab may have stored something meanwhile.
    const latest = mergeProgress(load(storage).progress, state.progress);
    const progress = edit(latest);
    change({ progress, trouble: save(storage, KEY, JSON.stringify(progress)) ?? kept(state.trouble) });
  };
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    update,
    add: (text) => {
      const read = readProgress(text);
      if (read.kind === "damaged") return read.why;
      update((progress) => mergeProgress(progress, read.progress));
      return read.lost.length === 0 ? undefined : `${read.lost.join(", ")} could not be read; the rest was added`;
    },
    clear: () => {
      attempt(() => storage?.removeItem(KEY));
      change({ progress: noProgress, trouble: storage === undefined ? "denied" : undefined });
    },
    damaged: () => attempt(() => storage?.getItem(DAMAGED_KEY)) ?? undefined,
    dropDamaged: () => {
      attempt(() => storage?.removeItem(DAMAGED_KEY));
      change({ ...state, trouble: undefined });
    },
  };
}

/** "Damaged" stays until the learner has seen to it. */
function kept(trouble: Trouble | undefined): Trouble | undefined {
  return trouble === "damaged" ? trouble : undefined;
}

function load(storage: Storage | undefined): ProgressState {
  if (storage === undefined) return { progress: noProgress, trouble: "denied" };
  let text: string | null;
  try {
    text = storage.getItem(KEY);
  } catch {
    return { progress: noProgress, trouble: "denied" };
  }
  const isDamaged = (attempt(() => storage.getItem(DAMAGED_KEY)) ?? null) !== null;
  if (text === null) return { progress: noProgress, trouble: isDamaged ? "damaged" : undefined };
  const read = readProgress(text);
  if (read.kind === "read" && read.lost.length === 0)
    return { progress: read.progress, trouble: isDamaged ? "damaged" : undefined };
  save(storage, DAMAGED_KEY, text);
  if (read.kind === "damaged") attempt(() => storage.removeItem(KEY));
  else save(storage, KEY, JSON.stringify(read.progress));
  return { progress: read.kind === "read" ? read.progress : noProgress, trouble: "damaged" };
}

function save(storage: Storage | undefined, key: string, text: string): Trouble | undefined {
  if (storage === undefined) return "denied";
  try {
    storage.setItem(key, text);
    return undefined;
  } catch (error) {
    return error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "denied";
  }
}

/** What storage refuses is no reason for the page to stop; `save` and `load` have said so already. */
function attempt<Value>(body: () => Value): Value | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}
