// A file can be dropped anywhere on the start page. Without this script it is chosen with the button.
"use strict";
(() => {
  const input = document.getElementById("file");
  if (!input) return;
  const chosen = document.getElementById("chosen");
  for (const one of document.querySelectorAll(".script")) one.hidden = false;

  function said() {
    const file = input.files[0];
    chosen.textContent = file ? file.name + " is chosen (" + Math.ceil(file.size / 1024) + " kB)." : "";
  }

  input.addEventListener("change", said);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      said();
      document.querySelector("form button").focus();
    }
  });
  said();
})();
