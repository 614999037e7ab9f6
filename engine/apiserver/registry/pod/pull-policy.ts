/** `Always` for the tag latest, said or not. Source: pkg/util/parsers ParseImageName. */
export function pullPolicyOf(image: string): "Always" | "IfNotPresent" {
  const at = image.indexOf("@");
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.lastIndexOf(":");
  const tag = colon > name.lastIndexOf("/") ? name.slice(colon + 1) : "";
  return tag === "latest" || (tag === "" && at < 0 && image !== "") ? "Always" : "IfNotPresent";
}
