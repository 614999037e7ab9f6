// After kubectl pkg/cmd/diff/diff.go; not modelled: other diff programs than diff -u -N.
import { PATCH_MEDIA_TYPES } from "../../client/requests.ts";
import { rfc3339 } from "../../api/time.ts";
import { endingOf, exit, failureOf, failureOfResponse, refusal, thrown } from "../failure.ts";
import { boolFlag, textFlag } from "../flag-set.ts";
import { fieldsAt, fields, put, sortedKeys, type Fields } from "../json.ts";
import { appliedBefore, withLastApplied } from "../last-applied.ts";
import { collectionPath } from "../mapping.ts";
import { withoutManagedFields } from "../printers/printer.ts";
import { hasNoFiles, selectionOf } from "../select-flags.ts";
import { exchange, now, print, type Session, type Talk } from "../talk.ts";
import { strategicPatch, threeWayMergePatch } from "../three-way.ts";
import { unifiedDiff } from "../unified-diff.ts";
import { visit } from "../visit.ts";
import { pathOf, type Info } from "../info.ts";
import { fromYaml, toYaml } from "../yaml-text.ts";

/** Source: diff.go: 1 says that there is a difference, more that something went wrong. */
const DIFFERENT = 1;
const TROUBLE = 2;

/** Runs the comparison; trouble ends it with another code than a difference does. */
export function* runDiff(session: Session): Talk<number> {
  try {
    return yield* diffAll(session);
  } catch (caught) {
    throw exit(endingOf(failureOf(caught)).message, TROUBLE);
  }
}

function* diffAll(session: Session): Talk<number> {
  if (hasNoFiles(session)) throw refusal("must specify one of -f and -k");
  const stamp = rfc3339(yield* now())
    .replace("T", " ")
    .replace("Z", ".000000000 +0000");
  let code = 0;
  yield* visit(session, { ...selectionOf(session), continueOnError: false }, function* diffOne(info) {
    const found = yield* exchange(session, { method: "GET", path: pathOf(info) });
    if (found.code >= 400 && found.code !== 404) throw thrown(failureOfResponse(found.code, found.body));
    const live = found.code === 404 ? undefined : (found.body as Fields);
    const merged = yield* wouldBe(session, info, live);
    const [from, to] = [shown(session, live, merged), shown(session, merged, live)];
    const hunks = unifiedDiff(from, to);
    if (hunks === "") return;
    code = DIFFERENT;
    const name = fileName(info);
    yield* print(
      `diff -u -N /tmp/LIVE-1000000001/${name} /tmp/MERGED-1000000002/${name}\n--- /tmp/LIVE-1000000001/${name}\t${stamp}\n+++ /tmp/MERGED-1000000002/${name}\t${stamp}\n${hunks}`,
    );
  });
  return code;
}

function fileName(info: Info): string {
  const { group, version, kind } = info.mapping;
  return `${group === "" ? "" : `${group}.`}${version}.${kind}.${info.namespace}.${info.name}`;
}

function shown(session: Session, object: Fields | undefined, other: Fields | undefined): string {
  if (object === undefined) return "";
  const bare = boolFlag(session.flags, "show-managed-fields") ? object : withoutManagedFields(object);
  return toYaml(object["kind"] === "Secret" && !boolFlag(session.flags, "show-secrets") ? masked(bare, other) : bare);
}

/** Secret values are not shown: only whether they differ. Source: diff.go Masker. */
function masked(secret: Fields, other: Fields | undefined): Fields {
  const [data, theirs] = [fieldsAt(secret, "data"), fieldsAt(other, "data")];
  const values = sortedKeys(data).map(
    (key) => [key, theirs[key] === undefined || theirs[key] === data[key] ? "***" : "*** (different)"] as const,
  );
  return values.length === 0 ? secret : put(secret, ["data"], Object.fromEntries(values));
}

function* wouldBe(session: Session, info: Info, live: Fields | undefined): Talk<Fields> {
  const { flags } = session;
  const query = { dryRun: "All", fieldManager: textFlag(flags, "field-manager") };
  if (boolFlag(flags, "server-side")) {
    const body = info.object;
    const force = String(boolFlag(flags, "force-conflicts"));
    return yield* answer(session, {
      method: "PATCH",
      path: pathOf(info),
      query: { ...query, force },
      headers: { "content-type": PATCH_MEDIA_TYPES.apply },
      body,
    });
  }
  if (live === undefined)
    return yield* answer(session, {
      method: "POST",
      path: collectionPath(info.mapping, info.namespace),
      query,
      body: info.object,
    });
  const sides = {
    original: fields(fromYaml(appliedBefore(live) ?? "")),
    modified: withLastApplied(info.object),
    current: live,
  };
  const strategic = strategicPatch(info.mapping, sides);
  const type = strategic === undefined ? PATCH_MEDIA_TYPES.merge : PATCH_MEDIA_TYPES.strategic;
  const patch = strategic ?? threeWayMergePatch(sides);
  const annotations = { ...fieldsAt(patch, "metadata", "annotations") };
  delete (annotations as Record<string, unknown>)["kubectl.kubernetes.io/last-applied-configuration"];
  const body = fieldsAt(patch, "metadata", "annotations") === undefined ? patch : withoutAnnotation(patch, annotations);
  return yield* answer(session, {
    method: "PATCH",
    path: pathOf(info),
    query,
    headers: { "content-type": type },
    body,
  });
}

/** The annotation that keeps the configuration is not part of what is compared. */
function withoutAnnotation(patch: Fields, annotations: Fields): Fields {
  if (Object.keys(fieldsAt(patch, "metadata", "annotations")).length === 0) return patch;
  const bare = put(patch, ["metadata", "annotations"], Object.keys(annotations).length > 0 ? annotations : undefined);
  return Object.keys(fieldsAt(bare, "metadata")).length > 0 ? bare : put(bare, ["metadata"], undefined);
}

function* answer(session: Session, request: Parameters<typeof exchange>[1]): Talk<Fields> {
  const response = yield* exchange(session, request);
  if (response.code >= 400) throw thrown(failureOfResponse(response.code, response.body));
  return response.body as Fields;
}
