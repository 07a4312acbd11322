import { testAgainstBoth } from "./against-both.ts";

testAgainstBoth("notifyVaulting");
