/** Where the buyer's pages are, below the sandbox's address. */
export const CHALLENGE_PATH = "/3ds/";
export const CARD_PATH = "/card/";
