/** Printed sorted. Source: pkg/apis/core/validation supportedPortProtocols. */
export const protocols: readonly string[] = ["SCTP", "TCP", "UDP"];
