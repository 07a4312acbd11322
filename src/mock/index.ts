export { type RunningMock, startMock } from "./mock.ts";
