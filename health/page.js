"use strict";

const notice = document.getElementById("notice");
let title = document.title;

// renew shows the newest picture, or says that there is none.
async function renew() {
	try {
		const answer = await fetch("", {
			headers: {Accept: "text/html"},
			cache: "no-store",
			signal: AbortSignal.timeout(5000),
		});
		if (!answer.ok) throw new Error(answer.statusText);
		const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
		become(document.querySelector("main"), fresh.querySelector("main"));
		title = document.title = fresh.title;
		notice.hidden = true;
	} catch {
		if (notice.hidden) {
			const since = new Date().toLocaleTimeString();
			notice.textContent = `The service does not answer since ${since}. This is the last picture of it.`;
			notice.hidden = false;
			document.title = `no answer (${title})`;
		}
	}
	setTimeout(renew, 1000);
}

// become changes only what differs, so that a selection stays, and a screen
// reader reads out what is new.
function become(old, fresh) {
	if (old.isEqualNode(fresh)) return;
	if (old.nodeName !== fresh.nodeName) {
		old.replaceWith(fresh);
		return;
	}
	if (old.nodeType === Node.TEXT_NODE) {
		old.data = fresh.data;
		return;
	}
	for (const {name} of [...old.attributes]) {
		if (!fresh.hasAttribute(name)) old.removeAttribute(name);
	}
	for (const {name, value} of fresh.attributes) old.setAttribute(name, value);
	const children = [...fresh.childNodes];
	while (old.childNodes.length > children.length) old.lastChild.remove();
	children.forEach((child, i) => {
		if (i < old.childNodes.length) become(old.childNodes[i], child);
		else old.append(child);
	});
}

setTimeout(renew, 1000);
