import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAddress, checkEndpoint, checkTarget, type NetworkScope } from "./address-guard.ts";

const SCOPES: readonly NetworkScope[] = ["loopback", "network", "public"];
const OWN_PORT = 4010;

const check = (url: string, scope: NetworkScope = "network") => checkTarget(url, { scope, ownPort: OWN_PORT });
const getHost = (url: string, scope: NetworkScope = "network") => {
  const result = check(url, scope);
  return "url" in result ? result.url.hostname : result;
};
const BLOCKED = { rejected: expect.stringMatching(/^It.+\.$/) };

describe("loopback addresses and host names", () => {
  test.each([
    "http://127.0.0.1",
    "http://127.0.0.1.",
    "http://127.1",
    "http://127.0.1",
    "http://0x7f.1",
    "http://0X7F.0x0.0x0.0x1",
    "http://0x7f000001",
    "http://017700000001",
    "http://2130706433",
    "http://0177.0.0.1",
    "http://①②⑦.⓪.⓪.①",
    "http://127。0。0。1",
    "http://\uff11\uff12\uff17.1",
    "http://%31%32%37.1",
    "127.1",
    "2130706433/notify",
  ])("%s is recognized as 127.0.0.1", (url) => {
    expect(getHost(url, "loopback")).toBe("127.0.0.1");
    expect(getHost(url, "network")).toBe("127.0.0.1");
    expect(check(url, "public")).toEqual({ rejected: expect.stringContaining("a loopback address") });
  });

  test.each([
    "http://localhost",
    "http://localhost.",
    "http://LOCALHOST",
    "http://LocalHost.:8080",
    "http://lo\u00adcalhost",
    "http://\uff4cocalhost",
    "http://shop.localhost",
    "http://a.b.LOCALHOST.",
    "localhost/notify",
  ])("%s is recognized as localhost", (url) => {
    expect(check(url, "loopback")).toHaveProperty("url");
    expect(check(url, "network")).toHaveProperty("url");
    expect(check(url, "public")).toEqual({ rejected: expect.stringContaining("name of this computer") });
  });

  test.each([
    "http://0",
    "http://0.0.0.0",
    "http://0x0",
    "http://0.1",
    "http://⓪",
  ])("%s is blocked as an unspecified address", (url) => {
    for (const scope of SCOPES) expect(check(url, scope)).toEqual({ rejected: expect.stringContaining("unspecified") });
  });

  test.each([
    "merchant.example",
    "localhost.example",
    "notlocalhost",
    "xn--lcalhost-1za",
    "127.0.0.1.example",
  ])("%s is a host name, and is blocked in loopback scope without a DNS lookup", (host) => {
    expect(check(`http://${host}`, "loopback")).toEqual({ rejected: expect.stringContaining("It is a host name") });
    expect(check(`http://${host}`, "network")).toHaveProperty("url");
  });

  test.each([
    "128.0.0.0",
    "126.255.255.255",
    "10.0.0.1",
    "93.184.216.34",
    "::2",
    "2606:2800:220:1::1",
    "fc00::1",
  ])("%s is blocked in loopback scope", (address) => expect(checkAddress(address, "loopback")).toBeTypeOf("string"));
});

