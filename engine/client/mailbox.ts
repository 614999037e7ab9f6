import type { FromServer } from "../api/wire.ts";
import type { Process } from "../kernel/process.ts";

/** Where answers to a client outside the world arrive: it keeps them, in order, until it is read. */
export interface Mailbox {
  readonly letters: readonly FromServer[];
  /** How many letters were ever read and thrown away. */
  readonly read: number;
}

export type MailboxMessage = FromServer | { readonly kind: "refused" } | { readonly kind: "clear" };

export const mailbox: Process<Mailbox, MailboxMessage> = {
  name: "mailbox",
  start: () => ({ state: { letters: [], read: 0 }, effects: [] }),
  step: (state, message) => {
    switch (message.kind) {
      case "clear":
        return { state: { letters: [], read: state.read + state.letters.length }, effects: [] };
      case "refused":
        return { state, effects: [] };
      default:
        return { state: { ...state, letters: [...state.letters, message] }, effects: [] };
    }
  },
};
