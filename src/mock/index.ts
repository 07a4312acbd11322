export { type RunningMock, startMock } from "./start-mock.ts";
