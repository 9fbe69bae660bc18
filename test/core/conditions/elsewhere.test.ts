import fc from "fast-check";
import { expect, test } from "vitest";
import { readElsewhere, textOfElsewhere } from "../../../src/core/conditions/elsewhere.ts";

test("a reference to a payload elsewhere is read back from its text, and the same one is the same text", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (url, checksum) => {
      expect(readElsewhere(textOfElsewhere({ url, checksum }))).toEqual({ url, checksum });
      expect(textOfElsewhere({ url, checksum })).toBe(textOfElsewhere({ checksum, url }));
    }),
  );
});

test.each([
  "",
  "0.25 ns\n",
  '{"url":"a","checksum":"b"}',
  '{"calops":"payload-elsewhere","url":',
  '{"calops":"payload-elsewhere","url":1,"checksum":"b"}',
])("%j is a payload of its own", (text) => expect(readElsewhere(text)).toBeUndefined());
