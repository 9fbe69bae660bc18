/** Where a message goes whose channel stands in a configuration: the same channel of every chat, or of one: `slack:#timing`. */
export type Address = { readonly chat: string; readonly channel: string };

/** @param chats those that are in use */
export function addressesOf(channel: string, chats: readonly string[]): Address[] {
  const [, chat, rest] = /^([a-z]+):(.+)$/s.exec(channel) ?? [];
  if (chat !== undefined && rest !== undefined) return chats.includes(chat) ? [{ chat, channel: rest }] : [];
  return chats.map((one) => ({ chat: one, channel }));
}
