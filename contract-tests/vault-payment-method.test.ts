import { testAgainstMock } from "./against-mock.ts";

testAgainstMock("vaultPaymentMethod");
