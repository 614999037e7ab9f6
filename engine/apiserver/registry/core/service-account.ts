// After kubernetes v1.36 pkg/registry/core/serviceaccount/strategy.go; not modelled: the clean-up of secret references.
import type * as api from "../../../api/generated/types.ts";
import { age, nameOf } from "../cells.ts";
import type { DecodedObject } from "../decoded.ts";
import { kindStrategy } from "../kind-strategy.ts";
import type { Strategy } from "../strategy.ts";

type ServiceAccount = DecodedObject<api.ServiceAccount>;

export const serviceAccounts: Strategy<ServiceAccount> = kindStrategy<ServiceAccount>({
  place: ["", "v1", "serviceaccounts"],
  validate: () => [],
  cells: (account, now) => [nameOf(account), age(account, now)],
});
