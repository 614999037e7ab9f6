import fc from "fast-check";

/**
 * Properties run under one seed, so that the same commit gives the same result everywhere. `PROPERTY_SEED=N` tries another; a
 * counterexample that it finds becomes an example of its property.
 */
const STANDARD_SEED = 20_261_120;

fc.configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? STANDARD_SEED) });
