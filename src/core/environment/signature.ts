/** Signatures of commits and tags, by the keys that people have in `people.yaml` of the protected branch. */

export type Key = {
  readonly person: string;
  /** `ssh-ed25519 AAAA...`, or a PGP public key block. */
  readonly text: string;
};

export type Signature =
  | { readonly kind: "good"; readonly person: string }
  | { readonly kind: "none" }
  /** By a key that nobody has here, expired, revoked, forged, or it cannot be checked at all. */
  | { readonly kind: "bad"; readonly why: string };
