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
  // On a page that loads clerk-js on demand, the scripts have no `src` yet.
  const demand = new AbortController();
  const fetchScripts = () => {
    demand.abort();
    for (const script of document.querySelectorAll("script[data-clerk-src]")) {
      script.src = script.dataset.clerkSrc;
      delete script.dataset.clerkSrc;
    }
  };
  const intend = ({ target }) => target.closest?.("a, button, [data-clerk-component]") && fetchScripts();
  for (const type of ["pointerover", "focusin"]) document.addEventListener(type, intend, { signal: demand.signal });
  // Safari has no requestIdleCallback.
  const whenIdle = () => (window.requestIdleCallback ?? setTimeout)(fetchScripts);
  addEventListener("load", () => setTimeout(whenIdle, 3000), { signal: demand.signal });
  const parse = (json) => {
    try {
      return JSON.parse(json || "{}");
    } catch (error) {
      console.warn(`Clerk: invalid JSON: ${error.message}`);
      return {};
    }
  };
  // The components are in English rather than absent if the file is.
  const texts = async (url) => {
    try {
      return await (await fetch(url)).json();
    } catch (error) {
      console.warn(`Clerk: ${url} cannot be used: ${error.message}`);
    }
  };
  const hydrated = () => clerk.push && !clerk.abandoned;
  // Before hydration the browser navigates. Clerk waits for ever then: if it went on, this page could use up on its way out what
  // the next one shows, such as why signing in with a provider failed. Only another fragment leaves the page in place.
  const router = (name, leave) => (to) => {
    if (hydrated()) return clerk[name](to);
    const [here, there] = [location.href, new URL(to, location.href).href].map((url) => url.split("#")[0]);
    leave(to);
    return new Promise((resolve) => here === there && to.includes("#") && setTimeout(resolve));
  };
  const load = async () => {
    const { Clerk, __internal_ClerkUICtor: ClerkUI } = window;
    if (!Clerk || !ClerkUI) throw new Error("its scripts did not load");
    const page = document.getElementById("clerk-load-options").textContent;
    const { appearance, localization, localizationUrl, raw, ...options } = JSON.parse(page);
    await Clerk.load({
      ...parse(raw),
      ...options,
      ...(appearance && { appearance: parse(appearance) }),
      ...(localization && { localization: parse(localization) }),
      ...(localizationUrl && { localization: await texts(localizationUrl) }),
      ui: { ClerkUI },
      routerPush: router("push", (to) => location.assign(to)),
      routerReplace: router("replace", (to) => location.replace(to)),
    });
  };
  // Mounts the components of the page that the server rendered, without waiting for hydration, which adopts them.
  const mountAll = () => {
    for (const component of document.querySelectorAll("[data-clerk-props]")) {
      // The app has been hydrated, and mounts them itself.
      if (hydrated()) return;
      const { clerkComponent, clerkProps } = component.dataset;
      const [place, ...fallback] = component.children;
      if (place.hasChildNodes()) continue;
      const element = document.createElement("div");
      element.dataset.clerkEarly = "";
      place.append(element);
      const name = clerkComponent.replaceAll(/(?:^|-)(api|mfa|.)/g, (_, start) => start.toUpperCase());
      try {
        window.Clerk[`mount${name}`](element, JSON.parse(clerkProps));
        // What Clerk shows may have to be loaded first, and where it refuses, the fallback stays.
        const hide = () => fallback.forEach(({ style }) => (style.display = "none"));
        new MutationObserver(hide).observe(element, { childList: true });
      } catch {
        // The app tries again, and reports what is wrong.
        element.remove();
      }
    }
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
  first.then(mountAll, () => {});
  const clerk = (window.leptosClerk = {
    load: (attempt) => (attempt ? again() : first),
    // The app has stopped working.
    abandon: () => {
      clerk.abandoned = true;
      first.then(mountAll, () => {});
    },
  });
})();
