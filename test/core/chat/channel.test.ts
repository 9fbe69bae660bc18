import { expect, test } from "vitest";
import { addressesOf } from "../../../src/core/chat/channel.ts";

test.each([
  ["#timing", ["slack", "mattermost"], ["slack #timing", "mattermost #timing"]],
  ["slack:#timing", ["slack", "mattermost"], ["slack #timing"]],
  ["slack:#timing", ["console"], []],
  ["room:=C1", ["room"], ["room =C1"]],
])("a message for %s, with the chats %j, goes to %j", (channel, chats, addresses) => {
  expect(addressesOf(channel, chats).map((one) => `${one.chat} ${one.channel}`)).toEqual(addresses);
});
