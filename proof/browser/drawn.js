// drawn returns what a reader of the page sees, without the times in it: a line
// for the verdict, one per row, and one for the notice.
function drawn() {
	const text = (element) => element.textContent.trim().replace(/\s+/g, " ").replace(/\b(\d[\d.]*(µs|ms|s|m|h|d))+/g, "…");
	const all = (root, selector) => [...root.querySelectorAll(selector)].map(text).filter(Boolean);
	const waiting = all(document, ".verdict li").join(", ");
	const lines = [text(document.querySelector("h1")) + (waiting && `, waiting for ${waiting}`)];
	for (const row of document.querySelectorAll("tbody tr")) {
		lines.push(all(row, ".name, .badge, .mark, .notes p").join(" | "));
	}
	const notice = document.getElementById("notice");
	if (notice.checkVisibility()) lines.push(text(notice).replace(/since .*?\./, "since …."));
	return lines.join("\n");
}

// until resolves when a condition holds.
function until(condition) {
	return new Promise((resolve) => {
		const look = () => (condition() ? resolve() : requestAnimationFrame(look));
		look();
	});
}

// violations are what the page has tried, and its policy has not allowed.
const violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