describe("IPv6 addresses", () => {
  test("[::1] is allowed in loopback and network scope", () => {
    for (const url of ["http://[::1]", "http://[0:0:0:0:0:0:0:1]:80", "http://[0::0.0.0.1]"]) {
      expect(getHost(url, "loopback")).toBe("[::1]");
      expect(getHost(url, "network")).toBe("[::1]");
      expect(check(url, "public")).toEqual(BLOCKED);
    }
  });

  test.each([
    "::",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:5db8:d822",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1",
    "::5db8:d822",
    "64:ff9b::7f00:1",
    "64:ff9b::93.184.216.34",
    "64:ff9b:1::7f00:1",
    "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
    "2002:7f00:1::",
    "2002:5db8:d822::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fe80::1",
    "febf:ffff::1",
    "ff02::1",
    "ff0e::1",
  ])("%s is blocked in every scope", (address) => {
    for (const scope of SCOPES) {
      expect(checkAddress(address, scope)).toMatch(/never allowed/);
      expect(check(`https://[${address}]/`, scope)).toEqual(BLOCKED);
    }
  });

  test.each(["fe80::1%eth0", "::1%lo", "2606:2800:220:1::1%1"])("%s is blocked because it has a zone", (address) => {
    for (const scope of SCOPES) {
      expect(checkAddress(address, scope)).toMatch(/zone/);
      for (const host of [`[${address}]`, `[${address.replace("%", "%25")}]`]) {
        expect(check(`http://${host}/`, scope)).toEqual(BLOCKED);
      }
    }
  });

  test.each(["fc00::1", "fdff::1", "fec0::1", "feff::1"])("%s is blocked in public scope", (address) => {
    expect(checkAddress(address, "network")).toBeUndefined();
    expect(checkAddress(address, "public")).toMatch(/private network/);
  });
});

describe("address ranges", () => {
  test.each([
    "169.254.169.254",
    "169.254.0.0",
    "169.254.255.255",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "0.0.0.0",
    "0.255.255.255",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
  ])("%s is blocked in every scope", (address) => {
    for (const scope of SCOPES) expect(checkAddress(address, scope)).toMatch(/never allowed/);
    const host = address.includes(":") ? `[${address}]` : address;
    for (const scope of SCOPES) expect(check(`http://${host}/latest`, scope)).toEqual(BLOCKED);
  });

  test.each([
    "http://2852039166",
    "http://0xa9fea9fe",
    "http://0251.0376.0251.0376",
    "http://169.16689662",
  ])("%s is blocked as a metadata address", (url) => {
    for (const scope of SCOPES) expect(check(url, scope)).toEqual({ rejected: expect.stringContaining("metadata") });
  });

  test.each([
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",
    "198.19.255.255",
    "192.0.0.1",
    "192.88.99.1",
    "100::1",
    "2001:db8::1",
    "2001:2::1",
    "2001:10::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "1::1",
  ])("%s is blocked in public scope", (address) => {
    expect(checkAddress(address, "network")).toBeUndefined();
    expect(checkAddress(address, "public")).toMatch(/only/);
  });

  test.each([
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2003::1",
    "2606:2800:220:1:248:1893:25c8:1946",
  ])("%s is allowed in public scope", (address) => {
    expect(checkAddress(address, "public")).toBeUndefined();
    expect(checkAddress(address, "network")).toBeUndefined();
  });

  test.each([
    "",
    "merchant.example",
    "127.1",
    "0177.0.0.1",
    "1.2.3",
    "1::2::3",
    "[::1]",
    "1.1.1.1 ",
    ":::",
  ])("%j is not an address", (text) => {
    for (const scope of SCOPES) expect(checkAddress(text, scope)).toBe("It is not an IP address.");
  });
});

