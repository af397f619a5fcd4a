/** Trusted Types (https://w3c.github.io/trusted-types/), which TypeScript's library does not declare. */
interface Window {
  trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(input: string): string },
    ): { createScriptURL(input: string): string };
  };
}
