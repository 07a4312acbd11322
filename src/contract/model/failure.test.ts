import { describe, expect, test } from "vitest";
import { CheckSkipped, ContractFailure, runForEach } from "./failure.ts";

describe("runForEach", () => {
  test("throws a contract failure instead of an earlier skip", async () => {
    const errors = [new CheckSkipped("no page"), new ContractFailure("wrong URL")];
    const run = runForEach([0, 1], async (index) => {
      if (index === 1) await Promise.resolve();
      throw errors[index];
    });
    await expect(run).rejects.toBe(errors[1]);
  });

  test("throws the skip if nothing else fails", async () => {
    const skip = new CheckSkipped("no page");
    await expect(
      runForEach([skip, undefined], (error) => (error ? Promise.reject(error) : Promise.resolve())),
    ).rejects.toBe(skip);
  });

  test("waits for all items before it throws", async () => {
    const finished: number[] = [];
    const run = runForEach([0, 1], async (index) => {
      if (index === 0) throw new ContractFailure("wrong URL");
      await new Promise((resolve) => setTimeout(resolve, 10));
      finished.push(index);
    });
    await expect(run).rejects.toThrow("wrong URL");
    expect(finished).toEqual([1]);
  });
});
