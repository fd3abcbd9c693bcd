// The page works without this: it only says when a call came in or changed since the page was made.
"use strict";
const news = document.getElementById("news");
if (news && "EventSource" in window) {
  const events = new EventSource("/v1/events");
  for (const kind of ["new", "update"]) {
    events.addEventListener(kind, () => { news.hidden = false; });
  }
}
