/** What is typed without an echo, key by key. Pure: text in, lines out. */

export type Typed =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C. */
  | { readonly kind: "interrupt" }
  /** Ctrl-D in an empty line. */
  | { readonly kind: "end" };

export interface LineEditor {
  /** Takes what the terminal sent; gives what was finished by it. */
  readonly feed: (text: string) => readonly Typed[];
}

const ESCAPE = String.fromCharCode(27);
/** Cursor and function keys, and the marks around what is pasted. */
const KEYS = new RegExp(`${ESCAPE}(?:\\[[0-9;?<=>]*[@-~]|O.|.)?`, "gsu");

const ctrl = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 64);

/** What a key leaves of the line. A key that types nothing leaves it as it is. */
const AFTER: Readonly<Record<string, (typed: string) => string>> = {
  "\b": (typed) => [...typed].slice(0, -1).join(""),
  "\u007F": (typed) => [...typed].slice(0, -1).join(""),
  [ctrl("U")]: () => "",
  [ctrl("W")]: () => "",
};

/** Knows backspace and the keys that clear a line. */
export function createLineEditor(): LineEditor {
  let typed = "";
  const press = (key: string): Typed | undefined => {
    const line = typed;
    if (key === "\r" || key === "\n" || key === ctrl("C")) {
      typed = "";
      return key === ctrl("C") ? { kind: "interrupt" } : { kind: "line", text: line };
    }
    if (key === ctrl("D")) return line === "" ? { kind: "end" } : undefined;
    typed = AFTER[key]?.(line) ?? (key >= " " ? line + key : line);
    return undefined;
  };
  return {
    feed: (text) => {
      const keys = [...text.replace(KEYS, "").replaceAll("\r\n", "\n")];
      return keys.map(press).filter((done) => done !== undefined);
    },
  };
}
