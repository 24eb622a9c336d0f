// Marks on the map: a badge beside the thing, its road lit, and a line to where it should stand.

const reviewPanes = {};
const CONFLICT = { glyph: "!", colour: "#6a1b9a" };

// Above and to the right of what it speaks of, so that the symbol below stays readable.
const MarkSymbol = PlanSymbol.extend({
  _project() {
    PlanSymbol.prototype._project.call(this);
    this._radius = this.options.radius;
    this._point = this._point.add(this.options.aside);
    this._updateBounds();
  },
});

function prepareReviewPanes(map) {
  reviewPanes.under = pane(map, "review-under", 385);
  reviewPanes.over = pane(map, "review-over", 470);
}

function looksOf(mark) {
  return review.conflicts.has(mark.mark_id) ? CONFLICT : OPINION_LOOKS[mark.opinion];
}

function markSymbol(place, look, number) {
  return new MarkSymbol(place, {
    shape: "square", radius: 7, color: "#fff", weight: 1.5, fillColor: look.colour, fillOpacity: 1,
    glyph: look.glyph, aside: [11 + number * 14, -11], interactive: false, renderer: reviewPanes.over,
  });
}

function drawMarks(map, group) {
  group.clearLayers();
  const seen = new Map();
  for (const mark of review.marks) {
    const subject = subjectOfMark(mark);
    if (subject) for (const shape of shapesOf(map, mark, subject, seen)) group.addLayer(shape);
  }
}

function shapesOf(map, mark, subject, seen) {
  const look = looksOf(mark);
  const key = subject.at.join(" ");
  const number = seen.get(key) || 0;
  seen.set(key, number + 1);
  const made = [markSymbol(subject.at, look, number)];
  if (subject.segments) {
    const paths = subject.segments.flatMap(pathsOf);
    const style = { color: look.colour, weight: 13, opacity: 0.45, interactive: false };
    made.push(L.polyline(paths, { ...style, renderer: reviewPanes.under }));
  }
  if (mark.opinion === "move") {
    const to = shownPlace(mark.place);
    const line = { ...MOVE_LINE, color: look.colour, renderer: reviewPanes.over };
    made.push(L.polyline([subject.at, to], line), markSymbol(to, look, -0.8));
  }
  return made;
}

function flyToMark(map, mark) {
  const subject = subjectOfMark(mark);
  if (!subject) return;
  if (mark.opinion === "move") {
    flyAndOpen(map, L.latLngBounds([subject.at, shownPlace(mark.place)]).pad(0.6), () => {});
    return;
  }
  flyToObject(mark.target, mark.target_id);
}
