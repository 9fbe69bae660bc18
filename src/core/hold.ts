/** A person holds something back: who, why, since when. */
import type { Instant } from "./time.ts";

export type Hold = { readonly by: string; readonly why: string; readonly since: Instant };
