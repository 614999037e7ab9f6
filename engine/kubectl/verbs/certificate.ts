// After kubectl pkg/cmd/certificates/certificates.go.
import { rfc3339 } from "../../api/time.ts";
import { failureOfResponse, refusal, thrown } from "../failure.ts";
import { boolFlag } from "../flag-set.ts";
import { put, rowsAt, textAt, type Fields } from "../json.ts";
import { printerOf } from "../printers/printer.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import { exchange, now, print, type Session, type Talk } from "../talk.ts";
import { infosOf } from "../visit.ts";
import { pathOf } from "../info.ts";

type Decision = "Approved" | "Denied";

export function decide(decision: Decision): (session: Session) => Talk<number> {
  return function* run(session) {
    if (session.args.length === 0 && hasNoFiles(session))
      throw refusal("one or more CSRs must be specified as <name> or -f <filename>");
    const infos = yield* infosOf(session, {
      ...selectionOf(session),
      typeOfNames: "certificatesigningrequests",
      continueOnError: true,
      latest: true,
    });
    const printer = yield* printerOf(session, { operation: decision.toLowerCase() });
    const verb = decision === "Approved" ? "approve" : "deny";
    const stamp = rfc3339(yield* now());
    for (const info of infos) {
      const conditions = rowsAt(info.object, "status", "conditions");
      const has = (type: string): boolean => conditions.some((each) => textAt(each, "type") === type);
      const opposite = decision === "Approved" ? "Denied" : "Approved";
      if (has(opposite))
        throw refusal(`certificate signing request ${JSON.stringify(info.name)} is already ${opposite}`);
      let result = info.object;
      if (!has(decision) || boolFlag(session.flags, "force")) {
        const condition = {
          type: decision,
          status: "True",
          reason: `Kubectl${decision === "Approved" ? "Approve" : "Deny"}`,
          message: `This CSR was ${decision.toLowerCase()} by kubectl certificate ${verb}.`,
          lastUpdateTime: stamp,
          lastTransitionTime: null,
        };
        const body = put(
          info.object,
          ["status", "conditions"],
          [...conditions.filter((each) => textAt(each, "type") !== decision), condition],
        );
        const response = yield* exchange(session, { method: "PUT", path: pathOf(info, "approval"), body });
        if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
        result = response.body as Fields;
      }
      yield* print(printer.print(result));
    }
    return 0;
  };
}
