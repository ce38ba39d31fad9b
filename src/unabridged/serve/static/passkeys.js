// Passkeys: asks for options, has the authenticator answer, and sends the form with the answer.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const read = async (form) => {
    const answer = await fetch(form.dataset.options, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok) throw Object.assign(new Error("refused"), { said: (await answer.text()).trim() });
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    return options;
  };
  const create = async (form) => {
    const options = await read(form);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = withBytes(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return { made, response: { attestationObject: text(made.response.attestationObject) } };
  };
  const get = async (form) => {
    const options = await read(form);
    options.allowCredentials = withBytes(options.allowCredentials);
    const made = await navigator.credentials.get({ publicKey: options });
    const { authenticatorData, signature, userHandle } = made.response;
    const response = { authenticatorData: text(authenticatorData), signature: text(signature) };
    return { made, response: userHandle ? { ...response, userHandle: text(userHandle) } : response };
  };
  const WAYS = { create, get };
  const REASONS = { NotAllowedError: "[data-cancelled]", AbortError: "[data-cancelled]", InvalidStateError: "[data-known]" };

  const show = (form, selector, words) => {
    form.querySelectorAll("[role=alert]").forEach((one) => { one.hidden = true; });
    const said = selector && (form.querySelector(selector) || form.querySelector("[data-failed]"));
    if (said && words) said.textContent = words;
    if (said) said.hidden = false;
  };
  // The name of a new account is typed once, in the form beside.
  const takeName = (form) => {
    const typed = form.dataset.nameFrom && document.querySelector(form.dataset.nameFrom);
    if (typed) form.elements.name.value = typed.value;
    return !typed || typed.reportValidity();
  };
  const send = async (form) => {
    if (!takeName(form)) return;
    const button = form.querySelector("button");
    button.disabled = true;
    show(form, null);
    try {
      const { made, response } = await WAYS[form.dataset.passkey](form);
      form.elements.credential.value = JSON.stringify({
        id: made.id,
        rawId: text(made.rawId),
        type: made.type,
        response: { ...response, clientDataJSON: text(made.response.clientDataJSON) },
      });
      form.submit();
    } catch (error) {
      show(form, REASONS[error.name] || "[data-failed]", error.said);
    } finally {
      button.disabled = false;
    }
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (window.isSecureContext && window.PublicKeyCredential && location.hostname === form.dataset.host) {
      form.hidden = false;
      form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
    } else document.querySelectorAll("[data-no-passkeys]").forEach((one) => { one.hidden = false; });
  });
})();
