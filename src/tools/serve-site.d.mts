/** The port that PORT names, or 3000. */
export function chosenPort(): number;
/** Takes the port on the loopback addresses and serves build/ there. */
export function serveSite(port: number): Promise<void>;
