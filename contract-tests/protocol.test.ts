import { testAgainstMock } from "./against-mock.ts";

testAgainstMock("protocol");
