// Starts the review: marks kept from the last visit, their tab, and their place on the map.

function startReview(map) {
  indexSubjects();
  prepareReviewPanes(map);
  fillReviewTab(map);
  addReviewSheet();
  loadStored();
  review.drawn = L.featureGroup().addTo(map);
  review.listeners.push(() => refreshReview(map), () => drawMarks(map, review.drawn));
  map.on("language", () => refreshReview(map));
  followStorage();
  changed();
}
