/** Formats the string to sign of a logged API call, whose body has masked card data. */

interface LoggedMessage {
  readonly method?: string | undefined;
  readonly path: string;
  readonly clientId?: string | undefined;
  readonly requestTime?: string | undefined;
  /** The masked body, or an empty string if it is not stored. */
  readonly request: string;
}

/** Returns the string to sign, with placeholders for the parts that the call log does not contain. */
export const formatStringToSign = ({
  method = "POST",
  path,
  clientId = "",
  requestTime,
  request,
}: LoggedMessage): string =>
  `${method} ${path}\n${clientId}.${requestTime ?? "⟨no time⟩"}.${request === "" ? "⟨body, not stored⟩" : request}`;
