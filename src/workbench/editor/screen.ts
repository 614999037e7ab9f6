/** The narrowest screen on which the big editor is offered. Source: tooling decision, below 768 px and on touch a text area. */
const BIG_EDITOR_WIDTH_MIN = 768;

export function usesBigEditor(): boolean {
  return matchMedia(
    `(min-width: ${BIG_EDITOR_WIDTH_MIN}px) and (pointer: fine), (min-width: ${BIG_EDITOR_WIDTH_MIN}px) and (pointer: none)`,
  ).matches;
}
