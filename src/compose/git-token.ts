/** The secret by which a config repository at an https address is read, where it asks for one. */
export const GIT_TOKEN = "CALOPS_GIT_TOKEN";
