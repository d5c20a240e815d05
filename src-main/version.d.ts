// What the build writes into the code.
declare const __ARMOIRE_VERSION__: string;
