/* Explorers and quizzes on the site. Without this script, pictures stand still and quizzes answer all the same. */

// A search over files shows titles alone: a browser lets no file read another one.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

let theme; // paper is white
addEventListener("beforeprint", () => {
  theme = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
addEventListener("afterprint", () => (document.documentElement.dataset.theme = theme));

for (const live of document.querySelectorAll(".bricks-live")) {
  const positions = JSON.parse(live.querySelector("script").textContent);
  const [slider, words] = [live.querySelector("input"), live.querySelector("output")];
  const pictures = [...live.querySelectorAll("img")], caption = live.querySelector("[role=status]");
  const addresses = (position) => position.files.map((file) => `${live.dataset.at}/${file}`);
  slider.addEventListener("input", () => {
    const position = positions[slider.value];
    addresses(position).forEach((address, part) => (pictures[part].src = address));
    pictures[0].alt = position.alt;
    caption.textContent = position.caption;
    words.textContent = position.words;
    slider.setAttribute("aria-valuetext", position.words);
  });
  slider.setAttribute("aria-valuetext", words.textContent);
  slider.parentElement.hidden = false;
  // The other pictures are fetched when the explorer comes into view, so that they are there when it moves.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    for (const address of positions.flatMap(addresses)) new Image().src = address;
  }).observe(live);
}

const KEPT = "bricks-answers"; // in this browser: {"5.1": ["B"]}
let answers = {};
try {
  answers = JSON.parse(localStorage.getItem(KEPT)) ?? {};
} catch {} // a browser that keeps nothing

for (const quiz of document.querySelectorAll(".bricks-quiz")) {
  const questions = [...quiz.querySelectorAll("[data-question]")], score = quiz.querySelector(":scope > [role=status]");
  const count = () => {
    const solved = questions.filter((q) => q.querySelectorAll(".bricks-right[open]").length >= q.dataset.answers);
    score.textContent = `${solved.length} of ${questions.length} answered.`;
  };
  for (const question of questions) {
    const choices = [...question.querySelectorAll("details")], name = question.dataset.question;
    const letter = (choice) => choice.querySelector("b").textContent;
    for (const choice of choices) {
      choice.open = (answers[name] ?? []).includes(letter(choice));
      choice.addEventListener("toggle", () => {
        answers[name] = choices.filter((other) => other.open).map(letter);
        try {
          localStorage.setItem(KEPT, JSON.stringify(answers));
        } catch {}
        count();
      });
    }
  }
  const forget = quiz.querySelector(".bricks-forget");
  forget.hidden = false;
  forget.addEventListener("click", () => quiz.querySelectorAll("details").forEach((choice) => (choice.open = false)));
  count();
}
