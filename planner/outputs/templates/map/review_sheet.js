// The review as a table for paper: filled when the page is printed, hidden on the screen.

const SHEET_HEADS = ["review_object", "review_opinion", "review_comment_head", "review_reviewer", "review_when"];

function fillReviewSheet() {
  const sheet = byId("review-sheet");
  sheet.hidden = review.marks.length === 0;
  const head = element("tr", "", ...SHEET_HEADS.map((key) => element("th", "", word(key))));
  sheet.replaceChildren(
    element("h2", "", word("review_sheet")),
    element("table", "", head, ...review.marks.map(reviewSheetRow)),
  );
}

function reviewSheetRow(mark) {
  const object = element("td", "", visibleText(mark.name), element("small", "", mark.target_id));
  const opinion = element("td", "", opinionWord(mark.opinion));
  if (mark.energy) opinion.append(" (", both(energyWord(mark.energy)), ")");
  if (mark.place) opinion.append(` → ${mark.place[0].toFixed(5)}, ${mark.place[1].toFixed(5)}`);
  for (const other of review.conflicts.get(mark.mark_id) || []) {
    opinion.append(element("div", "review-bad", "! ", word("review_against"), visibleText(other.reviewer)));
  }
  return element(
    "tr", "", object, opinion, element("td", "", visibleText(mark.comment)),
    element("td", "", visibleText(mark.reviewer)), element("td", "", localTime(mark.marked_at)),
  );
}

function addReviewSheet() {
  const sheet = element("section", "");
  sheet.id = "review-sheet";
  sheet.hidden = true;
  document.body.append(sheet);
  window.addEventListener("beforeprint", fillReviewSheet);
}
