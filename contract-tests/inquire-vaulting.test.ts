import { testMockAndSandbox } from "./register-for-mock-and-sandbox.ts";

testMockAndSandbox("inquireVaulting");
