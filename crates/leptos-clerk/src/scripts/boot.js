(() => {
  const scripts = { "data-clerk-ui-script": "__internal_ClerkUICtor", "data-clerk-js-script": "Clerk" };
  // Events of scripts do not bubble, so only a capturing listener of the document sees them.
  const finished = (count, script) =>
    new Promise((resolve) => {
      const end = ({ target }) => {
        const counts = script ? target === script : Object.keys(scripts).some((name) => target.hasAttribute?.(name));
        if (counts && !--count) resolve();
      };
      for (const type of ["load", "error"]) document.addEventListener(type, end, true);
    });
  const parse = (json) => {
    try {
      return JSON.parse(json || "{}");
    } catch (error) {
      console.warn(`Clerk: invalid JSON: ${error.message}`);
      return {};
    }
  };
  // Resolves once the new page is there, so that what Clerk tells its listeners afterwards reaches the new page.
  const router = (name, leave) => (to) =>
    clerk[name] ? clerk[name](to) : new Promise((resolve) => (leave(to), setTimeout(resolve)));
  const load = async () => {
    const { Clerk, __internal_ClerkUICtor: ClerkUI } = window;
    if (!Clerk || !ClerkUI) throw new Error("its scripts did not load");
    const { appearance, raw, ...options } = JSON.parse(document.getElementById("clerk-load-options").textContent);
    await Clerk.load({
      ...parse(raw),
      ...options,
      ...(appearance && { appearance: parse(appearance) }),
      ui: { ClerkUI },
      routerPush: router("push", (to) => location.assign(to)),
      routerReplace: router("replace", (to) => location.replace(to)),
    });
  };
  const again = async () => {
    for (const name in scripts) {
      if (window[scripts[name]]) continue;
      const failed = document.querySelector(`script[${name}]`);
      if (!failed) continue;
      const script = document.createElement("script");
      for (const { name, value } of failed.attributes) script.setAttribute(name, value);
      // Browsers hide the attribute and keep the property.
      script.nonce = failed.nonce;
      const outcome = finished(1, script);
      document.head.append(script);
      await outcome;
    }
    return load();
  };
  const first = finished(2).then(load);
  // A failure is reported by whoever calls `load`.
  first.catch(() => {});
  const clerk = (window.leptosClerk = { load: (attempt) => (attempt ? again() : first) });
})();
