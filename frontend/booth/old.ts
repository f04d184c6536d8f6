// A plain script for browsers that cannot read booth.js. It runs after it, and shows the paragraph that booth.js takes
// away when it can work. Written in the language of 2009.
(function () {
  var paragraph = document.getElementById("booth-old");
  if (paragraph) paragraph.className += " now";
})();
