import { z } from "zod";
import { serverOptions } from "../options.ts";

/** `conditions: server: hsf: ...` in `calops.yaml`: a nopayloaddb, or what speaks as one does. */
export const hsfOptions = z.strictObject({
  ...serverOptions,
  url: serverOptions.url.meta({ description: "Address of the interface, for example https://.../api/cdb_rest/" }),
});

export type HsfOptions = z.output<typeof hsfOptions>;
