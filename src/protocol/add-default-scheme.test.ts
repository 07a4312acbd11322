import { expect, test } from "vitest";
import { addDefaultScheme } from "./add-default-scheme.ts";

test.each([
  ["www.test.com", "https://www.test.com"],
  ["shop.example:8443/done?a=1", "https://shop.example:8443/done?a=1"],
  ["127.0.0.1:3000", "https://127.0.0.1:3000"],
  ["ftp://shop.example/", "https://ftp://shop.example/"],
  ["https:/shop.example", "https://https:/shop.example"],
  ["//shop.example/", "https:////shop.example/"],
  [" http://shop.example/", "https:// http://shop.example/"],
  ["", "https://"],
])("addDefaultScheme adds https:// to %j", (url, completed) => {
  expect(addDefaultScheme(url)).toBe(completed);
});

test.each([
  "https://shop.example/done",
  "http://127.0.0.1:3000",
  "HTTPS://Shop.Example/",
  "hTTp://",
])("addDefaultScheme returns %j unchanged", (url) => {
  expect(addDefaultScheme(url)).toBe(url);
});
