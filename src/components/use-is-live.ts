import { useSyncExternalStore } from "react";

const never = (): (() => void) => () => undefined;

/**
 * Whether the page's script has taken the component over. Before that it is the server's text: what a quick reader types or clicks would
 * be lost, so forms stay disabled until they can keep it.
 */
export function useIsLive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
