// For "await using" (TypeScript 5.2, Chromium 134, Firefox 141, Node 24).

declare global {
  interface SymbolConstructor {
    /** As TypeScript's own library declares it from 5.2 on. */
    readonly asyncDispose: unique symbol;
  }
}

/** The symbol; where there is none, the one that compilers of "await using" look for instead. */
export const asyncDispose: typeof Symbol.asyncDispose =
  (Symbol.asyncDispose as typeof Symbol.asyncDispose | undefined) ??
  (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);