describe("checkAddress agrees with BlockList", () => {
  const list = (...rows: [string, number][]) => {
    const blocked = new BlockList();
    for (const [network, prefix] of rows) blocked.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4");
    return blocked;
  };

  test("for any IPv4 address", () => {
    const alwaysBlocked = list(["0.0.0.0", 8], ["169.254.0.0", 16], ["224.0.0.0", 4], ["240.0.0.0", 4]);
    for (const address of ["100.100.100.200", "168.63.129.16", "192.0.0.192"]) alwaysBlocked.addAddress(address);
    const specialByte = fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224);
    const byte = fc.nat(255);
    fc.assert(
      fc.property(fc.oneof(specialByte, byte), byte, byte, byte, (...bytes) => {
        const address = bytes.join(".");
        expect(checkAddress(address, "network") !== undefined).toBe(alwaysBlocked.check(address));
      }),
      { numRuns: 3_000 },
    );
  });

  test("for any IPv6 address in any notation", () => {
    const alwaysBlocked = list(
      ["::", 128],
      ["fe80::", 10],
      ["fd00:ec2::", 32],
      ["ff00::", 8],
      ["::", 96],
      ["::ffff:0:0:0", 96],
      ["64:ff9b::", 96],
      ["64:ff9b:1::", 48],
      ["2002::", 16],
      ["2001::", 32],
    );
    const loopback = list(["::1", 128]);
    const group = fc.oneof(
      fc.constantFrom(
        0,
        0,
        0,
        0,
        1,
        0x64,
        0xff9b,
        0xffff,
        0x2001,
        0x2002,
        0xfe80,
        0xfebf,
        0xfec0,
        0xfd00,
        0xec2,
        0xff02,
      ),
      fc.nat(0xffff),
    );
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const full = groups.map((value) => value.toString(16)).join(":");
        const short = new URL(`http://[${full}]`).hostname.slice(1, -1);
        const mapped = groups.slice(0, 5).every((value) => value === 0) && groups[5] === 0xffff;
        const expected = mapped || (alwaysBlocked.check(full, "ipv6") && !loopback.check(full, "ipv6"));
        for (const address of [full, short, full.toUpperCase()]) {
          expect([address, checkAddress(address, "network") !== undefined]).toEqual([address, expected]);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("URLs", () => {
  test.each([
    "http://user:pw@127.0.0.1@evil.example",
    "http://user@merchant.example",
    "http://:pw@merchant.example",
    "http://@merchant.example",
    "user:pw@merchant.example/",
    "http://merchant.example:80@evil.example/",
    "http://127.0.0.1:80\\@evil.example",
    "http:\\\\evil.example",
    "http://merchant.example\\.evil.example",
    "1.1.1.1 &@2.2.2.2# @3.3.3.3",
    "http://1.1.1.1&@2.2.2.2#@3.3.3.3",
  ])("%s is blocked", (url) => {
    for (const scope of SCOPES) expect(check(url, scope)).toEqual(BLOCKED);
  });

  test("an @ after the host is allowed", () => {
    for (const url of [
      "https://merchant.example/@me",
      "https://merchant.example?to=a@b",
      "https://merchant.example#@",
    ]) {
      expect(getHost(url)).toBe("merchant.example");
    }
  });

  test.each([
    "file:///etc/passwd",
    "file:/etc/passwd",
    "gopher://merchant.example",
    "ftp://merchant.example:80/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "mailto:a@merchant.example",
    "blob:https://merchant.example/1",
    "//merchant.example",
    "/notify",
    "?x",
    "#x",
    "",
    "http:",
    "http://",
    "http:merchant.example",
    "http:/merchant.example",
    "https:///merchant.example",
    "http://merchant.example:x/",
    "http://merchant.example:65536/",
    "http://1.2.3.4.5/",
    "http://[::1/",
  ])("%j is blocked", (url) => {
    for (const scope of SCOPES) expect(check(url, scope)).toEqual(BLOCKED);
  });

  test.each([
    ["www.test.com", "https://www.test.com/"],
    ["www.test.com:8443/notify?a=b", "https://www.test.com:8443/notify?a=b"],
    ["localhost:3000", "https://localhost:3000/"],
    ["[::1]:3000/x", "https://[::1]:3000/x"],
    ["HTTP://Merchant.Example:80/A%20b", "http://merchant.example/A%20b"],
    ["https://händler.example/ü", "https://xn--hndler-bua.example/%C3%BC"],
  ])("%s is parsed as %s", (url, expected) => {
    expect(check(url)).toEqual({ url: new URL(expected) });
  });
});

describe("ports", () => {
  test.each([22, 25, 0, 1, 6000, 6667, 10080, 3306, 5432, 6379, 9200, 11211, 27017])("port %i is blocked", (port) => {
    for (const scope of SCOPES) expect(check(`http://127.0.0.1:${port}/`, scope)).toEqual(BLOCKED);
    expect(check(`https://merchant.example:${port}/`)).toEqual({
      rejected: "Its port is never allowed, because services other than web servers use it.",
    });
  });

  test.each([80, 443, 1024, 3000, 8080, 8443, 65535])("port %i is allowed", (port) => {
    expect(check(`http://127.0.0.1:${port}/`, "loopback")).toHaveProperty("url");
    expect(check(`https://merchant.example:${port}/`, "public")).toHaveProperty("url");
  });

  test.each([81, 88, 1023])("port %i is blocked in public scope", (port) => {
    expect(check(`https://merchant.example:${port}/`, "network")).toHaveProperty("url");
    expect(check(`https://merchant.example:${port}/`, "public")).toEqual(BLOCKED);
  });

  test.each([
    "127.0.0.1",
    "127.9.9.9",
    "2130706433",
    "[::1]",
    "localhost",
    "LOCALHOST.",
    "shop.localhost",
  ])("the sandbox's own port on %s is blocked", (host) => {
    const blocked = { rejected: "It is the sandbox's own address." };
    for (const scope of ["loopback", "network"] as const) {
      expect(check(`http://${host}:${OWN_PORT}/x`, scope)).toEqual(blocked);
      expect(check(`http://${host}:${OWN_PORT + 1}/x`, scope)).toHaveProperty("url");
      expect(checkTarget(`http://${host}/`, { scope, ownPort: 80 })).toEqual(blocked);
      expect(checkTarget(`${host}/`, { scope, ownPort: 443 })).toEqual(blocked);
    }
  });

  test("the sandbox's own port is allowed on other hosts", () => {
    expect(check(`http://merchant.example:${OWN_PORT}/`)).toHaveProperty("url");
    expect(checkEndpoint("10.0.0.1", OWN_PORT, { scope: "network", ownPort: OWN_PORT })).toBeUndefined();
    expect(checkEndpoint("127.0.0.1", OWN_PORT, { scope: "network", ownPort: OWN_PORT })).toMatch(/own/);
  });
});

describe("the text of a URL", () => {
  test.each([
    ["NUL", "https://merchant.example/\0"],
    ["a tab", "https://mer\tchant.example/"],
    ["a line break in the scheme", "ht\ntps://merchant.example/"],
    ["a carriage return", "https://merchant.example/\r\nHost: evil.example"],
    ["a space", "https://merchant.example/a b"],
    ["a leading space", " https://merchant.example/"],
    ["a trailing space", "https://merchant.example/ "],
    ["DEL", "https://merchant.example/\x7f"],
    ["a C1 control", "https://merchant.example/\u0085"],
    ["a no-break space", "https://merchant.example/\u00a0"],
    ["an ideographic space", "https://merchant.example/\u3000"],
    ["a line separator", "https://merchant.example/\u2028"],
    ["half of a surrogate pair", "https://merchant.example/\ud800"],
    ["2,049 characters", `https://merchant.example/${"a".repeat(2_049 - 25)}`],
    ["2,049 characters beyond the BMP", `https://merchant.example/${"😀".repeat(2_049 - 25)}`],
  ])("is blocked if it contains %s", (_, url) => {
    for (const scope of SCOPES) expect(check(url, scope)).toEqual(BLOCKED);
  });

  test("may have 2,048 characters, even if each has two code units", () => {
    for (const character of ["a", "😀"]) {
      expect(check(`https://merchant.example/${character.repeat(2_048 - 25)}`)).toHaveProperty("url");
    }
  });

  test("yields either a URL that parses to the same host, or a reason", () => {
    const part = fc.constantFrom(
      "http://",
      "https://",
      "//",
      ":",
      "@",
      "127.0.0.1",
      "[::1]",
      "localhost",
      "\\",
      "\t",
      "#",
      "?",
    );
    const text = fc.array(fc.oneof(part, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 6 });
    fc.assert(
      fc.property(text, fc.constantFrom(...SCOPES), (parts, scope) => {
        const result = check(parts.join(""), scope);
        if ("rejected" in result) {
          expect(result).toEqual(BLOCKED);
          return;
        }
        const { url } = result;
        expect(url.protocol).toMatch(/^https?:$/);
        expect([url.username, url.password]).toEqual(["", ""]);
        expect(check(url.href, scope)).toHaveProperty("url.hostname", url.hostname);
      }),
      { numRuns: 5_000 },
    );
  });
});
