import { userInfo } from "node:os";

/** Who sits at this machine, as history names them. */
export function operatingUser(): string {
  try {
    return userInfo().username.replace(/[^\w.@-]/g, "_") || "unknown";
  } catch {
    // A user id without a name, as containers have them.
    return `uid-${process.getuid?.() ?? 0}`;
  }
}
