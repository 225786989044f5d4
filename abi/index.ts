export * from "./IVVV.ts";
export * from "./IStakedVvv.ts";
export * from "./IDiem.ts";
