import { ITSELF } from "../core/history.ts";

/** Who makes a change: a person, or calops itself. */
export type Doer = { readonly by: string; readonly why?: string };
export const CALOPS: Doer = { by: ITSELF };
