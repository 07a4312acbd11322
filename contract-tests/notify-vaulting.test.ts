import { testAgainstBoth } from "./register-for-mock-and-sandbox.ts";

testAgainstBoth("notifyVaulting");
