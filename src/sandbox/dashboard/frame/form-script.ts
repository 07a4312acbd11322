/** The part of the dashboard's script that handles forms. @module */

/** Runs after the main script, in the same scope. Browsers run it unchanged, so it is plain JavaScript. */
export const FORM_SCRIPT = `
// Submits a form only if the sandbox responds. Without this check, the browser could show its own error page, and the input would be lost.
addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "post" || form.isReady || event.defaultPrevented) return;
  event.preventDefault();
  if (form.isChecking) return;
  form.isChecking = true;
  const isUp = await fetch(base + "/assets/icon.svg", { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
  form.isChecking = false;
  document.getElementById("form-error")?.remove();
  if (isUp) {
    form.isReady = true;
    form.requestSubmit(submitter);
    form.isReady = false;
    return;
  }
  const message = document.createElement("p");
  message.id = "form-error";
  message.className = "flash";
  message.setAttribute("role", "alert");
  message.textContent = "The sandbox is not responding, so nothing was sent. Your input is still here. Start the sandbox, then try again.";
  form.before(message);
  message.scrollIntoView({ block: "nearest" });
});

// Filters choices while the user types. If the title of a group matches, all its choices stay visible.
for (const field of document.querySelectorAll(".choices-search input")) {
  const choices = document.getElementById(field.getAttribute("aria-controls"));
  const status = document.getElementById(field.getAttribute("aria-describedby"));
  const apply = () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const group of choices.querySelectorAll("fieldset")) {
      const title = group.querySelector("legend").textContent;
      let isEmpty = true;
      for (const choice of group.querySelectorAll(".choice")) {
        const text = (title + " " + choice.textContent).toLowerCase();
        choice.hidden = !words.every((word) => text.includes(word));
        if (!choice.hidden) { isEmpty = false; count++; }
      }
      group.hidden = isEmpty;
    }
    status.textContent = words.length > 0 ? count + (count === 1 ? " match" : " matches") : "";
  };
  field.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}
`;
