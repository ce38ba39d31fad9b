// Audio and video: the position is kept on the server, the speed for all files. Players work without this file.
(() => {
  "use strict";
  const EVERY = 15000; // milliseconds between two stored positions
  const script = document.currentScript;
  const csrf = document.querySelector('meta[name="csrf-token"]').content;
  const base = document.body.dataset.basePath;
  const players = [...document.querySelectorAll("[data-player]")];

  const whole = (seconds) => (Number.isFinite(seconds) ? String(Math.floor(seconds)) : "");
  const follow = (player) => {
    const media = player.querySelector("audio, video");
    let stored = "", at = 0;
    const save = (leaving) => {
      if (!media.played.length || whole(media.currentTime) === stored) return;
      stored = whole(media.currentTime);
      at = Date.now();
      const form = new URLSearchParams({ csrf, media: player.dataset.media, seconds: stored, length: whole(media.duration) });
      if (leaving) navigator.sendBeacon(player.dataset.save, form);
      else fetch(player.dataset.save, { method: "POST", body: form, keepalive: true }).catch(() => { stored = ""; });
    };
    media.addEventListener("timeupdate", () => { if (!media.paused && Date.now() - at > EVERY) save(false); });
    for (const name of ["pause", "ended"]) media.addEventListener(name, () => save(false));
    media.addEventListener("seeked", () => { if (media.paused) save(false); });
    media.addEventListener("play", () => {
      for (const other of players) if (other !== player) other.querySelector("audio, video").pause();
    });
    addEventListener("pagehide", () => save(true));
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  };

  const pace = (value) => {
    for (const player of players) {
      const media = player.querySelector("audio, video");
      media.defaultPlaybackRate = Number(value);
      media.playbackRate = Number(value);
      player.querySelector("[data-speed]").value = value;
    }
  };
  for (const player of players) {
    follow(player);
    const speed = player.querySelector("[data-speed]");
    speed.closest("label").hidden = false;
    speed.addEventListener("change", () => {
      pace(speed.value);
      const form = new URLSearchParams({ csrf, speed: speed.value });
      fetch(`${base}/settings`, { method: "POST", body: form, headers: { Accept: "application/json" } }).catch(() => {});
    });
  }
  pace(script.dataset.speed);
})();
