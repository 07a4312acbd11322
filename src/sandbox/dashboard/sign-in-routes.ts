/** The routes that sign users in to the dashboard with the control token, and sign them out. */
import { Hono } from "hono";
import { PAGE } from "../../control-api/sandbox-paths.ts";
import { exactAttribute, markup, nothing } from "../../html/html-template.ts";
import { readForm } from "../access/read-form.ts";
import type { Sessions } from "../access/sign-in.ts";
import type { Gate } from "./frame/gate.ts";
import { type Page, redirectTo } from "./frame/page-layout.ts";

export function signInRoutes({ publicPage, sameOrigin }: Gate, sessions: Sessions): Hono {
  const app = new Hono();
  app.get(
    PAGE.signIn,
    publicPage(({ request, base }) =>
      sessions.isSignedIn(request.headers) ? redirectTo(`${base}/`) : signInPage(base),
    ),
  );
  app.post(
    PAGE.signIn,
    sameOrigin(async ({ request, base }) => {
      const form = await readForm(request);
      if (form?.get("action") === "sign-out" && sessions.isGenuine(request.headers, form.get("token") ?? "")) {
        return redirectTo(`${base}${PAGE.signIn}`, sessions.signOut());
      }
      const cookie = sessions.signIn(form?.get("controlToken") ?? "");
      return cookie === undefined ? signInPage(base, true) : redirectTo(`${base}/`, cookie);
    }),
  );
  return app;
}

const signInPage = (base: string, isRejected = false): Page => ({
  title: "Sign in",
  status: isRejected ? 403 : 200,
  body: markup`<h1>Sign in</h1>
<p class="lead">This dashboard requires the control token, because other computers might be able to reach the sandbox. If you started the sandbox from the command line, the token is in the environment variable <code>ANTOM_CONTROL_TOKEN</code> or, if that is not set, in the <code>control-token</code> file in the data directory.</p>
<form class="panel narrow" method="post" action="${exactAttribute(base + PAGE.signIn)}">
<label>Control token<input name="controlToken" type="password" autocomplete="current-password" required autofocus${isRejected ? markup` aria-invalid="true" aria-describedby="error"` : nothing}></label>
${isRejected ? markup`<p class="error" id="error" role="alert">Incorrect control token.</p>` : nothing}
<button>Sign in</button>
</form>`,
});
