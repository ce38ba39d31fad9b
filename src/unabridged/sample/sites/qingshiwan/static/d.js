document.addEventListener("DOMContentLoaded", function () { document.querySelectorAll("img.lazy").forEach(function (i) { i.src = i.getAttribute("data-original"); }); });
