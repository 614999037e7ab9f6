import { useColorMode } from "@docusaurus/theme-common";

/** Whether the page is dark now. */
export function useDark(): boolean {
  return useColorMode().colorMode === "dark";
}
