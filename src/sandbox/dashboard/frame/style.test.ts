import { expect, test } from "vitest";
import { COLORS } from "./style.ts";

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

test.each([
  ["light", 0],
  ["dark", 1],
] as const)("every text can be read on every ground, and every edge seen: %s", (_, scheme) => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
  for (const ground of ["ground", "raised", "marked"] as const) {
    for (const text of ["ink", "quiet", "good", "bad", "wait", "link"] as const) {
      const name = `${text} on ${ground}`;
      expect([name, contrast(COLORS[text][scheme], COLORS[ground][scheme]) >= 4.5]).toEqual([name, true]);
    }
  }
  for (const ground of ["ground", "raised"] as const)
    expect(contrast(COLORS.edge[scheme], COLORS[ground][scheme])).toBeGreaterThan(3);
});
