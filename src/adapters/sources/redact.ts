/** A text without the secrets that were used to get it: servers and programs like to repeat what they were sent. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, ...wordsOf(secret)])
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, "***")), text);
}

/** Of `Bearer abcdef123` the second word is what nobody may see, alone as well. */
function wordsOf(secret: string): readonly string[] {
  return secret.split(/\s+/).filter((word) => word.length >= 8);
}
