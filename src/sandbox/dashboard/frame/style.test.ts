import { expect, test } from "vitest";
import { COLORS } from "./style.ts";

/** Returns the relative luminance as defined by WCAG 2. */
function getLuminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((offset) => {
    const channel = Number.parseInt(color.slice(offset, offset + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const getContrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [getLuminance(one), getLuminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

test.each([
  ["light", 0],
  ["dark", 1],
] as const)("the dashboard's text and borders have enough contrast in %s mode", (_, scheme) => {
  expect(getContrast("#ffffff", "#000000")).toBeCloseTo(21);
  for (const ground of ["ground", "raised", "marked"] as const) {
    for (const text of ["ink", "quiet", "good", "bad", "wait", "link"] as const) {
      const name = `${text} on ${ground}`;
      expect([name, getContrast(COLORS[text][scheme], COLORS[ground][scheme]) >= 4.5]).toEqual([name, true]);
    }
  }
  for (const ground of ["ground", "raised"] as const)
    expect(getContrast(COLORS.edge[scheme], COLORS[ground][scheme])).toBeGreaterThan(3);
});
