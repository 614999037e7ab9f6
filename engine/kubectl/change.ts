// What label, annotate, set and scale have in common: fetch, change, patch or update, print.
import { PATCH_MEDIA_TYPES } from "../client/requests.ts";
import { validationOf, writeQuery, type DryRun } from "./dry-run.ts";
import { failureOfResponse, thrown } from "./failure.ts";
import { textFlag } from "./flag-set.ts";
import type { Fields } from "./json.ts";
import { exchange, type Session, type Talk } from "./talk.ts";
import { mergePatch, strategicDiff } from "./three-way.ts";
import { pathOf, type Info } from "./info.ts";

export interface PatchRequest {
  readonly info: Info;
  readonly patch: unknown;
  readonly dialect: keyof typeof PATCH_MEDIA_TYPES;
  readonly dryRun: DryRun;
  readonly subresource?: string;
}

/** Sends a patch and answers the new object. */
export function* sendPatch(session: Session, request: PatchRequest): Talk<Fields> {
  const { info, patch, dialect, dryRun, subresource } = request;
  const response = yield* exchange(session, {
    method: "PATCH",
    path: pathOf(info, subresource),
    query: writeQuery({
      dryRun,
      fieldManager: textFlag(session.flags, "field-manager"),
      ...(session.flags.defined.has("validate") ? { validation: validationOf(session.flags) } : {}),
    }),
    headers: { "content-type": PATCH_MEDIA_TYPES[dialect] },
    ...(typeof patch === "string" ? bodyOf(patch) : { body: patch }),
  });
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  return response.body as Fields;
}

export interface Difference {
  readonly patch: Fields;
  readonly dialect: "strategic" | "merge";
}

/** The patch from the object as it was to the object as it shall be; strategic where the kind is known. */
export function differenceOf(info: Info, changed: Fields): Difference {
  const strategic = strategicDiff(info.mapping, info.object, changed);
  return strategic === undefined
    ? { patch: mergePatch(info.object, changed), dialect: "merge" }
    : { patch: strategic, dialect: "strategic" };
}

/** A patch that is not JSON goes to the server as it is: it is the server that refuses it. */
function bodyOf(written: string): { readonly body: unknown } | { readonly text: string } {
  try {
    return { body: JSON.parse(written) as unknown };
  } catch (caught) {
    if (caught instanceof SyntaxError) return { text: written };
    throw caught;
  }
}
