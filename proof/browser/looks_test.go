package browser

import (
	"errors"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// unreadable are the texts on the page with too little contrast for WCAG AA.
const unreadable = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
	const luminance = (color) => {
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) =>
			v <= 10 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = (e) => {
		const color = getComputedStyle(e).backgroundColor;
		return color === "rgba(0, 0, 0, 0)" ? ground(e.parentElement) : color;
	};
	const texts = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() &&
		[...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()));
	return texts.filter((e) => {
		const [dark, light] = [luminance(getComputedStyle(e).color), luminance(ground(e))].sort((a, b) => a - b);
		return (light + 0.05) / (dark + 0.05) < 4.5;
	}).map((e) => e.outerHTML);
})()`

// H3: it is light or dark, as the reader has it, and readable in both.
func TestThePageIsLightAndDark(t *testing.T) {
	s := stuckService(t)
	page := openTab(t, s.URL+"/status")
	grounds := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		call(page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		page.until(`matchMedia("(prefers-color-scheme: ` + scheme + `)").matches`)
		grounds[scheme] = evaluate[string](page, "getComputedStyle(document.body).backgroundColor")
		for _, text := range evaluate[[]string](page, unreadable) {
			t.Errorf("%s: too little contrast: %s", scheme, text)
		}
	}
	if grounds["light"] == grounds["dark"] {
		t.Errorf("the background is %v", grounds)
	}
}

// outside are the elements that a reader of a phone would have to scroll
// sideways for.
const outside = `[...document.querySelectorAll("body *")].filter((e) => {
	const box = e.getBoundingClientRect();
	return box.width > 1 && (box.left < 0 || box.right > innerWidth);
}).map((e) => e.cloneNode().outerHTML)`

// H3: on a phone nothing is beside the screen, whatever is on the page.
func TestThePageFitsAPhone(t *testing.T) {
	long := strings.Repeat("W", 10_000)
	failing := fakes.NewRunner()
	var tree ifrit.Runner = grouper.NewParallel(nil, grouper.Members{{Name: long, Runner: failing}})
	for range 20 {
		tree = grouper.NewParallel(nil, grouper.Members{{Name: "servers-of-a-service", Runner: tree}})
	}
	process := ifrit.Background(tree)
	failing.TriggerExit(errors.New(long))
	<-process.Wait()

	page := openTab(t, serve(t, tree).URL+"/status", chromedp.EmulateViewport(375, 812, chromedp.EmulateMobile))
	if width := evaluate[int](page, "innerWidth"); width != 375 {
		t.Errorf("the page is laid out for a width of %d", width)
	}
	if width := evaluate[int](page, "document.scrollingElement.scrollWidth"); width != 375 {
		t.Errorf("the page is %d wide", width)
	}
	for _, element := range evaluate[[]string](page, outside) {
		t.Errorf("beside the screen: %s", element)
	}
}
