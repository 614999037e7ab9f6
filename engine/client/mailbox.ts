import type { FromServer } from "../api/wire.ts";
import type { Process } from "../kernel/process.ts";

/** Where answers to a client outside the world arrive: it keeps them, in order, until they are taken out. */
export interface Mailbox {
  readonly letters: readonly FromServer[];
}

export const mailbox: Process<Mailbox, FromServer | { readonly kind: "refused" }> = {
  name: "mailbox",
  start: () => ({ state: { letters: [] }, effects: [] }),
  step: (state, message) => ({
    state: message.kind === "refused" ? state : { letters: [...state.letters, message] },
    effects: [],
  }),
};
