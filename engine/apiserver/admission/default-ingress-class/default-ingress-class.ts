// After kubernetes v1.36 plugin/pkg/admission/network/defaultingressclass/admission.go.
import { values } from "../../../kernel/sorted-map.ts";
import { collectionAt } from "../../state.ts";
import { newestDefault } from "../newest-default.ts";
import type { AdmissionPlugin } from "../plugin.ts";

/** An ingress that names no class gets the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: "DefaultIngressClass",
  mutate: (turn, admission) => {
    const { object, operation, call } = admission;
    if (operation !== "CREATE" || call.served.prefix !== "ingress") return object;
    const spec = (object.spec ?? {}) as { readonly ingressClassName?: string };
    const isNamed =
      spec.ingressClassName !== undefined || object.metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined;
    if (isNamed) return object;
    const classes = values(collectionAt(turn.state, "ingressclasses").objects);
    const found = newestDefault(classes, "ingressclass.kubernetes.io/is-default-class");
    return found === undefined ? object : { ...object, spec: { ...spec, ingressClassName: found.metadata.name ?? "" } };
  },
};
