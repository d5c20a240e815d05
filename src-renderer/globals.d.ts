// What TypeScript cannot know by itself: style sheets as modules, and the mark that the desktop's preload leaves.
declare module '*.module.css' {
  const classes: { readonly [name: string]: string };
  export default classes;
}
declare module '*.css';

interface Window {
  /** Present on the desktop only. */
  readonly armoire?: { readonly transport: 'message-port' };
}
