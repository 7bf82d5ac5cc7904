// What pages do beyond HTML: ages beside times, and changing and refreshing the content without losing the place.
// Without this script links and forms do the same.
"use strict";
(() => {
  const every = 60000;
  const live = document.getElementById("live");
  const past = document.documentElement.dataset.now;
  const now = () => past ? new Date(past) : Date.now();
  let etag = null, busy = null, last = Date.now();

  const age = (date) => {
    const seconds = (now() - date) / 1000, away = Math.abs(seconds);
    const [size, unit] = away < 60 ? [1, "s"] : away < 5400 ? [60, "min"] : away < 129600 ? [3600, "h"] : [86400, "days"];
    const text = `${Math.round(away / size)} ${unit}`;
    return seconds < 0 ? `in ${text}` : `${text} ago`;
  };
  const showAges = () => {
    for (const time of document.querySelectorAll("time.age")) {
      if (!time.title) time.title = time.textContent;
      const date = new Date(time.dateTime);
      if (Math.abs(now() - date) < 864e6) time.textContent = age(date);
    }
  };

  // Puts the content of another document in place of the present one. What was open stays open, and the focus where it was.
  const swap = (text) => {
    const next = new DOMParser().parseFromString(text, "text/html");
    const [main, news] = [document.getElementById("main"), next.getElementById("main")];
    if (!news) return false;
    const focused = document.activeElement, inside = main.contains(focused);
    const fold = (part) => `details[data-key="${CSS.escape(part.dataset.key)}"]`;
    const place = inside && focused.name ? `[name="${CSS.escape(focused.name)}"]`
      : inside && focused.tagName === "SUMMARY" ? `${fold(focused.parentElement)} > summary`
      : inside && focused.getAttribute("href") ? `a[href="${CSS.escape(focused.getAttribute("href"))}"]` : null;
    const [value, selection] = [focused?.value, inside && focused.type === "search" ? focused.selectionStart : null];
    const open = [...main.querySelectorAll("details[open]")].map(fold);
    main.replaceChildren(...news.childNodes);
    for (const part of open) main.querySelector(part)?.setAttribute("open", "");
    document.title = next.title;
    const again = place && main.querySelector(place);
    if (again) {
      if (selection !== null) again.value = value;
      again.focus({ preventScroll: true });
      if (selection !== null) again.setSelectionRange(selection, selection);
    }
    showAges();
    return true;
  };

  const load = async (url, { fresh = false } = {}) => {
    busy?.abort();
    const request = busy = new AbortController();
    try {
      const headers = etag && !fresh ? { "If-None-Match": etag } : {};
      const answer = await fetch(url, { headers, signal: request.signal });
      last = Date.now();
      if (answer.status === 304) return live.textContent = "", showAges(), true;
      if (!answer.ok || !(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) return false;
      etag = answer.headers.get("ETag");
      live.textContent = "";
      return swap(await answer.text());
    } catch (error) {
      if (error.name === "AbortError") return true;
      live.textContent = "· not refreshed: the server does not answer";
      return !fresh;
    }
  };
  const go = async (url) => {
    if (!await load(url, { fresh: true })) return location.assign(url);
    history.pushState(null, "", url);
    document.getElementById(new URL(url, location).hash.slice(1))?.scrollIntoView();
  };

  // Sorting, filtering and paging change the content alone.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("thead a, .paging a, .strip a, .totals a, .clear");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname !== location.pathname) return;
    event.preventDefault();
    go(url.href);
  });
  const query = (form) => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    return `${form.getAttribute("action")}${fields.length ? "?" : ""}${new URLSearchParams(fields)}`;
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".filters")) return;
    event.preventDefault();
    go(query(event.target));
  });
  let typing;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches(".filters")) return;
    clearTimeout(typing);
    typing = setTimeout(() => go(query(form)), event.target.type === "search" ? 300 : 0);
  });
  // What one writes into a form is not taken away by a refresh.
  const isChanged = (field) => field.tagName === "SELECT"
    ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
    : field.tagName === "INPUT" && field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  const isWriting = () => document.activeElement?.closest?.(".act") ||
    [...document.querySelectorAll(".act")].some((form) => [...form.elements].some(isChanged));
  addEventListener("popstate", () => load(location.href, { fresh: true }));

  const refresh = () => { if (!document.hidden && !isWriting() && Date.now() - last >= every - 500) load(location.href); };
  // One stream a tab tells of changes, as long as somebody sees the tab. Without it, pages refresh every minute.
  let stream = null;
  const listen = () => {
    if (document.hidden || past) return stream?.close(), stream = null;
    if (stream && stream.readyState !== 2) return;
    stream = new EventSource("/api/v1/events");
    stream.addEventListener("change", () => { if (!isWriting()) load(location.href); });
  };
  document.addEventListener("visibilitychange", () => { refresh(); listen(); });
  addEventListener("pagehide", () => { stream?.close(); stream = null; });
  addEventListener("pageshow", listen);
  setInterval(() => { showAges(); refresh(); listen(); }, every / 2);
  showAges();
})();
