// Imported as '#server-only' by every lib module that must never reach a browser. package.json maps the name to
// nothing for browser bundles, so such an import fails the build; unlike the npm package of that name it also works
// in plain Node, where server.ts and the commands run.
export {};
